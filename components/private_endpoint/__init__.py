"""Private endpoints of a registry, their addresses and DNS zone groups."""
