"""Resources of pulumi-azure-native's parameterized packages.

The default class of an ARM type uses one API version. Where that version lacks a feature that the toolkit needs, the
provider offers the same type at another version in a parameterized package. A type never moves to another version
later: its token would change, and the engine would replace the resource [ACR-18].
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_azure_native
from pulumi.runtime.settings import register_package

PROVIDER = "azure-native"
"""Name of the provider of the packages."""


def provider_version() -> str:
    """Return the version of the installed SDK, such as ``3.29.0``: the provider of the packages."""
    return pulumi_azure_native._utilities.get_version()


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
        return f"{PROVIDER}_{self.module}_{self._tag}"

    @property
    def parameter(self) -> bytes:
        """The parameter of the provider: base64 text of JSON with module and version [SDK-PARAMETER]."""
        arguments = {"module": self.module, "version": self._tag}
        return base64.b64encode(json.dumps(arguments, separators=(",", ":")).encode())

    @property
    def _tag(self) -> str:
        return "v" + self.version.replace("-", "")

    def token(self, type_name: str) -> str:
        """Return the type token of a class of the module."""
        return f"{self.name}:{self.module}:{type_name}"

    async def reference(self) -> str:
        """Register the package with the engine, once per run, and return its reference."""
        version = provider_version()
        # The engine's client decodes the base64 text and sends the bytes, as for a generated SDK.
        encoded = base64.b64encode(self.parameter).decode()
        return await register_package(PROVIDER, version, "", self.name, version, encoded)


CONTAINER_REGISTRY = Package("containerregistry", "2026-03-01-preview")
"""The default classes use 2023-01-01-preview, which has neither regional endpoints nor the endpoint protocol [ACR-18]."""


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
            package: the package of its class.
            type_name: the class.
            resource_name: logical name.
            inputs: by ARM's names.
            outputs: names of all outputs that a program reads, including those that are inputs too.
            opts: options.
        """
        self._readable = frozenset(outputs)
        # Outputs exist from the start, unknown until the engine sets them.
        members = {**dict.fromkeys(self._readable), **inputs}
        super().__init__(package.token(type_name), resource_name, members, opts, package_ref=package.reference())

    def output(self, name: str) -> pulumi.Output[Any]:
        """Return an output by ARM's name.

        Raises:
            KeyError: it was not declared. An input of that name does not count, since another program may omit it.
        """
        if name not in self._readable:
            raise KeyError(f"{name} is not among the outputs that {self.pulumi_resource_name} was registered with")
        return pulumi.get(self, name)
