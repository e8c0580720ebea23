"""The graph in, answers with their evidence out."""
