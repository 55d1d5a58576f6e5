"""Application Gateway for Containers: controllers, frontends with their host names, the one subnet, and firewalls."""

from __future__ import annotations

import uuid
from typing import Any

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.service_networking import (
    ASSOCIATIONS,
    CONTROLLERS,
    FIREWALL_POLICIES,
    FRONTENDS,
    SECURITY_POLICIES,
)
from local_azure.operations import SYNC_CREATED, SYNC_OK, Lifecycle, Style, Transition, long_running
from local_azure.services import addresses, occupancy
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick
from local_azure.services.principals import made_up
from local_azure.services.regions import normalised
from local_azure.store import Resource

NAME_64 = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?"
"""Names of a controller and of everything below it [AGC-3]."""

WIDEST_PREFIX = 24
"""Longest prefix of a subnet that an association takes [AGC-1]."""

TAKEN = 250
"""Addresses of the subnet that are kept for the proxies [AGC-1]."""


def _lifecycle(seconds: float) -> Lifecycle:
    """Long-running throughout, polled by Azure-AsyncOperation; deletes by both headers (durations chosen) [AGC-9]."""
    return long_running(("Provisioning", "Updating"), (seconds, seconds / 2, seconds / 2), deletes=Style.BOTH)


def _label(resource_id: str, role: str, length: int) -> str:
    """Return a label of a host name: letters and digits, always the same for one id (chosen)."""
    return made_up(resource_id, role).replace("-", "")[:length]


class Controllers(ResourceType):
    """Microsoft.ServiceNetworking/trafficControllers."""

    name = CONTROLLERS
    pattern = NAME_64

    lifecycle = _lifecycle(30.0)
    """Half a minute."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Keep what was sent and give the controller its configuration endpoint (form chosen)."""
        endpoint = f"{_label(str(request.id), 'endpoint', 32)}.trafficcontroller.azure.com"
        kept = pick(request.properties, "securityPolicyConfigurations")
        return self.result(request, existing, {**kept, "configurationEndpoints": [endpoint]})

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json | None:
        """Show what is below the controller."""
        shown = {"frontends": FRONTENDS, "associations": ASSOCIATIONS, "securityPolicies": SECURITY_POLICIES}
        return {
            member: [{"id": child.id} for child in cloud.store.children(resource.id, kind)]
            for member, kind in shown.items()
        }

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while something is below the controller [AGC-4]."""
        for kind in (FRONTENDS, ASSOCIATIONS, SECURITY_POLICIES):
            for child in cloud.store.children(resource.id, kind):
                message = f"Cannot delete resource while nested resources exist, such as '{child.id}'."
                raise ArmError(409, "CannotDeleteResource", message)


class _Child(ResourceType):
    """What lives below a controller, in the controller's region."""

    pattern = NAME_64

    lifecycle = _lifecycle(15.0)
    """A quarter of a minute."""

    def _below_controller(self, cloud: Cloud, request: Request, existing: Resource | None) -> tuple[Resource, Resource]:
        """Return the controller, and the child with an empty body; raises ArmError in another region [AGC-3]."""
        controller = cloud.require(request.id.parent or request.id)
        if normalised(str(request.body["location"])) != controller.location:
            message = (
                f"The location of {request.id.name} must be that of its traffic controller, {controller.location}."
            )
            raise bad_request("InvalidLocation", message, "location")
        return controller, self.result(request, existing, {})


