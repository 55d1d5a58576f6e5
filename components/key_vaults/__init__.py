"""Key vaults that are made elsewhere, whose secrets are referred to."""
