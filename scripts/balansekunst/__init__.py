"""A knowledge graph of the Balansekunst method, and the tools that check, infer and publish it."""

__version__ = "0.1.0"
