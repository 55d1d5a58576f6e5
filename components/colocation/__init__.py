"""Regions that pull from another region, with reasons."""
