"""Container Apps: addresses of environments, workload profiles, and sizes of replicas.

An environment uses addresses for its infrastructure, for every dedicated node and for replicas, and twice as many for
replicas while a revision replaces another. Without them the new revision stays unhealthy, and no error names the subnet
[CAE-2].
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Literal

from planning import names
from planning.addresses import RESERVED, Consumer, SubnetKey
from planning.growth import Growth
from planning.role_actions import Need
from planning.roles import Role

Kind = Literal["workload_profiles", "consumption_only"]
"""What an environment is: of workload profiles, or of the older form that knows consumption only [CAE-1]."""

Family = Literal["consumption", "consumption_gpu", "flex", "dedicated", "dedicated_gpu", "confidential"]

DELEGATION = "Microsoft.App/environments"
"""Service to which the subnet of an environment of workload profiles is delegated [CAE-1]."""

LONGEST_PREFIX: dict[Kind, int] = {"workload_profiles": 27, "consumption_only": 23}
"""Smallest subnet that each kind of environment takes [CAE-1]."""

FLEX_PREFIX = 25
"""Smallest subnet of an environment with a Flex profile [CAE-4]."""

INFRASTRUCTURE = 14
"""Addresses that an environment needs before anything runs in it, the five that Azure keeps in the subnet among them
[CAE-2]."""

CONSUMPTION_ONLY_INFRASTRUCTURE = 256
"""The same for a consumption-only environment, which starts at 60 and grows to this as apps scale [CAE-3]."""

REPLICAS_PER_ADDRESS = 10
"""Replicas of a consumption profile that share one address [CAE-2]."""

MOST_REPLICAS = 1000
"""Replicas that one revision can be allowed [CAE-7]."""

HTTP_PORTS = (80, 443)
"""Ports that TCP ingress cannot expose, since HTTP ingress has them [CAE-25]."""

LONGEST_REVISION = 54
"""Characters that an app's name and the suffix of a revision may have together [CAE-21]."""

CONSUMPTION = "Consumption"
"""Name and type of the profile that every environment of workload profiles has [CAE-4]."""

RESERVED_RANGES = (
    "169.254.0.0/16",
    "172.30.0.0/16",
    "172.31.0.0/16",
    "192.0.2.0/24",
    "100.100.0.0/17",
    "100.100.128.0/19",
    "100.100.160.0/19",
    "100.100.192.0/19",
)
"""Ranges that an environment of workload profiles keeps for itself; its subnet may not overlap them [CAE-6]."""

DEFAULT_MAX_REPLICAS = 10
"""Most replicas of an app whose scale states none [CAE-SCALE]."""

RETIRED_VERSIONS = ("2022-01-01-preview", "2022-03-01", "2022-06-01-preview", "2022-10-01", "2022-11-01-preview")
"""API versions of Microsoft.App that are retired [CAE-RETIRED]."""

SESSION_COOLDOWN_SECONDS = (300, 3600)
"""Shortest and longest time after which an idle session of a pool ends [ACAS-3]."""

SESSION_AUDIENCE = "https://dynamicsessions.io"
"""Audience of the tokens by which a session pool is called [ACAS-4]."""

SESSION_EXECUTOR = Role("Azure ContainerApps Session Executor", "0fb8eba5-a2bb-4abe-b1c1-49dfad359bb0")
"""The role that lets a caller run code in a pool's sessions [ACAS-4]."""

SESSION_NEEDS = (
    Need(
        "who runs code in a session pool",
        "Microsoft.App/sessionPools",
        ("Microsoft.App/sessionPools/sessions/generatesessions/action",),
        ("Microsoft.App/sessionPools/interpreters/execute/action", "Microsoft.App/sessionPools/executions/write"),
    ),
)
"""What a caller of a pool does [ACAS-4]."""

