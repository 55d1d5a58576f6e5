"""The shape of a container group: network, containers, secrets, volumes and quota."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, SecretStr, WithJsonSchema

from components.interfaces.spec import ResourceSpec
from components.references import IdentityKey, NetworkKey, Reference, SubnetKey, WorkspaceKey, dangling
from components.spec import Image, ImageEndpoint, Region, Spec
from planning.container_instances import MOST_CONTAINERS, Size, Sku, size_problem
from planning.problems import Path
from planning.variables import container_instances_problem

_NAME = re.compile(r"(?!.*--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_FILE = re.compile(r"[A-Za-z0-9._-]{1,255}")
_VAULT_URI = r"^https://[A-Za-z0-9-]{3,24}\.vault\.[a-z.]+/secrets/[A-Za-z0-9-]{1,127}(/[0-9a-f]{32})?$"

Port = Annotated[int, Field(ge=1, le=65535)]


def _address(value: object) -> IPv4Address:
    try:
        return value if isinstance(value, IPv4Address) else IPv4Address(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not an address; write one such as 10.0.0.10") from None


class KeyVaultSecretSpec(Spec):
    """A secret in Key Vault, which the group's identity reads at every start [ACI-9]."""

    key_vault: Annotated[str, Field(pattern=_VAULT_URI, description="https://VAULT.vault.azure.net/secrets/NAME")]


def _source(value: object) -> object:
    """Distinguish the two forms of a secret first, so that a problem is reported for the intended form only."""
    if isinstance(value, SecretStr) or (isinstance(value, dict) and set(value) == {"secure"}):
        return value if isinstance(value, SecretStr) else SecretStr("")
    if isinstance(value, dict):
        uri = value.get("key_vault")
        if set(value) != {"key_vault"} or not isinstance(uri, str) or not re.fullmatch(_VAULT_URI, uri):
            raise ValueError("write {key_vault: https://VAULT.vault.azure.net/secrets/NAME} [ACI-9]")
        return KeyVaultSecretSpec(key_vault=uri)
    if isinstance(value, KeyVaultSecretSpec):
        return value
    raise ValueError(
        "is in plain text; write {key_vault: URI}, or set it with pulumi config set --secret --path, so that it reads secure:"
    )


SecretSource = Annotated[
    SecretStr | KeyVaultSecretSpec,
    BeforeValidator(_source),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                "key_vault": {"type": "string", "description": "https://VAULT.vault.azure.net/secrets/NAME"},
                "secure": {"type": "string"},
            },
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
    ),
]


class VolumeSpec(Spec):
    """A volume of the group: empty, or holding secrets as files."""

    files: Annotated[
        dict[str, KeyVaultSecretSpec],
        Field(description="Secrets by file name. Default: an empty volume."),
    ] = {}


class ContainerSpec(Spec):
    """One container; the containers of a group together must fit the limits of a group [ACI-1]."""

    retired_names: ClassVar[Mapping[str, str]] = {
        "gpu": "is not available: the GPUs of container groups are of retired series; run it in container_apps on a profile "
        "with GPUs, or in a cluster on a pool with GPUs [VM-RETIRED]"
    }

    image: Image
    cpu: Annotated[float, Field(gt=0, description="vCPUs.")] = 1.0
    memory_gb: Annotated[float, Field(gt=0)] = 1.5
    command: list[str] = []
    ports: Annotated[list[Port], Field(description="TCP ports that the group exposes.")] = []
    environment: Annotated[dict[str, str], Field(description="Environment variables in plain text.")] = {}
    secrets: Annotated[
        dict[str, SecretSource],
        Field(description="Secure environment variables: {key_vault: URI}, or a secure: value of this file."),
    ] = {}
    mounts: Annotated[
        dict[Annotated[str, Reference(".volumes", "volume")], str], Field(description="Path by volume key.")
    ] = {}


class QuotaSpec(Spec):
    """The quota that Azure granted for one group above 4 vCPU or 16 GB [ACI-1]."""

    cpu: Annotated[float, Field(gt=0)]
    memory_gb: Annotated[float, Field(gt=0)]


