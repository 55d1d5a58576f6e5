"""Regions with compute against regions with a replica."""
