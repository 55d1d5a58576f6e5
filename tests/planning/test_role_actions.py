"""What built-in roles allow, and that a name is not taken for actions [ROLE-10]."""

import pytest

from planning.aks import MANAGED_IDENTITY_OPERATOR, NETWORK_CONTRIBUTOR
from planning.gateways import CONFIGURATION_MANAGER
from planning.gateways import NEEDS as GATEWAY_NEEDS
from planning.role_actions import Need, lacking
from planning.roles import ROLES, Role

JOIN = "Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/join/action"


def need(*actions: str, data: tuple[str, ...] = ()) -> Need:
    return Need("somebody", "Microsoft.Network/virtualNetworks", actions, data)


def test_the_role_of_gateways_has_no_action_of_the_network() -> None:
    assert lacking([CONFIGURATION_MANAGER], need(JOIN)) == [JOIN]
    assert lacking([CONFIGURATION_MANAGER, NETWORK_CONTRIBUTOR], need(JOIN)) == []


def test_an_action_is_allowed_whatever_its_letter_case() -> None:
    assert lacking([NETWORK_CONTRIBUTOR], need("microsoft.network/VIRTUALNETWORKS/subnets/join/action")) == []


@pytest.mark.parametrize(
    ("role", "action", "allowed"),
    [
        (ROLES["Reader"], "Microsoft.Network/virtualNetworks/read", True),
        (ROLES["Reader"], "Microsoft.Network/virtualNetworks/write", False),
        (ROLES["Contributor"], "Microsoft.ContainerInstance/containerGroups/write", True),
        (ROLES["Contributor"], "Microsoft.Authorization/roleAssignments/write", False),
        (MANAGED_IDENTITY_OPERATOR, "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action", True),
        (MANAGED_IDENTITY_OPERATOR, "Microsoft.ManagedIdentity/userAssignedIdentities/delete", False),
        (Role("Nobody's", "0"), "Microsoft.Network/virtualNetworks/read", False),
    ],
)
def test_a_role_allows_its_actions_but_for_those_taken_off(role: Role, action: str, allowed: bool) -> None:
    assert lacking([role], need(action)) == ([] if allowed else [action])


def test_an_action_on_the_data_plane_is_none_on_the_control_plane() -> None:
    read = "Microsoft.ServiceNetworking/trafficControllers/serviceRoutingConfigurations/read"
    assert lacking([ROLES["Contributor"]], need(data=(read,))) == [read]
    assert lacking([CONFIGURATION_MANAGER], need(data=(read,))) == []


def test_the_controller_of_a_gateway_needs_to_join_the_firewall() -> None:
    assert JOIN in {action for each in GATEWAY_NEEDS for action in each.actions}
