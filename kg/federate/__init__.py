"""SPARQL read as text, token by token, and SERVICE carried out by ourselves, since the engine calls any address."""
