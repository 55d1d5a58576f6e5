"""Private links: which members a service has behind an endpoint, and how endpoints follow when these change.

A member is one host of the service; every endpoint holds one address for each. Addresses are taken at once, but what
a client sees (network interface, custom DNS configurations, zone records) follows later [REGIONAL-POST].
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from local_azure.operations import Style, Transition
from local_azure.services import addresses
from local_azure.services.addresses import NoAddressError
from local_azure.services.cloud import Cloud, Json, ResourceType
from local_azure.store import Resource

INTERFACES = "Microsoft.Network/networkInterfaces"
ENDPOINTS = "Microsoft.Network/privateEndpoints"
ZONE_GROUPS = f"{ENDPOINTS}/privateDnsZoneGroups"
HOLDING = frozenset({"Approved", "Pending"})
"""States of a connection in which the endpoint follows its service's members (Pending: chosen)."""


@dataclass(frozen=True, slots=True)
class Member:
    """One host behind a private endpoint: its required member name and its public host names."""

    name: str
    fqdns: tuple[str, ...]


class PrivateLinkTarget(ResourceType):
    """A type that private endpoints can connect to; `groups` are its group ids, `connections` the child type."""

    groups: ClassVar[tuple[str, ...]] = ()
    connections: ClassVar[str] = ""

    def members(self, cloud: Cloud, resource: Resource, group: str) -> list[Member]:
        """Return the members of a group, in the order in which they take addresses."""
        raise NotImplementedError

    def refuse_endpoint(self, cloud: Cloud, resource: Resource) -> None:
        """Raise ArmError when no further endpoint can be connected now."""

    def connected(self, cloud: Cloud, resource: Resource) -> None:
        """Note that an endpoint was connected."""


def endpoints(cloud: Cloud, target: Resource) -> list[Resource]:
    """Return the private endpoints that follow a service, in the order of their connections."""
    rules = cloud.type_of(target)
    if not isinstance(rules, PrivateLinkTarget):
        return []
    found = []
    for connection in cloud.store.children(target.id, rules.connections):
        endpoint = cloud.get(connection.state["endpoint"])
        if endpoint and connection.properties["privateLinkServiceConnectionState"]["status"] in HOLDING:
            found.append(endpoint)
    return found


def members(cloud: Cloud, endpoint: Resource) -> list[Member]:
    """Return the members that an endpoint should hold addresses for now."""
    target = cloud.get(endpoint.state["target"])
    rules = cloud.type_of(target) if target else None
    if target is None or not isinstance(rules, PrivateLinkTarget):
        return []
    return rules.members(cloud, target, endpoint.state["group"])


def follow(cloud: Cloud, target: Resource, *, partial: bool = False) -> None:
    """Take addresses for new members in every attached subnet, and let what clients see follow later.

    All or none: raises NoAddressError when a subnet lacks room or addresses are static, unless `partial` leaves such an
    endpoint behind.
    """
    attached = endpoints(cloud, target)
    with cloud.store.savepoint():
        for endpoint in attached:
            have = addresses.held(cloud, endpoint.id)
            names = [m.name for m in members(cloud, endpoint) if m.name not in have]
            try:
                take(cloud, endpoint, names)
            except NoAddressError:
                if not partial:
                    raise
        for endpoint in attached:
            _later(cloud, endpoint)


class StaticAddressesError(NoAddressError):
    """A private endpoint has the static addresses of its members of now, and lacks those of new ones [ACR-STATIC]."""

    def __init__(self, endpoint: Resource, names: list[str]) -> None:
        group = endpoint.state["group"]
        have = [str(each["properties"]["memberName"]) for each in endpoint.properties["ipConfigurations"]]
        held = ", ".join(f"GroupId: {group}, MemberName: {name}" for name in have)
        lacks = ", ".join(f"GroupId: {group}, MemberName: {name}, IpVersion: IPv4" for name in names)
        message = (
            f"Private Endpoint {endpoint.id} contains static ipconfigurations: [{held}] and it's missing these "
            f"membernames/groupids requested by Private Link service [{lacks}]. Private Endpoint needs to be reconfigured "
            "with missing memberNames."
        )
        super().__init__(400, "PrivateEndpointNeedsReconfiguration", message)


