"""Checks of interfaces against the rest of a description: what is stated in another place of it too."""

from __future__ import annotations

from collections.abc import Iterator

from components.registry.spec import RegistrySpec
from components.resource_groups.spec import ResourceGroupSpec
from planning.problems import Problem
from planning.roles import ROLES
from stacks.interfaces.entries import Entry, entries
from stacks.plan import Plan
from stacks.spec import StackSpec

_BUILT_IN = "workspace"
"""Azure's name of the diagnostic setting that ``workspace`` and ``diagnostics`` of an entry make."""


def interfaces(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Roles on the registry's content, logs that are sent twice, and one resource group under two roles."""
    groups: dict[str, str] = {}
    for entry in entries(spec):
        yield from _on_content(entry)
        yield from _sent_twice(entry)
        if isinstance(entry.spec, ResourceGroupSpec):
            other = groups.setdefault(entry.logical_name(""), entry.path[-1])
            if other != entry.path[-1]:
                message = (
                    f"shares the group {entry.spec.name} with {other}, which states its interfaces; state them there"
                )
                yield Problem(entry.path, message)


def _on_content(entry: Entry) -> Iterator[Problem]:
    """Roles that are grants on the content of the registry, which the section access checks by the registry's mode."""
    if not isinstance(entry.spec, RegistrySpec):
        return
    for key, each in entry.spec.role_assignments.items():
        role = ROLES.get(each.role)
        if role and (role.legacy or role.abac) and not role.control_plane:
            message = (
                f"{each.role} is a grant on the content of the registry; state it under access, with an action [ROLE-2]"
            )
            yield Problem((*entry.path, "role_assignments", key, "role"), message)


def _sent_twice(entry: Entry) -> Iterator[Problem]:
    """Diagnostic settings beside the one that ``workspace`` or ``diagnostics`` of the entry makes [DIAG-1]."""
    diagnostics = getattr(entry.spec, "diagnostics", None)
    field = "diagnostics" if diagnostics else "workspace"
    workspace = diagnostics.workspace if diagnostics else getattr(entry.spec, "workspace", None)
    for key, each in entry.spec.settings.items() if workspace else ():
        path = (*entry.path, "diagnostic_settings", key)
        if each.workspace == workspace:
            message = f"{workspace} receives logs by {field} already, and Azure refuses a category twice; remove one"
            yield Problem((*path, "workspace"), f"{message} [DIAG-1]")
        elif (each.name or key) == _BUILT_IN:
            message = f"is called {_BUILT_IN} in Azure, as the setting that {field} makes; state another key or name"
            yield Problem(path, f"{message} [DIAG-1]")
