"""Container Apps in two regions: where everything goes and what it refers to."""

from components.testing import Recording
from tests.stacks.systems.two_regions import groups, placed, wired


def _names(start: str, group: str, network: str) -> dict[str, tuple[str | None, str]]:
    """The zone of an environment's names, with its link and its records."""
    everywhere = {f"{start}-zone": ("global", group), f"{start}-link-{network}": ("global", group)}
    return {**everywhere, **{f"{start}-names-record-{role}": (None, group) for role in ("all", "apex")}}


def test_an_environment_and_what_runs_in_it_are_in_the_region_of_its_network(built: Recording) -> None:
    main, side = "rg-contoso-test-apps-main", "rg-contoso-test-apps-side"
    assert placed(built, "apps-main", "apps-side") == {
        "apps-main-environment": ("eastus", main),
        "apps-main-web-app": ("eastus", main),
        "apps-main-endpoint-peer-endpoint": ("westeurope", main),
        "apps-main-endpoint-peer-zones": (None, main),
        "apps-side-environment": ("westeurope", side),
        "apps-side-flow-app": ("westeurope", side),
        "apps-side-tidy-job": ("westeurope", side),
        "apps-side-shop-routes": (None, side),
        "apps-side-endpoint-own-endpoint": ("westeurope", side),
        "apps-side-endpoint-own-zones": (None, side),
        **_names("apps-main-dns", main, "near"),
        **_names("apps-side-dns", side, "far"),
    }
    assert groups(built, "apps") == {main: "eastus", side: "westeurope", "rg-contoso-test-apps-dns": "eastus"}


def test_an_environment_is_in_its_subnet_and_reports_to_its_workspace(built: Recording) -> None:
    for key, network, workspace in (("main", "near", "here"), ("side", "far", "there")):
        subnet = f"contoso-test-network-{network}-vnet-id/subnets/apps"
        assert wired(built, f"apps-{key}-environment", "vnetConfiguration.infrastructureSubnetId") == subnet
        assert wired(built, f"apps-{key}-environment", "environmentName") == f"cae-contoso-test-{key}"
        assert wired(built, f"apps-{key}-diagnostics", "workspaceId").endswith(f"/log-contoso-test-{workspace}")


def test_what_runs_in_an_environment_pulls_from_the_replica_beside_it_as_its_identity(built: Recording) -> None:
    for name, key, region, identity in (
        ("apps-main-web-app", "main", "eastus", "api"),
        ("apps-side-flow-app", "side", "westeurope", "worker"),
        ("apps-side-tidy-job", "side", "westeurope", "api"),
    ):
        assert wired(built, name, "environmentId") == f"contoso-test-apps-{key}-environment-id"
        assert wired(built, name, "configuration.registries.0") == {
            "server": f"contosotest.{region}.geo.azurecr.io",
            "identity": f"contoso-test-identity-{identity}-identity-id",
        }


def test_an_orchestrator_finds_its_task_hub_and_its_workers_image(built: Recording) -> None:
    variables = {
        each["name"]: each.get("value") for each in wired(built, "apps-side-flow-app", "template.containers.0.env")
    }
    assert variables["DTS_TASK_HUB"] == "code"
    assert variables["DTS_ENDPOINT"] == "https://dts-contoso-test-away.durabletask.io"
    assert variables["DTS_SANDBOX_IMAGE"] == "contosotest.westeurope.geo.azurecr.io/agents/worker:2.0.1"


def test_a_private_endpoint_leads_to_its_environment_and_its_zone_is_that_of_the_environments_region(
    built: Recording,
) -> None:
    for name, key, region in (("main-endpoint-peer", "main", "eastus"), ("side-endpoint-own", "side", "westeurope")):
        endpoint = f"apps-{name}-endpoint"
        assert wired(built, endpoint, "subnet.id") == "contoso-test-network-far-vnet-id/subnets/registry"
        environment = f"contoso-test-apps-{key}-environment-id"
        assert wired(built, endpoint, "privateLinkServiceConnections.0.privateLinkServiceId") == environment
        zone = f"contoso-test-apps-zone-{region}-zone-id"
        assert wired(built, f"apps-{name}-zones", "privateDnsZoneConfigs.0.privateDnsZoneId") == zone


def test_zones_of_environments_share_a_group_at_home_and_are_linked_to_the_networks_of_the_endpoints(
    built: Recording,
) -> None:
    zones = placed(built, "apps-zone-")
    assert set(zones.values()) == {("global", "rg-contoso-test-apps-dns")}
    assert set(zones) == {
        f"apps-zone-{region}-{part}" for region in ("eastus", "westeurope") for part in ("zone", "link-far")
    }
    for region in ("eastus", "westeurope"):
        link = wired(built, f"apps-zone-{region}-link-far", "virtualNetwork.id")
        assert link == "contoso-test-network-far-vnet-id"
