"""Who pulls: apps, jobs, session pools and container groups by their ARM bodies, and all others as a document states them.

Clusters, sandboxes and pipelines hold no image in ARM. They come as a list, by itself or below `pulls`, of objects::

    {"name": "checkout in eastus", "from": "<ARM id>", "image": "contoso.azurecr.io/team-a/web:1.4.2"}

`from` is the id of a cluster, an agent pool, a sandbox group, a Container Apps environment, a network or a subnet; without
it the consumer is on the internet. `address` is its public address. `identity` (an ARM id) or `principal_id` sign in;
without either the cluster's or the group's own identity does. `credentials` is `admin`, `anonymous` or `token:<name>`
instead. `action` is `pull`, unless it is `push`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from local_azure.facts.container_apps import APPS, JOBS, SESSION_POOLS
from local_azure.facts.container_instance import CONTAINER_GROUPS
from local_azure.facts.container_service import CLUSTERS, POOLS
from local_azure.facts.sandboxes import CONNECTIONS as SANDBOX_CONNECTIONS
from local_azure.facts.sandboxes import GROUPS as SANDBOX_GROUPS
from local_azure.reach.estate import Estate, network_of
from local_azure.services.container_apps import containers
from local_azure.services.identities import users
from local_azure.services.managed_environments import environment_id
from local_azure.services.subnets import SUBNETS
from local_azure.services.virtual_networks import NETWORKS
from local_azure.store import Resource

Json = Mapping[str, Any]

PULL: Final = "pull"
PUSH: Final = "push"
_MEMBERS = frozenset({"name", "from", "image", "action", "identity", "principal_id", "credentials", "address"})
_CREDENTIALS = re.compile(r"admin|anonymous|token:.+")
_ARM_AUDIENCE = frozenset({APPS, JOBS, SESSION_POOLS})


class PullsError(Exception):
    """A document of pulls has another shape, or names what does not exist; the message is one line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a consumer is.

    Attributes:
        owner: id of what is there.
        subnet: key of its subnet; empty where it is in no network of this estate.
        network: key of its network; empty as above.
        address: the public address it comes from, where it is known.
        name_servers: DNS servers that it states itself.
        trusted: whether it belongs to a service that may pass the registry's network rules [ACR-20].
    """

    owner: str
    subnet: str = ""
    network: str = ""
    address: str = ""
    name_servers: tuple[str, ...] = ()
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a consumer signs in to a registry.

    Attributes:
        kind: `identity`, `admin`, `user` (a token's or an application's name and password) or `anonymous`.
        principal: principal of the identity; empty where it has none.
        identity: ARM id of a user-assigned identity.
        user: name of a user.
        arm_audience: whether the service signs in with a token for Resource Manager [CAE-19].
    """

    kind: str
    principal: str = ""
    identity: str = ""
    user: str = ""
    arm_audience: bool = False


@dataclass(frozen=True, slots=True)
class Consumer:
    """One image that one resource pulls, or pushes.

    Attributes:
        id: ARM id of the resource; of a stated consumer the id it comes from, or its name.
        kind: noun of what it is.
        name: what it is called.
        image: reference with its host.
        places: where it pulls from: one, or one for each subnet of a cluster.
        credentials: how it signs in, by host; the empty host stands for every other.
        action: `pull` or `push`.
        node_images: versions of the node images of a cluster.
    """

    id: str
    kind: str
    name: str
    image: str
    places: tuple[Place, ...]
    credentials: Mapping[str, SignIn]
    action: str = PULL
    node_images: tuple[str, ...] = ()

    @property
    def sign_in(self) -> SignIn:
        """How it signs in to the image's host."""
        return self.credentials.get(host_of(self.image)) or self.credentials.get("") or SignIn("anonymous")

    def of(self, image: str, action: str) -> Consumer:
        """Return the same consumer with another image or action."""
        return replace(self, image=image, action=action)


