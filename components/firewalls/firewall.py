"""An Azure Firewall with its policy, its rule collection groups and its public address.

It owns the policy with its groups, the public address and the firewall. It deliberately does not own its subnet, nor the routes
that lead to it. Groups are written one after the other: Azure takes no two changes of a policy at once. [FW-RULES, FW-SUBNET]
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.firewalls.spec import FirewallSpec


class Firewall(pulumi.ComponentResource):
    """One firewall.

    Makes Microsoft.Network/firewallPolicies, one ruleCollectionGroups of it for each purpose, Microsoft.Network/publicIPAddresses
    and Microsoft.Network/azureFirewalls; with ``spec.policy`` neither policy nor groups. ``rules`` are the groups: what needs an
    admitted host comes after them.
    """

    id: pulumi.Output[str]
    private_address: pulumi.Output[str]
    """Private IPv4 address, which routes name as the next hop."""
    public_address: pulumi.Output[str]
    """Public IPv4 address from which outbound traffic comes."""
    policy_id: pulumi.Output[str]
    """ARM id of the firewall policy."""

    def __init__(
        self,
        name: str,
        spec: FirewallSpec,
        groups: Mapping[str, Mapping[str, Any]],
        *,
        firewall_name: str,
        policy_name: str,
        address_name: str,
        subnet_id: pulumi.Input[str],
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the firewall.

        Args:
            name: logical name; children's names start with it.
            spec: tier, zones and switches.
            groups: properties of the rule collection groups by name, as ARM takes them.
            firewall_name: physical name of the firewall.
            policy_name: physical name of its policy.
            address_name: physical name of its public address.
            subnet_id: the subnet AzureFirewallSubnet of its network.
            location: region of its network.
            resource_group_name: where everything goes.
            tags: set on every resource that takes tags.
            opts: options of the component itself.
        """
        super().__init__("moorings:firewalls:Firewall", name, None, opts)
        self._name, self._spec = name, spec
        self._place = {"location": location, "resource_group_name": resource_group_name, "tags": tags}
        address = self._address(address_name)
        self.rules: list[pulumi.Resource] = []
        if spec.policy is not None:
            self.policy_id = pulumi.Output.from_input(spec.policy)
        else:
            policy = self._policy(policy_name)
            self.policy_id = policy.id
            self.rules = self._groups(groups, policy, resource_group_name)
        firewall = self._firewall(firewall_name, subnet_id, address)
        self.id = firewall.id
        self.private_address = firewall.ip_configurations.apply(_private_address)
        self.public_address = address.ip_address.apply(lambda text: text or "")
        self.register_outputs(
            {
                "id": self.id,
                "policy_id": self.policy_id,
                "private_address": self.private_address,
                "public_address": self.public_address,
            }
        )

    def _kept(self, after: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, protect=self._spec.protect, depends_on=after)

    def _policy(self, policy_name: str) -> azure_native.network.FirewallPolicy:
        return azure_native.network.FirewallPolicy(
            f"{self._name}-policy",
            firewall_policy_name=policy_name,
            sku={"tier": self._spec.tier},
            base_policy={"id": self._spec.base_policy} if self._spec.base_policy else None,
            threat_intel_mode=self._spec.threat_intelligence,
            dns_settings={"enable_proxy": self._spec.dns_proxy},
            opts=self._kept(),
            **self._place,
        )

    def _address(self, address_name: str) -> azure_native.network.PublicIPAddress:
        return azure_native.network.PublicIPAddress(
            f"{self._name}-address",
            public_ip_address_name=address_name,
            sku={"name": "Standard", "tier": "Regional"},
            public_ip_allocation_method="Static",
            public_ip_address_version="IPv4",
            zones=list(self._spec.zones) or None,
            opts=self._kept(),
            **self._place,
        )

    def _firewall(
        self,
        firewall_name: str,
        subnet_id: pulumi.Input[str],
        address: azure_native.network.PublicIPAddress,
    ) -> azure_native.network.AzureFirewall:
        return azure_native.network.AzureFirewall(
            f"{self._name}-firewall",
            azure_firewall_name=firewall_name,
            sku={"name": "AZFW_VNet", "tier": self._spec.tier},
            firewall_policy={"id": self.policy_id},
            ip_configurations=[
                {"name": "default", "subnet": {"id": subnet_id}, "public_ip_address": {"id": address.id}}
            ],
            zones=list(self._spec.zones) or None,
            # It admits nothing before its rules are there.
            opts=self._kept(after=self.rules),
            **self._place,
        )

    def _groups(
        self,
        groups: Mapping[str, Mapping[str, Any]],
        policy: azure_native.network.FirewallPolicy,
        resource_group_name: pulumi.Input[str],
    ) -> list[pulumi.Resource]:
        made: list[pulumi.Resource] = []
        for key, properties in groups.items():
            made.append(
                azure_native.network.FirewallPolicyRuleCollectionGroup(
                    f"{self._name}-rules-{key}",
                    firewall_policy_name=policy.name,
                    resource_group_name=resource_group_name,
                    rule_collection_group_name=key,
                    priority=properties["priority"],
                    # The SDK takes dictionaries of a union of types as ARM writes them.
                    rule_collections=properties["ruleCollections"],
                    opts=pulumi.ResourceOptions(parent=self, depends_on=made[-1:]),
                )
            )
        return made


def _private_address(configurations: Sequence[Any] | None) -> str:
    return next((each.private_ip_address for each in configurations or () if each.private_ip_address), "")
