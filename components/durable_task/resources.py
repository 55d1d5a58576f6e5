"""Schedulers and task hubs at API version 2026-05-01-preview, as typed Pulumi resources.

It is the first version in which a scheduler has an identity, which on-demand sandboxes need; the default classes of
pulumi-azure-native speak 2026-02-01. A scheduler keeps the version that it was made by: another one replaces it [DTS-2].
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime.settings import register_package

API_VERSION = "2026-05-01-preview"
"""ARM API version of both types."""

BASE_PROVIDER = ("azure-native", "3.29.0")
"""Name and version of the provider that carries the package."""

_MODULE = "durabletask"
_TAG = "v" + API_VERSION.replace("-", "")
PACKAGE = f"azure-native_{_MODULE}_{_TAG}"
"""Name of the parameterized package."""

_PARAMETER = base64.b64encode(json.dumps({"module": _MODULE, "version": _TAG}, separators=(",", ":")).encode()).decode()


async def _package() -> str:
    """Register the package with the engine, once a run."""
    return await register_package(*BASE_PROVIDER, "", PACKAGE, BASE_PROVIDER[1], _PARAMETER)


class _Resource(pulumi.CustomResource):
    """What both types put out."""

    def __init__(
        self, type_name: str, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions
    ) -> None:
        props = {"name": None, "properties": None, **inputs}
        super().__init__(f"{PACKAGE}:{_MODULE}:{type_name}", resource_name, props, opts, package_ref=_package())

    @property
    @pulumi.getter
    def name(self) -> pulumi.Output[str]:
        """Physical name."""
        return pulumi.get(self, "name")

    @property
    @pulumi.getter
    def properties(self) -> pulumi.Output[Mapping[str, Any]]:
        """Properties as ARM answers them."""
        return pulumi.get(self, "properties")


class SchedulerResource(_Resource):
    """Microsoft.DurableTask/schedulers; inputs are ARM's own property names."""

    def __init__(self, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        """Register the resource.

        Args:
            resource_name: logical name.
            inputs: schedulerName, resourceGroupName, location, identity, properties and tags.
            opts: options.
        """
        super().__init__("Scheduler", resource_name, inputs, opts)


class TaskHubResource(_Resource):
    """Microsoft.DurableTask/schedulers/taskHubs."""

    def __init__(self, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        """Register the resource.

        Args:
            resource_name: logical name.
            inputs: taskHubName, schedulerName, resourceGroupName and properties.
            opts: options.
        """
        super().__init__("TaskHub", resource_name, inputs, opts)
