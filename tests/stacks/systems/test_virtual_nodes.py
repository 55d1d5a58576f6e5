"""Virtual nodes in two regions: who may make container groups where."""

from components.testing import Recording
from planning.virtual_nodes import CHART_VERSION
from tests.stacks.systems.two_regions import grants

CONTRIBUTOR, NETWORK_CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c", "4d97b98b-1d4f-4787-a291-c67834d212e7"


def test_the_kubelet_may_make_container_groups_beside_its_nodes_and_in_the_subnet(built: Recording) -> None:
    kubelet = "id-contoso-test-kubelet-principal"
    assert grants(built, "virtual-nodes-") == {
        (CONTRIBUTOR, "/subscriptions/s/resourceGroups/rg-nodes-contoso-test-first", kubelet),
        (CONTRIBUTOR, "/subscriptions/s/resourceGroups/rg-nodes-contoso-test-second", kubelet),
        (NETWORK_CONTRIBUTOR, "contoso-test-network-near-vnet-id/subnets/burst", kubelet),
        (NETWORK_CONTRIBUTOR, "contoso-test-network-far-vnet-id/subnets/burst", kubelet),
    }


def test_the_stack_reports_what_the_chart_is_given(built: Recording) -> None:
    reports = built.exports["compute"]["virtual_nodes"]
    assert {key: report["subnet_id"] for key, report in reports.items()} == {
        "first": "contoso-test-network-near-vnet-id/subnets/burst",
        "second": "contoso-test-network-far-vnet-id/subnets/burst",
    }
    assert reports["first"]["chart_version"] == CHART_VERSION
    assert "pull_identity_id" not in reports["first"]
    assert reports["second"]["pull_identity_id"] == "contoso-test-identity-api-identity-id"
    assert reports["second"]["pull_principal_id"] == "id-contoso-test-api-principal"
