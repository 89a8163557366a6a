"""Validate data against the shapes, and report the results."""
