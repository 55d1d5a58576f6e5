"""Graphs from files: an exported state, the output of `pulumi preview --json`, or the engine's event log.

The event log contains no property dependencies, so that its relations are found only where ids are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from planning.problems import SpecError
from policies.model import Graph, Resource
from policies.normalisation import resource

_PROJECT = "project:///"
_GONE = frozenset({"delete", "delete-replaced", "read-discard", "discard-replaced", "remove-pending-replace"})
_KINDS: Final = "`pulumi stack export`, `pulumi preview --json` or `--event-log`"


def load(path: Path) -> tuple[Graph, str]:
    """Read a file of one of the three kinds.

    Returns:
        The graph, and the stack's name.

    Raises:
        SpecError: the file cannot be read, or is of another kind.
    """
    try:
        graph = graph_of(_states(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"not UTF-8 text at byte {error.start}"
        raise SpecError((), [f"{path}: cannot be read: {reason}"]) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = str(error) if isinstance(error, json.JSONDecodeError) else "unknown format"
        raise SpecError((), [f"{path}: cannot be judged: {reason}; expected the output of {_KINDS}"]) from None
    first = next((each.urn for each in graph.resources), "")
    return graph, first.split("::")[0].removeprefix("urn:pulumi:")


def graph_of(states: Iterable[Mapping[str, Any]]) -> Graph:
    """Return the graph of resources in the form of the engine's state; of several entries for a URN, the last counts."""
    return Graph({state["urn"]: _resource(state) for state in states}.values())


def _states(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the state of each resource that remains."""
    # Output of the program may precede that of `preview --json`.
    start = 0 if text.startswith("{") else text.find("\n{") + 1
    data, end = json.JSONDecoder().raw_decode(text, start)
    if "deployment" in data or "checkpoint" in data:
        deployment = data.get("deployment") or data["checkpoint"].get("latest") or {}
        yield from (each for each in deployment.get("resources") or () if not each.get("delete"))
    elif "sequence" in data:
        events = [data, *map(json.loads, filter(str.strip, text[end:].splitlines()))]
        steps = [each["resourcePreEvent"]["metadata"] for each in events if "resourcePreEvent" in each]
        yield from (step["new"] for step in steps if step["op"] not in _GONE and step.get("new"))
    else:
        yield from (step["newState"] for step in data["steps"] if step["op"] not in _GONE and step.get("newState"))


def _resource(state: Mapping[str, Any]) -> Resource:
    urn = state["urn"]
    edges = state.get("propertyDependencies") or {}
    of_properties = {other for urns in edges.values() for other in urns or ()}
    explicit = [other for other in state.get("dependencies") or () if other not in of_properties]
    source = state.get("sourcePosition") or ""
    return resource(
        state["type"],
        urn,
        urn.rpartition("::")[2],
        state.get("inputs") or {},
        dependencies={**{key: urns or () for key, urns in edges.items()}, **({"": explicit} if explicit else {})},
        parent=state.get("parent"),
        protect=bool(state.get("protect")),
        arm_id=state.get("id"),
        external=bool(state.get("external")),
        source=source.removeprefix(_PROJECT) if source.startswith(_PROJECT) else None,
    )