def host_of(image: str) -> str:
    """Return the host of an image reference, in lower case; Docker Hub's where it names none [IMAGE-1]."""
    first, slash, _ = image.partition("/")
    return first.lower() if slash and (set(".:") & set(first) or first == "localhost") else "docker.io"


def repository_of(image: str) -> str:
    """Return the repository of an image reference with a host."""
    return image.partition("/")[2].partition("@")[0].partition(":")[0]


def in_arm(estate: Estate) -> Iterator[Consumer]:
    """Yield what apps, jobs, session pools and container groups pull, each image once."""
    for type_name, noun in ((APPS, "container app"), (JOBS, "job")):
        for resource in estate.of_type(type_name):
            registries = (resource.properties.get("configuration") or {}).get("registries") or []
            images = [str(container.get("image") or "") for container in containers(resource.properties)]
            yield from _each(estate, resource, noun, images, registries)
    for pool in estate.of_type(SESSION_POOLS):
        template = pool.properties.get("customContainerTemplate") or {}
        images = [str(container.get("image") or "") for container in template.get("containers") or []]
        credentials = template.get("registryCredentials")
        yield from _each(estate, pool, "session pool", images, [credentials] if credentials else [])
    for group in estate.of_type(CONTAINER_GROUPS):
        parts = [*(group.properties.get("initContainers") or []), *group.properties["containers"]]
        images = [str((part.get("properties") or {}).get("image") or "") for part in parts]
        yield from _each(
            estate, group, "container group", images, group.properties.get("imageRegistryCredentials") or []
        )


def _each(
    estate: Estate, resource: Resource, noun: str, images: list[str], credentials: list[Json]
) -> Iterator[Consumer]:
    signed_in = {str(each.get("server")).lower(): _sign_in(resource, each) for each in credentials}
    trusted = resource.type == CONTAINER_GROUPS and any(each.kind == "identity" for each in signed_in.values())
    place = replace(_place(estate, resource), trusted=trusted)
    for image in dict.fromkeys(image for image in images if image):
        yield Consumer(resource.id, noun, resource.name, image, (place,), signed_in)


def _sign_in(resource: Resource, stated: Json) -> SignIn:
    """Return how a resource signs in by one entry of its registries."""
    if not stated.get("identity"):
        return SignIn("user", user=str(stated.get("username") or ""))
    wanted, block = str(stated["identity"]), resource.body.get("identity") or {}
    audience = resource.type in _ARM_AUDIENCE
    if wanted.lower() == "system":
        return SignIn("identity", block.get("principalId") or "", arm_audience=audience)
    principal = (users(resource.body).get(wanted.lower()) or {}).get("principalId") or ""
    return SignIn("identity", principal, wanted, arm_audience=audience)


def _in_subnet(owner: str, subnet: str, address: str = "") -> Place:
    return Place(owner, subnet.lower(), network_of(subnet), address)


def _place(estate: Estate, resource: Resource) -> Place:
    """Return where a resource of the types that hold images pulls from."""
    properties = resource.properties
    if resource.type == CONTAINER_GROUPS:
        subnets = properties.get("subnetIds") or []
        place = _in_subnet(resource.id, subnets[0]["id"] if subnets else "")
        servers = (properties.get("dnsConfig") or {}).get("nameServers") or ()
        return replace(place, name_servers=tuple(servers))
    environment = estate.get(environment_id(properties))
    subnet = str(environment.state.get("subnet") or "") if environment else ""
    # Behind a network's own outbound path the address that the service names is not the one that a registry sees.
    addresses = properties.get("outboundIpAddresses") or [""] if not subnet else [""]
    return _in_subnet(resource.id, subnet, addresses[0])


def stated(estate: Estate, document: Any) -> list[Consumer]:
    """Return the consumers of a document, see the module.

    Raises:
        PullsError: the document has another shape, or a consumer is where nothing is.
    """
    rows = document.get("pulls") or [] if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise PullsError("pulls: expected a list of objects, each with name and image")
    return [_stated(estate, at, row) for at, row in enumerate(rows)]


