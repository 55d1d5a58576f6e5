"""Gateways in two regions: where they go, what they refer to, and who may route."""

from components.testing import Recording
from tests.stacks.systems.two_regions import grants, groups, placed, wired

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONFIGURATION_MANAGER, NETWORK_CONTRIBUTOR = (
    "fbc52c3f-28ad-4303-a892-8a056630b8f1",
    "4d97b98b-1d4f-4787-a291-c67834d212e7",
)


def test_a_gateway_is_in_the_region_of_its_cluster(built: Recording) -> None:
    parts = ("controller", "association", "frontend-public", "firewall", "security-policy")
    assert placed(built, "gateway-") == {
        f"gateway-{key}-{part}": (region, f"rg-contoso-test-gateway-{key}")
        for key, region in (("web", "eastus"), ("shop", "westeurope"))
        for part in parts
    }
    assert groups(built, "gateway") == {
        "rg-contoso-test-gateway-web": "eastus",
        "rg-contoso-test-gateway-shop": "westeurope",
    }


def test_a_gateway_is_in_a_subnet_of_its_clusters_network_with_its_own_firewall_and_workspace(built: Recording) -> None:
    for key, network, workspace in (("web", "near", "here"), ("shop", "far", "there")):
        subnet = f"contoso-test-network-{network}-vnet-id/subnets/gateway"
        assert wired(built, f"gateway-{key}-association", "subnet.id") == subnet
        assert wired(built, f"gateway-{key}-controller", "trafficControllerName") == f"agc-contoso-test-{key}"
        assert wired(built, f"gateway-{key}-firewall", "policyName") == f"waf-contoso-test-{key}"
        firewall = f"contoso-test-gateway-{key}-firewall-id"
        assert wired(built, f"gateway-{key}-security-policy", "wafPolicy.id") == firewall
        assert wired(built, f"gateway-{key}-logs", "workspaceId").endswith(f"/log-contoso-test-{workspace}")


def test_the_controller_may_route_in_the_gateways_group_and_join_its_subnet(built: Recording) -> None:
    alb = "id-contoso-test-alb-principal"
    for key, network in (("web", "near"), ("shop", "far")):
        assert grants(built, f"gateway-{key}-permissions") == {
            (CONFIGURATION_MANAGER, f"/subscriptions/s/resourceGroups/rg-contoso-test-gateway-{key}", alb),
            (NETWORK_CONTRIBUTOR, f"contoso-test-network-{network}-vnet-id/subnets/gateway", alb),
            (NETWORK_CONTRIBUTOR, f"contoso-test-gateway-{key}-firewall-id", alb),
        }


def test_the_controller_finds_the_nodes_of_its_cluster(built: Recording) -> None:
    nodes = "/subscriptions/s/resourceGroups/rg-nodes-contoso-test"
    assert grants(built, "gateways-nodes") == {
        (READER, f"{nodes}-{cluster}", "id-contoso-test-alb-principal") for cluster in ("first", "second")
    }
