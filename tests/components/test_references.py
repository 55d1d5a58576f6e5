"""References of fields: where they are found, what they lead to, and which spec reports them."""

from typing import Annotated

import pytest

from components.references import Reference, dangling, edges
from components.spec import Spec

NetworkKey = Annotated[str, Reference("networks", "network")]
SubnetKey = Annotated[str, Reference("networks.{network}.subnets", "subnet")]


class Network(Spec):
    subnets: dict[str, str] = {}
    peers: list[NetworkKey] = []


class Pool(Spec):
    subnet: SubnetKey | None = None
    mounts: dict[Annotated[str, Reference(".volumes", "volume")], str] = {}


class Cluster(Spec):
    network: Annotated[NetworkKey, "anything else that a field says of itself"]
    pools: dict[str, Pool] = {}
    spare: Pool | int | None = None


class Gateway(Spec):
    cluster: Annotated[str, Reference("clusters", "cluster")]
    subnet: Annotated[str, Reference("networks.{clusters.{cluster}.network}.subnets", "subnet")]


class Burst(Spec):
    subnet: Annotated[str, Reference("networks.{clusters.{key}.network}.subnets", "subnet")] = "burst"


class Root(Spec):
    volumes: dict[str, str] = {}
    networks: dict[str, Network] = {}
    clusters: dict[str, Cluster] = {}
    gateways: dict[str, Gateway] = {}
    bursts: dict[Annotated[str, Reference("clusters", "cluster")], Burst] = {}


TWO = {"near": {"subnets": {"a": "", "burst": ""}}, "far": {"subnets": {"b": ""}}}


def leads(**stated: object) -> dict[str, str | None]:
    """Where each reference leads, by where it stands."""
    root = Root.model_validate({"networks": TWO, **stated})
    return {".".join(edge.path): edge.target and ".".join(edge.target) for edge in edges(root)}


def problems(**stated: object) -> dict[str, str]:
    """What is wrong with each reference that leads nowhere."""
    root = Root.model_validate({"networks": TWO, **stated})
    return {".".join(edge.path): edge.problem for edge in edges(root) if edge.problem}


def test_a_reference_is_found_in_a_field_in_a_list_and_in_what_may_be_something_else() -> None:
    networks = {"near": {**TWO["near"], "peers": ["far"]}, "far": TWO["far"]}
    found = leads(networks=networks, clusters={"one": {"network": "far", "spare": {"subnet": "b"}}})
    assert found == {
        "networks.near.peers.0": "networks.far",
        "clusters.one.network": "networks.far",
        "clusters.one.spare.subnet": "networks.far.subnets.b",
    }


def test_a_subnet_is_one_of_the_network_that_the_nearest_entry_around_it_names() -> None:
    clusters = {
        "one": {"network": "near", "pools": {"p": {"subnet": "a"}}},
        "two": {"network": "far", "pools": {"p": {"subnet": "b"}, "q": {}}},
    }
    found = leads(clusters=clusters)
    assert found["clusters.one.pools.p.subnet"] == "networks.near.subnets.a"
    assert found["clusters.two.pools.p.subnet"] == "networks.far.subnets.b"
    assert "clusters.two.pools.q.subnet" not in found


def test_a_target_may_go_through_another_reference() -> None:
    found = leads(clusters={"one": {"network": "far"}}, gateways={"web": {"cluster": "one", "subnet": "b"}})
    assert found["gateways.web.subnet"] == "networks.far.subnets.b"


def test_a_key_may_be_a_reference_and_a_target_may_depend_on_it() -> None:
    found = leads(clusters={"one": {"network": "near"}}, bursts={"one": {}})
    assert found["bursts.one"] == "clusters.one"
    assert found["bursts.one.subnet"] == "networks.near.subnets.burst"


def test_what_names_nothing_is_said_with_what_there_is_and_what_is_spelled_alike() -> None:
    assert problems(clusters={"one": {"network": "naer"}}) == {
        "clusters.one.network": "there is no network 'naer'; there are: near, far; did you mean near?"
    }
    assert problems(clusters={"one": {"network": "middle"}}) == {
        "clusters.one.network": "there is no network 'middle'; there are: near, far"
    }


def test_what_depends_on_a_reference_that_names_nothing_is_not_to_blame() -> None:
    found = problems(
        clusters={"one": {"network": "nowhere", "spare": {"subnet": "a"}}},
        gateways={"web": {"cluster": "one", "subnet": "a"}},
    )
    assert set(found) == {"clusters.one.network"}


@pytest.mark.parametrize(("volumes", "reported"), [({"data": ""}, False), ({}, True)])
def test_a_reference_within_an_entry_is_reported_by_the_spec_of_the_entry_that_holds_the_target(
    volumes: dict[str, str], reported: bool
) -> None:
    clusters = {"one": {"network": "near", "pools": {"p": {"mounts": {"data": "/mnt"}}}}}
    root = Root.model_validate({"networks": TWO, "volumes": volumes, "clusters": clusters})
    path = ("clusters", "one", "pools", "p", "mounts", "data")
    found = [(path, "there is no volume 'data'; there are: none")]
    assert list(dangling(root)) == (found if reported else [])
    assert list(dangling(root.clusters["one"])) == []


def test_a_spec_by_itself_does_not_judge_what_only_a_description_knows() -> None:
    assert list(dangling(Cluster.model_validate({"network": "nowhere"}))) == []
    assert [edge.problem for edge in edges(Cluster.model_validate({"network": "nowhere"}))] == [None]


def test_the_schema_says_what_a_field_names() -> None:
    definitions = Root.model_json_schema()["$defs"]
    assert definitions["Gateway"]["properties"]["cluster"]["x-reference"] == "clusters"
    assert definitions["Network"]["properties"]["peers"]["items"]["x-reference"] == "networks"
    assert Root.model_json_schema()["properties"]["bursts"]["propertyNames"]["x-reference"] == "clusters"
