"""What pydantic finds, told in one line each: file, line, value, what is allowed, what to do."""

import pytest

from components.network.spec import NetworkSpec
from components.registry.spec import PoliciesSpec, RetentionSpec
from stacks.messages import model_at
from stacks.spec import StackSpec
from tests.stacks.stack_files import FILE, Files, changed, line_here
from tests.stacks.test_container_apps import with_apps
from tests.stacks.test_container_instances import stack as with_groups


@pytest.mark.parametrize(
    ("old", "new", "report"),
    [
        (
            "name: contosotest",
            "name: 1.30 # here",
            'registry.name: 1.30 is read as a number, which changes its text; quote it: "1.30"',
        ),
        (
            "environment: test",
            "environment: 2026-01-02 # here",
            'environment: 2026-01-02 is read as a date, which changes its text; quote it: "2026-01-02"',
        ),
        (
            "environment: test",
            "environment: TRUE # here",
            'environment: TRUE is read as true or false, which changes its text; quote it: "TRUE"',
        ),
        (
            "name: contosotest",
            "name: 0x1F # here",
            'registry.name: 0x1F is read as a number, which changes its text; quote it: "0x1F"',
        ),
        (
            "name: contosotest",
            "name: 1_000 # here",
            'registry.name: 1_000 is read as a number, which changes its text; quote it: "1_000"',
        ),
        ("environment: test", "environment: # here", "environment: expected a string, got nothing"),
        (
            "environment: test",
            "environment: [test] # here",
            "environment: expected a string, got a list",
        ),
        (
            "regional_endpoints: true",
            "regional_endpoints: on # here",
            "registry.regional_endpoints: expected true or false, got on",
        ),
        (
            "regional_endpoints: true",
            'regional_endpoints: "true" # here',
            "registry.regional_endpoints: true is a string because of its quotes; remove them",
        ),
        (
            "headroom: 1",
            'headroom: "1" # here',
            "registry.headroom: 1 is a string because of its quotes; remove them",
        ),
        (
            "headroom: 1",
            "headroom: 1.5 # here",
            "registry.headroom: expected an integer, got 1.5",
        ),
        (
            "headroom: 1",
            "headroom: 51 # here",
            "registry.headroom: 51 is too large; write 50 or less",
        ),
        (
            "westeurope: {}",
            "westeurope: # here",
            "registry.replicas.westeurope: expected a mapping, got nothing",
        ),
        ("dns: {}", "dns: [a] # here", "dns: expected a mapping, got a list"),
        ("    dns: {}", "    tags: x # here", "tags: expected a mapping, got x"),
        (
            "[10.50.0.0/16]",
            "10.50.0.0/16 # here",
            "networks.eastus.address_space: expected a list, got 10.50.0.0/16",
        ),
        (
            "[10.50.0.0/16]",
            "[10.50.0.0] # here",
            "networks.eastus.address_space.0: '10.50.0.0' has no prefix length; write a range such as 10.0.0.0/16",
        ),
        (
            "[10.50.0.0/16]",
            "[10.50] # here",
            "networks.eastus.address_space.0: 10.5 is not a range; write one such as 10.0.0.0/16",
        ),
        (
            "headroom: 1",
            "sku: premium # here",
            "registry.sku: premium is not allowed; write one of 'Basic', 'Standard', 'Premium'",
        ),
        (
            "headroom: 1",
            "sku: # here",
            "registry.sku: nothing is not allowed; write one of 'Basic', 'Standard', 'Premium'",
        ),
        (
            "dns: {}",
            "cloud: 1 # here",
            "cloud: 1 is not allowed; write one of 'public', 'usgovernment', 'china'",
        ),
        (
            "headroom: 1",
            "regionalEndpoints: true # here",
            "registry.regionalEndpoints: is not a known key; write regional_endpoints, or remove it",
        ),
        (
            "headroom: 1",
            "replica: {} # here",
            "registry.replica: is not a known key; write replicas, or remove it",
        ),
        (
            "dns: {}",
            "dns: {zzz: 1} # here",
            "dns.zzz: is not a known key; known keys: managed, zones, or remove it",
        ),
        (
            "westeurope: {}",
            "West Europe: {} # here",
            "registry.replicas.West Europe: 'West Europe' is not a region's name; write westeurope [REGION-1]",
        ),
        (
            "location: eastus",
            "location: Atlantis # here",
            "location: 'Atlantis' is not a region's name; write it as ARM does, such as westeurope [REGION-1]",
        ),
    ],
)
def test_a_wrong_value_is_reported_with_its_place_its_text_and_the_remedy(
    files: Files, old: str, new: str, report: str
) -> None:
    text = changed((old, new))
    lines = files.refusals(text)
    assert f"{FILE}:{line_here(text)} {report}" in lines


