"""Query the graph: the query catalogue, here and at endpoints elsewhere."""
