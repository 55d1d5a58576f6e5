"""Finding, layering and joining the files of a stack, and what the engine may add to them."""

import pytest

from planning.problems import SpecError
from stacks.files import stack_names
from stacks.loader import describe, inherited, load, with_secrets
from tests.stacks.stack_files import FILE, IN_ORDER, Files, changed


@pytest.mark.parametrize("name", ["local", "dev", "prod"])
def test_the_projects_own_stacks_hold(name: str) -> None:
    assert load(name).spec.environment == name


@pytest.mark.parametrize("name", ["local", "dev", "prod"])
def test_the_projects_own_stacks_leave_nothing_to_tell(name: str) -> None:
    assert load(name).warnings == ()


def test_stack_prod_is_three_regions_with_seven_addresses_in_each_subnet() -> None:
    stack = load("prod")
    assert stack.plan.endpoints is not None
    assert stack.plan.endpoints.as_dict() == {
        "global": "contosoprod.azurecr.io",
        "regional": {
            "eastus": "contosoprod.eastus.geo.azurecr.io",
            "southeastasia": "contosoprod.southeastasia.geo.azurecr.io",
            "westeurope": "contosoprod.westeurope.geo.azurecr.io",
        },
        "data": {
            "eastus": "contosoprod.eastus.data.azurecr.io",
            "southeastasia": "contosoprod.southeastasia.data.azurecr.io",
            "westeurope": "contosoprod.westeurope.data.azurecr.io",
        },
        "storage": None,
    }
    assert {row.subnet.key: (row.need, row.free) for row in stack.plan.ledger if row.next_replica} == {
        ("eastus", "registry"): (7, 244),
        ("westeurope", "registry"): (7, 244),
        ("southeastasia", "registry"): (7, 244),
    }


def test_stack_prod_gives_every_network_a_zone_of_its_own_in_its_own_group() -> None:
    zones = load("prod").plan.zones
    assert {(zone.name, zone.network, zone.links) for zone in zones.values()} == {
        ("privatelink.azurecr.io", region, (region,)) for region in ("eastus", "westeurope", "southeastasia")
    }


def test_stack_dev_is_the_other_topology_one_zone_with_the_peered_network_linked() -> None:
    plan = load("dev").plan
    assert plan.peerings == (("eastus", "westus3"),)
    (zone,) = plan.zones.values()
    assert (zone.network, zone.links) == ("eastus", ("eastus", "westus3"))
    assert plan.fed == {"eastus": ("shared",)}


def test_prod_with_a_29_in_westeurope_is_refused_naming_everything(files: Files) -> None:
    directory = load.__globals__["DIRECTORY"]
    base = (directory / "_base.yaml").read_text()
    small = "[10.60.0.0/16], networks: {<region>: {subnets: {registry: {prefix: 10.60.0.0/29}}}}"
    prod = (directory / "Pulumi.prod.yaml").read_text().replace("[10.60.0.0/16]", small)
    (line,) = [number for number, text in enumerate(prod.splitlines(), start=1) if "10.60.0.0/29" in text]
    assert files.refusals(prod, base=base) == [
        f"{FILE}:{line} networks.westeurope.subnets.registry: 10.60.0.0/29 in vnet-contoso-prod-westeurope leaves 3 "
        "addresses, 7 are needed (1 global + 3 data + 3 regional), 1 of headroom in replicas wants 9; give /27 or "
        "larger; /28 (4 free) is the smallest that fits [ACR-7]"
    ]


def test_a_stack_without_a_file_is_refused_with_the_stacks_there_are(files: Files) -> None:
    files.write("x: 1\n", "Pulumi.prod.yaml")
    files.write("x: 1\n", "Pulumi.dev.yaml")
    with pytest.raises(SpecError) as refusal:
        load("pord", directory=files.directory)
    assert refusal.value.lines == ("stacks/Pulumi.pord.yaml: file not found; available stacks: dev, prod",)


def test_a_directory_without_stacks_says_so(files: Files) -> None:
    with pytest.raises(SpecError, match="available stacks: none"):
        load("prod", directory=files.directory)


