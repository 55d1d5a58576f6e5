"""Builders of the systems, without the engine."""
