"""The address-drift fixer over two regions: where its parts go and what they refer to."""

from components.testing import Recording
from tests.stacks.systems.two_regions import groups, placed, wired


def test_the_fixer_is_at_home_its_telemetry_where_the_workspace_is_and_each_topic_beside_its_groups(
    built: Recording,
) -> None:
    near, far, drift = "rg-contoso-test-containers-near", "rg-contoso-test-containers-far", "rg-contoso-test-drift"
    assert placed(built, "address-drift-host", "address-drift-telemetry", "address-drift-topic") == {
        "address-drift-host-app": ("eastus", drift),
        "address-drift-host-plan": ("eastus", drift),
        "address-drift-host-storage": ("eastus", drift),
        "address-drift-host-packages": (None, drift),
        "address-drift-telemetry-insights": ("westeurope", drift),
        "address-drift-telemetry-endpoint": ("westeurope", drift),
        "address-drift-telemetry-rule": ("westeurope", drift),
        "address-drift-telemetry-table": (None, "rg-contoso-test-monitoring"),
        "address-drift-topic-near": ("global", near),
        "address-drift-topic-far": ("global", far),
    }
    assert groups(built, "drift") == {drift: "eastus"}


def test_a_spoke_has_a_forward_and_a_reverse_zone_beside_its_groups_linked_to_its_network(built: Recording) -> None:
    for key, octets in (("near", "12.50.10"), ("far", "12.60.10")):
        start = f"address-drift-zone-{key}-"
        zones = placed(built, start)
        assert set(zones.values()) == {("global", f"rg-contoso-test-containers-{key}")}
        names = (f"{octets}.in-addr.arpa", "forward")
        assert set(zones) == {f"{start}{name}-{part}" for name in names for part in ("zone", f"link-{key}")}
        for name in names:
            link = wired(built, f"{start}{name}-link-{key}", "virtualNetwork.id")
            assert link == f"contoso-test-network-{key}-vnet-id"
        assert wired(built, f"{start}forward-zone", "privateZoneName") == f"{key}.contoso.internal"


def test_a_topic_follows_the_resource_group_of_its_spoke(built: Recording) -> None:
    for key in ("near", "far"):
        assert wired(built, f"address-drift-topic-{key}", "source") == f"contoso-test-rg-containers-{key}-id"
        assert wired(built, f"address-drift-topic-{key}", "systemTopicName") == f"evgst-contoso-test-{key}"


def test_the_parts_of_the_fixer_are_named_by_the_plan(built: Recording) -> None:
    assert wired(built, "address-drift-host-app", "name") == "func-contoso-test-drift"
    assert wired(built, "address-drift-host-storage", "accountName") == "stcontosotestdrift"
    workspace = wired(built, "address-drift-telemetry-insights", "workspaceResourceId")
    assert workspace.endswith("/log-contoso-test-there")
