"""Microsoft.Network: rules, routes, addresses and firewall policies on their own."""

from __future__ import annotations

from local_azure.arm_family import Family, Marks, TypeRow

RULES = "Microsoft.Network/networkSecurityGroups/securityRules"
ADDRESSES = "Microsoft.Network/publicIPAddresses"
ROUTE_TABLES = "Microsoft.Network/routeTables"
ADDRESS_PREFIXES = "Microsoft.Network/publicIPPrefixes"
NAT_GATEWAYS = "Microsoft.Network/natGateways"
BASTIONS = "Microsoft.Network/bastionHosts"
FIREWALLS = "Microsoft.Network/azureFirewalls"
POLICIES = "Microsoft.Network/firewallPolicies"
RULE_GROUPS = f"{POLICIES}/ruleCollectionGroups"

_PACKAGE = "azure-mgmt-network 33.1.0"

FAMILY = Family(
    types=(
        TypeRow(RULES, "network", "SecurityRule", ("networkSecurityGroupName", "securityRuleName")),
        TypeRow(ADDRESSES, "network", "PublicIPAddress", ("publicIpAddressName",)),
        TypeRow(ADDRESS_PREFIXES, "network", "PublicIPPrefix", ("publicIpPrefixName",)),
        TypeRow(ROUTE_TABLES, "network", "RouteTable", ("routeTableName",)),
        TypeRow(NAT_GATEWAYS, "network", "NatGateway", ("natGatewayName",)),
        TypeRow(BASTIONS, "network", "BastionHost", ("bastionHostName",)),
        TypeRow(FIREWALLS, "network", "AzureFirewall", ("azureFirewallName",)),
        TypeRow(POLICIES, "network", "FirewallPolicy", ("firewallPolicyName",)),
        TypeRow(
            RULE_GROUPS,
            "network",
            "FirewallPolicyRuleCollectionGroup",
            ("firewallPolicyName", "ruleCollectionGroupName"),
        ),
    ),
    marks={
        ADDRESSES: Marks(_PACKAGE, forced=frozenset({"location", "publicIPAddressVersion", "publicIPPrefix", "sku"})),
        **dict.fromkeys(
            (RULES, ADDRESS_PREFIXES, FIREWALLS, ROUTE_TABLES, NAT_GATEWAYS, POLICIES, RULE_GROUPS, BASTIONS),
            Marks(_PACKAGE),
        ),
    },
    # Firewalls and policies keep their tier among their properties [SDK-RENAME].
    renames={
        "network/AzureFirewall": {"sku": "properties.sku"},
        "network/FirewallPolicy": {"sku": "properties.sku"},
    },
)
