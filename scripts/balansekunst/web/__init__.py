"""Serve the site over HTTP: content negotiation, static files and a SPARQL endpoint."""
