"""Microsoft.Network: rules, routes, addresses and firewall policies on their own; no service here makes these."""

from __future__ import annotations

from local_azure.arm_family import Family, TypeRow

RULES = "Microsoft.Network/networkSecurityGroups/securityRules"
POLICIES = "Microsoft.Network/firewallPolicies"

FAMILY = Family(
    types=(
        TypeRow(RULES, "network", "SecurityRule", ("networkSecurityGroupName", "securityRuleName")),
        TypeRow("Microsoft.Network/publicIPAddresses", "network", "PublicIPAddress", ("publicIpAddressName",)),
        TypeRow("Microsoft.Network/routeTables", "network", "RouteTable", ("routeTableName",)),
        TypeRow("Microsoft.Network/natGateways", "network", "NatGateway", ("natGatewayName",)),
        TypeRow(POLICIES, "network", "FirewallPolicy", ("firewallPolicyName",)),
        TypeRow(
            f"{POLICIES}/ruleCollectionGroups",
            "network",
            "FirewallPolicyRuleCollectionGroup",
            ("firewallPolicyName", "ruleCollectionGroupName"),
        ),
    ),
    # A policy keeps its tier among its properties, unlike the firewall that uses it [SDK-RENAME].
    renames={"network/FirewallPolicy": {"sku": "properties.sku"}},
)
