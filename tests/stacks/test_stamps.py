"""Regions that are described once: what a stamp makes, what lies over what, where problems are, and that nothing moves."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planning.problems import SpecError
from stacks import loader
from stacks.document import Document
from stacks.expansion import expanded
from stacks.loader import load
from stacks.spec import StackSpec
from stacks.stamps import sections_with_location
from tests.stacks.stack_files import FILE, Files, line_here

BY_HAND = Path(__file__).parent / "by_hand"

STAMPED = """\
config:
  moorings:stack:
    name: contoso
    environment: test
    location: eastus
    registry: {name: contosotest, regional_endpoints: true}
    regions:
      eastus: {address_space: [10.50.0.0/16]}
      westeurope: {address_space: [10.60.0.0/16]}
    stamp:
      networks:
        <region>:
          subnets:
            registry: {size: /24, purpose: private_endpoints}
            nodes: {addresses: 100}
      registry:
        replicas: {<region>: {}}
        private_endpoints: {<region>: {network: <region>, subnet: registry}}
      identities: {puller-<region>: {}}
      session_pools: {<region>: {type: Python}}
"""


EAST, WEST = "[10.50.0.0/16]}", "[10.60.0.0/16]}"


def stamped(*changes: tuple[str, str]) -> str:
    text = STAMPED
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def ranges(spec: StackSpec) -> dict[str, dict[str, str]]:
    return {
        key: {name: str(subnet.prefix) for name, subnet in network.subnets.items()}
        for key, network in spec.networks.items()
    }


def test_the_stamp_of_prod_makes_what_its_file_said_with_every_region_written_out(files: Files) -> None:
    files.write((loader.DIRECTORY / "_base.yaml").read_text(encoding="utf-8"), "_base.yaml")
    files.write((BY_HAND / "Pulumi.prod.yaml").read_text(encoding="utf-8"), "Pulumi.prod.yaml")
    by_hand = load("prod", directory=files.directory)
    assert load("prod").spec == by_hand.spec
    assert list(load("prod").plan.sites) == list(by_hand.plan.sites)


def test_prod_is_described_in_at_most_sixty_lines() -> None:
    assert len((loader.DIRECTORY / "Pulumi.prod.yaml").read_text(encoding="utf-8").splitlines()) <= 60


def test_every_region_has_what_the_stamp_describes(files: Files) -> None:
    spec = files.load(STAMPED).spec
    assert ranges(spec) == {
        "eastus": {"registry": "10.50.0.0/24", "nodes": "10.50.1.0/25"},
        "westeurope": {"registry": "10.60.0.0/24", "nodes": "10.60.1.0/25"},
    }
    assert list(spec.identities) == ["puller-eastus", "puller-westeurope"]
    assert {key: endpoint.network for key, endpoint in spec.registry.private_endpoints.items()} == {
        "eastus": "eastus",
        "westeurope": "westeurope",
    }


def test_the_home_region_has_no_replica(files: Files) -> None:
    assert list(files.load(STAMPED).spec.registry.replicas) == ["westeurope"]


def test_a_recorded_description_is_expanded_as_the_file_it_comes_from(files: Files) -> None:
    files.write(STAMPED)
    read = loader.written("test", directory=files.directory)
    recorded = Document(json.loads(json.dumps(read.data)))
    assert expanded(recorded).data == expanded(read).data


def test_a_home_replica_that_a_region_states_itself_is_refused_as_any_other(files: Files) -> None:
    text = stamped(("[10.50.0.0/16]}", "[10.50.0.0/16], registry: {replicas: {<region>: {}}}} # here"))
    (line,) = files.refusals(text)
    assert line.startswith(f"{FILE}:{line_here(text)} registry.replicas.eastus: eastus is the home region")


def test_what_would_be_in_the_home_region_for_want_of_a_location_is_in_its_own(files: Files) -> None:
    spec = files.load(STAMPED).spec
    assert {key: identity.location for key, identity in spec.identities.items()} == {
        "puller-eastus": "eastus",
        "puller-westeurope": "westeurope",
    }
    assert {key: pool.location for key, pool in spec.session_pools.items()} == {
        "eastus": "eastus",
        "westeurope": "westeurope",
    }
    assert [network.location for network in spec.networks.values()] == [None, None]


def test_a_location_that_is_stated_stays(files: Files) -> None:
    spec = files.load(stamped(("puller-<region>: {}", "puller-<region>: {location: northeurope}"))).spec
    assert {identity.location for identity in spec.identities.values()} == {"northeurope"}


def test_every_section_whose_entries_have_a_location_is_known() -> None:
    found = {".".join(path) for path in sections_with_location()}
    assert {
        "networks",
        "identities",
        "monitoring.workspaces",
        "monitoring.metrics_workspaces",
        "session_pools",
    } <= found
    assert "clusters" not in found


def test_what_a_region_states_lies_over_the_stamp_and_null_removes(files: Files) -> None:
    own = "[10.60.0.0/16], session_pools: {<region>: null}, identities: {puller-westeurope: {location: northeurope}}}"
    spec = files.load(stamped(("[10.60.0.0/16]}", own))).spec
    assert list(spec.session_pools) == ["eastus"]
    assert spec.identities["puller-westeurope"].location == "northeurope"


def test_what_a_section_states_lies_over_the_stamps_and_adds_to_them(files: Files) -> None:
    own = "    session_pools: {eastus: {type: Shell}, extra: {type: Python}}\n    regions:\n"
    pools = files.load(stamped(("    regions:\n", own))).spec.session_pools
    assert {key: (pool.type, pool.location) for key, pool in pools.items()} == {
        "eastus": ("Shell", "eastus"),
        "westeurope": ("Python", "westeurope"),
        "extra": ("Python", None),
    }


def test_the_stamp_may_be_in_the_base_and_the_regions_in_the_file(files: Files) -> None:
    head, _, stamp = STAMPED.partition("    stamp:\n")
    base = "config:\n  moorings:stack:\n    stamp:\n" + stamp
    assert files.load(head, base=base).spec == files.load(STAMPED, base="config:\n  moorings:stack: {}\n").spec


def test_a_secret_of_a_stamp_is_what_the_engine_decrypted(files: Files) -> None:
    app = """\
      container_apps:
        <region>:
          telemetry: {application_insights: {secure: v1:abc}, traces: [application_insights]}
