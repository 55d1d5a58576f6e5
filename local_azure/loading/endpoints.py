"""Private endpoints of a state: the names, decisions and addresses that Azure once assigned to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from ipaddress import IPv4Address
from typing import Any

from local_azure.resource_id import same
from local_azure.services import addresses, occupancy, private_links
from local_azure.services.addresses import SubnetFullError
from local_azure.services.cloud import Cloud
from local_azure.services.private_endpoints import decide
from local_azure.services.private_links import ENDPOINTS, INTERFACES
from local_azure.services.subnets import SUBNETS
from local_azure.store import Resource

Json = dict[str, Any]


def settle_addresses(cloud: Cloud, keys: Sequence[str], shown: Sequence[Json], kept: Collection[str] = ()) -> list[str]:
    """Give endpoints the names and addresses that the answers of a state show, and subnets the outsiders that they list.

    Args:
        cloud: holds the endpoints, with names and addresses of its own choice.
        keys: keys of the resources that the state holds.
        shown: what a GET showed of each resource of the state.
        kept: keys of subnets whose addresses stay as they are.

    Returns:
        One line for each address that the state does not show or that cannot be as it shows.
    """
    everything = list(_objects(shown))
    loaded = [r for key in keys if (r := cloud.get(key)) is not None and r.type == ENDPOINTS]
    notes: list[str] = []
    with cloud.store.transaction():
        stated: dict[str, dict[str, str]] = {}
        for endpoint in loaded:
            answer = next((o for o in everything if same(str(o.get("id")), endpoint.id) and len(o) > 1), {})
            _take_names(cloud, endpoint, answer, everything)
            _take_decision(cloud, endpoint, answer)
            stated[endpoint.key] = _stated_addresses(cloud, endpoint, answer, everything)
        for subnet in [each for each in cloud.store.of_type(SUBNETS) if each.key not in kept]:
            notes += _rearrange(cloud, subnet, stated, _listed(subnet, everything))
        for endpoint in loaded:
            _publish(cloud, endpoint.id, everything)
        for operation in cloud.operations.waiting("publish"):
            cloud.operations.finish(operation)
    return notes


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for item in value.values():
            yield from _objects(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _objects(item)


def _take_names(cloud: Cloud, endpoint: Resource, answer: Json | Mapping[str, Any], everything: Sequence[Any]) -> None:
    """Rename interface and connection as the state calls them."""
    interfaces = (answer.get("properties") or {}).get("networkInterfaces") or [{}]
    _rename(cloud, endpoint, "interface", str(interfaces[0].get("id") or ""))
    for found in everything:
        owner = ((found.get("properties") or {}).get("privateEndpoint") or {}).get("id") or ""
        if "/privateEndpointConnections/" in str(found.get("id")) and same(owner, endpoint.id):
            _rename(cloud, endpoint, "connection", str(found["id"]))
    endpoint.properties["networkInterfaces"] = [{"id": endpoint.state["interface"]}]
    cloud.update(endpoint)


def _rename(cloud: Cloud, endpoint: Resource, role: str, wanted: str) -> None:
    row = cloud.get(endpoint.state[role])
    if not wanted or row is None or same(row.id, wanted):
        return
    cloud.drop(row)
    row.id, row.name = wanted, wanted.rpartition("/")[2]
    cloud.add(row)
    endpoint.state[role] = wanted


def _take_decision(cloud: Cloud, endpoint: Resource, answer: Json | Mapping[str, Any]) -> None:
    """Carry out what the service's owner decided on the connection."""
    properties = answer.get("properties") or {}
    for member in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
        for entry in properties.get(member) or []:
            state = (entry.get("properties") or {}).get("privateLinkServiceConnectionState") or {}
            status = state.get("status")
            if not status or status == endpoint.state["status"]:
                continue
            connection = cloud.get(endpoint.state["connection"])
            if connection is not None and status == "Disconnected":
                cloud.drop(connection)
            elif connection is not None:
                connection.properties["privateLinkServiceConnectionState"]["status"] = status
                cloud.update(connection)
            decide(cloud, endpoint.key, status, str(state.get("description") or ""))
            endpoint.state.update(status=status)


