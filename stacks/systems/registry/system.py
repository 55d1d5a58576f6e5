"""The content of the registry in a stack."""

from __future__ import annotations

from stacks.system import System

SECTION = "registry"

REGISTRY = System(section=SECTION, builder="stacks.systems.registry.build")
