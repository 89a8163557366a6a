"""Show the site on this machine: pages and data by content negotiation, and a SPARQL endpoint that only reads."""
