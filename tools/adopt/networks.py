"""Virtual networks with their subnets, security groups and peerings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from components.network.spec import Delegation
from local_azure.loading.listings import Listed
from planning import networks as rules
from tools.adopt.estate import Estate, Json, dig, identifier, keyed, region, stated

NETWORKS: Final = "Microsoft.Network/virtualNetworks"
SUBNETS: Final = f"{NETWORKS}/subnets"
PEERINGS: Final = f"{NETWORKS}/virtualNetworkPeerings"
GROUPS: Final = "Microsoft.Network/networkSecurityGroups"
ENDPOINTS: Final = "Microsoft.Network/privateEndpoints"


def keys(estate: Estate) -> None:
    """Give every network of the stack a key: that of its name, else its region, else its name."""
    found = estate.owned(NETWORKS)
    regions = Counter(region(each) for each in found)
    prefix = estate.names.virtual_network("")
    for each in found:
        key, follows = keyed(each, prefix, (path[-1] for path in estate.keys.values()))
        alone = regions[region(each)] == 1
        estate.describe(("networks", region(each) if alone and not follows else key), each)


def read(estate: Estate) -> Json:
    """Return the section `networks`; `keys` comes first."""
    found = [each for each in estate.owned(NETWORKS) if estate.key(each.id)]
    return {str(estate.key(each.id)): _network(estate, each) for each in found}


def _network(estate: Estate, network: Listed) -> Json:
    key = str(estate.key(network.id))
    name = estate.names.virtual_network(key)
    spaces = dig(network.properties, "addressSpace", "addressPrefixes") or []
    return stated(
        name=None if network.name == name else network.name,
        location=None if region(network) == key else region(network),
        address_space=list(spaces),
        dns_servers=list(dig(network.properties, "dhcpOptions", "dnsServers") or []),
        subnets={subnet.name: _subnet(estate, network, subnet) for subnet in subnets(estate, network)},
        peerings=_peerings(estate, network),
    )


def subnets(estate: Estate, network: Listed) -> Iterator[Listed]:
    """Yield the subnets of a network: those in its body, completed by bodies of their own, and others."""
    inline = [
        Listed(f"{network.id}/subnets/{each['name']}", dict(each)) for each in network.properties.get("subnets") or ()
    ]
    known = {each.key for each in inline}
    for each in inline:
        yield Listed(each.id, {**each.body, **(whole.body if (whole := estate.listing.get(each.id)) else {})})
    yield from (each for each in estate.listing.below(network.id, SUBNETS) if each.key not in known)


def _subnet(estate: Estate, network: Listed, subnet: Listed) -> Json:
    shown = subnet.properties
    prefixes = [shown["addressPrefix"]] if shown.get("addressPrefix") else list(shown.get("addressPrefixes") or ())
    if len(prefixes) > 1:
        estate.remark(subnet, "addressPrefixes", f"{', '.join(prefixes[1:])} are further ranges; a subnet states one")
    return stated(
        prefix=prefixes[0] if prefixes else None,
        purpose="private_endpoints" if _has_endpoints(estate, subnet) else None,
        delegation=_delegation(estate, subnet),
        default_outbound_access=shown.get("defaultOutboundAccess", True),
        private_endpoint_network_policies=shown.get("privateEndpointNetworkPolicies"),
        route_table=_way(estate, subnet, "routeTable"),
        nat_gateway=_way(estate, subnet, "natGateway"),
        service_endpoints=[each["service"] for each in shown.get("serviceEndpoints") or () if each.get("service")],
        **_group(estate, network, subnet),
    )


def _has_endpoints(estate: Estate, subnet: Listed) -> bool:
    held = (identifier(each.properties.get("subnet")) for each in estate.listing.of_type(ENDPOINTS))
    return bool(subnet.properties.get("privateEndpoints")) or subnet.key in {str(each).lower() for each in held}


def _delegation(estate: Estate, subnet: Listed) -> str | None:
    services = [str(dig(each, "properties", "serviceName")) for each in subnet.properties.get("delegations") or ()]
    for service in services:
        if service not in get_args(Delegation):
            estate.remark(subnet, "delegations", f"a subnet of a stack is not delegated to {service}")
    return next((each for each in services if each in get_args(Delegation)), None)


def _way(estate: Estate, subnet: Listed, member: str) -> str | None:
    """The key of a route table or NAT gateway; one that others own is not expressed by a key."""
    arm_id = identifier(subnet.properties.get(member))
    key = estate.key(arm_id)
    return key or arm_id


def _group(estate: Estate, network: Listed, subnet: Listed) -> Json:
    """The security group of a subnet: one of its own with its rules, one made elsewhere, or none."""
    arm_id = identifier(subnet.properties.get("networkSecurityGroup"))
    if arm_id is None:
        return {"network_security_group": "none"} if rules.takes_security_group(subnet.name) else {}
    group = estate.listing.get(arm_id)
    users = list(group.properties.get("subnets") or ()) if group else []
    beside = group is not None and group.address.resource_group.lower() == network.address.resource_group.lower()
    if group is None or not estate.owns(arm_id) or not beside or len(users) > 1 or region(group) != region(network):
        return {"network_security_group": arm_id}
    name = estate.names.network_security_group(str(estate.key(network.id)), subnet.name)
    return stated(
        security_group_name=None if group.name == name else group.name,
        security_rules={
            str(each["name"]): _rule(each.get("properties") or {})
            for each in group.properties.get("securityRules") or ()
        },
    )


def _rule(shown: Mapping[str, Any]) -> Json:
    ports = {
        side: list(shown.get(f"{side}PortRanges") or ()) or [shown.get(f"{side}PortRange") or "*"]
        for side in ("source", "destination")
    }
    return stated(
        priority=shown.get("priority"),
        direction=shown.get("direction"),
        access=shown.get("access"),
        protocol=shown.get("protocol"),
        description=shown.get("description") or None,
        source_ports=ports["source"],
        destination_ports=ports["destination"],
        **_side(shown, "source"),
        **_side(shown, "destination"),
    )


def _side(shown: Mapping[str, Any], side: str) -> Json:
    groups = [each["id"] for each in shown.get(f"{side}ApplicationSecurityGroups") or ()]
    return stated(
        **{
            side: shown.get(f"{side}AddressPrefix") or None,
            f"{side}s": list(shown.get(f"{side}AddressPrefixes") or ()),
            f"{side}_groups": groups,
        }
    )


def _peerings(estate: Estate, network: Listed) -> Json:
    """Peerings with networks of the stack, by key; those with others are noted."""
    inline = [
        Listed(f"{network.id}/virtualNetworkPeerings/{each['name']}", dict(each))
        for each in network.properties.get("virtualNetworkPeerings") or ()
    ]
    known = {each.key: each for each in (*inline, *estate.listing.below(network.id, PEERINGS))}
    found: Json = {}
    for peering in known.values():
        remote = identifier(peering.properties.get("remoteVirtualNetwork"))
        other = estate.key(remote)
        if other is None:
            estate.remark(peering, "", f"peers with {remote}; add networks.KEY with that id, and peer with it")
            continue
        usual = f"{estate.key(network.id)}-to-{other}"
        found[other] = stated(
            name=None if peering.name == usual else peering.name,
            forwarded_traffic=peering.properties.get("allowForwardedTraffic") or None,
            gateway_transit=peering.properties.get("allowGatewayTransit") or None,
            use_remote_gateways=peering.properties.get("useRemoteGateways") or None,
        )
    return found
