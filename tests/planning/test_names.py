"""Names: ARM's rules at their boundaries, and how ours are made."""

import pytest

from planning import names
from planning.names import NameRule, Names


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (names.REGISTRY, "abcde"),
        (names.REGISTRY, "A" * 50),
        (names.RESOURCE_GROUP, "a"),
        (names.RESOURCE_GROUP, "rg-(a).b_c"),
        (names.RESOURCE_GROUP, "a" * 90),
        (names.VIRTUAL_NETWORK, "ab"),
        (names.VIRTUAL_NETWORK, "a" * 64),
        (names.VIRTUAL_NETWORK, "a.b_c-d_"),
        (names.SUBNET, "a"),
        (names.SUBNET, "a" * 80),
        (names.NETWORK_SECURITY_GROUP, "a" * 80),
        (names.PRIVATE_ENDPOINT, "p" * 64),
        (names.AZURE_MONITOR_WORKSPACE, "a" * 44),
        (names.AZURE_MONITOR_WORKSPACE, "a-b"),
        (names.SHORT_NAME, "ab"),
        (names.SHORT_NAME, "abcdefghij12"),
    ],
)
def test_a_name_within_arms_rule_has_no_problem(rule: NameRule, name: str) -> None:
    assert rule.problem(name) is None


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (names.REGISTRY, "abcd"),
        (names.REGISTRY, "a" * 51),
        (names.REGISTRY, "contoso-prod"),
        (names.REGISTRY, "contoso_prod"),
        (names.REGISTRY, "contosö"),
        (names.REGISTRY, "contoso\n"),
        (names.RESOURCE_GROUP, ""),
        (names.RESOURCE_GROUP, "a" * 91),
        (names.RESOURCE_GROUP, "ends."),
        (names.RESOURCE_GROUP, "a b"),
        (names.VIRTUAL_NETWORK, "a"),
        (names.VIRTUAL_NETWORK, "a" * 65),
        (names.VIRTUAL_NETWORK, "-ab"),
        (names.VIRTUAL_NETWORK, "ab-"),
        (names.VIRTUAL_NETWORK, "ab."),
        (names.VIRTUAL_NETWORK, "ab\n"),
        (names.SUBNET, ""),
        (names.SUBNET, "a" * 81),
        (names.SUBNET, "a/b"),
        (names.NETWORK_SECURITY_GROUP, "a" * 81),
        (names.PRIVATE_ENDPOINT, "p" * 65),
        (names.AZURE_MONITOR_WORKSPACE, "a"),
        (names.AZURE_MONITOR_WORKSPACE, "a" * 45),
        (names.AZURE_MONITOR_WORKSPACE, "-ab"),
        (names.AZURE_MONITOR_WORKSPACE, "ab-"),
        (names.AZURE_MONITOR_WORKSPACE, "a_b"),
        (names.SHORT_NAME, "a"),
        (names.SHORT_NAME, "a" * 13),
        (names.SHORT_NAME, "1a"),
        (names.SHORT_NAME, "Prod"),
        (names.SHORT_NAME, "pr-od"),
    ],
)
def test_a_name_outside_arms_rule_is_reported_in_one_line(rule: NameRule, name: str) -> None:
    problem = rule.problem(name)
    assert problem is not None
    assert "\n" not in problem
    assert repr(name) in problem
    assert f"{rule.shortest} to {rule.longest} characters" in problem
    assert f"(it has {len(name)})" in problem


def test_names_are_made_of_the_kind_the_workload_the_environment_and_the_key() -> None:
    ours = Names("contoso", "prod")
    assert ours.resource_group("registry") == "rg-contoso-prod-registry"
    assert ours.resource_group("network", "eastus") == "rg-contoso-prod-network-eastus"
    assert ours.virtual_network("eastus") == "vnet-contoso-prod-eastus"
    assert ours.network_security_group("eastus", "registry") == "nsg-contoso-prod-eastus-registry"
    assert ours.private_endpoint("contosoprod", "eastus") == "pe-contosoprod-eastus"
    assert ours.network_interface("contosoprod", "eastus") == "nic-pe-contosoprod-eastus"


def test_the_way_of_a_clusters_metrics_is_named_as_azures_own_clients_name_it() -> None:
    ours = Names("contoso", "prod")
    assert ours.metrics_workspace("main") == "amw-contoso-prod-main"
    assert ours.metrics_endpoint("eastus", "main") == "MSProm-eastus-aks-contoso-prod-main"
    assert ours.metrics_rule("eastus", "main") == "MSProm-eastus-aks-contoso-prod-main"


def test_what_is_cut_of_the_names_of_a_metrics_way_ends_with_a_letter_or_digit() -> None:
    ours = Names("contoso", "prod")
    # 44 characters end at the hyphen, and an endpoint takes no underscore.
    assert ours.metrics_endpoint("southeastasia", "a_bcd-e") == "MSProm-southeastasia-aks-contoso-prod-abcd"
    assert len(ours.metrics_rule("southeastasia", "x" * 40)) == 64


def test_the_same_description_gives_the_same_names() -> None:
    assert Names("a", "b").virtual_network("c") == Names("a", "b").virtual_network("c")


@pytest.mark.parametrize(
    ("name", "reserved"),
    [
        ("azure", "'azure' is a reserved word"),
        ("Office365", "'Office365' is a reserved word"),
        ("mymicrosoft1", "has the reserved word 'microsoft' in it"),
        ("contosowindows", "has the reserved word 'windows' in it"),
        ("loginhost", "starts with the reserved word 'login'"),
    ],
)
def test_reserved_words_are_refused_in_names_that_are_part_of_a_host_name(name: str, reserved: str) -> None:
    for rule in (names.REGISTRY, names.FUNCTION_APP):
        assert reserved in (rule.problem(name) or "")


@pytest.mark.parametrize("name", ["azurecontainers", "contosologin", "myoffice"])
def test_a_name_that_only_holds_a_word_which_is_reserved_as_a_whole_is_taken(name: str) -> None:
    assert names.REGISTRY.problem(name) is None


def test_names_without_an_endpoint_know_no_reserved_words() -> None:
    assert names.VIRTUAL_NETWORK.problem("windows-net") is None
