"""The pages: what people read of the graph, in Norwegian and English."""