def test_a_key_that_is_spelled_otherwise_is_not_taken_for_another(files: Files) -> None:
    (line,) = files.refusals(changed(("headroom: 1", "quotas: {} # here")))
    assert (
        "registry.quotas: is not a known key; known keys: lock, role_assignments, tags, diagnostic_settings, id, "
        in line
    )
    assert "write" not in line


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("westeurope: {}", "westeurope: {region_endpoint_enabled: true} # here", "registry.replicas.westeurope"),
        ("westeurope: {}", "westeurope: {regionEndpointEnabled: true} # here", "registry.replicas.westeurope"),
        ("westeurope: {}", "westeurope: {regional_endpoint_enabled: true} # here", "registry.replicas.westeurope"),
        ("westeurope: {}", "westeurope: {regional_endpoints: true} # here", "registry.replicas.westeurope"),
        ("headroom: 1", "region_endpoint_enabled: true # here", "registry"),
    ],
)
def test_the_old_word_for_global_routing_is_refused_with_both_words_explained(
    files: Files, old: str, new: str, path: str
) -> None:
    text = changed((old, new))
    (line,) = files.refusals(text)
    assert line.startswith(f"{FILE}:{line_here(text)} {path}.")
    assert "write global_routing on a replica (whether it takes part in the global host name)" in line
    assert "regional_endpoints on the registry gives each replica a host name of its own" in line


@pytest.mark.parametrize("key", ["zone_redundancy", "zone_redundant"])
def test_zone_redundancy_is_refused_as_no_choice_any_more(files: Files, key: str) -> None:
    text = changed(("headroom: 1", f"{key}: Enabled # here"))
    assert files.refusals(text) == [
        f"{FILE}:{line_here(text)} registry.{key}: is not configurable: registries are zone redundant where "
        "the region has zones; remove it [ACR-9]"
    ]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("purpose: private_endpoints}", "purpose: {secure: v1:abc}} # here", "purpose"),
        ("prefix: 10.60.0.0/24", "prefix: {secure: v1:abc}", "prefix"),
    ],
)
def test_a_secure_value_where_a_choice_or_a_range_is_meant_is_reported_in_the_houses_words(
    files: Files, old: str, new: str, path: str
) -> None:
    west = "          registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}"
    (line,) = files.refusals(changed((west, west.replace(old, new))))
    report = f"networks.westeurope.subnets.registry.{path}: is a secure value where plain text would be stored"
    assert report in line


def test_a_missing_value_is_reported_at_the_map_that_lacks_it(files: Files) -> None:
    text = changed(("      name: contosotest\n", ""), ("    environment: test\n", ""))
    assert files.refusals(text) == [
        f"{FILE}:2 environment: is missing; state it",
        f"{FILE}:17 registry.name: is missing; state it",
    ]


def test_a_network_without_subnets_is_refused(files: Files) -> None:
    text = changed(("          registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}", "          {}"))
    (line,) = files.refusals(text)
    assert line.startswith(f"{FILE}:15 networks.westeurope.subnets: 0 stated, 1 at least; add some")


