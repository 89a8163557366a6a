"""Write the data as files: dumps, tables, profiles, a file for each resource, and the vocabulary."""
