"""Records in, a checked and reasoned graph out."""
