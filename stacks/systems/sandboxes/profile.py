"""The profile of a sandbox group: a file for clients that create sandboxes, in the data plane's terms [SBX-8].

ARM has the group only; image, lifecycle and egress of a sandbox are parameters of the data plane. The profile is
computed from the stack file only, so the file and the stack's output are equal.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from components.sandboxes.profile_spec import EgressSpec, HeaderSpec, ProfileSpec, VolumeSpec
from components.sandboxes.spec import SandboxGroupSpec
from planning import sandboxes
from planning.endpoints import Endpoints
from planning.image_hosts import pull_hosts
from planning.images import with_host
from planning.sandboxes import TIERS, TierName
from stacks.plan import Plan
from stacks.spec import StackSpec

DAY = 24 * 60 * 60

Action = Literal["Allow", "Deny"]

SUSPEND: dict[str, Literal["Memory", "Disk"]] = {"disk_and_memory": "Memory", "disk": "Disk"}
"""Suspend modes in the data plane's terms: Memory includes the disk [SBX-11]."""


def _offered(seconds: int) -> int:
    if seconds not in {60, 120, 300, 600, 1800, 3600}:
        raise ValueError(
            f"{seconds} is not one of the idle timeouts 1, 2, 5, 10, 30 and 60 minutes, in seconds [SBX-11]"
        )
    return seconds


