"""Azure Firewall: public addresses, policies with rule collection groups, and firewalls in the subnet that is kept for them."""

from __future__ import annotations

import uuid
from ipaddress import IPv4Address
from typing import Any

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.network_security import ADDRESSES, BASTIONS, FIREWALLS, POLICIES, RULE_GROUPS
from local_azure.resource_id import same
from local_azure.services import addresses, occupancy
from local_azure.services.cloud import Cloud, Json, Request, pick
from local_azure.services.principals import made_up
from local_azure.services.subnets import NetworkResource, require_reference
from local_azure.store import Resource

_SUBNET = occupancy.Reserved("AzureFirewallSubnet", 26, "Firewall", "AzureFirewall")
"""The subnet of a firewall [FW-SUBNET]."""

_POLICY, _GROUP = "Firewall Policy", "Firewall Policy Rule Collection Group"
_PRIORITIES = range(100, 65001)
_FIRST_PUBLIC = int(IPv4Address("20.64.0.0"))


class PublicAddresses(NetworkResource):
    """Microsoft.Network/publicIPAddresses."""

    name = ADDRESSES
    kept = ("location", "tags", "zones", "sku")

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Give a static address at once, which it keeps (the address is chosen)."""
        properties = {
            "publicIPAllocationMethod": "Dynamic",
            "publicIPAddressVersion": "IPv4",
            "idleTimeoutInMinutes": 4,
            **request.properties,
        }
        standard = (request.body.get("sku") or {}).get("name") == "Standard"
        if standard and properties["publicIPAllocationMethod"] != "Static":
            message = f"Standard sku publicIp {request.id} must have AllocationMethod set to Static."
            raise bad_request("StandardAndStandardV2SkuPublicIPAddressesMustBeStatic", message)
        assigned = {"resourceGuid": str(uuid.uuid4()), "ipAddress": _address(str(request.id))}
        given = pick(existing.properties, *assigned) if existing else assigned
        return self.result(request, existing, {**properties, **given})

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a firewall or a Bastion host has it [FW-INUSE]."""
        user = _user(cloud, "publicIPAddress", resource)
        if user:
            message = (
                f"Public IP address {resource.id} can not be deleted since it is still allocated to resource {user}. In order to "
                "delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how to do this, "
                "see aka.ms/deletepublicip."
            )
            raise bad_request("PublicIPAddressCannotBeDeleted", message)

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the configuration that has it."""
        user = _user(cloud, "publicIPAddress", resource)
        return {"ipConfiguration": {"id": user}} if user else {}


class Policies(NetworkResource):
    """Microsoft.Network/firewallPolicies."""

    name = POLICIES
    kept = ("location", "tags", "identity")
    patched = None
    methods = frozenset({"GET", "PUT", "DELETE"})

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Keep what was sent; its tier stays [FW-RULES]."""
        if existing is not None:
            _refuse_busy(cloud, existing, noun=_POLICY, name=existing.name, deletion=False)
        sent = request.properties
        tier = (sent.get("sku") or {}).get("tier") or "Standard"
        before = ((existing.properties.get("sku") or {}).get("tier") or tier) if existing else tier
        if tier != before:
            message = f"Firewall policy {request.id.name} of tier {before} cannot be changed to {tier}."
            raise bad_request("FirewallPolicySkuTierCannotBeChanged", message)
        return self.result(request, existing, {"threatIntelMode": "Alert", **sent, "sku": {"tier": tier}})

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a firewall uses the policy [FW-INUSE], or while it changes [FW-BUSY]."""
        _refuse_busy(cloud, resource, noun=_POLICY, name=resource.name, deletion=True)
        users = cloud.store.referring(FIREWALLS, "properties.firewallPolicy.id", resource.id)
        if users:
            message = f"Firewall policy {resource.id} is referenced by {', '.join(users)} and cannot be deleted."
            raise bad_request("FirewallPolicyInUseCannotBeDeleted", message)

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show its groups and the firewalls that use it."""
        users = cloud.store.referring(FIREWALLS, "properties.firewallPolicy.id", resource.id)
        groups = [{"id": group.id} for group in cloud.store.children(resource.id, RULE_GROUPS)]
        return {"firewalls": [{"id": user} for user in users], "ruleCollectionGroups": groups, "childPolicies": []}


class RuleGroups(NetworkResource):
    """Microsoft.Network/firewallPolicies/ruleCollectionGroups: one change of a policy at a time [FW-BUSY]."""

    name = RULE_GROUPS
    kind = ""
    methods = frozenset({"GET", "PUT", "DELETE"})
    patched = None

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check priorities, names and rules [FW-RULES]."""
        policy = cloud.require(request.id.parent or request.id)
        _refuse_busy(cloud, policy, noun=_GROUP, name=request.id.name, deletion=False)
        sent = request.properties
        _refuse_priority("Rule collection group", request.id.name, sent.get("priority"))
        _refuse_collections(sent.get("ruleCollections") or [])
        return self.result(request, existing, {"ruleCollections": [], **sent})

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while the policy or another group of it changes [FW-BUSY]."""
        policy = cloud.get(resource.id.rpartition("/ruleCollectionGroups/")[0])
        if policy is not None:
            _refuse_busy(cloud, policy, noun=_GROUP, name=resource.name, deletion=True)


