"""Events of a stack's registry."""
