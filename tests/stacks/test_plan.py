"""What follows from a description: names, zones, peerings, host names."""

from tests.stacks.stack_files import IN_ORDER, Files, changed

OUTSIDE = (
    "address_space: [10.60.0.0/16]",
    "id: /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/theirs",
)


def test_a_network_is_in_the_region_of_its_key_unless_it_says_otherwise(files: Files) -> None:
    text = changed(
        ("      eastus:\n", "      hub:\n        location: eastus2\n"), ("{network: eastus,", "{network: hub,")
    )
    networks = files.load(text).plan.sites.within("networks")
    assert {key: site.location for key, site in networks.items()} == {"hub": "eastus2", "westeurope": "westeurope"}


def test_a_network_made_elsewhere_is_called_by_its_own_name(files: Files) -> None:
    networks = files.load(changed(OUTSIDE)).plan.sites.within("networks")
    assert {key: site.name for key, site in networks.items()} == {
        "eastus": "vnet-contoso-test-eastus",
        "westeurope": "theirs",
    }


def test_a_peering_is_one_pair_whoever_names_it(files: Files) -> None:
    text = IN_ORDER.replace("peers: []", "peers: [westeurope]", 1).replace("peers: []", "peers: [eastus]", 1)
    assert files.load(text).plan.peerings == (("eastus", "westeurope"),)


def test_an_endpoint_without_zones_has_one_of_its_own_linked_to_its_network_only(files: Files) -> None:
    plan = files.load(IN_ORDER).plan
    assert {key: (zone.network, zone.links) for key, zone in plan.zones.items()} == {
        "eastus": ("eastus", ("eastus",)),
        "westeurope": ("westeurope", ("westeurope",)),
    }
    assert plan.fed == {"eastus": ("eastus",), "westeurope": ("westeurope",)}


def test_a_zone_called_as_the_network_takes_the_place_of_its_own(files: Files) -> None:
    text = changed(("dns: {}", "dns: {zones: {eastus: {network: eastus}}}"))
    plan = files.load(text).plan
    assert plan.zones["eastus"].path == ("dns", "zones", "eastus")
    assert len(plan.zones) == 2


def test_host_names_are_unknown_where_the_login_server_carries_a_hash(files: Files) -> None:
    assert files.load(IN_ORDER).plan.endpoints is not None
    assert files.load(changed(("headroom: 1", "domain_name_label_scope: TenantReuse"))).plan.endpoints is None


def test_data_hosts_are_on_for_premium_unless_switched_off(files: Files) -> None:
    without = changed(
        ("regional_endpoints: true", "dedicated_data_endpoints: false"),
        ("eastus: {network: eastus, subnet: registry}", "{}"),
        ("        westeurope: {network: westeurope, subnet: registry}\n", ""),
    )
    plan = files.load(without).plan
    assert plan.endpoints is not None
    assert plan.endpoints.storage == "*.blob.core.windows.net"
    assert plan.endpoints.data == {}


def test_the_ledger_counts_what_each_endpoint_takes(files: Files) -> None:
    rows = files.load(IN_ORDER).plan.ledger.rows
    assert [(row.subnet.key, row.need, row.next_replica) for row in rows] == [
        (("eastus", "registry"), 5, 2),
        (("westeurope", "registry"), 5, 2),
    ]
    assert rows[0].consumers[0].name == "private endpoint eastus of registry contosotest"


def test_a_group_moves_with_the_home_region_only_where_all_that_is_in_it_does(files: Files) -> None:
    stated = changed(("    registry:\n", "    identities: {near: {}, far: {location: westus3}}\n    registry:\n"))
    follows = changed(("    registry:\n", "    identities: {near: {}}\n    registry:\n"))
    assert ("identity",) not in files.load(stated).plan.sites.of_one_region()
    assert {("identity",), ("registry",)} <= files.load(follows).plan.sites.of_one_region()
