"""Sandbox groups in a stack."""
