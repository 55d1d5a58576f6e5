"""Alerts of a stack."""
