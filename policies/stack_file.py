"""The stack file behind a program: where it is, what it states, and which facts in it no resource shows.

A program that has no stack file, or one of another form, has none of these facts and is judged all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planning.addresses import registry_consumer
from planning.problems import SpecError
from stacks.document import Document, layer, read, value_at
from stacks.expansion import expanded
from stacks.files import BASE, stack_names
from stacks.origins import ROOT


@dataclass(frozen=True)
class StackFile:
    """A stack's configuration file.

    Attributes:
        path: the file.
        document: its content over that of `_base.yaml`, with lines and with the stamps of regions written out; None where
            it cannot be read.
    """

    path: Path
    document: Document | None

    @property
    def description(self) -> Mapping[str, Any]:
        """The description that this toolkit builds from; empty for another program's file."""
        return _mapping(value_at(self.document.data, ROOT)) if self.document else {}


def names(program: Path) -> list[str]:
    """Return the stacks of a program that have a file."""
    return stack_names(_folder(program))


def _folder(program: Path) -> Path:
    project = program / "Pulumi.yaml"
    if not project.exists():
        return program
    named = re.search(r"^stackConfigDir:\s*(\S+)", project.read_text(encoding="utf-8"), re.MULTILINE)
    return program / named[1].strip("\"'") if named else program


def find(program: Path, stack: str) -> StackFile | None:
    """Return a stack's file, next to Pulumi.yaml or in the folder that it names; None where there is none.

    Args:
        program: folder of Pulumi.yaml.
        stack: name of the stack.
    """
    path = _folder(program) / f"Pulumi.{stack}.yaml"
    if not stack or not path.exists():
        return None
    try:
        document = read(path, path.name)
        base = path.parent / BASE
        if base.exists():
            document = layer(read(base, base.name), document)
        if isinstance(value_at(document.data, ROOT), dict):
            document = expanded(document.below(ROOT)).lifted(ROOT)
    except SpecError:
        document = None
    return StackFile(path, document)


def declared(file: StackFile | None) -> dict[str, dict[str, Any]]:
    """Return the configuration of rules that the stack file states already, by rule id.

    `colocation.exceptions` names the regions that need no replica, `free_addresses` of a subnet the addresses that are free in
    a network made elsewhere, `dns.managed` that others write the records of private endpoints, and a `registry` with an `id` how
    many addresses each endpoint of it takes, and whose images the stack runs. Settings of a rule take precedence.
    """
    description = file.description if file else {}
    found: dict[str, dict[str, Any]] = {}
    regions = list(_mapping(_mapping(description.get("colocation")).get("exceptions")))
    if regions:
        found |= {rule: {"except_regions": regions} for rule in ("MOOR-ACR-009", "MOOR-DOM-009", "MOOR-DOM-109")}
    free = dict(_free_addresses(description))
    if free:
        found["MOOR-DOM-003"] = {"free": free}
    members = _members_elsewhere(description)
    if members:
        for rule in ("MOOR-DOM-001", "MOOR-DOM-003"):
            found[rule] = found.get(rule, {}) | {"registry_made_elsewhere": members}
        registry = _mapping(description.get("registry"))
        # An id that is the output of another stack is a map, beside which the name is stated.
        found["MOOR-ACR-029"] = {"registries": [str(registry.get("name") or str(registry["id"]).rpartition("/")[2])]}
    if _mapping(description.get("dns")).get("managed") in ("policy", "request"):
        found |= {rule: {"managed_by_policy": True} for rule in ("MOOR-ACR-007", "MOOR-NET-022")}
    return found


def _free_addresses(description: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for network in _mapping(description.get("networks")).values():
        arm_id = _mapping(network).get("id")
        for name, subnet in _mapping(_mapping(network).get("subnets")).items():
            free = _mapping(subnet).get("free_addresses")
            if isinstance(arm_id, str) and isinstance(free, int):
                yield f"{arm_id}/subnets/{name}", free


def _members_elsewhere(description: Mapping[str, Any]) -> int | None:
    """Return the addresses of an endpoint of the registry that is made elsewhere; None for one of this stack."""
    registry = _mapping(description.get("registry"))
    if not registry.get("id"):
        return None
    regions, regional = 1 + len(_mapping(registry.get("replicas"))), registry.get("regional_endpoints") is True
    return registry_consumer(("", ""), "", regions=regions, regional_endpoints=regional).need


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
