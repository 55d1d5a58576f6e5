"""Existing key vaults whose secrets are referenced."""
