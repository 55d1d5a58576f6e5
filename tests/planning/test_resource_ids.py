"""ARM ids: their parts, and what is said of a text that is none."""

from planning.resource_ids import ZONE, ResourceId, problem

CENTRAL = "/subscriptions/s2/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"


def test_an_id_says_subscription_resource_group_type_and_name() -> None:
    found = ResourceId.parse(CENTRAL)
    assert found == ResourceId("s2", "rg-dns", "Microsoft.Network/privateDnsZones", "privatelink.azurecr.io")
    assert ResourceId.parse(f"{CENTRAL}/A/name") is None


def test_letter_case_of_an_id_does_not_count() -> None:
    assert problem(CENTRAL.replace("resourceGroups", "resourcegroups").replace("Dns", "DNS"), ZONE) is None


def test_what_is_no_id_or_that_of_another_type_is_reported_in_one_line() -> None:
    assert problem("/subscriptions/s2", ZONE) == (
        "'/subscriptions/s2' is not the ARM id of a resource; write one of the form "
        "/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/privateDnsZones/… [ARM-ID]"
    )
    registry = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r"
    assert problem(registry, ZONE) == (
        f"{registry!r} is the id of a resource of type Microsoft.ContainerRegistry/registries; write that of a resource of "
        "type Microsoft.Network/privateDnsZones [ARM-ID]"
    )
