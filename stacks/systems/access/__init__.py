"""Identities and grants in a stack."""
