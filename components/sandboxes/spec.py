"""The shape of a sandbox group: API version, size, network, identities, and the profile of its sandboxes."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from components.interfaces.spec import ResourceSpec
from components.references import EnvironmentKey, IdentityKey, NetworkKey, SubnetKey, dangling
from components.sandboxes.profile_spec import ProfileSpec, SecretUri
from components.spec import ImageEndpoint, Region, Spec, held_to
from planning import names
from planning.problems import Path
from planning.sandboxes import CONTRACTS, Contract, ContractName, TierName
from planning.urls import port_problem

IdleMinutes = Literal[1, 2, 5, 10, 30, 60]
"""Idle minutes after which a sandbox is suspended; the values that the service offers [SBX-11]."""


def _unquoted(value: object) -> object:
    """Restore a version without quotes, which YAML reads as a date."""
    return str(value) if hasattr(value, "isoformat") else value


class QuotaSpec(Spec):
    """The subscription's quota for sandboxes in the group's region; a group that may exceed it is refused."""

    vcpu: Annotated[float | None, Field(gt=0)] = None
    memory_gib: Annotated[float | None, Field(gt=0)] = None


class GatewaySpec(Spec):
    """A connector gateway that offers tools to sandboxes by MCP [SBX-12]."""

    id: Annotated[
        str, Field(pattern=r"(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/.+", description="ARM id.")
    ]
    mcp_runtime_url: Annotated[str, Field(pattern=r"^https://"), held_to(port_problem)] | None = None
    identity: Annotated[
        IdentityKey | None,
        Field(description="Key of the identity with which the group calls it. Default: the group's own."),
    ] = None


class SandboxGroupSpec(ResourceSpec):
    """One sandbox group.

    Fields that the contract does not have are refused, so that nothing is omitted silently.
    """

    arm_type: ClassVar[str] = "Microsoft.App/sandboxGroups"

    name: Annotated[
        Annotated[str, held_to(names.SANDBOX_GROUP.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another group."),
    ] = None
    location: Annotated[Region | None, Field(description="Default: its network's region, else the home region.")] = None
    contract: Annotated[
        ContractName,
        BeforeValidator(_unquoted),
        Field(
            description="2026-02-01-preview: defaults, identity, network. 2026-07-01: an environment, which cannot change."
        ),
    ] = "2026-02-01-preview"
    tier: Annotated[TierName, Field(description="Default size of a sandbox: XS 0.25 vCPU to XL 4 vCPU.")] = "M"
    maximum_sandboxes: Annotated[int | None, Field(ge=1, description="Maximum sandboxes of the group.")] = None
    idle_timeout_minutes: Annotated[IdleMinutes, Field(description="Idle time after which a sandbox is suspended.")] = 5
    quota: Annotated[QuotaSpec, Field(description="Quota of the subscription in the region.")] = QuotaSpec()
    network: Annotated[NetworkKey | None, Field(description="Key of the network that the group is connected to.")] = (
        None
    )
    subnet: Annotated[
        SubnetKey | None, Field(description="Key of its own subnet, delegated to Microsoft.App/environments.")
    ] = None
    environment: Annotated[
        EnvironmentKey | None,
        Field(
            description="Key of an environment of container_apps. A change replaces the group, which loses its sandboxes."
        ),
    ] = None
    identity: Annotated[
        IdentityKey | None,
        Field(description="Key of the identity that pulls; it receives the role that matches the registry's mode."),
    ] = None
    identities: Annotated[
        list[IdentityKey], Field(description="Keys of further identities that sandboxes may use.")
    ] = []
    owners: Annotated[
        list[IdentityKey],
        Field(description="Keys of identities that may use the data plane of this group."),
    ] = []
    secrets: Annotated[
        dict[str, SecretUri], Field(description="The group's secrets by key, as references that the client resolves.")
    ] = {}
    gateways: Annotated[dict[str, GatewaySpec], Field(description="Connector gateways by key.")] = {}
    endpoint: ImageEndpoint = None
    profile: ProfileSpec = ProfileSpec()
    protect: Annotated[
        bool,
        Field(
            description="Protect it from deletion and replacement. To replace it: set false, run up, then change it."
        ),
    ] = True

    @property
    def terms(self) -> Contract:
        """The properties that ARM accepts at the group's API version."""
        return CONTRACTS[self.contract]

    @property
    def all_identities(self) -> tuple[str, ...]:
        """The group's identities without duplicates, the pulling one first."""
        return tuple(dict.fromkeys((*([self.identity] if self.identity else []), *self.identities)))

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._foreign(), *self._incomplete(), *self._of_profile())

    def _foreign(self) -> Iterator[tuple[Path, str]]:
        """Fields that the contract does not have."""
        terms, stated = self.terms, self.model_fields_set
        lacks = {
            "identity": terms.identity,
            "identities": terms.identity,
            "maximum_sandboxes": terms.defaults,
            "gateways": terms.gateways,
            "environment": terms.environment,
        }
        for member, there in lacks.items():
            if member in stated and getattr(self, member) and not there:
                other = next(name for name in CONTRACTS if name != self.contract)
                yield (member,), f"contract {self.contract} has no such property; remove it, or use {other} [SBX-2]"

    def _incomplete(self) -> Iterator[tuple[Path, str]]:
        if (self.network is None) != (self.subnet is None):
            yield (), "network and subnet belong together; state both, or neither"
        if self.terms.environment and self.environment is None:
            message = (
                f"contract {self.contract} links a group to an environment at creation only; name it from the start, such as "
                "environment: westeurope [SBX-3]"
            )
            yield ("environment",), message

    def _of_profile(self) -> Iterator[tuple[Path, str]]:
        yield from dangling(self)
        if self.profile.image and self.terms.identity and self.identity is None:
            yield (
                ("identity",),
                "the profile has an image of the registry, which needs an identity that pulls it [SBX-8]",
            )
        if self.endpoint and self.profile.image is None:
            yield ("endpoint",), "is for the image of the profile, and it states none; remove it [SBX-8]"
        if self.profile.image and not self.terms.identity:
            message = f"contract {self.contract} gives the group no identity, and pulling an image needs one; remove it [SBX-2]"
            yield ("profile", "image"), message
