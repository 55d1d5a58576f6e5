"""The previous state of the stack: the resources in the engine's state, read before anything is registered.

A program only knows the current stack file. Former keys and disconnected endpoints are known to the state only, which
the engine's built-in provider returns on every backend [PUL-STATE].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.private_endpoint.connections import is_disconnected

READ = "pulumi:pulumi:readStackResourceOutputs"
"""The function that returns the state of a stack [PUL-STATE]."""


@dataclass(frozen=True, slots=True)
class Held:
    """One resource of the state.

    Attributes:
        type: its type token.
        name: its logical name.
        outputs: its outputs when it was last written or refreshed.
        urn: its URN.
    """

    type: str
    name: str
    outputs: Mapping[str, Any]
    urn: str = ""

    @property
    def kind(self) -> str:
        """The last part of the type token."""
        return self.type.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class Previous:
    """The resources of a stack before this run; none for a new stack."""

    resources: tuple[Held, ...] = field(default=())

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The stack's exports; empty for a new stack."""
        return next((found.outputs for found in self.resources if found.type == "pulumi:pulumi:Stack"), {})

    def of_kind(self, kind: str) -> Iterator[Held]:
        """Yield the resources whose type token ends with a name, such as ``PrivateZone``."""
        return (found for found in self.resources if found.kind == kind)

    def keys(self, kind: str, prefix: str, suffix: str) -> dict[str, Held]:
        """Return the resources of a kind whose logical name consists of prefix, key and suffix, by key."""
        return {
            found.name[len(prefix) : len(found.name) - len(suffix)]: found
            for found in self.of_kind(kind)
            if found.name.startswith(prefix) and found.name.endswith(suffix)
        }

    @property
    def roles(self) -> dict[str, str]:
        """The GUIDs of the roles of role assignments, by the logical names of these."""
        held = self.of_kind("RoleAssignment")
        return {found.name: str(found.outputs.get("roleDefinitionId", "")).rpartition("/")[2] for found in held}

    def disconnected_endpoints(self) -> frozenset[str]:
        """Return the logical names of private endpoints whose connection was removed [PE-GONE]."""
        return frozenset(found.name for found in self.of_kind("PrivateEndpoint") if is_disconnected(found.outputs))

    def disconnected_peerings(self) -> frozenset[str]:
        """Return the logical names of peerings whose other direction was removed [NET-4]."""
        peerings = self.of_kind("VirtualNetworkPeering")
        return frozenset(found.name for found in peerings if found.outputs.get("peeringState") == "Disconnected")


def parse(outputs: Mapping[str, Mapping[str, Any]]) -> Previous:
    """Return the resources of a result, which maps URNs to types and outputs."""
    return Previous(
        tuple(
            Held(found["type"], urn.rpartition("::")[2], found.get("outputs") or {}, urn)
            for urn, found in outputs.items()
        )
    )