"""
    files.write(STAMPED + app)
    engine = loader.written("test", directory=files.directory).data
    engine["stamp"]["container_apps"]["<region>"]["telemetry"]["application_insights"] = "opened"
    spec = load("test", directory=files.directory, engine=engine).spec
    keys = [
        environment.telemetry.application_insights
        for environment in spec.container_apps.values()
        if environment.telemetry
    ]
    assert [key.get_secret_value() for key in keys if key] == ["opened", "opened"]


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("eastus: {address_space: [10.50.0.0/16]}", "eastus: 5", "regions.eastus", "expected a map, got 5"),
        ("eastus: {address_space: [10.50.0.0/16]}", "East US: {}", "regions.East US", "not the name of a region; write eastus"),
        ("puller-<region>: {}}", "puller: {}}", "stamp.identities.puller", "no key of it names the region"),
        (EAST, EAST[:-1] + ", registry: {sku: Basic}}", "regions.eastus.registry.sku", "state it outside of regions"),
        (WEST, WEST[:-1] + ", access: {east: {}}}", "regions.westeurope.access.east", "no key of it names the region"),
        ("puller-<region>: {}}", "puller-<region>: {}, puller-eastus: {}}", "stamp.identities.puller-eastus", "stated twice"),
    ],
)  # fmt: skip
def test_a_stamp_that_cannot_be_written_out_is_refused_at_its_line(
    files: Files, old: str, new: str, path: str, message: str
) -> None:
    text = stamped((old, f"{new} # here"))
    lines = files.refusals(text)
    assert [line for line in lines if line.startswith(f"{FILE}:{line_here(text)} {path}: ") and message in line], lines


def test_regions_whose_names_make_one_key_are_refused(files: Files) -> None:
    text = stamped(("westeurope: {", "eastus2: {"), ("puller-<region>: {}}", "<region>: {}, <region>2: {}} # here"))
    assert files.refusals(text) == [
        f"{FILE}:{line_here(text)} stamp.identities.<region>: identities.eastus2 is stated for eastus and for eastus2; give each "
        "region a key of its own"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            STAMPED.replace("    regions:\n", "    region:\n"),
            "stamp: is used by no region; list the regions under regions",
        ),
        (STAMPED.partition("    stamp:")[0] + "    stamp: []\n", "stamp: expected a map of sections, got a list"),
        (
            STAMPED.partition("    regions:")[0] + "    regions: [eastus]\n",
            "regions: expected a map by region, got a list",
        ),
        (
            STAMPED.partition("    regions:")[0] + "    regions: null\n",
            "regions: expected a map by region, got nothing",
        ),
    ],
)
def test_stamp_and_regions_of_another_form_are_refused(files: Files, text: str, message: str) -> None:
    assert any(message in line for line in files.refusals(text))


def test_a_misspelled_section_of_the_file_is_compared_with_stamp_too(files: Files) -> None:
    lines = files.refusals(STAMPED.partition("    regions:")[0] + "    stmap: {}\n")
    assert any("stmap: is not a known key; write stamp, or remove it" in line for line in lines)


def test_a_problem_of_a_stamp_is_reported_once_at_its_line_and_names_every_region(files: Files) -> None:
    text = stamped(("network: <region>, subnet: registry}}", "network: <region>, subnet: registri}} # here"))
    assert files.refusals(text) == [
        f"{FILE}:{line_here(text)} registry.private_endpoints.eastus.subnet: there is no subnet 'registri'; there are: registry, "
        "nodes; did you mean registry? (and for westeurope)"
    ]


def test_a_problem_of_what_a_region_states_is_at_the_regions_line(files: Files) -> None:
    text = stamped(("[10.60.0.0/16]}", "[10.60.0.0/16], session_pools: {<region>: {type: Perl}}} # here"))
    (line,) = files.refusals(text)
    assert line.startswith(f"{FILE}:{line_here(text)} session_pools.westeurope.type: Perl is not allowed")


def test_a_value_of_a_stamp_is_quoted_with_the_name_of_the_region(files: Files) -> None:
    text = stamped(("{type: Python}}", "{type: <region>}} # here"))
    (line,) = files.refusals(text)
    assert ": eastus is not allowed" in line
    assert line.endswith("(and for westeurope)")


def test_expanding_changes_nothing_of_what_was_read() -> None:
    before = loader.written("prod")
    expanded(before)
    assert before == loader.written("prod")


def test_a_description_without_a_short_form_is_left_as_it_is() -> None:
    local = loader.written("local")
    assert expanded(local) is local


SUBNETS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(24, 28), min_size=1, max_size=5)
SEVERAL = st.lists(st.sampled_from(["eastus", "westeurope", "japaneast", "uksouth"]), min_size=1, unique=True)


def _expanded(regions: list[str], subnets: dict[str, int]) -> dict[str, Any]:
    listed = {
        region: {"address_space": [f"10.{50 + len(region)}.{8 * ord(region[0]) % 256}.0/21"]} for region in regions
    }
    sizes = {key: {"size": f"/{length}"} for key, length in subnets.items()}
    data = {"regions": listed, "stamp": {"networks": {"<region>": {"subnets": sizes}}}}
    return expanded(Document(data)).data["networks"]


@given(SEVERAL, SUBNETS, SUBNETS)
@settings(max_examples=60)
def test_a_later_region_or_subnet_never_moves_an_earlier_one(
    regions: list[str], subnets: dict[str, int], more: dict[str, int]
) -> None:
    before = _expanded(regions[:1], subnets)
    try:
        after = _expanded(regions, {**subnets, **{key.upper(): length for key, length in more.items()}})
    except SpecError:
        assume(False)  # The address space is full.
    for region, network in before.items():
        for key, subnet in network["subnets"].items():
            assert after[region]["subnets"][key] == subnet


@given(SEVERAL, SUBNETS)
@settings(max_examples=30)
def test_no_two_subnets_of_a_region_overlap(regions: list[str], subnets: dict[str, int]) -> None:
    for network in _expanded(regions, subnets).values():
        created = [IPv4Network(subnet["prefix"]) for subnet in network["subnets"].values()]
        assert not any(one.overlaps(other) for one, other in combinations(created, 2))
