"""Virtual nodes in a stack."""
