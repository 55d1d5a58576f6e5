"""The shape of a sandbox profile: how the client creates sandboxes in a group. It is not part of ARM."""

import re
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.references import Reference
from components.spec import Host, Image, Spec, refuse
from planning.problems import Path

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SECRET_URI = re.compile(r"https://[a-z0-9-]{3,24}\.vault\.[a-z.]+/secrets/[A-Za-z0-9-]{1,127}(/[0-9a-f]{32})?")

EgressAction = Literal["allow", "deny"]


def _range(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError as error:
        raise ValueError(f"{text!r} is not a range; write one such as 10.0.0.0/8 ({error}) [SBX-9]") from None


def _header(text: str) -> str:
    if not _HEADER.fullmatch(text):
        raise ValueError(f"{text!r} is not the name of a header; write one such as Authorization [SBX-9]")
    return text


def _secret_uri(text: str) -> str:
    if not _SECRET_URI.fullmatch(text):
        raise ValueError(
            f"{text!r} is not a secret of a key vault; write https://VAULT.vault.azure.net/secrets/NAME, never the value"
        )
    return text


SecretUri = Annotated[str, AfterValidator(_secret_uri), Field(description="Id of a secret of a key vault.")]


class CidrRuleSpec(Spec):
    """A rule for a range of addresses."""

    range: Annotated[str, AfterValidator(_range)]
    action: EgressAction


class HeaderSpec(Spec):
    """A header that the egress proxy adds to requests to a host; code in the sandbox does not see its value [SBX-9]."""

    host: Host
    name: Annotated[str, AfterValidator(_header)]
    secret: Annotated[
        str, Reference(".secrets", "secret of the group"), Field(description="Key of a secret of the group.")
    ]
    format: Annotated[str, Field(description="Text of the header, with {value} for the secret.")] = "{value}"

    @model_validator(mode="after")
    def _holds_the_value(self) -> Self:
        if "{value}" not in self.format:
            refuse([(("format",), f"{self.format!r} has no {{value}}, so the secret would not be sent [SBX-9]")])
        return self


class EgressSpec(Spec):
    """Egress of sandboxes; the registry's hosts are always allowed [SBX-9]."""

    default: Annotated[EgressAction, Field(description="Action for traffic without a rule.")] = "deny"
    allow_hosts: list[Host] = []
    deny_hosts: list[Host] = []
    cidr_rules: list[CidrRuleSpec] = []
    headers: list[HeaderSpec] = []
    skip_proxy: Annotated[
        bool, Field(description="Route egress through the network instead; the rules of the proxy do not apply then.")
    ] = False

    def _problems(self) -> Iterator[tuple[Path, str]]:
        for index, host in enumerate(self.deny_hosts):
            if host in self.allow_hosts:
                yield ("deny_hosts", str(index)), f"{host} is allowed too; remove one [SBX-9]"
        if self.skip_proxy:
            for member in ("allow_hosts", "deny_hosts", "cidr_rules", "headers"):
                if getattr(self, member):
                    yield (
                        (member,),
                        "the proxy is skipped, so its rules have no effect; remove them, or skip_proxy [SBX-9]",
                    )
        ranges: dict[str, EgressAction] = {}
        for index, rule in enumerate(self.cidr_rules):
            if ranges.setdefault(rule.range, rule.action) != rule.action:
                yield ("cidr_rules", str(index)), f"{rule.range} is allowed and denied; keep one rule [SBX-9]"


class VolumeSpec(Spec):
    """Storage of sandboxes: a blob volume is shared, a data disk is attached to one sandbox at a time [SBX-10]."""

    kind: Literal["blob", "data_disk"]
    mount: Annotated[str, Field(pattern=r"^/[^\s]*[^/\s]$", description="Path in the sandbox, such as /data.")]
    size_gib: Annotated[int | None, Field(ge=1, description="Size of a data disk; a blob volume has none.")] = None
    read_only: bool = False

    @model_validator(mode="after")
    def _size_fits_the_kind(self) -> Self:
        if (self.kind == "data_disk") != (self.size_gib is not None):
            say = "needs a size_gib" if self.kind == "data_disk" else "has no size; remove size_gib"
            refuse([(("size_gib",), f"a {self.kind} volume {say} [SBX-10]")])
        return self


class ProfileSpec(Spec):
    """How sandboxes are created; written to a file for the client by ``./moorings profiles``."""

    image: Annotated[
        Image | None, Field(description="The image of the sandboxes' disk. Default: the platform's ubuntu.")
    ] = None
    suspend: Annotated[
        Literal["disk_and_memory", "disk"],
        Field(description="What an idle sandbox keeps: memory and disk, or the disk only."),
    ] = "disk_and_memory"
    auto_delete_days: Annotated[int | None, Field(ge=1, description="Idle days after which it is deleted.")] = None
    egress: EgressSpec = EgressSpec()
    volumes: Annotated[dict[str, VolumeSpec], Field(description="Volumes by name.")] = {}
    sandboxes: Annotated[
        int | None, Field(ge=1, description="Concurrent sandboxes of this profile; a data disk allows one.")
    ] = None

    def _problems(self) -> Iterator[tuple[Path, str]]:
        mounts: dict[str, str] = {}
        for key, volume in self.volumes.items():
            path = ("volumes", key)
            if volume.kind == "data_disk" and self.suspend != "disk":
                yield path, "a data disk needs suspend: disk, since memory cannot be kept with it [SBX-10]"
            if volume.kind == "data_disk" and (self.sandboxes or 1) > 1:
                message = f"a data disk is attached to one sandbox at a time, sandboxes is {self.sandboxes}; use a blob volume"
                yield path, f"{message} [SBX-10]"
            other = mounts.setdefault(volume.mount, key)
            if other != key:
                yield (*path, "mount"), f"{volume.mount} is the mount of {other} too; give each its own"
