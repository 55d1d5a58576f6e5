"""What virtual nodes need is granted to the nodes' identity, each once; the chart itself is no resource."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pulumi
from components.surroundings import Made, Surroundings
from components.virtual_nodes.build import build

from components.testing import Recording
from planning.virtual_nodes import CHART_VERSION
from stacks.spec import StackSpec

Record = Callable[..., Recording]

CONTRIBUTOR, NETWORK_CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c", "4d97b98b-1d4f-4787-a291-c67834d212e7"
CLUSTER = {
    "network": "west",
    "subnet": "nodes",
    "identity": "plane",
    "kubelet_identity": "kubelet",
    "network_plugin_mode": "flat",
}


def described(**virtual_nodes: Any) -> StackSpec:
    return StackSpec.model_validate(
        {
            "name": "contoso",
            "environment": "test",
            "location": "westeurope",
            "registry": {"name": "contosotest"},
            "clusters": dict.fromkeys(virtual_nodes, CLUSTER),
            "virtual_nodes": virtual_nodes,
        }
    )


def built(record: Record, **virtual_nodes: Any) -> Recording:
    def program() -> dict[str, Made]:
        told = {
            key: {"id": f"/subscriptions/s/clusters/{key}", "node_resource_group": f"rg-{key}"} for key in virtual_nodes
        }
        identity = {
            key: SimpleNamespace(id=f"/ids/{key}", principal_id=f"{key}-principal")
            for key in ("plane", "kubelet", "burst")
        }
        around = SimpleNamespace(
            name="c",
            made={"clusters": told},
            identities=identity,
            registry=SimpleNamespace(name="contosotest"),
            subnet_id=lambda network, subnet: f"/subscriptions/s/{network}/{subnet}",
            options=pulumi.ResourceOptions,
        )
        return build(cast("Surroundings", around), described(**virtual_nodes))

    return record(program)


def grants(found: Recording) -> list[tuple[str, str, str]]:
    """Role, scope and principal of every grant."""
    return sorted(
        (str(one.inputs["roleDefinitionId"]).rpartition("/")[2], one.inputs["scope"], one.inputs["principalId"])
        for one in found.of_type("RoleAssignment")
    )


def test_nodes_may_make_container_groups_and_put_them_into_the_subnet(record: Record) -> None:
    assert grants(built(record, west={"pods": 10})) == [
        (NETWORK_CONTRIBUTOR, "/subscriptions/s/west/cg", "kubelet-principal"),
        (CONTRIBUTOR, "/subscriptions/s/resourceGroups/rg-west", "kubelet-principal"),
    ]


def test_clusters_that_share_identity_and_subnet_share_the_grant(record: Record) -> None:
    found = grants(built(record, west={"pods": 10}, other={"pods": 10}))
    assert [role for role, _, _ in found] == [NETWORK_CONTRIBUTOR, CONTRIBUTOR, CONTRIBUTOR]


def test_what_the_chart_is_told_comes_out(record: Record) -> None:
    made = built(record, west={"pods": 10, "identity": "burst"}).result["west"]
    assert (made["chart_version"], made["pull_identity_id"], made["pull_principal_id"]) == (
        CHART_VERSION,
        "/ids/burst",
        "burst-principal",
    )
