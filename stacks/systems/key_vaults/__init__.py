"""Key vaults of a stack: who reads their secrets."""