def _stated_addresses(
    cloud: Cloud, endpoint: Resource, answer: Json | Mapping[str, Any], everything: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Return the addresses by member that a state shows: by the interface, by host name, or by a zone's records."""
    by_host: dict[str, str] = {}
    for found in everything:
        within = str(found.get("id") or "").lower().startswith(f"{endpoint.key}/privatednszonegroups/")
        records = [r for o in _objects(found) for r in o.get("recordSets") or []] if within else []
        for entry in records:
            by_host |= {
                str(entry.get("fqdn")).lower().replace("privatelink.", ""): a for a in entry.get("ipAddresses") or []
            }
    for entry in (answer.get("properties") or {}).get("customDnsConfigs") or []:
        by_host |= {str(entry.get("fqdn")).lower(): a for a in entry.get("ipAddresses") or []}
    members = {m.name: by_host[f] for m in private_links.members(cloud, endpoint) for f in m.fqdns if f in by_host}
    for found in everything:
        if not str(found.get("id") or "").lower().startswith(f"{endpoint.state['interface'].lower()}/"):
            continue
        properties = found.get("properties") or {}
        member = (properties.get("privateLinkConnectionProperties") or {}).get("requiredMemberName")
        if member and properties.get("privateIPAddress"):
            members[member] = properties["privateIPAddress"]
    return members


def _listed(subnet: Resource, everything: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the ids of the IP configurations that the state's newest word on a subnet lists."""
    lists = [o for o in everything if same(str(o.get("id")), subnet.id) and len(o) > 1]
    found = [(o.get("properties") or {}).get("ipConfigurations") or [] for o in lists]
    return [str(c.get("id")) for c in max(found, key=len, default=[])]


def _rearrange(
    cloud: Cloud, subnet: Resource, stated: Mapping[str, Mapping[str, str]], listed: Sequence[str]
) -> list[str]:
    """Make a subnet's addresses those of the state; what the state does not show takes the lowest that are left."""
    rows = cloud.store.ledger.entries(subnet.key)
    notes: list[str] = []
    usable = set(addresses.usable(subnet))
    placed: dict[tuple[str, str], int] = {}
    for owner, member, _ in rows:
        address = stated.get(owner, {}).get(member)
        number = int(IPv4Address(address)) if address else None
        if number is not None and number in usable and number not in placed.values():
            placed[owner, member] = number
        elif number is not None:
            notes.append(f"{owner}: the state's address {address} of {member} is not free in subnet {subnet.id}")
    left = iter(sorted(usable - set(placed.values())))
    for owner, member, _ in rows:
        if (owner, member) not in placed:
            placed[owner, member] = next(left)
            if owner in stated:
                given = IPv4Address(placed[owner, member])
                notes.append(f"{owner}: the state does not tell the address of {member}, {given} is taken")
    if placed:
        cloud.store.ledger.replace(subnet.key, [(owner, member, placed[owner, member]) for owner, member, _ in rows])
    return notes + _outsiders(cloud, subnet, listed, stated)


def _outsiders(cloud: Cloud, subnet: Resource, listed: Sequence[str], stated: Mapping[str, Any]) -> list[str]:
    """Keep addresses for what lives in a subnet and is not in the state, as many as the subnet's list has."""
    interfaces = [e.state["interface"].lower() for key in stated if (e := cloud.get(key)) is not None]
    strangers = [c for c in listed if not c.lower().startswith(tuple(f"{i}/" for i in interfaces))]
    held = [owner for owner in addresses.taken(cloud, subnet).values() if owner not in stated]
    count = len(strangers) - len(held)
    if count <= 0:
        return []
    try:
        occupancy.occupy(cloud, subnet, f"{subnet.id}#outside", count)
    except SubnetFullError:
        return [f"{subnet.id}: {count} addresses belong to resources outside the state, more than are free"]
    return [f"{subnet.id}: {count} addresses are kept for resources outside the state"]


def _publish(cloud: Cloud, endpoint_id: str, everything: Sequence[Mapping[str, Any]]) -> None:
    """Show the addresses on interface, endpoint and zones, with the state's names of the IP configurations."""
    endpoint = cloud.get(endpoint_id)
    interface = cloud.get(endpoint.state["interface"]) if endpoint else None
    if endpoint is None or interface is None:
        return
    interface.properties["ipConfigurations"] = []
    cloud.update(interface)
    private_links.publish(cloud, endpoint)
    interface = cloud.get(interface.id) or interface
    prefix = f"{interface.id}/ipConfigurations/".lower()
    ids = list(dict.fromkeys(str(o["id"]) for o in everything if str(o.get("id")).lower().startswith(prefix)))
    shown = interface.properties["ipConfigurations"]
    if interface.type == INTERFACES and len(ids) == len(shown):
        for entry, entry_id in zip(shown, ids, strict=True):
            entry.update(id=entry_id, name=entry_id.rpartition("/")[2])
        cloud.update(interface)
