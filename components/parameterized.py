"""Resources at API versions that pulumi-azure-native carries as parameterized packages beside its default classes.

The default class of a type speaks one version; where that lacks something we need, the provider is asked for a package of
another version. A type never moves to another version later: that would replace the resource [ACR-18].
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.runtime.settings import register_package

BASE_PROVIDER = ("azure-native", "3.29.0")
"""Name and version of the provider that carries the packages."""


@dataclass(frozen=True)
class Package:
    """One module of the provider at one API version.

    Attributes:
        module: the SDK's name of the module, such as ``web``.
        version: ARM API version, such as ``2025-03-01``.
    """

    module: str
    version: str

    @property
    def name(self) -> str:
        """The package's name, such as ``azure-native_web_v20250301``."""
        return f"azure-native_{self.module}_{self._tag}"

    @property
    def _tag(self) -> str:
        return "v" + self.version.replace("-", "")

    def token(self, type_name: str) -> str:
        """Return the type token of a class of the module."""
        return f"{self.name}:{self.module}:{type_name}"

    async def reference(self) -> str | None:
        """Register the package with the engine; the engine's client does so once a run."""
        parameter = json.dumps({"module": self.module, "version": self._tag}, separators=(",", ":")).encode()
        encoded = base64.b64encode(parameter).decode()
        return await register_package(*BASE_PROVIDER, "", self.name, BASE_PROVIDER[1], encoded)


class ParameterizedResource(pulumi.CustomResource):
    """A resource of a parameterized package; inputs and outputs have ARM's own property names, flattened."""

    def __init__(
        self,
        package: Package,
        type_name: str,
        resource_name: str,
        *,
        inputs: Mapping[str, Any],
        outputs: Iterable[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Register the resource.

        Args:
            package: where its class is.
            type_name: the class.
            resource_name: logical name.
            inputs: by ARM's names.
            outputs: names of what a program reads beside the inputs.
            opts: options.
        """
        # Outputs that a program reads exist from the start, unknown until the engine fills them.
        members = {**dict.fromkeys(outputs), **inputs}
        super().__init__(package.token(type_name), resource_name, members, opts, package_ref=package.reference())

    def output(self, name: str) -> pulumi.Output[Any]:
        """Return an output by ARM's name."""
        return pulumi.get(self, name)