def _stated(estate: Estate, at: int, row: Any) -> Consumer:
    where = f"pulls[{at}]"
    if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
        raise PullsError(f"{where}: expected an object whose values are strings")
    unknown, missing = sorted(row.keys() - _MEMBERS), sorted({"name", "image"} - row.keys())
    if unknown or missing:
        raise PullsError(f"{where}: {f'unknown member {unknown[0]}' if unknown else f'no {missing[0]}'}")
    if row.get("action", PULL) not in {PULL, PUSH}:
        raise PullsError(f"{where}: action is {row['action']}; it must be {PULL} or {PUSH}")
    if not _CREDENTIALS.fullmatch(row.get("credentials", "admin")):
        raise PullsError(f"{where}: credentials is {row['credentials']}; it must be admin, anonymous or token:<name>")
    source = estate.get(row["from"]) if row.get("from") else None
    if source is None and row.get("from"):
        raise PullsError(f"{where}: from: there is no {row['from']}")
    images = ()
    if source is not None and source.type in {CLUSTERS, POOLS}:
        images = tuple(str(pool.properties["nodeImageVersion"]) for pool in _pools(estate, source))
    return Consumer(
        source.id if source else row["name"],
        _NOUNS.get(source.type, "place") if source else "client",
        row["name"],
        row["image"],
        places(estate, source, row.get("address", ""))
        if source
        else (Place(row["name"], address=row.get("address", "")),),
        {"": _stated_sign_in(estate, source, row)},
        row.get("action", PULL),
        images,
    )


_NOUNS = {CLUSTERS: "cluster", POOLS: "agent pool", SANDBOX_GROUPS: "sandbox group", NETWORKS: "network"}


def _pools(estate: Estate, source: Resource) -> list[Resource]:
    return [source] if source.type == POOLS else estate.children(source.id, POOLS)


def places(estate: Estate, source: Resource, address: str = "") -> tuple[Place, ...]:
    """Return where pulls from a resource come from: a cluster has a place for each subnet of its pools."""
    if source.type == SUBNETS:
        return (_in_subnet(source.id, source.id, address),)
    if source.type == NETWORKS:
        return (Place(source.id, "", source.key, address),)
    if source.type == SANDBOX_GROUPS:
        subnets = [c.properties["subnetId"] for c in estate.children(source.id, SANDBOX_CONNECTIONS)]
    elif source.type in {CLUSTERS, POOLS}:
        subnets = [str(pool.properties.get("vnetSubnetID") or "") for pool in _pools(estate, source)]
    else:
        subnets = [str(source.state.get("subnet") or "")]
    different = dict.fromkeys(subnet.lower() for subnet in subnets or [""])
    return tuple(_in_subnet(source.id, subnet, address) for subnet in different)


def _stated_sign_in(estate: Estate, source: Resource | None, row: Json) -> SignIn:
    kind, _, user = row.get("credentials", "").partition(":")
    if kind:
        return SignIn("user" if user else kind, user=user)
    if row.get("principal_id"):
        return SignIn("identity", row["principal_id"])
    return sign_in_of(estate, source, row.get("identity", ""))


def sign_in_of(estate: Estate, source: Resource | None, identity: str = "") -> SignIn:
    """Return how what is at a source signs in: by an identity, or by the cluster's or the group's own."""
    identity = identity or _own_identity(source)
    if not identity:
        return SignIn("anonymous")
    known = estate.identity(identity)
    return SignIn("identity", str(known.properties["principalId"]) if known else "", identity)


def _own_identity(source: Resource | None) -> str:
    """Return the user-assigned identity with which a cluster's nodes or the sandboxes of a group pull."""
    if source is None:
        return ""
    if source.type == SANDBOX_GROUPS:
        return next(iter((source.body.get("identity") or {}).get("userAssignedIdentities") or {}), "")
    kubelet = ((source.body.get("properties") or {}).get("identityProfile") or {}).get("kubeletidentity") or {}
    return str(kubelet.get("resourceId") or "")
