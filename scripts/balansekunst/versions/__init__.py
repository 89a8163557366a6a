"""Compare versions of the data, and make releases."""
