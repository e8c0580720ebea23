"""The texts and their layouts; knows nothing of the subject and no RDF."""
