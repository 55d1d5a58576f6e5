"""Session pools at API version 2025-10-02-preview, as a typed Pulumi resource.

It is the only version that knows MCP servers: older ones, that of pulumi-azure-native's default class among them, and the next
ones lack the switch. All pools use it, so that the switch is an update: another type would replace the pool [ACAS-2].
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime.settings import register_package

API_VERSION = "2025-10-02-preview"
"""ARM API version of the type."""

BASE_PROVIDER = ("azure-native", "3.29.0")
"""Name and version of the provider that carries the package."""

_TAG = "v" + API_VERSION.replace("-", "")
PACKAGE = f"azure-native_app_{_TAG}"
"""Name of the parameterized package."""

_PARAMETER = base64.b64encode(json.dumps({"module": "app", "version": _TAG}, separators=(",", ":")).encode()).decode()


async def _package() -> str:
    """Register the package with the engine, once a run."""
    return await register_package(*BASE_PROVIDER, "", PACKAGE, BASE_PROVIDER[1], _PARAMETER)


class SessionPoolResource(pulumi.CustomResource):
    """Microsoft.App/sessionPools; inputs are ARM's own property names, flattened as the provider does."""

    def __init__(
        self,
        resource_name: str,
        *,
        session_pool_name: str,
        resource_group_name: pulumi.Input[str],
        location: str,
        properties: Mapping[str, Any],
        identity: Mapping[str, Any] | None,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Register the resource.

        Args:
            resource_name: logical name.
            session_pool_name: physical name.
            resource_group_name: where it goes.
            location: region.
            properties: members of the ARM body's ``properties``.
            identity: ``type`` and ``userAssignedIdentities``, a list of ids; None for none.
            tags: tags.
            opts: options.
        """
        inputs: dict[str, Any] = {
            "sessionPoolName": session_pool_name,
            "resourceGroupName": resource_group_name,
            "location": location,
            "identity": identity,
            "tags": tags,
            **properties,
        }
        # Outputs that a program reads exist from the start, unknown until the engine fills them.
        outputs = {"poolManagementEndpoint": None, "mcpServerSettings": None, "name": None}
        token = f"{PACKAGE}:app:ContainerAppsSessionPool"
        super().__init__(token, resource_name, {**outputs, **inputs}, opts, package_ref=_package())

    @property
    @pulumi.getter
    def name(self) -> pulumi.Output[str]:
        """Physical name."""
        return pulumi.get(self, "name")

    @property
    @pulumi.getter(name="poolManagementEndpoint")
    def pool_management_endpoint(self) -> pulumi.Output[str]:
        """Where sessions are asked for."""
        return pulumi.get(self, "poolManagementEndpoint")

    @property
    @pulumi.getter(name="mcpServerSettings")
    def mcp_server_settings(self) -> pulumi.Output[Mapping[str, Any] | None]:
        """The MCP server's settings as ARM answers them, with ``mcpServerEndpoint``."""
        return pulumi.get(self, "mcpServerSettings")
