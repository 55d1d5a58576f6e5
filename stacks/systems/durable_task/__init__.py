"""Durable Task schedulers in a stack."""
