"""The interfaces that every resource has: lock, role assignments, diagnostic settings, tags."""
