"""The order of a firewall and of the routes that lead to it."""

from __future__ import annotations

from typing import Any

from planning.problems import Path
from stacks.rollout.cut import Cut, Json, entries, value


def firewall_before_routes(running: Json, wanted: Json) -> Cut | None:
    """A firewall and its rules exist before a route leads to it [FW-ORDER]."""
    planned: dict[Path, Any] = {}
    for table in entries(wanted, "route_tables"):
        for name, route in entries(wanted, "route_tables", table, "routes").items():
            path = ("route_tables", table, "routes", name)
            leads = isinstance(value(route, "firewall"), str) and value(route, "planned") is not True
            before = value(running, *path)
            if leads and (not isinstance(before, dict) or before.get("planned") is True):
                planned[*path, "planned"] = True
    if not planned:
        return None
    return Cut(
        planned,
        {},
        (
            "the firewall and its rules exist before a route leads to it [FW-ORDER]",
            "routes lead to the firewall after it admits what is routed to it [FW-ORDER]",
            "",
        ),
    )
