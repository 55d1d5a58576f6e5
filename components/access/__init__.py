"""Access to a registry's content."""
