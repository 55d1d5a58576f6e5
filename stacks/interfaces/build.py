"""Makes the interfaces that the entries of a stack file state, each on the resource of its entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.interfaces.interfaces import Interfaces, Wiring
from components.interfaces.lock import Lock
from stacks.interfaces.entries import Entry, entries
from stacks.spec import StackSpec


@dataclass
class Made:
    """The resources of an environment so far, as a transformation sees them.

    Attributes:
        custom: resources that exist in Azure, in the order of their registration.
        by_name: resources and components by type token and logical name.
    """

    custom: list[pulumi.Resource] = field(default_factory=list)
    by_name: dict[tuple[str, str], Any] = field(default_factory=dict)

    def note(self, args: pulumi.ResourceTransformationArgs) -> None:
        """Note a resource; a transformation that changes nothing."""
        self.by_name[args.type_, args.name] = args.resource
        if isinstance(args.resource, pulumi.CustomResource):
            self.custom.append(args.resource)


def build(name: str, spec: StackSpec, made: Made, wiring: Wiring, *, parent: pulumi.Resource) -> None:
    """Make the interfaces of a stack, the locks last.

    Args:
        name: prefix of logical names.
        spec: the stack's spec.
        made: every resource of the stack.
        wiring: what the interfaces refer to.
        parent: the component that owns what is made.
    """
    options, stated = pulumi.ResourceOptions(parent=parent), list(entries(spec))
    for entry in stated:
        if entry.spec.role_assignments or entry.spec.settings:
            logical = f"{entry.logical_name(name)}-interfaces"
            Interfaces(logical, entry.spec, wiring, resource_id=_id(entry, name, made), opts=options)
    after = list(made.custom)
    for entry in stated:
        if entry.spec.lock:
            logical = f"{entry.logical_name(name)}-lock"
            Lock(logical, entry.spec.lock, scope=_id(entry, name, made), after=after, opts=options)


def _id(entry: Entry, name: str, made: Made) -> pulumi.Input[str]:
    """Return the ARM id of the resource of an entry."""
    return made.by_name[entry.kind.token, entry.logical_name(name)].id
