"""The ontology, its vocabularies, shapes and rules, in Turtle and SPARQL."""
