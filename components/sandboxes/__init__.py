"""Sandbox groups: isolated microVMs for untrusted code."""