_DEDICATED = re.compile(r"(?P<kind>D|E)(?P<cores>4|8|16|32)")
_GPU = re.compile(r"NC(?P<cores>24|48|96)-A100")
_CONFIDENTIAL = re.compile(r"(?P<kind>DC)(?P<cores>4|8|16|32|48|64|96)")
_CONSUMPTION_GPU = {"Consumption-GPU-NC24-A100": (24, 220), "Consumption-GPU-NC8as-T4": (8, 56)}
_SUFFIX = re.compile(r"[a-z0-9](-?[a-z0-9])*")
_STEP = 0.25
_GPU_MEMORY_PER_CORE = 220 / 24
_MEMORY_PER_CORE = {"D": 4, "E": 8, "DC": 4}


@dataclass(frozen=True, slots=True)
class ProfileType:
    """A type of workload profile [CAE-4].

    Attributes:
        name: as ARM knows it.
        family: what it is made of.
        cores: vCPUs of a node, or of a replica where replicas share no node of yours.
        memory_gib: GiB of the same.
    """

    name: str
    family: Family
    cores: float
    memory_gib: float

    @property
    def has_nodes(self) -> bool:
        """Whether it has nodes of its own, which are counted and take an address each."""
        return self.family in {"dedicated", "dedicated_gpu", "confidential"}


def profile_type(name: str) -> ProfileType | None:
    """Return the type of workload profile of that name, or None when there is none that is known."""
    if name == CONSUMPTION:
        return ProfileType(name, "consumption", 4, 8)
    if name == "Flex":
        return ProfileType(name, "flex", 4, 16)
    if name in _CONSUMPTION_GPU:
        return ProfileType(name, "consumption_gpu", *_CONSUMPTION_GPU[name])
    if match := _GPU.fullmatch(name):
        cores = int(match["cores"])
        return ProfileType(name, "dedicated_gpu", cores, round(cores * _GPU_MEMORY_PER_CORE))
    if match := _DEDICATED.fullmatch(name) or _CONFIDENTIAL.fullmatch(name):
        cores = int(match["cores"])
        family: Family = "confidential" if match["kind"] == "DC" else "dedicated"
        return ProfileType(name, family, cores, cores * _MEMORY_PER_CORE[match["kind"]])
    return None


def profile_type_problem(name: str) -> str | None:
    """Return the problem with a type of workload profile in one line, or None."""
    if profile_type(name):
        return None
    known = "Consumption, Consumption-GPU-NC24-A100, Consumption-GPU-NC8as-T4, Flex, D4 to D32, E4 to E32, NC24-A100 to NC96-A100"
    confidential = "DC4 to DC96 (confidential)"
    return f"{name!r} is not a workload profile type; use one of: {known}, {confidential} [CAE-4]"


def profile_name_problem(name: str, kind: str) -> str | None:
    """Return the problem with the name of a workload profile of that type in one line, or None [CAE-20].

    A serverless GPU profile may have the name of its type, which is longer than others may be.
    """
    return None if name == kind and name in _CONSUMPTION_GPU else names.WORKLOAD_PROFILE.problem(name)


def suffix_problem(suffix: str) -> str | None:
    """Return the problem with the suffix of a revision's name in one line, or None [CAE-21]."""
    if _SUFFIX.fullmatch(suffix):
        return None
    return (
        f"{suffix!r} is not a revision suffix: use lower-case letters, digits and single '-' within, without the app's name "
        "before it; write one such as v2 [CAE-21]"
    )


def revision_problem(app: str, suffix: str) -> str | None:
    """Return why an app can have no revision with that suffix in one line, or None [CAE-21]."""
    length = len(app) + len(suffix)
    if length <= LONGEST_REVISION:
        return None
    return (
        f"{suffix} has {len(suffix)} characters, {length} with the name {app}, which may have {LONGEST_REVISION} together; "
        "shorten it [CAE-21]"
    )


def size_problem(cores: float, memory_gib: float, profile: ProfileType) -> str | None:
    """Return why containers of this size together do not fit a replica of a profile, or None [CAE-8].

    On a consumption profile vCPUs come in steps of 0.25, with exactly 2 GiB for each.
    """
    asked = f"{cores:g} vCPU and {memory_gib:g} GiB"
    if cores > profile.cores or memory_gib > profile.memory_gib:
        return (
            f"{asked} in one replica, {profile.name} has {profile.cores:g} vCPU and {profile.memory_gib:g} GiB [CAE-8]"
        )
    if profile.family != "consumption":
        return None
    if cores % _STEP or memory_gib != 2 * cores:
        fitting = max(_STEP, ceil(max(cores, memory_gib / 2) / _STEP) * _STEP)
        right = f"give {fitting:g} vCPU and {2 * fitting:g} GiB"
        return f"{asked} in one replica; {right}: steps of 0.25, 2 GiB for each vCPU [CAE-8]"
    return None