class Frontends(_Child):
    """Microsoft.ServiceNetworking/trafficControllers/frontends: public host names only [AGC-2]."""

    name = FRONTENDS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Give a new frontend a host name, which no later frontend of its name has (labels chosen) [AGC-2]."""
        controller, resource = self._below_controller(cloud, request, existing)
        fqdn = f"{uuid.uuid4().hex[:20]}.{_label(controller.id, 'zone', 4)}.alb.azure.com"
        resource.body["properties"] = {"fqdn": resource.state.setdefault("fqdn", fqdn)}
        return resource


class Associations(_Child):
    """Microsoft.ServiceNetworking/trafficControllers/associations: one for each controller [AGC-1]."""

    name = ASSOCIATIONS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Take the subnet: delegated, a /24 or larger, in the same region, by one controller only [AGC-1]."""
        controller, resource = self._below_controller(cloud, request, existing)
        sent = request.properties
        for other in cloud.store.children(controller.id, ASSOCIATIONS):
            if other.key != resource.key:
                message = f"Traffic controller {controller.name} has association {other.name} already; it takes one."
                raise bad_request("AssociationLimitExceeded", message)
        subnet = occupancy.require_subnet(
            cloud, (sent.get("subnet") or {}).get("id"), resource.id, delegated_to=CONTROLLERS
        )
        self._refuse_subnet(cloud, controller, subnet)
        if resource.state.get("subnet") != subnet.id:
            occupancy.vacate(cloud, resource.id)
        resource.state["subnet"] = subnet.id
        resource.body["properties"] = {**sent, "subnet": {"id": subnet.id}}
        return resource

    @staticmethod
    def _refuse_subnet(cloud: Cloud, controller: Resource, subnet: Resource) -> None:
        network = cloud.get(subnet.id.rpartition("/subnets/")[0])
        if network is not None and network.location != controller.location:
            message = f"Subnet {subnet.id} is in {network.location}, its controller in {controller.location}."
            raise bad_request("SubnetNotInSameRegion", message)
        if all(prefix.prefixlen > WIDEST_PREFIX for prefix in addresses.prefixes(subnet)):
            message = f"Subnet {subnet.id} is too small for an association; it must be at least a /{WIDEST_PREFIX}."
            raise bad_request("SubnetTooSmall", message)

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Hold the addresses of the proxies; nobody else may live in the subnet."""
        subnet = cloud.get(resource.state["subnet"])
        if subnet is not None:
            occupancy.occupy(cloud, subnet, resource.id, TAKEN, alone=True)


class SecurityPolicies(_Child):
    """Microsoft.ServiceNetworking/trafficControllers/securityPolicies."""

    name = SECURITY_POLICIES

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Refer to a firewall policy of the same region and subscription that the service takes [AGC-5]."""
        controller, resource = self._below_controller(cloud, request, existing)
        sent = request.properties
        policy_id = (sent.get("wafPolicy") or {}).get("id")
        if policy_id is not None:
            self._refuse_policy(cloud, controller, resource, str(policy_id))
            sent = {**sent, "policyType": "waf"}
        resource.body["properties"] = pick(sent, "wafPolicy", "policyType")
        return resource

    @staticmethod
    def _refuse_policy(cloud: Cloud, controller: Resource, resource: Resource, policy_id: str) -> None:
        message = f"Resource {policy_id} referenced by {resource.id} was not found."
        policy = cloud.named(policy_id, FIREWALL_POLICIES, "InvalidResourceReference", message)
        if policy.location != controller.location:
            message = f"WAF policy {policy.name} is in {policy.location}; it must be in {controller.location}."
            raise bad_request("WafPolicyNotInSameRegion", message)
        for rules in policy.properties["managedRules"]["managedRuleSets"]:
            if str(rules["ruleSetType"]).upper() == "OWASP":
                message = f"WAF policy {policy.name} has a Core Rule Set; only the Default Rule Set is supported."
                raise bad_request("WafPolicyNotSupported", message)


class FirewallPolicies(ResourceType):
    """Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies."""

    name = FIREWALL_POLICIES
    methods = frozenset({"GET", "PUT", "DELETE"})
    etag = 'W/"{}"'
    pattern = r"[A-Za-z0-9_.-]{1,128}"

    lifecycle = Lifecycle(SYNC_CREATED, SYNC_OK, Transition(Style.BOTH, 202, "Deleting", 10.0, empty=True))
    """A write is done at once, a delete is polled (duration chosen) [AGC-9]."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Fill in the settings, and refuse two rules of one name or priority."""
        sent = request.properties
        settings = {
            "state": "Enabled",
            "mode": "Detection",
            "requestBodyCheck": True,
            **(sent.get("policySettings") or {}),
        }
        if not sent["managedRules"]["managedRuleSets"]:
            raise bad_request("ApplicationGatewayFirewallPolicyNoManagedRuleSet", "A managed rule set is needed.")
        _refuse_twins(sent.get("customRules") or [])
        properties = {"customRules": [], **sent, "policySettings": settings, "resourceState": "Enabled"}
        return self.result(request, existing, properties)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a security policy refers to it [AGC-5]."""
        for user in cloud.store.referring(SECURITY_POLICIES, "properties.wafPolicy.id", resource.id):
            message = f"WAF policy {resource.name} is in use by {user} and cannot be deleted."
            raise bad_request("ApplicationGatewayFirewallPolicyInUse", message)

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json | None:
        """Show the controllers that the policy protects."""
        users = cloud.store.referring(SECURITY_POLICIES, "properties.wafPolicy.id", resource.id)
        found = [{"id": user.rpartition("/securityPolicies/")[0]} for user in users]
        return {"applicationGatewayForContainers": found} if found else None


def _refuse_twins(rules: list[Any]) -> None:
    for member in ("name", "priority"):
        seen = [rule[member] for rule in rules if rule.get(member) is not None]
        twice = next((value for value in seen if seen.count(value) > 1), None)
        if twice is not None:
            message = f"Custom rules have the {member} {twice} more than once; it must be unique."
            raise bad_request("ApplicationGatewayFirewallPolicyDuplicateRule", message)


TYPES = (Controllers(), Frontends(), Associations(), SecurityPolicies(), FirewallPolicies())
