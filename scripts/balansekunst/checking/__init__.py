"""Hold data against the rules of the method, and tell people what does not conform."""
