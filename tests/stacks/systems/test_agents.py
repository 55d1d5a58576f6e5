"""SRE agents in two regions: where they go and what they refer to."""

from components.testing import Recording
from tests.stacks.systems.two_regions import grants, groups, placed, wired

REGISTRY_GROUP = "/subscriptions/s/resourceGroups/rg-contoso-test-registry"


def test_an_agent_is_in_the_region_of_its_subnets_network(built: Recording) -> None:
    watch, guard = "rg-contoso-test-agents-watch", "rg-contoso-test-agents-guard"
    assert placed(built, "agent-") == {
        "agent-watch-agent": ("eastus", watch),
        "agent-guard-agent": ("westeurope", guard),
    }
    assert groups(built, "agents") == {watch: "eastus", guard: "westeurope"}


def test_an_agent_acts_as_its_identity_on_the_group_that_it_names(built: Recording) -> None:
    reads, logs = "acdd72a7-3385-48ef-bd42-f606fba81ae7", "73c42c96-874c-492b-b04d-ab87d138a893"
    for key, identity in (("watch", "api"), ("guard", "worker")):
        identities = wired(built, f"agent-{key}-agent", "identity.userAssignedIdentities")
        assert identities == [f"contoso-test-identity-{identity}-identity-id"]
        principal = f"id-contoso-test-{identity}-principal"
        assert grants(built, f"agent-{key}-registry") == {
            (reads, REGISTRY_GROUP, principal),
            (logs, REGISTRY_GROUP, principal),
        }


def test_the_stack_reports_subnet_and_policy_of_each_agent(built: Recording) -> None:
    reports = built.exports["compute"]["agents"]
    assert {key: report["subnet_id"] for key, report in reports.items()} == {
        "watch": "contoso-test-network-near-vnet-id/subnets/agent",
        "guard": "contoso-test-network-far-vnet-id/subnets/agent",
    }
    assert {key: report["policy"]["agent"] for key, report in reports.items()} == {
        "watch": "sre-contoso-test-watch",
        "guard": "sre-contoso-test-guard",
    }


def test_an_agent_sends_through_its_own_subnet(built: Recording) -> None:
    for key, network in (("watch", "near"), ("guard", "far")):
        subnet = f"contoso-test-network-{network}-vnet-id/subnets/agent"
        assert wired(built, f"agent-{key}-agent", "properties.vnetConfiguration.subnetResourceId") == subnet
