"""A stack's exported state as a list of Azure resources, in an order in which each can be made."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_azure.plugin.values import SECRET_SIGNATURE, SIGNATURE

Json = dict[str, Any]

HIDDEN = "[secret]"
"""What stands for a secret of the state: an export holds it encrypted, and one in clear has no business in a store."""

_RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
_AZURE = re.compile(r"^azure-native(_[a-z0-9]+_v\d{8}[a-z]*)?:")
_ENDPOINT = "/providers/microsoft.network/privateendpoints/"


class StateError(Exception):
    """The file holds no state that can be read; the message is one line."""


@dataclass(frozen=True, slots=True)
class StateResource:
    """A resource of a state.

    Attributes:
        urn: the engine's name of it.
        token: the SDK's type token.
        id: its ARM id, as the state writes it.
        inputs: SDK inputs; secrets read `HIDDEN`, empty for a resource that the program only reads.
        outputs: SDK outputs.
        dependencies: urns of what it was made after.
    """

    urn: str
    token: str
    id: str
    inputs: Json
    outputs: Json
    dependencies: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Text by which ids are compared."""
        return self.id.lower()


@dataclass(slots=True)
class State:
    """What a state holds: Azure's resources in the order in which to make them, and the urns of what is not Azure's."""

    resources: list[StateResource] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)


def read_state(path: Path) -> State:
    """Read what `pulumi stack export` wrote, or a checkpoint of the engine's file backend.

    Raises:
        StateError: there is no such file, or it holds something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise StateError(f"{path}: not JSON ({error}); what `pulumi stack export` prints is expected") from error
    deployment = document.get("deployment") if isinstance(document, Mapping) else None
    if deployment is None and isinstance(document, Mapping):
        checkpoint = document.get("checkpoint")
        deployment = checkpoint.get("latest") if isinstance(checkpoint, Mapping) else None
    if not isinstance(deployment, Mapping):
        raise StateError(f"{path}: no 'deployment' in it; what `pulumi stack export` prints is expected")
    if not isinstance(deployment.get("resources") or [], list):
        raise StateError(f"{path}: 'deployment.resources' is no list")
    try:
        return state_of(deployment)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise StateError(
            f"{path}: a resource in it has another form; what `pulumi stack export` prints is expected"
        ) from None


def state_of(deployment: Mapping[str, Any]) -> State:
    """Return the state that a deployment (version 3) of the engine describes."""
    state = State()
    seen: dict[str, StateResource] = {}
    held = deployment.get("resources") or []
    # What waits for deletion is still there, unless its successor has taken over its id.
    for raw in sorted(held, key=lambda r: bool(r.get("delete"))):
        token, urn = str(raw.get("type") or ""), str(raw.get("urn") or "")
        if not raw.get("custom") or token.startswith("pulumi:"):
            continue
        arm_id = str(raw.get("id") or "")
        if not _AZURE.match(token) or not arm_id.startswith("/"):
            state.others.append((urn, token))
            continue
        resource = StateResource(
            urn,
            token,
            arm_id,
            _plain(raw.get("inputs") or {}),
            _plain(raw.get("outputs") or {}),
            tuple(raw.get("dependencies") or ()),
        )
        # A program may read what it or another stack makes: the entry with inputs is the one that made it.
        if resource.key not in seen or (resource.inputs and not seen[resource.key].inputs):
            seen[resource.key] = resource
    state.resources = ordered(list(seen.values()))
    return state


def subscription(state: State) -> str | None:
    """Return the subscription that most resources of a state are in; None where there are none."""
    found = Counter(r.id.split("/")[2] for r in state.resources if r.key.startswith("/subscriptions/"))
    return found.most_common(1)[0][0] if found else None


def _plain(value: Any) -> Any:
    """Return a value of a state without the engine's marks; members that only the SDK keeps for itself are left out."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    signature = value.get(SIGNATURE)
    if signature == SECRET_SIGNATURE:
        return HIDDEN
    if signature == _RESOURCE_REFERENCE:
        return value.get("id")
    if signature is not None:
        return None
    return {name: _plain(item) for name, item in value.items() if not name.startswith("__")}


def ordered(resources: list[StateResource]) -> list[StateResource]:
    """Return resources after what they lie in, name or were made after.

    Azure may show in a resource what was made after it, such as the gateway that uses a range of addresses. Where the two
    contradict, the order in which the engine made the resources decides; another circle is cut where it closes.
    """
    by_key = {r.key: r for r in resources}
    by_urn = {r.urn: r.key for r in resources}
    made_after = {r.key: [by_urn[urn] for urn in r.dependencies if urn in by_urn] for r in resources}
    earlier = {r.key: _closure(r.key, made_after) for r in resources}
    before = {r.key: [*made_after[r.key], *_before(r, by_key, earlier)] for r in resources}
    done: dict[str, StateResource] = {}
    entered: set[str] = set()
    for first in resources:
        stack: list[tuple[str, Iterator[str]]] = [(first.key, iter(before[first.key]))]
        while stack:
            key, left = stack[-1]
            entered.add(key)
            following = next((k for k in left if k not in entered), None)
            if following is not None:
                stack.append((following, iter(before[following])))
            else:
                done.setdefault(key, by_key[key])
                stack.pop()
    return list(done.values())


def _before(
    resource: StateResource, by_key: Mapping[str, StateResource], earlier: Mapping[str, Collection[str]]
) -> list[str]:
    """Return what a resource lies in or names, without what was made after it."""
    named = list(_ids(resource.inputs))
    found = [
        key for key in (*_parents(resource.key), *named, *(p for n in named for p in _parents(n))) if key in by_key
    ]
    if _ENDPOINT in resource.key and "/" not in resource.key.rpartition(_ENDPOINT)[2]:
        # An endpoint is refused while its service still grows, so what lies below the service comes first [BICEP-4040].
        found += [key for key in by_key if any(key.startswith(f"{name}/") for name in named)]
    return [key for key in dict.fromkeys(found) if key != resource.key and resource.key not in earlier[key]]


def _closure(key: str, made_after: Mapping[str, Sequence[str]]) -> set[str]:
    """Return what a resource was made after, directly or through others."""
    found: set[str] = set()
    left = [key]
    while left:
        new = set(made_after[left.pop()]) - found
        found |= new
        left += new
    return found


def _parents(key: str) -> Iterator[str]:
    """Yield what an id lies in: its parents, its resource group, the resource that it extends."""
    segments = key.split("/")
    for end in range(len(segments) - 1, 4, -1):
        yield "/".join(segments[:end])


def _ids(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return [value.lower()] if value.lower().startswith("/subscriptions/") else []
    if isinstance(value, Mapping):
        # Identities are named by the keys of a map.
        return [found for name, item in value.items() for found in (*_ids(name), *_ids(item))]
    if isinstance(value, list):
        return [found for item in value for found in _ids(item)]
    return []