class ContainerGroupSpec(ResourceSpec):
    """One container group; its key is its name."""

    arm_type: ClassVar[str] = "Microsoft.ContainerInstance/containerGroups"

    network: Annotated[NetworkKey | None, Field(description="Key of the network; Spot has none.")] = None
    subnet: Annotated[
        SubnetKey | None,
        Field(min_length=1, description="Key of a subnet delegated to Microsoft.ContainerInstance/containerGroups."),
    ] = None
    location: Annotated[Region | None, Field(description="Of a group without a network. Default: the home region.")] = (
        None
    )
    identity: Annotated[
        IdentityKey | None, Field(description="Key of the identity that pulls its images and reads its secrets.")
    ] = None
    endpoint: ImageEndpoint = None
    containers: Annotated[dict[str, ContainerSpec], Field(min_length=1, max_length=MOST_CONTAINERS)]
    volumes: dict[str, VolumeSpec] = {}
    restart_policy: Literal["Always", "OnFailure", "Never"] = "Always"
    priority: Annotated[
        Literal["Regular", "Spot"],
        Field(description="Spot can be evicted at any time, and has neither network nor address."),
    ] = "Regular"
    confidential: Annotated[bool, Field(description="Run in a trusted execution environment; at most 180 GB.")] = False
    confidential_policy: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9+/]+={0,2}$",
            description="Confidential computing enforcement policy in Base64, as `az confcom` generates it.",
        ),
    ] = None
    quota: Annotated[QuotaSpec | None, Field(description="Needed above 4 vCPU or 16 GB.")] = None
    zone: Annotated[Literal["1", "2", "3"] | None, Field(description="Zone of a regional group.")] = None
    dns_servers: Annotated[
        list[Annotated[IPv4Address, BeforeValidator(_address)]],
        Field(description="A group does not use the DNS settings of its network; name the network's servers here."),
    ] = []
    workspace: Annotated[WorkspaceKey | None, Field(description="Key of the workspace of output and events.")] = None
    protect: Annotated[
        bool,
        Field(
            description="Protect it from deletion and replacement. To replace it: set false, run up, then change it."
        ),
    ] = False

    @property
    def sku(self) -> Sku:
        """The group's SKU in ARM's words."""
        return "Confidential" if self.confidential else "Standard"

    @property
    def size(self) -> Size:
        """The resources of all containers together."""
        every = self.containers.values()
        return Size(sum(container.cpu for container in every), sum(container.memory_gb for container in every))

    @property
    def vault_secrets(self) -> tuple[str, ...]:
        """The secrets that are read from Key Vault, in order, without duplicates."""
        variables = (secret for container in self.containers.values() for secret in container.secrets.values())
        files = (secret for volume in self.volumes.values() for secret in volume.files.values())
        stated = (secret for secret in (*variables, *files) if isinstance(secret, KeyVaultSecretSpec))
        return tuple(dict.fromkeys(secret.key_vault for secret in stated))

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._place(), *self._size(), *self._content(), *self._names())

    def _place(self) -> Iterator[tuple[Path, str]]:
        if self.priority == "Spot":
            if self.network or self.subnet:
                yield ("priority",), "Spot, which has no network: remove network and subnet, or choose Regular [ACI-4]"
            if self.confidential:
                yield ("priority",), "Spot, which cannot be confidential; choose Regular [ACI-4]"
            for key, container in self.containers.items():
                if container.ports:
                    message = "a Spot group has no address, so its ports are unreachable; remove them [ACI-4]"
                    yield ("containers", key, "ports"), message
        elif not self.network or not self.subnet:
            yield (
                (),
                "needs a network and a subnet; only Spot groups have none [ACI-2]",
            )
        if self.network and self.location:
            yield ("location",), f"{self.location} beside a network, which determines the region; remove it"

    def _size(self) -> Iterator[tuple[Path, str]]:
        quota = Size(self.quota.cpu, self.quota.memory_gb) if self.quota else None
        problem = size_problem(self.size, self.sku, quota)
        if problem:
            yield ("containers",), problem
        if self.confidential != (self.confidential_policy is not None):
            yield (
                ("confidential_policy",),
                "is required with confidential: true and allowed only then; generate it with az confcom acipolicygen [ACI-10]",
            )

    def _content(self) -> Iterator[tuple[Path, str]]:
        if self.identity is None:
            yield ("identity",), "is missing: images are pulled by a user-assigned identity [ACI-5]"
        yield from dangling(self)
        ports: dict[int, str] = {}
        for key, container in self.containers.items():
            path = ("containers", key)
            for port in container.ports:
                other = ports.setdefault(port, key)
                if other != key or container.ports.count(port) > 1:
                    yield (
                        (*path, "ports"),
                        f"{port} is used by {other} too; the containers of a group share one address",
                    )
            for name in sorted(set(container.environment) & set(container.secrets)):
                yield (*path, "secrets", name), f"{name} is stated under environment too; keep one"
            for volume, mount in container.mounts.items():
                if not mount.startswith("/") or ":" in mount:
                    yield (*path, "mounts", volume), f"{mount!r} is not a path; write one such as /mnt/{volume}"

    def _names(self) -> Iterator[tuple[Path, str]]:
        for section, keys in (("containers", self.containers), ("volumes", self.volumes)):
            for key in keys:
                if not _NAME.fullmatch(key):
                    message = (
                        f"{key!r} is not a name; use 1 to 63 lower-case letters, digits and single '-' within [NAME-1]"
                    )
                    yield (section, key), message
        for key, container in self.containers.items():
            for member, variables in (("environment", container.environment), ("secrets", container.secrets)):
                for name in variables:
                    problem = container_instances_problem(name)
                    if problem:
                        yield ("containers", key, member, name), problem
        for key, volume in self.volumes.items():
            for name in volume.files:
                if not _FILE.fullmatch(name):
                    yield (
                        ("volumes", key, "files", name),
                        f"{name!r} is not a file name; use letters, digits, '.', '_', '-'",
                    )
