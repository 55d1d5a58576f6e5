"""Sandbox groups: isolated microVMs for code that nobody trusts."""
