"""Bodies of clusters and pools, and the identities and the network that they stand on."""

from __future__ import annotations

import uuid
from typing import Any

from arm_client import GROUP, NETWORK, Arm

CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks"
IDENTITIES = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
PLANE, KUBELET = f"{IDENTITIES}/plane", f"{IDENTITIES}/kubelet"
SUBNET = f"{NETWORK}/virtualNetworks/net/subnets/nodes"
PODS = f"{NETWORK}/virtualNetworks/net/subnets/pods"
OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
SERVICES = {"serviceCidr": "172.16.0.0/16", "dnsServiceIP": "172.16.0.10"}
OVERLAY = {"networkPlugin": "azure", "networkPluginMode": "overlay", "networkDataplane": "cilium", **SERVICES}
FLAT = {"networkPlugin": "azure", **SERVICES}


def permit(arm: Arm) -> None:
    principal = arm.get(PLANE)["properties"]["principalId"]
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{OPERATOR}"
    body = {"properties": {"roleDefinitionId": role, "principalId": principal, "principalType": "ServicePrincipal"}}
    arm.put(f"{KUBELET}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}", body)


def prepared(arm: Arm) -> Arm:
    """Make two identities, of which one may hand out the other, and a network: 59 addresses for nodes, 251 for pods."""
    for identity in (PLANE, KUBELET):
        arm.put(identity, {"location": "eastus"})
    permit(arm)
    arm.network("net", nodes="10.0.0.0/26", pods="10.0.1.0/24")
    return arm


def pool(name: str = "system", mode: str = "System", count: int = 3, **more: Any) -> dict[str, Any]:
    return {"name": name, "mode": mode, "count": count, "vnetSubnetID": SUBNET, **more}


def body(
    arm: Arm, *pools: dict[str, Any], network: dict[str, Any] | None = None, location: str = "eastus", **more: Any
) -> dict[str, Any]:
    kubelet = arm.get(KUBELET)["properties"]
    return {
        "location": location,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {PLANE: {}}},
        "properties": {
            "dnsPrefix": "aks",
            "agentPoolProfiles": list(pools or [pool()]),
            "networkProfile": network or OVERLAY,
            "identityProfile": {
                "kubeletidentity": {
                    "resourceId": KUBELET,
                    "clientId": kubelet["clientId"],
                    "objectId": kubelet["principalId"],
                }
            },
            **more,
        },
    }


def extend(arm: Arm, name: str, **properties: Any) -> Any:
    return arm("PUT", f"{CLUSTER}/agentPools/{name}", {"properties": {"vnetSubnetID": SUBNET, **properties}})
