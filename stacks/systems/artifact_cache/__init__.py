"""The artifact cache of a stack's registry."""
