"""Private DNS zones and their links to networks."""
