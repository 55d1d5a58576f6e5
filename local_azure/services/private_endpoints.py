"""Private endpoints and their network interfaces: one address for each member of the service behind them."""

from __future__ import annotations

import uuid

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.operations import NETWORK_DELETE, Lifecycle, Operation, Style, Transition
from local_azure.refusals import reference_not_found
from local_azure.resource_id import ResourceId, same
from local_azure.services import addresses, locks, private_links, subnet_rules
from local_azure.services.cloud import Cloud, Json, Request, deleting, pick
from local_azure.services.private_links import ENDPOINTS, INTERFACES, ZONE_GROUPS, PrivateLinkTarget
from local_azure.services.subnets import NAME_64, SUBNETS, NetworkResource
from local_azure.store import Resource


class PrivateEndpoints(NetworkResource):
    """Microsoft.Network/privateEndpoints."""

    name = ENDPOINTS
    kept = ("location", "tags", "extendedLocation")
    pattern = NAME_64
    methods = frozenset({"GET", "PUT", "DELETE"})
    lifecycle = Lifecycle(
        Transition(Style.STATUS, 201, "Updating", 30.0), Transition(Style.STATUS, 200, "Updating", 10.0), NETWORK_DELETE
    )
    """As other network resources, but slower (durations chosen) [REC-NET]."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check subnet and target; what is fixed after creation must not change."""
        sent = request.properties
        connection, manual = _connection(request)
        subnet = _subnet(cloud, request, sent)
        target = _target(cloud, connection)
        if existing is not None:
            _refuse_changes(request, existing, subnet, target)
        resource = existing or self.new(request)
        # Connection, interface and addresses are chosen once: no later PUT can change them.
        if existing is None:
            resource.state = _state(cloud, resource, sent, subnet, target, connection, manual)
        kept = pick(
            sent, "applicationSecurityGroups", "ipConfigurations", "customNetworkInterfaceName", "ipVersionType"
        )
        before = resource.body.get("properties", {})
        resource.state["request"] = {"name": connection.get("name") or resource.name, **connection["properties"]}
        properties = {
            "resourceGuid": before.get("resourceGuid") or str(uuid.uuid4()),
            "customNetworkInterfaceName": "",
            "ipConfigurations": [],
            "ipVersionType": "IPv4",
            **kept,
            "subnet": {"id": subnet.id},
            "networkInterfaces": [{"id": resource.state["interface"]}],
            "customDnsConfigs": before.get("customDnsConfigs", []),
        }
        return self.result(request, resource, properties)

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Take one address for each member, make the interface, and connect to the service."""
        if cloud.get(resource.state["interface"]) is not None:
            return
        target, subnet = cloud.get(resource.state["target"]), cloud.get(resource.state["subnet"])
        rules = cloud.type_of(target) if target else None
        if target is None or subnet is None or not isinstance(rules, PrivateLinkTarget):
            return
        rules.refuse_endpoint(cloud, target)
        names = [m.name for m in rules.members(cloud, target, resource.state["group"])]
        addresses.allocate(cloud, subnet, resource.id, names, _static(resource, names))
        cloud.add(_interface(resource))
        cloud.add(_service_connection(resource, rules))
        rules.connected(cloud, target)
        private_links.publish(cloud, resource)

    @override
    def settle(self, cloud: Cloud, resource: Resource, operation: Operation) -> None:
        """Bring what clients see up to date."""
        private_links.publish(cloud, resource)

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> ArmError | None:
        """Delete zone group, interface and connection; a lock on the service refuses the last [LOCK-PE]."""
        locked = locks.refusal(cloud, resource.state["connection"])
        if locked:
            return locked
        cloud.drop_below(resource.id)
        for owned in (resource.state["interface"], resource.state["connection"]):
            row = cloud.get(owned)
            if row is not None:
                cloud.drop(row)
        cloud.drop(resource)
        return None

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the connection in the list that it was asked for in."""
        state, asked = resource.state, resource.state["request"]
        lists = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
        entry = {
            "id": f"{resource.id}/{lists[state['manual']]}/{asked['name']}",
            "name": asked["name"],
            "type": f"{ENDPOINTS}/{lists[state['manual']]}",
            "etag": resource.etag,
            "properties": {
                "provisioningState": "Succeeded",
                **pick(asked, "privateLinkServiceId", "groupIds", "requestMessage"),
                "privateLinkServiceConnectionState": {
                    "status": state["status"],
                    "description": state["description"],
                    "actionsRequired": "None",
                },
            },
        }
        groups = cloud.store.children(resource.id, ZONE_GROUPS)
        return {
            lists[state["manual"]]: [entry],
            lists[not state["manual"]]: [],
            **({"privateDnsZoneGroups": [{"id": g.id} for g in groups]} if groups else {}),
        }

    @override
    def read(self, cloud: Cloud, resource: Resource) -> None:
        """Let the members be up to date at the next read."""
        private_links.seen(cloud, resource.key)


def _connection(request: Request) -> tuple[Json, bool]:
    sent = request.properties
    automatic = sent.get("privateLinkServiceConnections") or []
    manual = sent.get("manualPrivateLinkServiceConnections") or []
    if len(automatic) + len(manual) != 1:
        message = (
            f"Private endpoint {request.id.name} must have exactly one private link service connection, "
            f"{len(automatic) + len(manual)} were given."
        )
        raise bad_request("InvalidPrivateLinkServiceConnections", message)
    return (automatic or manual)[0], bool(manual)


