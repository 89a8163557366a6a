"""Ask the questions of the catalogue, here or of a store elsewhere, and write the answers."""
