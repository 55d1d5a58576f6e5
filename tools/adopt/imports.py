"""The import file: every resource of the program that exists, for `pulumi import --file` [PUL-IMPORT].

Components are in the file too, so that each resource has the parent, and thus the URN, that the program gives it. The
provider of a parameterized package is described, since the engine knows no package by the token of a resource alone.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Any, Final

from components.parameterized import Package, provider_version
from tools.adopt.planned import Json, Planned

_PACKAGE: Final = re.compile(r"azure-native_(\w+)_v(\d{4})(\d\d)(\d\d)(\w*)")
UNREADABLE: Final = "azure-native:resources:Resource"
"""The provider reads it by an API version that its services refuse, so that it cannot be imported [AN-GENERIC]."""


def importable(planned: Planned) -> bool:
    """Return whether `pulumi import` can read a resource: it exists, and its class can be read by an id alone."""
    return planned.shown is not None and planned.type != UNREADABLE


def import_file(planned: Sequence[Planned], project: str, stack: str) -> Json:
    """Return the content of an import file.

    Args:
        planned: what the program registers, parents first.
        project: name of the project.
        stack: name of the stack.
    """
    wanted = [each for each in planned if importable(each)]
    listed = [each for each in planned if not each.custom or importable(each)]
    names = _unique(listed)
    packages = sorted({package for each in wanted if (package := _package(each.type))}, key=lambda each: each.name)
    explicit = {each.provider: each.subscription for each in wanted if each.provider}
    return {
        "nameTable": {
            **{each.name: _provider_urn(each, project, stack) for each in packages},
            **{urn.rpartition("::")[2]: urn for urn in explicit},
        },
        "providerInputs": {
            **{each.name: _provider_inputs(each) for each in packages},
            **{
                urn.rpartition("::")[2]: {"subscriptionId": guid, "version": provider_version()}
                for urn, guid in explicit.items()
            },
        },
        "resources": [_entry(each, names) for each in listed],
    }


def _unique(listed: Sequence[Planned]) -> dict[str, str]:
    """A name for each entry: the logical name, with its type where two resources share it."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for each in listed:
        name = each.name if each.name not in taken else f"{each.name}-{each.type.rpartition(':')[2]}"
        taken.add(name)
        names[each.urn] = name
    return names


def _entry(planned: Planned, names: dict[str, str]) -> Json:
    name = names[planned.urn]
    entry: dict[str, Any] = {"type": planned.type, "name": name}
    if name != planned.name:
        entry["logicalName"] = planned.name
    if planned.parent in names:
        entry["parent"] = names[planned.parent]
    if not planned.custom:
        return {**entry, "component": True}
    package = _package(planned.type)
    provider = planned.provider.rpartition("::")[2] if planned.provider else package.name if package else ""
    known = {"provider": provider} if provider else {"version": provider_version()}
    return {**entry, "id": planned.shown.id if planned.shown else planned.arm_id, **known}


def _package(token: str) -> Package | None:
    found = _PACKAGE.fullmatch(token.partition(":")[0])
    if found is None:
        return None
    module, year, month, day, preview = found.groups()
    return Package(module, "-".join(filter(None, (year, month, day, preview))))


def _provider_urn(package: Package, project: str, stack: str) -> str:
    """The URN of the engine's own provider of a package, so that the program meets it under that name."""
    version = provider_version().replace(".", "_")
    return f"urn:pulumi:{stack}::{project}::pulumi:providers:{package.name}::default_{version}"


def _provider_inputs(package: Package) -> Json:
    parameter = base64.b64encode(package.parameter).decode()
    internal = {"name": "azure-native", "parameterization": parameter, "version": provider_version()}
    return {"__internal": internal, "version": provider_version()}
