"""Clusters made elsewhere: workloads, service accounts, gateways and grants of this stack use them."""

from collections.abc import Callable

import pytest

from components.testing import Recording
from planning.problems import SpecError
from tests.stacks.stack_files import Files
from tests.stacks.test_elsewhere import PULLER, loaded, ran

Record = Callable[..., Recording]

CLUSTER = "/subscriptions/s2/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks-shared"
NETWORK = "/subscriptions/s2/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-aks"

FILE = f"""\
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
    networks:
      aks:
        location: westeurope
        id: {NETWORK}
        subnets:
          endpoints: {{free_addresses: 20, purpose: private_endpoints}}
          gateway: {{free_addresses: 251, prefix: 10.9.0.0/24}}
    registry:
      name: fabrikamdev
      private_endpoints:
        aks: {{network: aks, subnet: endpoints}}
    identities: {{web: {{}}, controller: {{}}}}
    clusters:
      shared:
        id: {CLUSTER}
        network: aks
        kubelet_identity: {PULLER}
        workload_identities:
          web: {{identity: web, namespace: web, service_account: web}}
          alb: {{identity: controller, namespace: azure-alb-system, service_account: alb-controller-sa}}
    workloads:
      web: {{image: web@sha256:{"0" * 64}, clusters: [shared], identity: web, port: 8080}}
    gateways:
      web:
        cluster: shared
        subnet: gateway
        identity: controller
        routes: {{web: {{backends: {{web: 1}}}}}}
"""


def test_a_cluster_made_elsewhere_is_read_in_its_own_subscription_and_not_made(record: Record, files: Files) -> None:
    made = ran(record, loaded(files, FILE))
    assert made.of_type("containerservice:ManagedCluster") == made.of_type("containerservice:AgentPool") == []
    (read,) = [
        arguments for token, arguments in made.invokes if token == "azure-native:containerservice:getManagedCluster"
    ]
    assert read == {"resourceGroupName": "rg-aks", "resourceName": "aks-shared"}
    assert "s2" in {each.inputs["subscriptionId"] for each in made.of_type("pulumi:providers:azure-native")}


def test_its_service_accounts_act_as_identities_of_this_stack(record: Record, files: Files) -> None:
    credentials = ran(record, loaded(files, FILE)).of_type("managedidentity:FederatedIdentityCredential")
    assert {each.inputs["subject"] for each in credentials} == {
        "system:serviceaccount:web:web",
        "system:serviceaccount:azure-alb-system:alb-controller-sa",
    }


def test_its_nodes_are_granted_pull_unless_another_stack_grants_it(files: Files) -> None:
    granted = {grant.identity for grant in loaded(files, FILE).plan.grants.values()}
    assert PULLER in granted
    left = FILE.replace(f"        kubelet_identity: {PULLER}\n", "")
    assert PULLER not in {grant.identity for grant in loaded(files, left).plan.grants.values()}


def test_its_workloads_are_pulled_by_it(record: Record, files: Files) -> None:
    (pull,) = ran(record, loaded(files, FILE)).result.pulls
    assert pull["name"] == "web in shared"


def test_it_uses_no_address_of_this_stack(files: Files) -> None:
    consumers = {each.name for row in loaded(files, FILE).plan.ledger for each in row.consumers}
    assert consumers == {"private endpoint aks of registry fabrikamdev", "gateway web"}


REFUSED = {
    "a setting": (
        "        kubelet",
        "        tier: Free\n        kubelet",
        "shared.tier: is a setting of what is made elsewhere",
    ),
    "a cluster of this stack": (
        f"        id: {CLUSTER}\n",
        "",
        "clusters.shared.subnet: is missing; state it, or give the id of a cluster made elsewhere",
    ),
    "another type": (
        CLUSTER,
        NETWORK,
        "write that of a resource of type Microsoft.ContainerService/managedClusters [ARM-ID]",
    ),
    "virtual nodes": (
        "    gateways:\n",
        "    virtual_nodes: {shared: {subnet: gateway, pods: 4}}\n    gateways:\n",
        "virtual_nodes.shared: cluster shared is made elsewhere and is not changed",
    ),
}


@pytest.mark.parametrize(("old", "new", "refusal"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_hold_of_it_is_refused(files: Files, old: str, new: str, refusal: str) -> None:
    with pytest.raises(SpecError) as refused:
        loaded(files, FILE.replace(old, new, 1))
    assert refusal in str(refused.value)
