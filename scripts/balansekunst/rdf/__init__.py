"""Read, hold and write RDF."""
