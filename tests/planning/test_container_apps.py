"""What environments take from subnets, by the service's own table, and what fits into their profiles."""

from ipaddress import IPv4Network

import pytest

from planning.addresses import Row, Subnet, ledger
from planning.container_apps import (
    Kind,
    Nodes,
    Replicas,
    endpoint_consumer,
    environment_consumer,
    private_link_zone,
    profile_type,
    profile_type_problem,
    size_problem,
)

KEY = ("westeurope", "apps")


def row(
    prefix: int,
    *,
    kind: Kind = "workload_profiles",
    nodes: tuple[Nodes, ...] = (),
    replicas: Replicas | None = None,
    flex: bool = False,
) -> Row:
    consumer = environment_consumer(
        KEY, "environment main", kind=kind, nodes=nodes, replicas=replicas or Replicas(), flex=flex
    )
    (found,) = ledger([Subnet(*KEY, IPv4Network(f"10.0.0.0/{prefix}"))], [consumer])
    return found


# [CAE-2]: prefix, addresses left for what runs, most dedicated nodes and most consumption replicas in single revision mode.
SERVICE_TABLE = [(23, 498, 249, 2490), (24, 242, 121, 1210), (25, 114, 57, 570), (26, 50, 25, 250), (27, 18, 9, 90)]


@pytest.mark.parametrize(("prefix", "free", "nodes", "replicas"), SERVICE_TABLE)
def test_an_empty_environment_leaves_what_the_services_table_says(
    prefix: int, free: int, nodes: int, replicas: int
) -> None:
    assert row(prefix).free == free


@pytest.mark.parametrize(("prefix", "free", "nodes", "replicas"), SERVICE_TABLE)
def test_as_many_dedicated_nodes_fit_as_the_services_table_says_and_not_one_more(
    prefix: int, free: int, nodes: int, replicas: int
) -> None:
    assert row(prefix, nodes=(Nodes("big", nodes, doubled=True),)).verdict == "fits"
    short = row(prefix, nodes=(Nodes("big", nodes + 1, doubled=True),))
    assert (short.verdict, short.fitting_prefix) == ("short", prefix - 1)


@pytest.mark.parametrize(("prefix", "free", "nodes", "replicas"), SERVICE_TABLE)
def test_as_many_replicas_fit_as_the_services_table_says_and_not_one_more(
    prefix: int, free: int, nodes: int, replicas: int
) -> None:
    assert row(prefix, replicas=Replicas(doubled=replicas)).verdict == "fits"
    short = row(prefix, replicas=Replicas(doubled=replicas + 1))
    assert (short.verdict, short.fitting_prefix) == ("short", prefix - 1)


def test_what_keeps_its_old_revisions_is_not_doubled() -> None:
    assert row(27, nodes=(Nodes("big", 18, doubled=False),)).verdict == "fits"
    assert row(27, nodes=(Nodes("big", 19, doubled=False),)).verdict == "short"
    assert row(27, replicas=Replicas(steady=180)).verdict == "fits"
    assert row(27, replicas=Replicas(steady=181)).verdict == "short"


def test_the_sum_is_reported_in_words() -> None:
    found = row(26, nodes=(Nodes("big", 3, doubled=True),), replicas=Replicas(doubled=25, steady=4))
    (consumer,) = found.consumers
    assert consumer.need == 9 + 6 + 6 + 1
    assert consumer.parts == (
        "9 infrastructure (14 with the subnet's 5) + 2 x 3 nodes of big + 2 x 3 for 25 replicas + 1 for 4 replicas"
    )


@pytest.mark.parametrize(
    ("kind", "flex", "longest"),
    [("workload_profiles", False, 27), ("workload_profiles", True, 25), ("consumption_only", False, 23)],
)
def test_each_kind_of_environment_has_a_smallest_subnet(kind: Kind, flex: bool, longest: int) -> None:
    assert row(longest, kind=kind, flex=flex).verdict == "fits"
    too_small = row(longest + 1, kind=kind, flex=flex)
    assert (too_small.verdict, too_small.too_small, too_small.fitting_prefix) == ("short", True, longest)


def test_every_replica_of_a_consumption_only_environment_has_an_address_beside_its_256() -> None:
    assert row(23, kind="consumption_only", replicas=Replicas(doubled=125)).verdict == "fits"
    assert row(23, kind="consumption_only", replicas=Replicas(doubled=126)).verdict == "short"
    (consumer,) = row(23, kind="consumption_only", replicas=Replicas(doubled=2)).consumers
    assert (consumer.need, consumer.source) == (260, "CAE-3")


def test_a_private_endpoint_of_an_environment_takes_one_address() -> None:
    assert endpoint_consumer(KEY, "endpoint").need == 1
    assert private_link_zone("westeurope") == "privatelink.westeurope.azurecontainerapps.io"


@pytest.mark.parametrize(
    ("name", "family", "cores", "memory", "nodes"),
    [
        ("Consumption", "consumption", 4, 8, False),
        ("Consumption-GPU-NC8as-T4", "consumption_gpu", 8, 56, False),
        ("Consumption-GPU-NC24-A100", "consumption_gpu", 24, 220, False),
        ("Flex", "flex", 4, 16, False),
        ("D4", "dedicated", 4, 16, True),
        ("D32", "dedicated", 32, 128, True),
        ("E16", "dedicated", 16, 128, True),
        ("NC48-A100", "dedicated_gpu", 48, 440, True),
        ("DC8", "confidential", 8, 32, True),
    ],
)
def test_a_profile_has_a_size_and_nodes_or_none(name: str, family: str, cores: int, memory: int, nodes: bool) -> None:
    found = profile_type(name)
    assert found is not None
    assert (found.family, found.cores, found.memory_gib, found.has_nodes) == (family, cores, memory, nodes)
    assert profile_type_problem(name) is None


@pytest.mark.parametrize("name", ["d4", "D5", "E64", "EC4", "NC24", "Consumption-GPU", ""])
def test_other_names_are_no_profiles(name: str) -> None:
    assert profile_type(name) is None
    problem = profile_type_problem(name)
    assert problem is not None
    assert "use one of: Consumption" in problem


@pytest.mark.parametrize(("cores", "memory"), [(0.25, 0.5), (0.5, 1), (1.75, 3.5), (4, 8)])
def test_consumption_takes_steps_of_a_quarter_with_twice_as_much_memory(cores: float, memory: float) -> None:
    found = profile_type("Consumption")
    assert found is not None
    assert size_problem(cores, memory, found) is None


@pytest.mark.parametrize(
    ("cores", "memory", "remedy"),
    [(0.3, 0.6, "give 0.5 vCPU and 1 GiB"), (0.5, 2, "give 1 vCPU and 2 GiB"), (4.25, 8.5, "has 4 vCPU and 8 GiB")],
)
def test_consumption_refuses_other_sizes_with_one_that_fits(cores: float, memory: float, remedy: str) -> None:
    found = profile_type("Consumption")
    assert found is not None
    problem = size_problem(cores, memory, found)
    assert problem is not None
    assert remedy in problem


def test_a_dedicated_node_takes_any_size_that_it_has_room_for() -> None:
    found = profile_type("D4")
    assert found is not None
    assert size_problem(3.3, 15, found) is None
    assert size_problem(4, 17, found) is not None
