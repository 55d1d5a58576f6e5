"""What every stack may have, in two regions: where it goes and what it refers to."""

from components.testing import Recording
from tests.stacks.systems.two_regions import grants, groups, placed, wired


def test_networks_endpoints_and_zones_are_in_the_group_of_the_network(built: Recording) -> None:
    near, far = "rg-contoso-test-network-near", "rg-contoso-test-network-far"
    assert placed(built, "network-near-vnet", "network-far-vnet", "endpoint-", "zone-") == {
        "network-near-vnet": ("eastus", near),
        "network-far-vnet": ("westeurope", far),
        "endpoint-one-endpoint": ("eastus", near),
        "endpoint-one-zones": (None, near),
        "endpoint-two-endpoint": ("westeurope", far),
        "endpoint-two-zones": (None, far),
        "zone-near-zone": ("global", near),
        "zone-near-link-near": ("global", near),
        "zone-far-zone": ("global", far),
        "zone-far-link-far": ("global", far),
    }


def test_the_registry_is_in_the_home_region_and_its_replica_where_it_is_asked_for(built: Recording) -> None:
    registry = "rg-contoso-test-registry"
    assert placed(built, "registry-") == {
        "registry-registry": ("eastus", registry),
        "registry-replica-westeurope": ("westeurope", registry),
        "registry-content-scope-map-readers": (None, registry),
        "registry-content-token-edge-site": (None, registry),
        "registry-content-webhook-deployer": ("westeurope", registry),
    }


def test_identities_and_workspaces_share_a_group_at_home_wherever_they_are(built: Recording) -> None:
    identity, monitoring = "rg-contoso-test-identity", "rg-contoso-test-monitoring"
    assert placed(built, "identity-kubelet", "identity-plane", "workspace-", "metrics-") == {
        "identity-kubelet-identity": ("westeurope", identity),
        "identity-plane-identity": ("eastus", identity),
        "workspace-here-workspace": ("eastus", monitoring),
        "workspace-there-workspace": ("westeurope", monitoring),
        "metrics-here-workspace": ("eastus", monitoring),
        "metrics-there-workspace": ("westeurope", monitoring),
    }
    assert groups(built, "identity") | groups(built, "monitoring") == {identity: "eastus", monitoring: "eastus"}


def test_an_endpoint_is_in_the_subnet_of_its_network(built: Recording) -> None:
    assert wired(built, "endpoint-one-endpoint", "subnet.id") == "contoso-test-network-near-vnet-id/subnets/registry"
    assert wired(built, "endpoint-two-endpoint", "subnet.id") == "contoso-test-network-far-vnet-id/subnets/registry"


def test_whoever_pulls_is_granted_it_on_the_registry(built: Recording) -> None:
    assert grants(built, "access-") == {
        (
            "7f951dda-4ed3-4680-a7ca-43fe172d538d",
            "/subscriptions/s/resourceGroups/rg-contoso-test-registry/providers/registries/r",
            f"id-contoso-test-{identity}-principal",
        )
        for identity in ("api", "kubelet", "worker")
    }
