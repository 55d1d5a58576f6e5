"""Network security groups: rules with unique priorities, the six default rules, and kept while in use."""

from __future__ import annotations

import re
import uuid
from ipaddress import ip_network

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.resource_id import ResourceId
from local_azure.services.cloud import Cloud, Json, Request, pick
from local_azure.services.subnets import NetworkChild, SubnetReference, refuse_busy
from local_azure.store import Resource

SECURITY_GROUPS = "Microsoft.Network/networkSecurityGroups"
RULES = f"{SECURITY_GROUPS}/securityRules"

# Columns are name, description, priority, direction, access, source and destination [NSG-DEFAULTS].
_DEFAULT_RULES = (
    (
        "AllowVnetInBound",
        "Allow inbound traffic from all VMs in VNET",
        65000,
        "Inbound",
        "Allow",
        "VirtualNetwork",
        "VirtualNetwork",
    ),
    (
        "AllowAzureLoadBalancerInBound",
        "Allow inbound traffic from azure load balancer",
        65001,
        "Inbound",
        "Allow",
        "AzureLoadBalancer",
        "*",
    ),
    ("DenyAllInBound", "Deny all inbound traffic", 65500, "Inbound", "Deny", "*", "*"),
    (
        "AllowVnetOutBound",
        "Allow outbound traffic from all VMs to all VMs in VNET",
        65000,
        "Outbound",
        "Allow",
        "VirtualNetwork",
        "VirtualNetwork",
    ),
    (
        "AllowInternetOutBound",
        "Allow outbound traffic from all VMs to Internet",
        65001,
        "Outbound",
        "Allow",
        "*",
        "Internet",
    ),
    ("DenyAllOutBound", "Deny all outbound traffic", 65500, "Outbound", "Deny", "*", "*"),
)
_LISTS = (
    "sourcePortRanges",
    "destinationPortRanges",
    "sourceAddressPrefixes",
    "destinationAddressPrefixes",
)


class SecurityGroups(SubnetReference):
    """Microsoft.Network/networkSecurityGroups."""

    name = SECURITY_GROUPS
    member = "networkSecurityGroup"
    in_use = (
        "InUseNetworkSecurityGroupCannotBeDeleted",
        "Network security group {id} cannot be deleted because it is in use by the following resources: {users}. In order to "
        "delete the Network security group, remove the association with the resource(s). To learn how to do this, see "
        "aka.ms/deletensg.",
    )
    """The refusal as the service words it [NET-NSG-INUSE]."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the rules and add the default ones."""
        refuse_busy(cloud, str(request.id))
        sent = request.properties
        rules = sent.get("securityRules") or []
        _refuse_bad_rules(str(request.id), rules)
        resource = existing or self.new(request)
        properties = {
            **pick(sent, "flushConnection"),
            "resourceGuid": existing.properties["resourceGuid"] if existing else str(uuid.uuid4()),
            "securityRules": [_rule(resource.id, r) for r in rules],
            "defaultSecurityRules": [_default_rule(resource.id, *row) for row in _DEFAULT_RULES],
        }
        return self.result(request, resource, properties)

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Keep each rule as a resource too; one that the list does not name is gone [NSG-RULES]."""
        named = {rule["id"].lower(): rule for rule in resource.properties["securityRules"]}
        for held in cloud.store.children(resource.id, RULES):
            if held.key not in named:
                cloud.drop(held)
        for rule in named.values():
            cloud.add(Resource(rule["id"], RULES, rule["name"], "", {"properties": rule["properties"]}))


class SecurityRules(NetworkChild):
    """Microsoft.Network/networkSecurityGroups/securityRules: one rule of a group, which is part of the group's list."""

    name = RULES

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the rule beside the others of its group, and put it into the group's list."""
        group = cloud.require(request.id.parent or request.id)
        refuse_busy(cloud, group.id)
        rule = _rule(group.id, {"name": request.id.name, "properties": request.properties})
        rules = [*_others(group, request.id.name), rule]
        _refuse_bad_rules(group.id, rules)
        group.properties["securityRules"] = rules
        cloud.update(group)
        return self.result(request, existing, rule["properties"])

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Take the rule out of the group's list."""
        parent = ResourceId.parse(resource.id).parent
        group = cloud.get(str(parent)) if parent else None
        if group is not None:
            group.properties["securityRules"] = _others(group, resource.name)
            cloud.update(group)
        super().remove(cloud, resource)


