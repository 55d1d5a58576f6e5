"""What the entries of a section are called in messages and reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NOUNS: Final[Mapping[str, str]] = {
    "clusters": "cluster",
    "container_apps": "environment",
    "session_pools": "session pool",
    "sandbox_groups": "sandbox group",
    "container_groups": "container group",
    "task_schedulers": "scheduler",
}
"""Noun by section, for the sections of compute."""
