"""Diagnostic settings: which logs of a resource are collected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.model import Graph, Problems, Resource, Undetermined, Verdict, fail
from policies.rules import types as t
from policies.rules.relations import once_a_graph

EVERYTHING = "alllogs"
AUDIT = "audit"


@once_a_graph
def _by_resource(graph: Graph) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for setting in graph.of(t.DIAGNOSTIC_SETTING):
        for watched in graph.references(setting, "resourceUri"):
            found.setdefault(watched.urn, []).append(setting)
    return found


def settings_of(graph: Graph, resource: Resource) -> list[Resource]:
    """Return the diagnostic settings of a resource."""
    return _by_resource(graph).get(resource.urn, [])


def kept_categories(setting: Resource) -> set[str]:
    """Return the log categories and groups that a diagnostic setting collects, in lower case.

    Raises:
        Undetermined: one is not known yet.
    """
    kept = set()
    for path, _ in setting.each("logs"):
        if setting.value(f"{path}.enabled", True):
            category = setting.value(f"{path}.categoryGroup") or setting.value(f"{path}.category", "")
            kept.add(str(category).lower())
    return kept


def kept_of(graph: Graph, resource: Resource) -> set[str]:
    """Return the log categories and groups that all settings of a resource collect, in lower case.

    Raises:
        Undetermined: one is not known yet, or a setting's logs are not.
    """
    kept: set[str] = set()
    waiting: Undetermined | None = None
    for setting in settings_of(graph, resource):
        try:
            kept |= kept_categories(setting)
        except Undetermined as unknown:
            waiting = unknown
    if waiting and EVERYTHING not in kept:
        raise waiting
    return kept


def keeps_logs(*categories: str, group: str = "", any_of: bool = False) -> Problems:
    """Find a resource whose logs are not collected.

    Args:
        categories: the categories to collect.
        group: a category group that contains them all, in addition to allLogs.
        any_of: whether one of the categories is enough.
    """

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        kept = kept_of(graph, resource)
        there = [each for each in categories if each.lower() in kept]
        if EVERYTHING in kept or (group and group in kept) or len(there) == len(categories) or (any_of and there):
            return
        found = (
            f"diagnostic settings collect {', '.join(sorted(kept))}" if kept else "no diagnostic setting collects logs"
        )
        words = (" or " if any_of else " and ").join(categories)
        yield fail(f"{found}, expected {words}, or allLogs")

    return check
