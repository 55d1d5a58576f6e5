"""What is worth telling without a refusal, and how several problems are reported together."""

import pytest

from tests.stacks.stack_files import (
    EAST,
    FILE,
    IN_ORDER,
    NO_ENDPOINTS,
    NO_HEADROOM,
    OUTSIDE,
    THEIRS,
    WEST,
    WEST_SUBNET,
    Files,
    changed,
    line_here,
    static,
)

WARNINGS = {
    "a region that nobody knows": (
        [("westeurope: {}", "westeurop: {} # here")],
        "registry.replicas.westeurop: westeurop is not a known region of the public cloud; did you mean westeurope? [REGION-1]",
    ),
    "a region like no other": (
        [("westeurope: {}", "atlantis: {} # here")],
        "registry.replicas.atlantis: atlantis is not a known region of the public cloud; check the spelling [REGION-1]",
    ),
    "a network's location that nobody knows": (
        [("[10.60.0.0/16]", "[10.60.0.0/16]\n        location: westeurop # here")],
        "networks.westeurope.location: westeurop is not a known region of the public cloud; did you mean westeurope?",
    ),
    "a subnet with another purpose": (
        [("10.60.0.0/24, purpose: private_endpoints}", "10.60.0.0/24}"), (WEST, f"{WEST[:-1]} # here\n")],
        "registry.private_endpoints.westeurope.subnet: subnet registry has another purpose; keep one with purpose: "
        "private_endpoints for it",
    ),
    "a registry that nobody reaches": (
        [("headroom: 1", "public_network_access: Disabled # here"), *NO_ENDPOINTS],
        "registry.public_network_access: Disabled without a private endpoint: the registry is unreachable; add one",
    ),
    "a replica that serves nobody": (
        [
            ("regional_endpoints: true", "headroom: 1"),
            ("headroom: 1\n      headroom: 1", "headroom: 1"),
            ("westeurope: {}", "westeurope: {global_routing: false} # here"),
        ],
        "registry.replicas.westeurope.global_routing: false without regional_endpoints: the replica is "
        "billed but unreachable",
    ),
    "a subnet short of its headroom": (
        [
            ("10.60.0.0/24, purpose: private_endpoints}", "10.60.0.0/28, purpose: private_endpoints} # here"),
            ("headroom: 1", "headroom: 4"),
        ],
        "networks.westeurope.subnets.registry: 10.60.0.0/28 in vnet-contoso-test-westeurope leaves 11 addresses, 5 are needed "
        "(1 global + 2 data + 2 regional), 4 of headroom in replicas wants 13; give /27 (22 free) or larger [ACR-7]; 4 more "
        "replicas will not fit",
    ),
    "a subnet below what the service advises": (
        [("10.60.0.0/24, purpose: private_endpoints}", "10.60.0.0/28, purpose: private_endpoints} # here")],
        "networks.westeurope.subnets.registry: 10.60.0.0/28 fits (6 free) and is smaller than the /27 advised for private "
        "endpoints of a registry; give /27 or larger while the subnet is empty [ACR-8]",
    ),
    "a subnet made elsewhere whose room nobody declared": (
        [OUTSIDE, (WEST_SUBNET, "registry: {purpose: private_endpoints} # here")],
        "networks.westeurope.subnets.registry: undetermined: 5 addresses are needed (1 global + 2 data + 2 "
        "regional), and the free addresses are not known; state free_addresses [ACR-7]",
    ),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_it_is_reported_and_does_not_stop_the_run(files: Files, case: str) -> None:
    changes, report = WARNINGS[case]
    text = changed(*changes)
    warnings = files.warnings(text)
    assert [line for line in warnings if line.startswith(f"{FILE}:{line_here(text)} {report}")], warnings


RANGES = {
    "foreign address space": (
        [("[10.60.0.0/16]", "[10.60.0.0/16, 8.8.8.0/24] # here")],
        "networks.westeurope.address_space.1: 8.8.8.0/24 is public address space",
    ),
    "networks that overlap and are not peered": (
        [("[10.60.0.0/16]", "[10.60.0.0/16, 10.50.128.0/17] # here")],
        "networks.westeurope.address_space.1: 10.50.128.0/17 overlaps networks.eastus.address_space.0 (10.50.0.0/16): the two "
        "can never be peered",
    ),
}


@pytest.mark.parametrize("case", RANGES)
def test_ranges_in_others_way_stop_the_run_unless_they_are_only_to_be_reported(files: Files, case: str) -> None:
    changes, report = RANGES[case]
    text = changed(*changes)
    (line,) = files.refusals(text)
    assert line.startswith(f"{FILE}:{line_here(text)} {report}")
    assert line.endswith("or state planning: {ranges: warn}")
    warned = changed(*changes, ("dns: {}", "planning: {ranges: warn}"))
    assert [line for line in files.warnings(warned) if line.startswith(f"{FILE}:{line_here(warned)} {report}")]


SMALL = ("10.60.0.0/24", "10.60.0.0/29")


def test_short_addresses_can_be_reported_instead_of_refused(files: Files) -> None:
    text = changed(SMALL, ("dns: {}", "planning: {addresses: warn}"))
    assert any("leaves 3 addresses, 5 are needed" in line for line in files.warnings(text))


def test_short_addresses_can_be_left_unsaid(files: Files) -> None:
    assert files.warnings(changed(SMALL, ("dns: {}", "planning: {addresses: 'off'}"))) == []


def test_off_need_not_be_quoted(files: Files) -> None:
    assert files.warnings(changed(SMALL, ("dns: {}", "planning: {addresses: off}"))) == []


def test_every_problem_between_systems_is_reported_at_once_in_the_order_of_the_file(files: Files) -> None:
    text = changed(
        SMALL,
        ("[10.50.0.0/16]\n        peers: []", "[10.50.0.0/16]\n        peers: [hub]"),
        ("westeurope: {}", "westeurope: {}\n        eastus: {}"),
        (EAST, "eastus: {network: eastus, subnet: nope}"),
    )
    lines = files.refusals(text)
    assert [line.split(" ")[0] for line in lines] == [f"{FILE}:{n}" for n in (9, 16, 24, 26)]


def test_two_short_subnets_are_both_named(files: Files) -> None:
    lines = files.refusals(changed(SMALL, ("10.50.0.0/24", "10.50.0.0/29")))
    assert [line.split(" ")[1] for line in lines] == [
        "networks.eastus.subnets.registry:",
        "networks.westeurope.subnets.registry:",
    ]


def test_a_subnet_shared_by_two_endpoints_names_both_in_the_sum(files: Files) -> None:
    text = changed(
        ("10.50.0.0/24", "10.50.0.0/28"),
        (
            "dns: {}",
            "dns: {zones: {a: {name: eastus.data.privatelink.azurecr.io, network: eastus}, "
            "b: {name: eastus.geo.privatelink.azurecr.io, network: eastus}}}",
        ),
        (EAST, "one: {network: eastus, subnet: registry, dns_zones: [a]}"),
        (WEST, "        two: {network: eastus, subnet: registry, dns_zones: [b]}\n"),
        ("westeurope: {}", "westeurope: {}\n        japaneast: {}"),
    )
    (line,) = files.refusals(text)
    assert (
        "leaves 11 addresses, 14 are needed (private endpoint one of registry contosotest: 1 global + 3 data + 3 regional; "
        in line
    )
    assert "private endpoint two of registry contosotest: 1 global + 3 data + 3 regional)" in line


def test_two_endpoints_in_two_networks_made_elsewhere_would_share_a_zone(files: Files) -> None:
    text = changed(
        OUTSIDE,
        ("[10.50.0.0/16]", f"[10.50.0.0/16]\n        id: {THEIRS}2"),
        ("10.50.0.0/24", "10.50.0.0/24, free_addresses: 50"),
        ("10.60.0.0/24", "10.60.0.0/24, free_addresses: 50"),
    )
    (line,) = files.refusals(text)
    assert "both belong to the resource group of the registry, where a name is unique" in line


def test_a_network_made_elsewhere_may_be_linked_without_a_peering_of_ours(files: Files) -> None:
    text = changed(
        OUTSIDE,
        ("10.60.0.0/24", "10.60.0.0/24, free_addresses: 50"),
        ("dns: {}", "dns: {zones: {z: {network: eastus, links: [eastus, westeurope]}}}"),
        (EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [z]}"),
        (WEST, ""),
    )
    (line,) = files.warnings(text)
    assert "westeurope resolves zone z to addresses in eastus, but the two are not peered" in line


def test_one_endpoint_with_its_zone_linked_to_peered_networks_is_in_order(files: Files) -> None:
    text = changed(
        ("[10.50.0.0/16]\n        peers: []", "[10.50.0.0/16]\n        peers: [westeurope]"),
        ("dns: {}", "dns: {zones: {z: {network: eastus, links: [eastus, westeurope]}}}"),
        (EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [z]}"),
        (WEST, ""),
    )
    assert files.warnings(text) == []


def test_a_regional_zone_that_an_endpoint_feeds_is_in_order(files: Files) -> None:
    text = changed(
        (
            "dns: {}",
            "dns: {zones: {a: {network: eastus}, z: {name: eastus.data.privatelink.azurecr.io, network: eastus}}}",
        ),
        (EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [a, z]}"),
    )
    assert files.warnings(text) == []


def test_fixed_addresses_for_every_member_are_in_order_without_headroom(files: Files) -> None:
    text = changed(NO_HEADROOM, (EAST, static("10.50.0.4", "10.50.0.5", "10.50.0.6", "10.50.0.7", "10.50.0.254")))
    assert files.warnings(text) == []


def test_a_basic_registry_that_is_public_is_in_order(files: Files) -> None:
    text = changed(
        ("regional_endpoints: true", "sku: Basic\n      public_network_access: Enabled"),
        ("westeurope: {}", "{}"),
        *NO_ENDPOINTS,
    )
    assert files.warnings(text) == []


def test_the_description_that_holds_leaves_nothing_to_tell(files: Files) -> None:
    assert files.warnings(IN_ORDER) == []
