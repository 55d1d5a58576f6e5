"""Resources with the same bodies in two formats: an exported state for the policies, and an ARM template for checkov."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

STACK = "bench"
_ENVELOPE = frozenset({"location", "tags", "sku", "identity", "kind", "zones"})
_TAGS = {"owner": "platform", "cost-center": "1042", "environment": "bench"}


def _registry(i: int) -> Json:
    return {
        "sku": {"name": "Premium"},
        "identity": {"type": "SystemAssigned"},
        "adminUserEnabled": i % 10 == 0,
        "anonymousPullEnabled": False,
        "dataEndpointEnabled": True,
        "publicNetworkAccess": "Disabled" if i % 5 else "Enabled",
        "networkRuleSet": {"defaultAction": "Deny", "ipRules": []},
        "policies": {
            "exportPolicy": {"status": "enabled"},
            "quarantinePolicy": {"status": "disabled"},
            "retentionPolicy": {"status": "enabled", "days": 30},
        },
    }


def _cluster(i: int) -> Json:
    pool = {
        "name": "system",
        "mode": "System",
        "count": 3,
        "vmSize": "Standard_D4s_v5",
        "osType": "Linux",
        "type": "VirtualMachineScaleSets",
        "maxPods": 60,
        "availabilityZones": ["1", "2", "3"],
        "enableAutoScaling": True,
        "minCount": 3,
        "maxCount": 6,
    }
    return {
        "identity": {"type": "SystemAssigned"},
        "sku": {"name": "Base", "tier": "Standard"},
        "dnsPrefix": f"aks{i}",
        "enableRBAC": True,
        "disableLocalAccounts": i % 7 != 0,
        "kubernetesVersion": "1.34.1",
        "aadProfile": {"managed": True, "enableAzureRBAC": True},
        "agentPoolProfiles": [pool, {**pool, "name": "user", "mode": "User"}],
        "apiServerAccessProfile": {"enablePrivateCluster": True, "disableRunCommand": True},
        "networkProfile": {"networkPlugin": "azure", "networkPolicy": "cilium", "loadBalancerSku": "standard"},
        "addonProfiles": {"azurepolicy": {"enabled": True}},
    }


def _app(i: int) -> Json:
    return {
        "identity": {"type": "SystemAssigned"},
        "configuration": {
            "ingress": {"external": False, "allowInsecure": False, "targetPort": 80},
            "registries": [{"server": f"registry{i}.azurecr.io", "identity": "system"}],
        },
        "template": {
            "containers": [{"name": "main", "image": f"registry{i}.azurecr.io/web:1"}],
            "scale": {"minReplicas": 2, "maxReplicas": 10},
        },
    }


def _network(i: int) -> Json:
    base = f"10.{i}"
    return {
        "addressSpace": {"addressPrefixes": [f"{base}.0.0/16"]},
        "subnets": [{"name": f"subnet{n}", "addressPrefix": f"{base}.{n}.0/24"} for n in range(4)],
    }


def _security_group(i: int) -> Json:
    rule = {
        "name": "https",
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "sourceAddressPrefix": f"10.{i}.0.0/16",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "443",
    }
    return {"securityRules": [rule]}


def _vault(i: int) -> Json:
    return {
        "sku": {"family": "A", "name": "standard"},
        "tenantId": "00000000-0000-0000-0000-000000000000",
        "enablePurgeProtection": i % 3 != 0,
        "enableRbacAuthorization": True,
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices"},
    }


def _workspace(_: int) -> Json:
    return {"sku": {"name": "PerGB2018"}, "retentionInDays": 90}


_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers"


def _endpoint(i: int) -> Json:
    target = f"{_GROUP}/Microsoft.ContainerRegistry/registries/registry{i}"
    return {
        "subnet": {"id": f"{_GROUP}/Microsoft.Network/virtualNetworks/network{i}/subnets/subnet0"},
        "privateLinkServiceConnections": [
            {"name": "registry", "privateLinkServiceId": target, "groupIds": ["registry"]},
        ],
    }


def _environment(i: int) -> Json:
    subnet = f"{_GROUP}/Microsoft.Network/virtualNetworks/network{i}/subnets/subnet1"
    return {"zoneRedundant": True, "vnetConfiguration": {"internal": True, "infrastructureSubnetId": subnet}}


def _identity(_: int) -> Json:
    return {}


KINDS = (
    ("containerregistry:Registry", "Microsoft.ContainerRegistry/registries", "registryName", "registry", _registry),
    ("containerservice:ManagedCluster", "Microsoft.ContainerService/managedClusters", "resourceName", "aks", _cluster),
    ("app:ContainerApp", "Microsoft.App/containerApps", "containerAppName", "app", _app),
    ("app:ManagedEnvironment", "Microsoft.App/managedEnvironments", "environmentName", "env", _environment),
    ("network:VirtualNetwork", "Microsoft.Network/virtualNetworks", "virtualNetworkName", "network", _network),
    (
        *("network:NetworkSecurityGroup", "Microsoft.Network/networkSecurityGroups"),
        *("networkSecurityGroupName", "nsg", _security_group),
    ),
    ("network:PrivateEndpoint", "Microsoft.Network/privateEndpoints", "privateEndpointName", "endpoint", _endpoint),
    ("keyvault:Vault", "Microsoft.KeyVault/vaults", "vaultName", "vault", _vault),
    ("operationalinsights:Workspace", "Microsoft.OperationalInsights/workspaces", "workspaceName", "logs", _workspace),
    (
        *("managedidentity:UserAssignedIdentity", "Microsoft.ManagedIdentity/userAssignedIdentities"),
        *("resourceName", "identity", _identity),
    ),
)
_VERSIONS: Mapping[str, str] = {
    "Microsoft.ContainerRegistry": "2023-07-01",
    "Microsoft.ContainerService": "2025-05-01",
    "Microsoft.App": "2025-01-01",
    "Microsoft.Network": "2024-05-01",
    "Microsoft.KeyVault": "2023-07-01",
    "Microsoft.OperationalInsights": "2023-09-01",
    "Microsoft.ManagedIdentity": "2023-01-31",
}


def _bodies(count: int) -> Iterator[tuple[str, str, str, str, Json]]:
    """Yield class, ARM type, name property, name and body of each resource."""
    for i in range(count // len(KINDS)):
        for cls, arm_type, key, word, body in KINDS:
            yield cls, arm_type, key, f"{word}{i}", {"location": "eastus", "tags": _TAGS, **body(i)}


def state(count: int) -> Json:
    """Return an exported state with a number of resources."""
    found: list[Json] = []
    for cls, arm_type, key, name, body in _bodies(count):
        token = f"azure-native:{cls}"
        inputs = body
        if cls == "keyvault:Vault":  # this class has the `properties` container
            inputs = {"location": body["location"], "tags": body["tags"]}
            inputs["properties"] = {each: value for each, value in body.items() if each not in {"location", "tags"}}
        found.append(
            {
                "urn": f"urn:pulumi:{STACK}::bench::{token}::{name}",
                "custom": True,
                "id": f"{_GROUP}/{arm_type}/{name}",
                "type": token,
                "inputs": {**inputs, key: name, "resourceGroupName": "rg"},
                "outputs": {},
            }
        )
    return {"version": 3, "deployment": {"manifest": {}, "resources": found}}


def template(count: int) -> Json:
    """Return an ARM template with the same resources."""
    resources = []
    for _, arm_type, _, name, body in _bodies(count):
        inner = {key: _wrapped(value) for key, value in body.items() if key not in _ENVELOPE}
        outer = {key: value for key, value in body.items() if key in _ENVELOPE}
        if arm_type.endswith(("vaults", "workspaces")):
            inner["sku"] = outer.pop("sku")
        version = _VERSIONS[arm_type.split("/")[0]]
        resources.append({"type": arm_type, "apiVersion": version, "name": name, **outer, "properties": inner})
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    return {"$schema": schema, "contentVersion": "1.0.0.0", "resources": resources}


def _wrapped(value: Any) -> Any:
    """Move the members of a named element below `properties`, as in the request body of networks."""
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return value
    if not {"addressPrefix", "priority", "privateLinkServiceId"} & set(value[0]):
        return value
    return [{"name": each["name"], "properties": {k: v for k, v in each.items() if k != "name"}} for each in value]