def test_stack_names_leave_out_the_base(files: Files) -> None:
    for name in ("Pulumi.b.yaml", "Pulumi.a.yaml", "_base.yaml", "schema.json"):
        files.write("", name)
    assert stack_names(files.directory) == ["a", "b"]


def test_a_file_without_a_base_excludes_others(files: Files) -> None:
    assert files.load(IN_ORDER).spec.name == "contoso"


def test_unknown_keys_beside_config_are_refused_with_their_lines(files: Files) -> None:
    assert files.refusals(IN_ORDER + "confg: {}\nsecretprovider: x\n") == [
        f"{FILE}:27 confg: is not a key of a stack file; remove it",
        f"{FILE}:28 secretprovider: is not a key of a stack file; remove it",
    ]


@pytest.mark.parametrize("key", ["secretsprovider: x", "encryptionsalt: v1:x", "encryptedkey: x", "environment: [e]"])
def test_the_engines_own_keys_are_let_be(files: Files, key: str) -> None:
    assert files.load(f"{IN_ORDER}{key}\n").spec.name == "contoso"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", FILE),
        ("- a\n", f"{FILE}:1"),
        ("config: x\n", f"{FILE}:1"),
        ("# a comment\nconfig:\n  other:key: 1\n", f"{FILE}:2"),
        ("config:\n  moorings:stack: text\n", f"{FILE}:1"),
        ("config:\n  moorings:stack:\n", f"{FILE}:1"),
    ],
)
def test_a_file_without_a_description_is_refused(files: Files, text: str, place: str) -> None:
    assert files.refusals(text) == [f"{place}: has no mapping at config, moorings:stack; add one"]


def test_a_fault_of_the_base_is_reported_at_the_base(files: Files) -> None:
    assert files.refusals(IN_ORDER, base="config: {}\n") == [
        "stacks/_base.yaml:1: has no mapping at config, moorings:stack; add one"
    ]


def test_other_settings_of_the_engine_may_stand_beside_the_description(files: Files) -> None:
    assert files.load(IN_ORDER.replace("config:\n", "config:\n  azure-native:location: eastus\n", 1))


TAGS = ("    dns: {}\n", "    dns: {}\n    tags: {a: x, b: '1.30'}\n")


def test_an_engine_that_says_the_same_changes_nothing(files: Files) -> None:
    stack = files.load(changed(TAGS), engine={"name": "contoso", "tags": {"a": "x", "b": 1.3}, "registry": {}})
    assert stack.spec.tags == {"a": "x", "b": "1.30"}


@pytest.mark.parametrize(
    ("engine", "report"),
    [
        ({"name": "other"}, "3 name: is contoso here but differs in the engine's configuration"),
        ({"name": "Contoso"}, "3 name: is contoso here but differs in the engine's configuration"),
        ({"name": {"a": 1}}, "3 name: is contoso here but differs in the engine's configuration"),
        ({"tags": {"b": 1.4}}, "18 tags.b: is 1.30 here but differs in the engine's configuration"),
        ({"tags": {"c": "y"}}, "18 tags.c: is in the engine's configuration but not in a stack file; add it there"),
        ({"tags": "x"}, "18 tags: is a mapping here but differs in the engine's configuration"),
        (
            {"networks": {"eastus": {"address_space": ["10.50.0.0/16", "10.51.0.0/16"]}}},
            "8 networks.eastus.address_space: is a list of 1 here but differs in the engine's",
        ),
        (
            {"networks": {"eastus": {"address_space": ["10.51.0.0/16"]}}},
            "8 networks.eastus.address_space.0: is 10.50.0.0/16 here but differs in the engine's configuration",
        ),
        (
            {"networks": {"eastus": {"address_space": "10.50.0.0/16"}}},
            "8 networks.eastus.address_space: is a list of 1 here but differs in the engine's configuration",
        ),
        (
            {"registry": {"regional_endpoints": False}},
            "21 registry.regional_endpoints: is true here but differs in the engine's configuration",
        ),
    ],
)
def test_an_engine_that_says_otherwise_is_refused(files: Files, engine: dict[str, object], report: str) -> None:
    (line,) = files.refusals(changed(TAGS), engine=engine)
    assert line.startswith(f"{FILE}:{report}")