def test_a_block_of_text_is_shown_in_one_line(files: Files) -> None:
    text = changed(("headroom: 1", "sku: |\n        Pre\n        mium"))
    (line,) = files.refusals(text)
    assert r"registry.sku: 'Pre\nmium\n' is not allowed" in line


def test_a_control_character_in_a_value_does_not_reach_the_terminal(files: Files) -> None:
    (line,) = files.refusals(changed(("headroom: 1", r'sku: "a\eb"')))
    assert line.isprintable()


def test_every_problem_is_reported_at_once_in_the_order_of_the_file(files: Files) -> None:
    text = changed(
        ("environment: test", "environment: 1.30"),
        ("[10.60.0.0/16]", "[10.60.0.0]"),
        ("name: contosotest", "name: ab"),
        ("headroom: 1", "headrom: 1"),
        ("westeurope: {}", "westeurope: {global_routing: yes}"),
    )
    lines = files.refusals(text)
    assert [line.split(" ")[0].split(":")[1] for line in lines] == ["4", "13", "19", "21", "23"]


def test_problems_of_two_layers_are_reported_at_the_file_that_set_each(files: Files) -> None:
    base = "config:\n  moorings:stack:\n    tags:\n      cost-center: 1042\n    location: East US\n"
    text = changed(("    location: eastus\n", ""), ("environment: test", "environment: 1.30"))
    assert files.refusals(text, base=base) == [
        f'{FILE}:4 environment: 1.30 is read as a number, which changes its text; quote it: "1.30"',
        'stacks/_base.yaml:4 tags.cost-center: 1042 is read as a number, which changes its text; quote it: "1042"',
        "stacks/_base.yaml:5 location: 'East US' is not a region's name; write eastus [REGION-1]",
    ]


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ((), StackSpec),
        (("networks", "eastus"), NetworkSpec),
        (("registry", "policies"), PoliciesSpec),
        (("registry", "policies", "retention"), RetentionSpec),
        (("tags",), None),
        (("tags", "x"), None),
        (("name",), None),
        (("nowhere", "at", "all"), None),
    ],
)
def test_the_spec_behind_a_path_is_found(path: tuple[str, ...], model: type | None) -> None:
    assert model_at(StackSpec, path) is model


@pytest.mark.parametrize(
    ("text", "report"),
    [
        (
            with_groups(("ports: [80]}", "ports: [80], gpu: 1}")),
            "containers.main.gpu: is not available: the GPUs of container groups are of retired series; run it in container_apps",
        ),
        (
            with_apps(('{image: "team-a/web:1"}', '{image: "team-a/web:1", gpu: 1}')),
            "containers.web.gpu: comes with a workload profile: state one, such as Consumption-GPU-NC8as-T4",
        ),
        (
            changed(("    dns: {}\n", "    clusters: {main: {pools: {work: {gpu: 1}}}}\n")),
            "pools.work.gpu: comes with the VM size: state a vm_size with GPUs, such as Standard_NC4as_T4_v3 [VM-4]",
        ),
        (
            changed(("    dns: {}\n", "    clusters: {main: {pools: {work: {artifact_streaming: true}}}}\n")),
            "pools.work.artifact_streaming: is not in API version 2025-09-01, by which pools are made: remove it, and run "
            "az aks nodepool update with --enable-artifact-streaming [AKS-STREAMING]",
        ),
    ],
)
def test_a_field_that_is_elsewhere_is_answered_with_where_it_is(files: Files, text: str, report: str) -> None:
    assert [line for line in files.refusals(text) if report in line]


def test_the_profile_with_gpus_that_the_message_names_is_taken(files: Files) -> None:
    profile = (
        "        diagnostics:",
        "        profiles: {gpu: {type: Consumption-GPU-NC8as-T4}}\n        diagnostics:",
    )
    files.load(with_apps(profile, ("          web:\n", "          web:\n            profile: gpu\n")))
