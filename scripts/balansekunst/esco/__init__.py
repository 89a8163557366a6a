"""ESCO, the European classification of skills and occupations: a user's own download, and how far our roles reach into it."""
