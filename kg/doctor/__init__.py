"""The conformance table, and what tries it against an endpoint over HTTP: any one, ours or not."""
