"""Compares a subscription with a stack before a deployment. Azure is only read, never changed."""
