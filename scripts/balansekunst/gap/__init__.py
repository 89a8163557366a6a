"""Compare the competence of a person or a group with a standard."""
