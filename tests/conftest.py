"""Fixtures for all tests: what people who build on the components get by installing them."""

from components.testing import record

__all__ = ["record"]