def _subnet(cloud: Cloud, request: Request, sent: Json) -> Resource:
    """Return the endpoint's subnet, in the endpoint's own region and subscription [PE-REGION]."""
    subnet_id = (sent.get("subnet") or {}).get("id") or ""
    subnet = cloud.get(subnet_id)
    network = cloud.get(subnet_id.rpartition("/subnets/")[0]) if subnet else None
    if (
        subnet is None
        or network is None
        or subnet.type != SUBNETS
        or network.location != request.body["location"]
        or not same(ResourceId.parse(network.id).subscription, request.id.subscription)
    ):
        raise reference_not_found(subnet_id, request.id)
    subnet_rules.refuse_endpoint(subnet.id, subnet.properties)
    return subnet


def _target(cloud: Cloud, connection: Json) -> Resource:
    """Return the service that a connection names, with one of its groups."""
    asked = connection.get("properties") or {}
    service_id = asked.get("privateLinkServiceId") or ""
    target = cloud.get(service_id)
    rules = cloud.type_of(target) if target else None
    if target is None or deleting(target) or not isinstance(rules, PrivateLinkTarget):
        message = f"Call to the private link service failed: resource {service_id} was not found or takes no endpoint."
        raise bad_request("InvalidPrivateLinkServiceId", message)
    groups = asked.get("groupIds") or []
    if len(groups) != 1 or groups[0] not in rules.groups:
        message = (
            f"The group ids {groups} are not valid for {service_id}; one of {', '.join(rules.groups)} is expected."
        )
        raise bad_request("InvalidPrivateLinkServiceGroupId", message)
    return target


def _refuse_changes(request: Request, existing: Resource, subnet: Resource, target: Resource) -> None:
    sent = request.properties
    changed = {
        "subnet": subnet.key != existing.state["subnet"],
        "privateLinkServiceId": target.key != existing.state["target"],
        "customNetworkInterfaceName": (sent.get("customNetworkInterfaceName") or "")
        != existing.properties["customNetworkInterfaceName"],
        "ipConfigurations": _addresses(sent.get("ipConfigurations") or [])
        != _addresses(existing.properties["ipConfigurations"]),
    }
    for member, differs in changed.items():
        if differs:
            message = f"Property {member} of private endpoint {existing.name} cannot be changed after creation."
            raise bad_request("PropertyChangeNotAllowed", message, f"properties.{member}")


def _state(
    cloud: Cloud, resource: Resource, sent: Json, subnet: Resource, target: Resource, connection: Json, manual: bool
) -> Json:
    group_id = ResourceId.parse(resource.id).group_id
    nic = sent.get("customNetworkInterfaceName") or f"{resource.name}.nic.{uuid.uuid4()}"
    interface = f"{group_id}/providers/{INTERFACES}/{nic}"
    if cloud.store.exists(interface):
        message = f"Network interface {interface} exists already."
        raise ArmError(409, "NetworkInterfaceAlreadyExists", message)
    rules = cloud.type_of(target)
    kind = rules.connections.rpartition("/")[2] if isinstance(rules, PrivateLinkTarget) else ""
    return {
        "subnet": subnet.key,
        "target": target.key,
        "group": connection["properties"]["groupIds"][0],
        "manual": manual,
        "status": "Pending" if manual else "Approved",
        "description": "" if manual else "Auto-Approved",
        "interface": interface,
        # Name as recorded: the registry's, a dot and 32 hexadecimal digits [REC-PE].
        "connection": f"{target.id}/{kind}/{target.name}.{uuid.uuid4().hex}",
    }


def _addresses(configurations: list[Json]) -> dict[str, str]:
    """Return the static addresses that ip configurations state, by member."""
    stated = [c.get("properties") or {} for c in configurations]
    return {c.get("memberName") or "": c.get("privateIPAddress") or "" for c in stated}


def _static(resource: Resource, names: list[str]) -> dict[str, str]:
    """Return the static addresses by member; raises ArmError unless they cover every member [AZURERM-21781]."""
    static = _addresses(resource.properties["ipConfigurations"])
    if static and set(static) != set(names):
        message = (
            f"The ip configurations of private endpoint {resource.name} name the members {sorted(static)}, but the "
            f"required members are {sorted(names)}."
        )
        raise bad_request("PrivateEndpointIpConfigurationMembersMismatch", message)
    return static


def _interface(resource: Resource) -> Resource:
    interface_id = resource.state["interface"]
    properties = {
        "provisioningState": "Succeeded",
        "resourceGuid": str(uuid.uuid4()),
        "ipConfigurations": [],
        "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
        "enableAcceleratedNetworking": False,
        "enableIPForwarding": False,
        "privateEndpoint": {"id": resource.id},
        "nicType": "Standard",
    }
    body = {"location": resource.body["location"], "properties": properties}
    name = interface_id.rpartition("/")[2]
    return Resource(interface_id, INTERFACES, name, resource.body["location"], body, {"endpoint": resource.key})


def _service_connection(resource: Resource, rules: PrivateLinkTarget) -> Resource:
    connection_id = resource.state["connection"]
    state = {"status": resource.state["status"], "actionsRequired": "None"}
    if resource.state["description"]:
        state["description"] = resource.state["description"]
    properties = {
        "provisioningState": "Succeeded",
        "privateEndpoint": {"id": resource.id},
        "privateLinkServiceConnectionState": state,
    }
    name = connection_id.rpartition("/")[2]
    return Resource(connection_id, rules.connections, name, "", {"properties": properties}, {"endpoint": resource.key})


def decide(cloud: Cloud, endpoint_key: str, status: str, description: str) -> None:
    """Give an endpoint the decision that its service took on the connection."""
    endpoint = cloud.get(endpoint_key)
    if endpoint is not None:
        endpoint.state.update(status=status, description=description)
        cloud.update(endpoint)
        private_links.publish(cloud, endpoint)


TYPES = (PrivateEndpoints(),)
