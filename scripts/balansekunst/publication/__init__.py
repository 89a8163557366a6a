"""Write and send what is published as data."""
