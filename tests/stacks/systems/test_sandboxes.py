"""Sandbox groups in two regions: where they go and what they refer to."""

from components.testing import Recording
from tests.stacks.systems.two_regions import grants, groups, placed, wired


def test_a_group_is_where_its_network_or_its_environment_is_else_at_home(built: Recording) -> None:
    regions = {"joined": "westeurope", "linked": "westeurope", "alone": "eastus"}
    assert placed(built, "sandboxes-") == {
        **{f"sandboxes-{key}-group": (region, f"rg-contoso-test-sandboxes-{key}") for key, region in regions.items()},
        "sandboxes-joined-connection": ("westeurope", "rg-contoso-test-sandboxes-joined"),
    }
    assert groups(built, "sandboxes") == {f"rg-contoso-test-sandboxes-{key}": region for key, region in regions.items()}


def test_a_group_is_joined_to_its_subnet_or_linked_to_its_environment(built: Recording) -> None:
    subnet = "contoso-test-network-far-vnet-id/subnets/boxes"
    assert wired(built, "sandboxes-joined-connection", "properties.subnetId") == subnet
    environment = "contoso-test-apps-side-environment-id"
    assert wired(built, "sandboxes-linked-group", "properties.environmentId") == environment


def test_its_owner_owns_the_group(built: Recording) -> None:
    assert {(scope, principal) for _, scope, principal in grants(built, "sandboxes-")} == {
        ("contoso-test-sandboxes-joined-group-id", "id-contoso-test-worker-principal")
    }


def test_the_profile_names_group_resource_group_and_endpoint_of_its_region(built: Recording) -> None:
    group = built.exports["compute"]["sandbox_groups"]["joined"]["profile"]["group"]
    assert (group["name"], group["resourceGroup"], group["region"]) == (
        "sbx-contoso-test-joined",
        "rg-contoso-test-sandboxes-joined",
        "westeurope",
    )
    assert "westeurope" in group["endpoint"]