def _others(group: Resource, name: str) -> list[Json]:
    return [each for each in group.properties["securityRules"] if each["name"].lower() != name.lower()]


def _refuse_bad_rules(group: str, rules: list[Json]) -> None:
    taken: dict[tuple[str, int], str] = {}
    names: set[str] = set()
    for rule in rules:
        name, properties = rule.get("name") or "", rule.get("properties") or {}
        priority, direction = properties.get("priority"), str(properties.get("direction") or "").lower()
        if not name or name.lower() in names:
            raise bad_request("InvalidRequestFormat", f"Security rule '{name}' needs a name of its own.")
        names.add(name.lower())
        if not isinstance(priority, int) or not 100 <= priority <= 4096:
            message = (
                f"Security rule has invalid Priority. Value provided: {priority} Allowed range 100-4096. Rule: {name}."
            )
            raise bad_request("SecurityRuleInvalidPriority", message)
        other = taken.setdefault((direction, priority), name)
        if other != name:
            message = (
                f"Security rule {name} conflicts with rule {other}. Rules cannot have the same Priority and Direction. To learn "
                "more, see aka.ms/nsgrules."
            )
            raise bad_request("SecurityRuleConflict", message)

        _refuse_ports(properties)
        _refuse_prefixes(f"{group}/securityRules/{name}", properties)


_PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_HIGHEST_PORT = 65535


def _stated(properties: Json, single: str, several: str) -> list[str]:
    one = properties.get(single)
    return [*([one] if one else []), *(properties.get(several) or [])]


def _refuse_ports(properties: Json) -> None:
    for side in ("source", "destination"):
        for text in _stated(properties, f"{side}PortRange", f"{side}PortRanges"):
            match = _PORTS.fullmatch(text)
            low, high = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
            if text != "*" and not low <= high <= _HIGHEST_PORT:
                message = (
                    f"Security rule has invalid Port range. Value provided: {text}. Value should be an integer OR integer range "
                    "with '-' delimiter. Valid range 0-65535."
                )
                raise bad_request("SecurityRuleInvalidPortRange", message)


def _refuse_prefixes(place: str, properties: Json) -> None:
    for side in ("source", "destination"):
        for text in _stated(properties, f"{side}AddressPrefix", f"{side}AddressPrefixes"):
            if text != "*" and not _TAG.fullmatch(text) and not _is_range(text):
                message = f"Security rule {place} has invalid Address prefix. Value provided: {text}"
                raise bad_request("SecurityRuleInvalidAddressPrefix", message)


def _is_range(text: str) -> bool:
    """Whether a text is an address or a range without bits after its prefix [NSG-PREFIX]."""
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _rule(group_id: str, sent: Json) -> Json:
    properties = {k: v for k, v in (sent.get("properties") or {}).items() if v is not None}
    for member in _LISTS:
        properties.setdefault(member, [])
    return {
        "id": f"{group_id}/securityRules/{sent['name']}",
        "name": sent["name"],
        "type": f"{SECURITY_GROUPS}/securityRules",
        "properties": {"provisioningState": "Succeeded", **properties},
    }


def _default_rule(
    group_id: str, name: str, text: str, priority: int, direction: str, access: str, source: str, destination: str
) -> Json:
    properties: Json = {
        "provisioningState": "Succeeded",
        "description": text,
        "protocol": "*",
        "sourcePortRange": "*",
        "destinationPortRange": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": destination,
        "access": access,
        "priority": priority,
        "direction": direction,
        **{member: [] for member in _LISTS},
    }
    kind = "defaultSecurityRules"
    return {
        "id": f"{group_id}/{kind}/{name}",
        "name": name,
        "type": f"{SECURITY_GROUPS}/{kind}",
        "properties": properties,
    }


TYPES = (SecurityGroups(), SecurityRules())
