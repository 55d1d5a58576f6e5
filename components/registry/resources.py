"""The two ARM types of a registry at API version 2026-03-01-preview, as typed Pulumi resources.

The default classes of pulumi-azure-native speak 2023-01-01-preview and know neither regional endpoints nor the endpoint
protocol. The provider carries the newer version as a parameterized package; these are the two classes of it that we need.
A type never moves to another version later: that would replace the registry [ACR-18].
"""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.runtime.settings import register_package

API_VERSION = "2026-03-01-preview"
"""ARM API version of both types."""

BASE_PROVIDER = ("azure-native", "3.29.0")
"""Name and version of the provider that carries the package."""

_MODULE = "containerregistry"
_TAG = "v" + API_VERSION.replace("-", "")
PACKAGE = f"azure-native_{_MODULE}_{_TAG}"
"""Name of the parameterized package."""

_PARAMETER = base64.b64encode(json.dumps({"module": _MODULE, "version": _TAG}, separators=(",", ":")).encode()).decode()


def _token(type_name: str) -> str:
    return f"{PACKAGE}:{_MODULE}:{type_name}"


async def _package() -> str:
    """Register the package with the engine, once a run."""
    return await register_package(*BASE_PROVIDER, "", PACKAGE, BASE_PROVIDER[1], _PARAMETER)


class RegistryResource(pulumi.CustomResource):
    """Microsoft.ContainerRegistry/registries; inputs are ARM's own property names, flattened as the provider does."""

    def __init__(
        self,
        resource_name: str,
        *,
        registry_name: str,
        resource_group_name: pulumi.Input[str],
        location: str,
        sku: str,
        properties: Mapping[str, Any],
        identity: Mapping[str, Any] | None,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Register the resource.

        Args:
            resource_name: logical name.
            registry_name: physical name.
            resource_group_name: where it goes.
            location: home region.
            sku: Basic, Standard or Premium.
            properties: members of the ARM body's ``properties``.
            identity: ``type`` and ``userAssignedIdentities``, a list of ids; None for none.
            tags: tags.
            opts: options.
        """
        inputs: dict[str, Any] = {
            "registryName": registry_name,
            "resourceGroupName": resource_group_name,
            "location": location,
            "sku": {"name": sku},
            "identity": identity,
            "tags": tags,
            **properties,
        }
        # Outputs that a program reads exist from the start, unknown until the engine fills them.
        outputs = {"loginServer": None, "name": None}
        super().__init__(_token("Registry"), resource_name, {**outputs, **inputs}, opts, package_ref=_package())

    @property
    @pulumi.getter(name="loginServer")
    def login_server(self) -> pulumi.Output[str]:
        """Global host name, with a hash where a domain-name-label scope is set."""
        return pulumi.get(self, "loginServer")

    @property
    @pulumi.getter
    def name(self) -> pulumi.Output[str]:
        """Physical name."""
        return pulumi.get(self, "name")

    @property
    @pulumi.getter
    def identity(self) -> pulumi.Output[Mapping[str, Any] | None]:
        """Identity as ARM answers it, with ``principalId`` of a system-assigned one."""
        return pulumi.get(self, "identity")


class ReplicationResource(pulumi.CustomResource):
    """Microsoft.ContainerRegistry/registries/replications."""

    def __init__(
        self,
        resource_name: str,
        *,
        replication_name: str,
        registry_name: pulumi.Input[str],
        resource_group_name: pulumi.Input[str],
        location: str,
        properties: Mapping[str, Any],
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Register the resource.

        Args:
            resource_name: logical name.
            replication_name: physical name, the region's name.
            registry_name: physical name of the registry.
            resource_group_name: where the registry is.
            location: the replica's region.
            properties: members of the ARM body's ``properties``.
            tags: tags.
            opts: options.
        """
        inputs: dict[str, Any] = {
            "replicationName": replication_name,
            "registryName": registry_name,
            "resourceGroupName": resource_group_name,
            "location": location,
            "tags": tags,
            **properties,
        }
        super().__init__(_token("Replication"), resource_name, inputs, opts, package_ref=_package())


RESOURCES: Sequence[type[pulumi.CustomResource]] = (RegistryResource, ReplicationResource)
"""Every class of the package that we use."""
