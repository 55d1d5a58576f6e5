"""The generic resource in the bridge: which ARM type its inputs name, at which API version, and what its id is [SDK-GENERIC]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from typing_extensions import override

from local_azure import arm_generic
from local_azure.arm_types_catalogue import ArmType, SdkType
from local_azure.plugin.values import reveal

CLASS_VERSION: Final = "2024-03-01"
"""API version of the class, at which a read without inputs is made; other providers mostly refuse it [AN-GENERIC]."""

UNNAMED: Final = "(generic)"


@dataclass(frozen=True)
class GenericType(ArmType):
    """Any ARM type in a resource group; every part of its id is an input, so that a change of one replaces [SDK-PATH]."""

    @cached_property
    @override
    def path(self) -> str:
        """The URL; an empty parent leaves a double slash, which ARM takes for one [AN-GENERIC]."""
        names = "/".join(f"{{{name}}}" for name in arm_generic.PARAMETERS)
        return f"/subscriptions/{{subscriptionId}}/resourceGroups/{{resourceGroupName}}/providers/{names}"

    @property
    @override
    def sub_paths(self) -> frozenset[str]:
        """Parent and type hold slashes of their own."""
        return arm_generic.SUB_PATHS

    @property
    @override
    def version_inputs(self) -> tuple[str, ...]:
        """The API version is an input; a change of it is an update [AN-GENERIC]."""
        return ("apiVersion",)

    @override
    def parts(self, arm_id: str) -> dict[str, str]:
        """Read the inputs that name a resource back from its id."""
        place, _, tail = arm_id.rpartition("/providers/")
        namespace, *rest = [segment for segment in tail.split("/") if segment]
        before = [segment for segment in place.split("/") if segment]
        if len(before) != 4 or len(rest) < 2 or len(rest) % 2:
            raise ValueError(f"'{arm_id}' is not the id of a resource in a resource group: expected {self.path}")
        values = (namespace, "/".join(rest[:-2]), rest[-2], rest[-1])
        return {"resourceGroupName": before[3], **dict(zip(arm_generic.PARAMETERS, values, strict=True))}


def bound(inputs: Mapping[str, Any], arm_id: str = "") -> SdkType:
    """The type that the inputs of a generic resource name, or its id when there are no inputs."""
    plain = {name: value for name, value in reveal(dict(inputs)).items() if isinstance(value, str)}
    if "resourceType" not in plain and arm_id:
        plain |= GenericType(**_SHARED, name=UNNAMED).parts(arm_id)
    # A parent that is not known yet is not the same as no parent.
    open_parent = inputs.get("parentResourcePath") is not None and "parentResourcePath" not in plain
    arm = GenericType(**_SHARED, name=UNNAMED if open_parent else _type_name(plain))
    return SdkType(arm_generic.TOKEN, arm, plain.get("apiVersion", CLASS_VERSION), arm_generic.ROOT)


_SHARED: Mapping[str, Any] = {
    "versions": frozenset(),
    "sdk_version": CLASS_VERSION,
    "token": arm_generic.TOKEN,
    "root": arm_generic.ROOT,
    "parameters": arm_generic.PARAMETERS[-1:],
}


def _type_name(inputs: Mapping[str, str]) -> str:
    """Full type name; a name that is not known yet, in a preview, leaves the type open."""
    parent = [segment for segment in inputs.get("parentResourcePath", "").split("/") if segment]
    words = (inputs.get("resourceProviderNamespace", ""), *parent[0::2], inputs.get("resourceType", ""))
    return "/".join(words) if all(words) else UNNAMED
