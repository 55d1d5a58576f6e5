"""Ways out of subnets: route tables, NAT gateways and public IP prefixes, each kept while something uses it."""

from __future__ import annotations

import uuid
from ipaddress import IPv4Address
from typing import Any

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.network_security import ADDRESS_PREFIXES, NAT_GATEWAYS, ROUTE_TABLES
from local_azure.services.cloud import Cloud, Json, Request, pick
from local_azure.services.principals import made_up
from local_azure.services.subnets import SubnetReference, network, require_reference
from local_azure.store import Resource

_APPLIANCE = "virtualappliance"
_FIRST_PUBLIC = int(IPv4Address("20.0.0.0"))
_SHORTEST_PREFIX, _LONGEST_PREFIX = 28, 31
_IN_USE = "{name} is in use and cannot be deleted."


class _Routing(SubnetReference):
    """A route out of a subnet, in the region of its network [NET-ROUTING-INUSE]."""

    kept = ("location", "tags", "zones", "sku")

    def _with_guid(self, request: Request, existing: Resource | None, properties: Json) -> Resource:
        guid = existing.properties["resourceGuid"] if existing else str(uuid.uuid4())
        return self.result(request, existing, {**properties, "resourceGuid": guid})


class RouteTables(_Routing):
    """Microsoft.Network/routeTables with its routes inline."""

    name = ROUTE_TABLES
    member = "routeTable"
    in_use = ("InUseRouteTableCannotBeDeleted", f"Route table {_IN_USE}")

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the routes [RT-1]."""
        sent = request.properties
        routes = sent.get("routes") or []
        _refuse_routes(str(request.id), routes)
        kept = pick(sent, "disableBgpRoutePropagation")
        resource = self._with_guid(request, existing, kept)
        resource.properties["routes"] = [_route(resource.id, each) for each in routes]
        resource.properties.setdefault("disableBgpRoutePropagation", False)
        return resource


def _refuse_routes(table: str, routes: list[Json]) -> None:
    names: set[str] = set()
    prefixes: dict[str, str] = {}
    for route in routes:
        name, properties = str(route.get("name") or ""), route.get("properties") or {}
        if not name or name.lower() in names:
            raise bad_request("InvalidRequestFormat", f"Route '{name}' needs a name of its own.")
        names.add(name.lower())
        prefix, hop = str(properties.get("addressPrefix") or ""), str(properties.get("nextHopType") or "")
        if prefix[:1].isdigit():
            network(prefix, f"{table}/routes/{name}")
        other = prefixes.setdefault(prefix.lower(), name)
        if other != name:
            message = f"Routes {other} and {name} cannot have the same address prefix {prefix}."
            raise bad_request("RouteConflict", message)
        has_address = bool(properties.get("nextHopIpAddress"))
        if has_address != (hop.lower() == _APPLIANCE):
            needs = "needs" if hop.lower() == _APPLIANCE else "cannot have"
            message = f"Route {name} with next hop type {hop} {needs} a next hop IP address."
            raise bad_request("InvalidNextHopIpAddress", message)


def _route(table: str, sent: Json) -> Json:
    return {
        "id": f"{table}/routes/{sent['name']}",
        "name": sent["name"],
        "type": f"{ROUTE_TABLES}/routes",
        "properties": {**sent["properties"], "provisioningState": "Succeeded", "hasBgpOverride": False},
    }


class NatGateways(_Routing):
    """Microsoft.Network/natGateways."""

    name = NAT_GATEWAYS
    member = "natGateway"
    in_use = ("InUseNatGatewayCannotBeDeleted", f"NAT gateway {_IN_USE}")

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the timeout and that nobody else has the public prefixes [NAT-1]."""
        sent = request.properties
        timeout = sent.get("idleTimeoutInMinutes", 4)
        if not 4 <= timeout <= 120:
            message = f"Idle timeout of NAT gateway {request.id.name} is {timeout}; it is between 4 and 120 minutes."
            raise bad_request("NatGatewayIdleTimeoutOutOfRange", message)
        location = str(request.body.get("location") or "")
        for reference in sent.get("publicIpPrefixes") or []:
            prefix = require_reference(cloud, str(request.id), location, reference)
            holder = _gateway_of(cloud, prefix) if prefix else None
            if prefix and holder and holder.lower() != str(request.id).lower():
                message = f"Public IP prefix {prefix.id} is used by {holder} and cannot be used by {request.id} too."
                raise bad_request("PublicIPPrefixAlreadyInUse", message)
        kept = pick(sent, "publicIpAddresses", "publicIpPrefixes")
        return self._with_guid(request, existing, {**kept, "idleTimeoutInMinutes": timeout})


class PublicPrefixes(_Routing):
    """Microsoft.Network/publicIPPrefixes."""

    name = ADDRESS_PREFIXES

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Give a new prefix a range, which it keeps (range made up) [NAT-1]."""
        sent = request.properties
        length = sent.get("prefixLength")
        if not isinstance(length, int) or not _SHORTEST_PREFIX <= length <= _LONGEST_PREFIX:
            message = (
                f"Prefix length {length} of {request.id.name} is not between {_SHORTEST_PREFIX} and {_LONGEST_PREFIX}."
            )
            raise bad_request("PublicIpPrefixLengthOutOfRange", message)
        if existing and existing.properties["prefixLength"] != length:
            message = f"Prefix length of public IP prefix {existing.id} cannot be changed."
            raise bad_request("PublicIpPrefixLengthCannotBeChanged", message)
        given = existing.properties["ipPrefix"] if existing else _range(str(request.id), length)
        kept = pick(sent, "publicIPAddressVersion", "prefixLength")
        return self._with_guid(request, existing, {**kept, "ipPrefix": given})

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a NAT gateway has it [NET-ROUTING-INUSE]."""
        holder = _gateway_of(cloud, resource)
        if holder:
            message = f"Public IP prefix {resource.id} can not be deleted since it is in use by {holder}."
            raise bad_request("InUsePublicIpPrefixCannotBeDeleted", message)

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the NAT gateway that has it."""
        holder = _gateway_of(cloud, resource)
        return {"natGateway": {"id": holder}} if holder else {}


def _gateway_of(cloud: Cloud, prefix: Resource) -> str | None:
    wanted = prefix.id.lower()
    for gateway in cloud.store.of_type(NAT_GATEWAYS):
        held: list[Any] = gateway.properties.get("publicIpPrefixes") or []
        if any(str(each.get("id")).lower() == wanted for each in held):
            return gateway.id
    return None


def _range(resource_id: str, length: int) -> str:
    size = 1 << (32 - length)
    start = _FIRST_PUBLIC + int(made_up(resource_id, "prefix").replace("-", "")[:6], 16) // size * size
    return f"{IPv4Address(start)}/{length}"


TYPES = (RouteTables(), NatGateways(), PublicPrefixes())
