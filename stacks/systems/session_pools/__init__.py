"""Session pools in a stack."""