def test_every_disagreement_is_reported(files: Files) -> None:
    lines = files.refusals(IN_ORDER, engine={"name": "x", "extra": 1, "location": "westeurope"})
    assert [line.split(" ")[1] for line in lines] == ["extra:", "name:", "location:"]


@pytest.mark.parametrize(
    ("written", "engines"),
    [("true", "true"), ("true", True), ("2026-01-02", "2026-01-02T00:00:00Z"), ("1.30", 1.3), ("x", "x"), ("5", "5")],
)
def test_the_engines_rewriting_of_a_value_is_no_disagreement(files: Files, written: str, engines: object) -> None:
    files.write(f"config:\n  moorings:stack: {{a: {written}}}\n")
    document = describe("test", directory=files.directory)
    assert with_secrets(document, {"a": engines}).data == document.data


def test_a_key_that_a_layer_removed_is_no_disagreement(files: Files) -> None:
    base = "config:\n  moorings:stack:\n    tags: {a: x}\n"
    text = changed(("    dns: {}\n", "    dns: {}\n    tags: {a: null}\n"))
    assert files.load(text, base=base, engine={"tags": {"a": None}}).spec.tags == {}


def test_a_secure_value_is_the_engines(files: Files) -> None:
    files.write("config:\n  moorings:stack:\n    a: {secure: v1:abc}\n    b: [{secure: v1:def}, x]\n")
    document = describe("test", directory=files.directory)
    data = with_secrets(document, {"a": "opened", "b": ["too", "x"]}).data
    assert data["a"].get_secret_value() == "opened"
    assert data["b"][0].get_secret_value() == "too"
    assert "opened" not in repr(data)


def test_a_secure_value_that_the_engine_lacks_is_refused(files: Files) -> None:
    text = changed(("    dns: {}\n", "    dns: {}\n    tags: {a: {secure: v1:abc}}\n"))
    (line,) = files.refusals(text, engine={"name": "contoso"})
    assert line.startswith(f"{FILE}:18 tags.a: the engine has no decrypted value for it; set it with pulumi config set")


def test_a_secure_value_never_shows_in_a_refusal(files: Files) -> None:
    text = changed(("environment: test", "environment: {secure: v1:abc}"))
    (line,) = files.refusals(text, engine={"environment": "opened"})
    assert line.startswith(f"{FILE}:4 environment: is a secure value")
    assert "opened" not in line


@pytest.mark.parametrize("tags", ["opened", ["opened"], {"a": "opened"}])
def test_what_the_engine_decrypted_never_shows_in_a_disagreement(files: Files, tags: object) -> None:
    text = changed(("    dns: {}\n", "    dns: {}\n    tags: {a: plain}\n"))
    (line,) = files.refusals(text, engine={"tags": tags})
    assert "opened" not in line


def test_warnings_are_reported_in_the_order_of_the_file(files: Files) -> None:
    text = changed(
        ("10.50.0.0/24", "10.50.0.0/28"),
        ("10.60.0.0/24", "10.60.0.0/28"),
        ("[10.50.0.0/16]", "[10.50.0.0/16, 8.0.0.0/16]"),
        ("dns: {}", "planning: {ranges: warn}"),
    )
    assert [line.split(" ")[0] for line in files.warnings(text)] == [f"{FILE}:{n}" for n in (8, 11, 16)]


def test_what_every_name_and_place_is_made_of_is_reported_where_the_base_states_it(files: Files) -> None:
    base = "config:\n  moorings:stack:\n    name: fabrikam\n    location: westus\n"
    over = "config:\n  moorings:stack:\n    environment: test\n"
    files.write(base, "_base.yaml")
    files.write(over)
    assert (
        inherited("test", directory=files.directory) == "name fabrikam and location westus come from stacks/_base.yaml"
    )
    files.write(over + "    name: contoso\n")
    assert inherited("test", directory=files.directory) == "location westus comes from stacks/_base.yaml"
    files.write(over + "    name: contoso\n    location: eastus\n")
    assert inherited("test", directory=files.directory) == ""
