"""The generic resource: any ARM type of a resource group, named by its inputs instead of by an SDK class [SDK-GENERIC].

Its envelope is typed and `properties` goes to the wire as it is. The hand-kept shapes of types
that the SDK lacks describe what the wire then has to look like.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from local_azure.arm_family import Shape

Json = dict[str, Any]

TOKEN: Final = "azure-native:resources:Resource"
ROOT: Final = "resources/Resource"
"""Key of the envelope's definition, which is the same for every type."""

PARAMETERS: Final = ("resourceProviderNamespace", "parentResourcePath", "resourceType", "resourceName")
"""Inputs that make up the id after the resource group, in order; only the parent may be empty."""

SUB_PATHS: Final = frozenset({"parentResourcePath", "resourceType"})
"""Inputs that may hold slashes and so go into the URL as they are."""

_STRING = {"k": "string"}
_TEXT = {"type": _STRING}


def _object(**members: Json) -> Json:
    return {name: {"wire": name, **member} for name, member in members.items()}


_ENVELOPE: Json = {
    ROOT: _object(
        name={**_TEXT, "readOnly": True},
        type={**_TEXT, "readOnly": True},
        systemData={"type": {"k": "any"}, "readOnly": True},
        location=_TEXT,
        tags={"type": {"k": "map", "of": _STRING}},
        kind=_TEXT,
        managedBy=_TEXT,
        identity={"type": {"k": "ref", "ref": "resources:Identity"}},
        sku={"type": {"k": "ref", "ref": "resources:Sku"}},
        plan={"type": {"k": "ref", "ref": "resources:Plan"}},
        extendedLocation={"type": {"k": "ref", "ref": "resources:ExtendedLocation"}},
        properties={"type": {"k": "any"}},
    ),
    "resources:Identity": _object(
        type=_TEXT,
        principalId={**_TEXT, "readOnly": True},
        tenantId={**_TEXT, "readOnly": True},
        userAssignedIdentities={"type": {"k": "set"}},
    ),
    "resources:Sku": _object(
        name=_TEXT, tier=_TEXT, size=_TEXT, family=_TEXT, model=_TEXT, capacity={"type": {"k": "int"}}
    ),
    "resources:Plan": _object(name=_TEXT, publisher=_TEXT, product=_TEXT, promotionCode=_TEXT, version=_TEXT),
    "resources:ExtendedLocation": _object(name=_TEXT, type=_TEXT),
}


def root(type_name: str, api_version: str) -> str:
    """Key of a hand-kept body at an API version."""
    return f"{type_name}@{api_version}"


def definitions(shapes: Iterable[Shape]) -> Json:
    """The envelope's definitions and those of the shapes, in the form of the catalogue."""
    found = dict(_ENVELOPE)
    for shape in shapes:
        for version, members in shape.versions.items():
            found[root(shape.name, version)] = {
                path.rpartition(".")[2]: {"wire": path, **member} for path, member in members.items()
            }
        for name, members in shape.objects.items():
            found[f"{shape.name}:{name}"] = _object(**members)
    return found