@dataclass(frozen=True, slots=True)
class Nodes:
    """A dedicated workload profile.

    Attributes:
        name: its key.
        most: nodes that it may grow to.
        doubled: whether a revision in it replaces another, so that both need nodes for a while.
    """

    name: str
    most: int
    doubled: bool


@dataclass(frozen=True, slots=True)
class Replicas:
    """What runs on consumption.

    Attributes:
        doubled: most replicas of apps in which one revision replaces another.
        steady: most replicas of everything else.
    """

    doubled: int = 0
    steady: int = 0


def environment_consumer(
    subnet: SubnetKey, name: str, *, kind: Kind, nodes: Iterable[Nodes] = (), replicas: Replicas, flex: bool = False
) -> Consumer:
    """Return what an environment takes from its subnet at its largest, while revisions replace one another [CAE-2, CAE-3].

    Args:
        subnet: the environment's own subnet.
        name: what it is called in messages.
        kind: which kind of environment it is.
        nodes: its dedicated profiles.
        replicas: what runs on consumption.
        flex: whether it has a Flex profile.
    """
    if kind == "consumption_only":
        need, parts = CONSUMPTION_ONLY_INFRASTRUCTURE, [f"{CONSUMPTION_ONLY_INFRASTRUCTURE} infrastructure"]
        per_address = 1
    else:
        need = INFRASTRUCTURE - RESERVED
        parts = [f"{need} infrastructure ({INFRASTRUCTURE} with the subnet's {RESERVED})"]
        per_address = REPLICAS_PER_ADDRESS
    # A new revision runs beside the old one until it is ready, so nodes and replicas may count twice.
    nodes = tuple(nodes)
    for pool in nodes:
        need += pool.most * (2 if pool.doubled else 1)
        parts.append(f"{'2 x ' if pool.doubled else ''}{pool.most} nodes of {pool.name}")
    for count, doubled in ((replicas.doubled, True), (replicas.steady, False)):
        if count:
            addresses = ceil(count / per_address)
            need += addresses * (2 if doubled else 1)
            parts.append(f"{'2 x ' if doubled else ''}{addresses} for {count} replicas")
    return Consumer(
        subnet=subnet,
        name=name,
        need=need,
        parts=" + ".join(parts),
        longest_prefix=FLEX_PREFIX if flex else LONGEST_PREFIX[kind],
        source="CAE-3" if kind == "consumption_only" else "CAE-2",
        growth=(*(_more_nodes(pool, name) for pool in nodes), _more_replicas(replicas.doubled, per_address, name)),
    )


def _more_nodes(pool: Nodes, environment: str) -> Growth:
    each = 2 if pool.doubled else 1
    return Growth(f"nodes of profile {pool.name} of {environment}", lambda more: each * more)


def _more_replicas(doubled: int, per_address: int, environment: str) -> Growth:
    """Replicas of apps in single revision mode, which is the default and takes the most addresses [CAE-2]."""

    def addresses(more: int) -> int:
        # Integers only: the search tries numbers that a float cannot hold.
        return 2 * (-(-(doubled + more) // per_address) - -(-doubled // per_address))

    return Growth(f"replicas on consumption of {environment}", addresses)


def endpoint_consumer(subnet: SubnetKey, name: str) -> Consumer:
    """Return what a private endpoint of an environment takes: one address [CAE-9]."""
    return Consumer(subnet=subnet, name=name, need=1, parts="1 for the environment", source="CAE-9", is_endpoint=True)


def private_link_zone(region: str) -> str:
    """Return the private DNS zone that an environment's private endpoint feeds, one for each region [CAE-9]."""
    return f"privatelink.{region}.azurecontainerapps.io"
