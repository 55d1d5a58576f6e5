"""Tests of the fixer of address drift."""
