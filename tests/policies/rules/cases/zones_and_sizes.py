"""What a region or a VM size does not have."""

from typing import Any

from tests.policies.rules.cases.clusters import CLUSTER, SYSTEM, pools
from tests.policies.rules.programs import U, azure, one, several


def pool(**members: Any) -> dict[str, Any]:
    return pools({**SYSTEM, **members})


_ZONED = pool(availabilityZones=["1", "2", "3"])
_ENVIRONMENT = azure("app:ManagedEnvironment", environmentName="cae", resourceGroupName="rg", location="westus")
_GROUP = azure(
    "containerinstance:ContainerGroup",
    containerGroupName="g",
    resourceGroupName="rg",
    location="westus",
    containers=[{"name": "main"}],
)
_POOL = azure(
    "containerservice:AgentPool",
    {"resourceName": ["cluster"]},
    agentPoolName="user",
    resourceName="aks",
    resourceGroupName="rg",
    availabilityZones=["1"],
)


def _beside(region: Any) -> dict[str, Any]:
    return {"cluster": type(CLUSTER)(CLUSTER.token, {**CLUSTER.inputs, "location": region}), "pool": _POOL}


CASES = [
    one(
        "MOOR-DOM-031",
        CLUSTER,
        fail=[
            pool(vmSize="Standard_D4s_v5", osDiskType="Ephemeral"),
            pool(vmSize="Standard_D2ds_v5", osDiskType="Ephemeral", osDiskSizeGB=128),
            pool(vmSize="Standard_NC6s_v2"),
            pool(vmSize="Standard_B2ats_v2"),
            pool(maxPods=10, count=2),
            pool(maxPods=10, enableAutoScaling=True, minCount=1, maxCount=5),
        ],
        ok=[
            pool(vmSize="Standard_D4ds_v5", osDiskType="Ephemeral"),
            pool(vmSize="Standard_D4s_v5", osDiskType="Managed"),
            pool(maxPods=10, count=3),
            pools({**SYSTEM}, {"name": "user", "mode": "User", "count": 1, "maxPods": 10}),
            pool(vmSize="Standard_D2ds_v5", osDiskType="Ephemeral", osDiskSizeGB=64),
        ],
        off={},
        later=[pool(vmSize=U), pool(vmSize="Standard_D4s_v5", osDiskType=U)],
    ),
    one(
        "MOOR-AKS-046",
        CLUSTER,
        fail=[pool(vmSize="Standard_D2s_v5"), pool(vmSize="Standard_B4ms")],
        ok=[
            pool(vmSize="Standard_D4s_v5"),
            pools(
                {**SYSTEM, "vmSize": "Standard_D4s_v5"}, {"name": "user", "mode": "User", "vmSize": "Standard_D2s_v5"}
            ),
        ],
        off={},
        later=pool(vmSize=U),
    ),
    one(
        "MOOR-DOM-032",
        CLUSTER,
        fail={**_ZONED, "location": "westus"},
        ok={**pool(), "location": "westus"},
        off=[_ZONED, {**_ZONED, "location": "notopenedyet"}],
        later=[{**_ZONED, "location": U}, {**pool(availabilityZones=U), "location": "westus"}],
    ),
    several("MOOR-DOM-032", "pool", fail=_beside("westus"), ok=[], off=_beside("eastus"), later=_beside(U)),
    one(
        "MOOR-DOM-032",
        _ENVIRONMENT,
        fail={"zoneRedundant": True},
        ok=[{}, {"zoneRedundant": False}],
        off={"location": "westeurope", "zoneRedundant": True},
        later={"zoneRedundant": U},
    ),
    one(
        "MOOR-DOM-032",
        _GROUP,
        fail={"zones": ["1"]},
        ok={},
        off={"location": "eastus", "zones": ["1"]},
        later={"zones": U},
    ),
]
