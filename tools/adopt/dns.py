"""Private DNS zones with their links, and the zone groups by which private endpoints write records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from local_azure.loading.listings import Listed
from tools.adopt.estate import Estate, Json, dig, free, identifier, stated
from tools.adopt.networks import ENDPOINTS, NETWORKS

ZONES: Final = "Microsoft.Network/privateDnsZones"
LINKS: Final = f"{ZONES}/virtualNetworkLinks"
ZONE_GROUPS: Final = f"{ENDPOINTS}/privateDnsZoneGroups"
_USUAL: Final = "default"
PRIVATE_LINK: Final = "privatelink.azurecr.io"


def read(estate: Estate) -> Json:
    """Return the section `dns`: the zones of registries that no endpoint makes by itself; networks come first."""
    found: Json = {}
    for config, zone_id in _fed(estate):
        if estate.key(zone_id) or _makes_itself(estate, config, zone_id):
            continue
        key = free(config, found)
        zone = estate.listing.get(zone_id)
        network = _home(estate, zone) if zone and estate.owns(zone_id) else None
        links = _links(estate, zone) if zone else {}
        for each in links.values():
            estate.describe(("dns", "zones", key, "links", str(_linked(estate, each))), each)
        found[key] = stated(
            id=None if network else zone_id,
            network=network,
            links=None if network and list(links) == [network] else list(links),
            link_names={to: each.name for to, each in links.items() if network is None or each.name != to},
        )
        estate.keys[zone_id.lower()] = ("dns", "zones", key)
    return stated(zones=found)


def zones_of(estate: Estate, endpoint: Listed, network: str) -> list[str] | None:
    """Return the zones that an endpoint names; None for the one that it makes by itself."""
    configs = list(_configs(estate, endpoint))
    if not configs or (len(configs) == 1 and estate.key(configs[0][1]) == network):
        return None
    return [estate.reference(zone) for _, zone in configs]


def _fed(estate: Estate) -> Iterator[tuple[str, str]]:
    """Name and zone of each configuration of the registry's endpoints."""
    for endpoint in estate.owned(ENDPOINTS):
        targets = (
            dig(each, "properties", "privateLinkServiceId")
            for each in endpoint.properties.get("privateLinkServiceConnections") or ()
        )
        if estate.registry.key in {str(each).lower() for each in targets}:
            yield from _configs(estate, endpoint)


def _configs(estate: Estate, endpoint: Listed) -> Iterator[tuple[str, str]]:
    for group in estate.listing.below(endpoint.id, ZONE_GROUPS):
        if group.name != _USUAL:
            estate.remark(group, "name", f"{group.name}: the zone group of a stack's endpoint is named {_USUAL}")
        for each in group.properties.get("privateDnsZoneConfigs") or ():
            yield str(each.get("name")), str(dig(each, "properties", "privateDnsZoneId"))


def _makes_itself(estate: Estate, config: str, zone_id: str) -> bool:
    """Whether it is the zone that an endpoint makes in its network's group, linked to that network only."""
    zone = estate.listing.get(zone_id)
    if zone is None or not estate.owns(zone_id) or zone.name != PRIVATE_LINK:
        return False
    links = _links(estate, zone)
    usual = list(links) == [config] and links[config].name == config and _home(estate, zone, config) == config
    if usual:
        estate.keys[zone.key] = ("registry", "private_endpoints", config)
    return usual


def _links(estate: Estate, zone: Listed) -> dict[str, Listed]:
    """Links of a zone to networks of the stack, by the key of the network; those to others are noted."""
    found: dict[str, Listed] = {}
    for link in estate.listing.below(zone.id, LINKS):
        network = _linked(estate, link)
        if network is not None:
            found[network] = link
        elif estate.owns(zone.id):
            estate.remark(link, "", "links a network made elsewhere; add networks.KEY with its id, and link that")
        if link.properties.get("registrationEnabled"):
            estate.remark(link, "registrationEnabled", "true: links of a stack register no machines")
    return found


def _linked(estate: Estate, link: Listed) -> str | None:
    return estate.key(identifier(link.properties.get("virtualNetwork")))


def _home(estate: Estate, zone: Listed, preferred: str = "") -> str | None:
    """The network in whose resource group a zone is, if any."""
    group = zone.address.resource_group.lower()
    inside = [
        str(estate.key(each.id))
        for each in estate.owned(NETWORKS)
        if each.address.resource_group.lower() == group and estate.key(each.id)
    ]
    return preferred if preferred in inside else next(iter(inside), None)


def zones_of_service(estate: Estate, endpoint: Listed, service: Listed, usual: str) -> str | None:
    """Return the zone that an endpoint of a service other than a registry names; None for the one that a stack makes.

    Args:
        estate: the resources; zones come first.
        endpoint: the endpoint.
        service: the service.
        usual: name of the zone that a stack makes, in the resource group of the service.
    """
    for _, zone_id in _configs(estate, endpoint):
        zone = estate.listing.get(zone_id)
        beside = zone is not None and zone.address.resource_group.lower() == service.address.resource_group.lower()
        if not beside or zone is None or not estate.owns(zone_id) or zone.name != usual:
            return estate.reference(zone_id)
    return None
