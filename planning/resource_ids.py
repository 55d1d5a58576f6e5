"""ARM ids of resources: what they are made of, and what is wrong with one [ARM-ID]."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

ZONE: Final = "Microsoft.Network/privateDnsZones"
NETWORK: Final = "Microsoft.Network/virtualNetworks"
SECURITY_GROUP: Final = "Microsoft.Network/networkSecurityGroups"
APPLICATION_GROUP: Final = "Microsoft.Network/applicationSecurityGroups"
IDENTITY: Final = "Microsoft.ManagedIdentity/userAssignedIdentities"
WORKSPACE: Final = "Microsoft.OperationalInsights/workspaces"
METRICS_WORKSPACE: Final = "Microsoft.Monitor/accounts"
REGISTRY: Final = "Microsoft.ContainerRegistry/registries"
VAULT: Final = "Microsoft.KeyVault/vaults"
ROUTE_TABLE: Final = "Microsoft.Network/routeTables"
NAT_GATEWAY: Final = "Microsoft.Network/natGateways"
FIREWALL: Final = "Microsoft.Network/azureFirewalls"
FIREWALL_POLICY: Final = "Microsoft.Network/firewallPolicies"
CLUSTER: Final = "Microsoft.ContainerService/managedClusters"
ENVIRONMENT: Final = "Microsoft.App/managedEnvironments"
SITE: Final = "Microsoft.Web/sites"
STORAGE_ACCOUNT: Final = "Microsoft.Storage/storageAccounts"
ACTION_GROUP: Final = "Microsoft.Insights/actionGroups"
RESOURCE_GROUP: Final = "Microsoft.Resources/resourceGroups"

_FORM: Final = re.compile(r"(?i)/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/([^/]+/[^/]+)/([^/]+)")
_GROUP_FORM: Final = re.compile(r"(?i)/subscriptions/([^/]+)/resourceGroups/([^/]+)")


@dataclass(frozen=True, slots=True)
class ResourceId:
    """A resource in a resource group, or a resource group, by its id.

    Attributes:
        subscription: the subscription's id.
        resource_group: the name of the resource group.
        type: the resource type, as the id writes it.
        name: the resource's name; of a resource group, the group's.
    """

    subscription: str
    resource_group: str
    type: str
    name: str

    @classmethod
    def parse(cls, text: str) -> ResourceId | None:
        """Return the parts of an id, or None for a text that is the id of neither a group nor a resource in one."""
        found, group = _FORM.fullmatch(text), _GROUP_FORM.fullmatch(text)
        if group:
            return cls(group[1], group[2], RESOURCE_GROUP, group[2])
        return cls(*found.groups()) if found else None


def problem(text: str, kind: str) -> str | None:
    """Return in one line why a text is not the id of a resource of a type, or None; letter case does not count."""
    found = ResourceId.parse(text)
    if found is None:
        form = "/subscriptions/…/resourceGroups/…" + (f"/providers/{kind}/…" if kind != RESOURCE_GROUP else "")
        return f"{text!r} is not the ARM id of a resource; write one of the form {form} [ARM-ID]"
    if found.type.lower() != kind.lower():
        return (
            f"{text!r} is the id of a resource of type {found.type}; write that of a resource of type {kind} [ARM-ID]"
        )
    return None