def take(cloud: Cloud, endpoint: Resource, names: list[str]) -> None:
    """Take addresses for new members of an endpoint; raises NoAddressError when its subnet lacks room.

    Addresses that are about to be released count as free: waiting changes settle first (chosen). An endpoint with
    static addresses takes no new members [ACR-STATIC].
    """
    subnet = cloud.get(endpoint.state["subnet"])
    if not names or subnet is None:
        return
    if endpoint.properties.get("ipConfigurations"):
        raise StaticAddressesError(endpoint, names)
    if addresses.free(cloud, subnet) < len(names):
        for operation in cloud.operations.waiting("publish"):
            waiting = cloud.get(operation.subject)
            if waiting is not None and waiting.state["subnet"] == endpoint.state["subnet"]:
                publish(cloud, waiting)
                cloud.operations.finish(operation)
    addresses.allocate(cloud, subnet, endpoint.id, names)


def _later(cloud: Cloud, endpoint: Resource) -> None:
    """Schedule what clients see: some seconds, or in immediate mode after one more read of the old state."""
    reads = 1 if cloud.clock.immediate else 0
    if not any(o.action == "publish" for o in cloud.operations.running(endpoint.key)):
        transition = Transition(Style.SYNC, 200, "Updating", 5.0, reads)
        cloud.operations.start(endpoint.key, "publish", transition, {"id": endpoint.id})


def seen(cloud: Cloud, endpoint_key: str) -> None:
    """Note that a client has read an endpoint's members: in immediate mode they are up to date at the next read."""
    waiting = [o for o in cloud.operations.running(endpoint_key) if o.action == "publish" and o.reads]
    if waiting:
        with cloud.store.transaction():
            for operation in waiting:
                cloud.operations.read(operation)


def publish(cloud: Cloud, endpoint: Resource) -> None:
    """Make network interface, custom DNS configurations and zone records show the members of now."""
    wanted = {m.name: m for m in members(cloud, endpoint)}
    held = addresses.held(cloud, endpoint.id)
    if endpoint.state["status"] in HOLDING:
        addresses.release(cloud, endpoint.id, [name for name in held if name not in wanted])
        held = {name: address for name, address in held.items() if name in wanted}
        _show(cloud, endpoint, wanted, held)
    approved = endpoint.state["status"] == "Approved"
    endpoint.properties["customDnsConfigs"] = [
        {"fqdn": fqdn, "ipAddresses": [address]}
        for name, address in held.items()
        if approved and name in wanted
        for fqdn in wanted[name].fqdns
    ]
    cloud.update(endpoint)
    for group in cloud.store.children(endpoint.id, ZONE_GROUPS):
        cloud.type_of(group).parent_changed(cloud, group, endpoint)


def _show(cloud: Cloud, endpoint: Resource, wanted: dict[str, Member], held: dict[str, str]) -> None:
    interface = cloud.get(endpoint.state["interface"])
    if interface is None:
        return
    group, subnet = endpoint.state["group"], endpoint.properties["subnet"]["id"]
    known = {_member_of(c): c for c in interface.properties["ipConfigurations"]}
    named = {
        c["properties"]["memberName"]: c["name"]
        for c in endpoint.properties.get("ipConfigurations") or []
        if c.get("name")
    }
    interface.properties["ipConfigurations"] = [
        known.get(name) or _configuration(interface.id, named.get(name), group, wanted[name], address, subnet)
        for name, address in held.items()
    ]
    for at, configuration in enumerate(interface.properties["ipConfigurations"]):
        configuration["properties"]["primary"] = at == 0
    cloud.update(interface)


def _member_of(configuration: Json) -> str:
    return configuration["properties"]["privateLinkConnectionProperties"]["requiredMemberName"]


def _configuration(interface_id: str, name: str | None, group: str, member: Member, address: str, subnet: str) -> Json:
    title = name or f"privateEndpointIpConfig.{uuid.uuid4()}"
    return {
        "id": f"{interface_id}/ipConfigurations/{title}",
        "name": title,
        "type": "Microsoft.Network/networkInterfaces/ipConfigurations",
        "properties": {
            "provisioningState": "Succeeded",
            "privateIPAddress": address,
            "privateIPAllocationMethod": "Static" if name else "Dynamic",
            "privateIPAddressVersion": "IPv4",
            "subnet": {"id": subnet},
            "primary": False,
            "privateLinkConnectionProperties": {
                "groupId": group,
                "requiredMemberName": member.name,
                "fqdns": list(member.fqdns),
            },
        },
    }
