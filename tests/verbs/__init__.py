"""Tests of the command: every verb, asked as from a shell."""
