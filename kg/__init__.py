"""tipkg: who does what against trafficking in persons, and which passage of which source says so."""

__version__ = "0.1.0"
