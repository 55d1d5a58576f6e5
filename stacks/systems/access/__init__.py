"""Identities and grants where they meet the registry."""
