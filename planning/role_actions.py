"""Actions of built-in roles, and whether they cover what a system needs [ROLE-10].

The table contains every role that the toolkit assigns beside those on a registry's content, by its definition of
2026-08-22. A system states the actions that it needs, and a test checks its grants against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from planning.roles import Role


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a role's definition says.

    Attributes:
        actions: on the control plane; ``*`` stands for any text.
        not_actions: taken off the actions.
        data_actions: on the data plane.
    """

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Whether the role allows an action on the control plane."""
        return _any(self.actions, action) and not _any(self.not_actions, action)


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody does with a resource.

    Attributes:
        who: the identity, in words.
        on: ARM type of the resource, or of the resource group that holds it.
        actions: on the control plane.
        data_actions: on the data plane.
    """

    who: str
    on: str
    actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()


RESOURCE_GROUPS = "Microsoft.Resources/resourceGroups"

_SERVICE = "Microsoft.ServiceNetworking/trafficControllers"
_COMMON = (
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Support/*",
)
_CRUD = ("read", "write", "delete")

PERMISSIONS: dict[str, Permissions] = {
    "Contributor": Permissions(
        ("*",),
        (
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
            "Microsoft.Blueprint/blueprintAssignments/write",
            "Microsoft.Blueprint/blueprintAssignments/delete",
            "Microsoft.Compute/galleries/share/action",
            "Microsoft.Purview/consents/write",
            "Microsoft.Purview/consents/delete",
            "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
            "Microsoft.Subscription/cancel/action",
            "Microsoft.Subscription/enable/action",
        ),
    ),
    "Reader": Permissions(("*/read",)),
    "Network Contributor": Permissions(
        (*_COMMON, "Microsoft.Network/*", "Microsoft.ResourceHealth/availabilityStatuses/read")
    ),
    "Managed Identity Operator": Permissions(
        (
            *_COMMON,
            "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
            "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
        )
    ),
    "AppGw for Containers Configuration Manager": Permissions(
        (
            *(f"{_SERVICE}/{verb}" for verb in _CRUD),
            *(f"{_SERVICE}/frontends/{verb}" for verb in _CRUD),
            *(f"{_SERVICE}/associations/{verb}" for verb in _CRUD),
            *(f"{_SERVICE}/*/{verb}" for verb in _CRUD),
            "Microsoft.Resources/subscriptions/resourcegroups/deployments/read",
            "Microsoft.Resources/subscriptions/resourcegroups/deployments/write",
            "Microsoft.Resources/subscriptions/resourcegroups/deployments/operations/read",
            "Microsoft.Resources/subscriptions/resourcegroups/deployments/operationstatuses/read",
        ),
        data_actions=tuple(f"{_SERVICE}/serviceRoutingConfigurations/{verb}" for verb in _CRUD),
    ),
    "Private DNS Zone Contributor": Permissions(
        (
            *_COMMON,
            "Microsoft.Network/privateDnsZones/*",
            "Microsoft.Network/privateDnsOperationResults/*",
            "Microsoft.Network/privateDnsOperationStatuses/*",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/join/action",
        )
    ),
    "Key Vault Secrets User": Permissions(
        data_actions=(
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        )
    ),
    "Storage Blob Data Owner": Permissions(
        (
            "Microsoft.Storage/storageAccounts/blobServices/containers/*",
            "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        ),
        data_actions=("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*",),
    ),
    "Monitoring Metrics Publisher": Permissions(
        (
            "Microsoft.Insights/Register/Action",
            "Microsoft.Support/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ),
        data_actions=("Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"),
    ),
    "Azure ContainerApps Session Executor": Permissions(
        (
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.App/sessionPools/*/read",
            "Microsoft.App/sessionPools/sessions/generatesessions/action",
            "Microsoft.App/sessionPools/fetchMcpServerCredentials/action",
            "Microsoft.App/sessionPools/rotateMcpServerCredentials/action",
        ),
        data_actions=(
            "Microsoft.App/sessionPools/*/read",
            "Microsoft.App/sessionPools/interpreters/execute/action",
            "Microsoft.App/sessionPools/interpreters/read",
            "Microsoft.App/sessionPools/executions/*",
            "Microsoft.App/sessionPools/files/*",
        ),
    ),
    "Container Apps SandboxGroup Data Owner": Permissions(
        data_actions=tuple(f"Microsoft.App/sandboxGroups/*/{verb}" for verb in (*_CRUD, "action"))
    ),
    "Durable Task Data Contributor": Permissions(data_actions=("Microsoft.DurableTask/*",)),
    "Durable Task Worker": Permissions(
        data_actions=("Microsoft.DurableTask/schedulers/taskhubs/orchestrations/execute/action",)
    ),
    "Durable Task Data Reader": Permissions(
        data_actions=(
            "Microsoft.DurableTask/schedulers/taskhubs/orchestrations/read",
            "Microsoft.DurableTask/schedulers/taskhubs/orchestrations/metadata/read",
        )
    ),
    "Log Analytics Reader": Permissions(
        (
            "*/read",
            "Microsoft.OperationalInsights/workspaces/analytics/query/action",
            "Microsoft.OperationalInsights/workspaces/search/action",
            "Microsoft.Support/*",
        ),
        ("Microsoft.OperationalInsights/workspaces/sharedKeys/read",),
        ("Microsoft.OperationalInsights/workspaces/jobs/export/action",),
    ),
    "Monitoring Reader": Permissions(
        ("*/read", "Microsoft.OperationalInsights/workspaces/search/action", "Microsoft.Support/*")
    ),
}
"""What the roles allow, by name; no role of them takes data actions off again [ROLE-10]."""


def lacking(roles: Iterable[Role], need: Need) -> list[str]:
    """Return the actions of a need that none of the roles allows, in order; a role without an entry allows nothing."""
    held = [PERMISSIONS[role.name] for role in roles if role.name in PERMISSIONS]
    missing = [each for each in need.actions if not any(role.allows(each) for role in held)]
    return missing + [each for each in need.data_actions if not any(_any(role.data_actions, each) for role in held)]


def _any(patterns: Iterable[str], action: str) -> bool:
    """Whether a pattern names an action; letter case does not count, and ``*`` stands for any text [ROLE-10]."""
    return any(re.fullmatch(re.escape(each).replace(r"\*", ".*"), action, re.IGNORECASE) for each in patterns)