class Firewalls(NetworkResource):
    """Microsoft.Network/azureFirewalls in virtual networks."""

    name = FIREWALLS
    kept = ("location", "tags", "zones")

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check subnet, public address and policy, and take an address for the firewall [FW-SUBNET]."""
        sent = request.properties
        location = str(request.body.get("location") or "")
        policy = require_reference(cloud, str(request.id), location, sent.get("firewallPolicy"))
        tier = (sent.get("sku") or {}).get("tier") or "Standard"
        if policy is not None and policy.properties["sku"]["tier"] != tier:
            message = f"Firewall {request.id.name} of tier {tier} cannot use policy {policy.id} of another tier."
            raise bad_request("AzureFirewallPolicyAndFirewallSkuMismatch", message)
        shown = [self._configuration(cloud, request, each) for each in sent.get("ipConfigurations") or []]
        return self.result(request, existing, {"threatIntelMode": "Alert", **sent, "ipConfigurations": shown})

    def _configuration(self, cloud: Cloud, request: Request, sent: Json) -> Json:
        properties = dict(sent.get("properties") or {})
        subnet = _SUBNET.require(cloud, (properties.get("subnet") or {}).get("id"), request.id)
        require_reference(cloud, str(request.id), "", properties.get("publicIPAddress"))
        occupancy.occupy(cloud, subnet, str(request.id), 1, alone=True)
        (address,) = addresses.held(cloud, str(request.id)).values()
        name = str(sent.get("name") or "")
        return {
            "id": f"{request.id}/azureFirewallIpConfigurations/{name}",
            "name": name,
            "type": f"{FIREWALLS}/azureFirewallIpConfigurations",
            "properties": {**properties, "privateIPAddress": address, "provisioningState": "Succeeded"},
        }


def _user(cloud: Cloud, member: str, resource: Resource) -> str | None:
    holders = (holder for kind in (FIREWALLS, BASTIONS) for holder in cloud.store.of_type(kind))
    for holder in holders:
        for configuration in holder.properties["ipConfigurations"]:
            if same(str((configuration["properties"].get(member) or {}).get("id") or ""), resource.id):
                return str(configuration["id"])
    return None


def _address(resource_id: str) -> str:
    return str(IPv4Address(_FIRST_PUBLIC + int(made_up(resource_id, "address").replace("-", "")[:5], 16)))


def _refuse_busy(cloud: Cloud, policy: Resource, *, noun: str, name: str, deletion: bool) -> None:
    """Raise ArmError while a policy or a group of it changes; clients do not retry these codes [FW-BUSY]."""
    running = cloud.busy(policy.id)
    if running is not None:
        code = noun.title().replace(" ", "") + ("Delete" if deletion and noun == _POLICY else "Update")
        message = (
            f"{noun} {name} can not be {'deleted' if deletion else 'updated'} because it is in Updating state from previous "
            f"operation ID: {running.guid}."
        )
        raise ArmError(409, f"{code}NotAllowedWhenUpdatingOrDeleting", message)


def _refuse_priority(noun: str, name: str, priority: Any) -> None:
    if not isinstance(priority, int) or priority not in _PRIORITIES:
        message = f"{noun} {name} has priority {priority}; it must be between 100 and 65000."
        raise bad_request("FirewallPolicyRuleCollectionGroupInvalidPriority", message)


def _refuse_collections(collections: list[Json]) -> None:
    names: set[str] = set()
    priorities: set[int] = set()
    for collection in collections:
        name, priority = str(collection.get("name") or ""), collection.get("priority")
        _refuse_priority("Rule collection", name, priority)
        if name.lower() in names or priority in priorities:
            message = f"Rule collection {name} of priority {priority} has the name or the priority of another one."
            raise bad_request("FirewallPolicyDuplicateRuleCollection", message)
        names.add(name.lower())
        priorities.add(int(priority or 0))
        kinds = {str(rule.get("ruleType")) for rule in collection.get("rules") or []}
        if len(kinds) > 1:
            message = f"Rule collection {name} has rules of several types: {', '.join(sorted(kinds))}."
            raise bad_request("FirewallPolicyMixedRuleCollection", message)
        for rule in collection.get("rules") or []:
            if not rule.get("sourceAddresses") and not rule.get("sourceIpGroups"):
                message = f"Rule {rule.get('name')} of collection {name} needs source addresses or IP groups."
                raise bad_request("FirewallPolicyRuleMissingSource", message)


TYPES = (PublicAddresses(), Policies(), RuleGroups(), Firewalls())
