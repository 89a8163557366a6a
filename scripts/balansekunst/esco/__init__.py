"""ESCO, the European classification of skills and occupations: a user's own download, and which occupations are near our roles."""
