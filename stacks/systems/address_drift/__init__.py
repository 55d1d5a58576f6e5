"""Address drift in a stack."""
