"""The graph for language models: tools, resources and prompts of the Model Context Protocol, over stdio.

The library that speaks the protocol is called mcp too; imports here are absolute, so that the two never mix."""
