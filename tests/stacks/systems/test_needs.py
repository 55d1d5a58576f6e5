"""What each system's identities need, against what they are granted: role by role, action by action [ROLE-10]."""

import re

import pytest

from components.testing import Recording
from planning import (
    address_drift,
    agents,
    aks,
    container_apps,
    gateways,
    key_vaults,
    sandboxes,
    task_schedulers,
    virtual_nodes,
)
from planning.agents import ROLES as AGENT_ROLES
from planning.role_actions import PERMISSIONS, RESOURCE_GROUPS, Need, lacking
from planning.roles import ROLES, Action, Role
from tests.stacks.systems.two_regions import grants

KNOWN: dict[str, Role] = {
    role.guid: role
    for role in (
        *ROLES.values(),
        *AGENT_ROLES.values(),
        *task_schedulers.ROLES.values(),
        aks.NETWORK_CONTRIBUTOR,
        aks.MANAGED_IDENTITY_OPERATOR,
        gateways.CONFIGURATION_MANAGER,
        container_apps.SESSION_EXECUTOR,
        sandboxes.DATA_OWNER,
        address_drift.STORAGE,
        address_drift.ZONES,
        address_drift.TELEMETRY,
        key_vaults.READER,
    )
}

SCOPES = {
    "Microsoft.App/sandboxGroups": r"sandboxes-.*-id$",
    "Microsoft.App/sessionPools": r"sessions-.*-id$",
    "Microsoft.DurableTask/schedulers/taskHubs": r"-(hub-\w+|scheduler)-id$",
    "Microsoft.Insights/dataCollectionRules": r"/(insights|rule)$",
    "Microsoft.KeyVault/vaults": r"/vaults/\w+$",
    "Microsoft.ManagedIdentity/userAssignedIdentities": r"identity-[\w-]+-id$",
    "Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies": r"-firewall-id$",
    "Microsoft.Network/privateDnsZones": r"-zone-id$|/privateDnsZones/[\w.]+$",
    "Microsoft.Network/virtualNetworks": r"-vnet-id$",
    "Microsoft.Network/virtualNetworks/subnets": r"/subnets/\w+$",
    "Microsoft.ServiceNetworking/trafficControllers": r"/resourceGroups/[\w-]+$",
    "Microsoft.Storage/storageAccounts": r"/storage$",
    RESOURCE_GROUPS: r"/resourceGroups/[\w-]+$|-rg-[\w-]+-id$",
}
"""The form of the scopes of each type in the recording; a controller of gateways is granted on their resource group."""

NEEDED: dict[str, tuple[Need, ...]] = {
    "clusters-permissions": aks.NEEDS,
    "key-vaults": key_vaults.NEEDS,
    "virtual-nodes": virtual_nodes.NEEDS,
    "gateway": gateways.NEEDS,
    "sessions": container_apps.SESSION_NEEDS,
    "sandboxes": sandboxes.NEEDS,
    "tasks": (task_schedulers.NEEDS["contributor"], task_schedulers.NEEDS["worker"]),
    "address-drift": address_drift.NEEDS,
    "agent": agents.NEEDS,
}


@pytest.mark.parametrize(
    ("start", "need"),
    [(start, need) for start, needs in NEEDED.items() for need in needs],
    ids=[f"{start}: {need.on}" for start, needs in NEEDED.items() for need in needs],
)
def test_the_grants_of_a_system_cover_what_it_needs(built: Recording, start: str, need: Need) -> None:
    given = grants(built, start)
    roles = [KNOWN[role] for role, scope, _ in given if re.search(SCOPES[need.on], scope)]
    assert roles, sorted(scope for _, scope, _ in given)
    assert lacking(roles, need) == []


def test_the_actions_of_every_role_that_is_assigned_are_known(built: Recording) -> None:
    assigned = {found.inputs["roleDefinitionId"].rpartition("/")[2] for found in built.of_type("RoleAssignment")}
    assert assigned <= KNOWN.keys()
    on_content = {name for name, role in ROLES.items() if role.legacy or role.abac}
    assert {KNOWN[guid].name for guid in assigned} - on_content <= PERMISSIONS.keys()


def test_a_grant_less_leaves_an_action_out(built: Recording) -> None:
    roles = [KNOWN[role] for role, _, _ in grants(built, "gateway") if role != aks.NETWORK_CONTRIBUTOR.guid]
    missing = [action for need in gateways.NEEDS for action in lacking(roles, need)]
    assert missing == [
        "Microsoft.Network/virtualNetworks/subnets/join/action",
        "Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/join/action",
    ]


@pytest.mark.parametrize(
    ("action", "needed"),
    [
        ("pull", "Microsoft.ContainerRegistry/registries/repositories/content/read"),
        ("push", "Microsoft.ContainerRegistry/registries/repositories/content/write"),
        ("delete", "Microsoft.ContainerRegistry/registries/repositories/content/delete"),
        ("catalog", "Microsoft.ContainerRegistry/registries/catalog/read"),
    ],
)
def test_a_role_on_content_has_the_data_action_of_what_it_is_said_to_give(action: Action, needed: str) -> None:
    giving = [role for role in ROLES.values() if action in role.gives("AbacRepositoryPermissions")]
    assert giving
    assert [role.name for role in giving if needed not in role.data_actions] == []