class _Block(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Identity(_Block):
    """A user-assigned identity by name, since the subscription in its id is not known in advance."""

    name: str
    resource_group: str


class Group(_Block):
    """The group and its API version."""

    name: str
    resource_group: str
    region: str
    endpoint: Annotated[str, Field(pattern=r"^https://")]
    audience: str = sandboxes.AUDIENCE
    api_version: str = sandboxes.DATA_PLANE_VERSION


class Image(_Block):
    """The source image of a disk image, and the identity that pulls it."""

    base: str
    pull_identity: Identity


class Resources(_Block):
    """A sandbox's size."""

    cpu: Annotated[str, Field(pattern=r"^[0-9]+m$")]
    memory: Annotated[str, Field(pattern=r"^[0-9]+Mi$")]
    disk: Annotated[str, Field(pattern=r"^[0-9]+Gi$")]


class AutoSuspend(_Block):
    """Suspension of an idle sandbox."""

    enabled: Literal[True] = True
    interval: Annotated[int, AfterValidator(_offered)]
    mode: Literal["Memory", "Disk"]


class AutoDelete(_Block):
    """Deletion of an unused sandbox."""

    enabled: bool
    delete_interval_in_seconds: Annotated[int, Field(ge=DAY)] | None = None


class Lifecycle(_Block):
    """Both lifecycle policies."""

    auto_suspend_policy: AutoSuspend
    auto_delete_policy: AutoDelete


class HostRule(_Block):
    """A host, or a pattern of hosts, that is allowed or denied."""

    pattern: str
    action: Action


class SecretRef(_Block):
    """A secret of the group."""

    secret_id: str
    format: str | None = None


class ValueRef(_Block):
    """The source of a header's value."""

    secret_ref: SecretRef


class Header(_Block):
    """A header that the proxy sets."""

    operation: Literal["Set"] = "Set"
    name: str
    value_ref: ValueRef


class Match(_Block):
    """The match of a rule."""

    host: str


class Transform(_Block):
    """The action of a rule."""

    type: Literal["Transform"] = "Transform"
    headers: list[Header]


class Rule(_Block):
    """Headers for a host."""

    name: str
    match: Match
    action: Transform


class Egress(_Block):
    """The egress policy of a sandbox."""

    default_action: Action
    host_rules: list[HostRule]
    rules: list[Rule]


class CidrRule(_Block):
    """A range that is allowed or denied."""

    range: str
    action: Action


class Volume(_Block):
    """A volume, and where it is mounted."""

    volume_name: str
    type: Literal["AzureBlob", "DataDisk"]
    size: str | None = None
    mountpoint: str
    read_only: bool


class Secret(_Block):
    """A secret reference, which the client resolves and writes into the group."""

    key_vault_secret: str


class Profile(_Block):
    """The whole file."""

    version: Literal[1] = 1
    group: Group
    tier: TierName
    resources: Resources
    maximum_sandboxes: int | None
    image: Image | None
    lifecycle: Lifecycle
    egress_policy: Egress
    cidr_rules: list[CidrRule]
    skip_egress_proxy: bool
    customer_vnet_connection_name: str | None
    volumes: list[Volume]
    secrets: dict[str, Secret]

    def as_dict(self) -> dict[str, object]:
        """Return the profile as plain data in the data plane's letter case, without unset fields."""
        return self.model_dump(by_alias=True, exclude_none=True)


def schema() -> dict[str, object]:
    """Return the JSON schema of a profile's file."""
    return Profile.model_json_schema(by_alias=True)


def profile_of(spec: StackSpec, plan: Plan, key: str, endpoints: Endpoints) -> Profile:
    """Compute the profile of a sandbox group.

    Args:
        spec: the stack's spec.
        plan: its plan.
        key: key of the group.
        endpoints: the registry's host names, which the plan lacks if they contain a hash.
    """
    group = spec.sandbox_groups[key]
    site = plan.sites["sandbox_groups", key]
    region = site.location
    wanted = group.profile
    endpoint = spec.image_endpoint("sandbox_groups", group.endpoint)
    hosts = pull_hosts(endpoints, region, endpoint, spec.rotation, spec.routed)
    return Profile(
        group=Group(
            name=site.name,
            resource_group=site.group.name,
            region=region,
            endpoint=sandboxes.management_endpoint(region),
        ),
        tier=group.tier,
        resources=Resources.model_validate(TIERS[group.tier].resources()),
        maximum_sandboxes=group.maximum_sandboxes,
        image=_image(plan, group, hosts[0]),
        lifecycle=_lifecycle(group, wanted),
        egress_policy=_egress(wanted.egress, hosts),
        cidr_rules=[CidrRule(range=rule.range, action=_action(rule.action)) for rule in wanted.egress.cidr_rules],
        skip_egress_proxy=wanted.egress.skip_proxy,
        customer_vnet_connection_name=sandboxes.CONNECTION if group.network else None,
        volumes=[_volume(name, volume) for name, volume in wanted.volumes.items()],
        secrets={name: Secret(key_vault_secret=uri) for name, uri in group.secrets.items()},
    )


def _image(plan: Plan, group: SandboxGroupSpec, host: str) -> Image | None:
    if group.profile.image is None or group.identity is None:
        return None
    site = plan.sites["identities", group.identity]
    identity = Identity(name=site.name, resource_group=site.group.name)
    return Image(base=with_host(group.profile.image, host), pull_identity=identity)


def _lifecycle(group: SandboxGroupSpec, wanted: ProfileSpec) -> Lifecycle:
    days = wanted.auto_delete_days
    return Lifecycle(
        auto_suspend_policy=AutoSuspend(interval=group.idle_timeout_minutes * 60, mode=SUSPEND[wanted.suspend]),
        auto_delete_policy=AutoDelete(
            enabled=days is not None, delete_interval_in_seconds=days * DAY if days else None
        ),
    )


def _action(action: Literal["allow", "deny"]) -> Action:
    return "Allow" if action == "allow" else "Deny"


def _egress(wanted: EgressSpec, hosts: tuple[str, ...]) -> Egress:
    """The egress policy: denied hosts first, then the registry, then allowed hosts."""
    if wanted.skip_proxy:
        return Egress(default_action=_action(wanted.default), host_rules=[], rules=[])
    denied = [HostRule(pattern=host, action="Deny") for host in wanted.deny_hosts]
    allowed = [HostRule(pattern=host, action="Allow") for host in dict.fromkeys((*hosts, *wanted.allow_hosts))]
    rules = [_rule(number, header) for number, header in enumerate(wanted.headers, start=1)]
    return Egress(default_action=_action(wanted.default), host_rules=[*denied, *allowed], rules=rules)


def _rule(number: int, header: HeaderSpec) -> Rule:
    form = header.format if header.format != "{value}" else None
    value = ValueRef(secret_ref=SecretRef(secret_id=header.secret, format=form))
    return Rule(
        name=f"header-{number}",
        match=Match(host=header.host),
        action=Transform(headers=[Header(name=header.name, value_ref=value)]),
    )


def _volume(name: str, volume: VolumeSpec) -> Volume:
    return Volume(
        volume_name=name,
        type="AzureBlob" if volume.kind == "blob" else "DataDisk",
        size=f"{volume.size_gib}Gi" if volume.size_gib else None,
        mountpoint=volume.mount,
        read_only=volume.read_only,
    )
