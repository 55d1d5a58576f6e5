"""A cluster for tests, with what Azure would answer."""

from collections.abc import Callable
from typing import Any

from components.aks.cluster import Cluster
from components.aks.profiles import Acting, Wiring
from components.aks.spec import ClusterSpec
from components.testing import Recording

Record = Callable[..., Recording]

IDENTITIES = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
RECENT = "AKSAzureLinux-V3gen2-202610.05.0"
TAGS = {"owner": "platform"}
ANSWERS = {
    "ManagedCluster": lambda inputs: {
        "name": inputs["resourceName"],
        "identity": {
            "type": "UserAssigned",
            "userAssignedIdentities": {each: {} for each in inputs["identity"]["userAssignedIdentities"]},
        },
        "fqdn": "public.example",
        "privateFQDN": "private.example",
        "oidcIssuerProfile": {"enabled": True, "issuerURL": "https://issuer.example/"},
        "agentPoolProfiles": [{**pool, "nodeImageVersion": RECENT} for pool in inputs["agentPoolProfiles"]],
    },
    "AgentPool": {"nodeImageVersion": RECENT},
}


def spec(**members: Any) -> ClusterSpec:
    stated = {"network": "eastus", "subnet": "nodes", "identity": "plane", "kubelet_identity": "kubelet"}
    return ClusterSpec.model_validate(stated | members)


def acting(name: str) -> Acting:
    return Acting(f"{IDENTITIES}/{name}", f"{name}-client", f"{name}-principal")


def cluster(described: ClusterSpec, *, workspace: str | None = None, zones: list[str] | None = None) -> Cluster:
    return Cluster(
        "c",
        Wiring(
            spec=described,
            cluster_name="aks-contoso-test-main",
            node_resource_group="rg-nodes-contoso-test-main",
            subnet_ids={key: f"/{key}" for key in ("nodes", "apps", "pods")},
            control_plane=acting("plane"),
            kubelet=acting("kubelet"),
            workspace_id=workspace,
        ),
        zones={pool: ["1", "2", "3"] if zones is None else zones for pool in described.pools},
        location="eastus",
        resource_group_name="rg",
        tags=TAGS,
    )


def create(record: Record, **members: Any) -> dict[str, Any]:
    return dict(record(lambda: cluster(spec(**members)), answers=ANSWERS).one("ManagedCluster").inputs)


POOLS = {
    "system": {"mode": "System"},
    "apps": {"maximum_count": 8, "labels": {"tier": "apps"}, "taints": ["a=b:NoSchedule"]},
    "fixed": {"count": 2},
    "spot": {"priority": "Spot", "maximum_count": 3},
}


def pool(recording: Recording, name: str) -> dict[str, Any]:
    return dict(recording.named(f"c-{name}-pool").inputs)
