"""Key vaults in a stack."""
