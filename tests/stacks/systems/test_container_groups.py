"""Container groups in two regions: where they go and what they refer to."""

from components.testing import Recording
from tests.stacks.systems.two_regions import groups, placed, wired


def test_a_group_is_in_the_region_of_its_network_beside_the_others_there(built: Recording) -> None:
    near, far, apart = (f"rg-contoso-test-containers-{part}" for part in ("near", "far", "westeurope"))
    assert placed(built, "container-group-") == {
        "container-group-api-group": ("eastus", near),
        "container-group-web-group": ("westeurope", far),
        "container-group-batch-group": ("westeurope", apart),
    }
    assert groups(built, "containers") == {near: "eastus", far: "westeurope", apart: "westeurope"}


def test_a_group_is_in_its_subnet_and_pulls_from_the_replica_beside_it_as_its_identity(built: Recording) -> None:
    for key, network, region, identity in (
        ("api", "near", "eastus", "api"),
        ("web", "far", "westeurope", "api"),
        ("batch", None, "westeurope", "worker"),
    ):
        name = f"container-group-{key}-group"
        if network:
            subnet = f"contoso-test-network-{network}-vnet-id/subnets/groups"
            assert wired(built, name, "subnetIds.0.id") == subnet
        assert wired(built, name, "imageRegistryCredentials.0") == {
            "server": f"contosotest.{region}.geo.azurecr.io",
            "identity": f"contoso-test-identity-{identity}-identity-id",
        }


def test_a_groups_logs_go_to_the_workspace_that_it_names(built: Recording) -> None:
    for key, workspace in (("api", "here"), ("web", "there")):
        name = f"container-group-{key}-group"
        customer = wired(built, name, "diagnostics.logAnalytics.workspaceId")
        assert customer == f"log-contoso-test-{workspace}-customer"
