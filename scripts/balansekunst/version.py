"""The version of the package and of the dataset, which are released together."""

__version__ = "0.1.0"
