"""Artifact cache of a container registry."""
