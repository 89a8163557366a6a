"""Ways between roles: what carries over from one to another, for a pair, for all pairs, and at any size."""
