"""What the sources state: the mapping scripts, the shared tables, and the records that they yield."""
