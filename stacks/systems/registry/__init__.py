"""The content of a stack's registry."""
