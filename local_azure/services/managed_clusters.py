"""Managed Kubernetes clusters: who acts for them, what is fixed after creation, their names, and credentials on demand."""

from __future__ import annotations

import base64
import hashlib
import uuid

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_service import CLUSTERS, MAINTENANCE
from local_azure.operations import Operation, Style, long_running
from local_azure.services import agent_pools, cluster_networks, managed_groups, occupancy
from local_azure.services.cloud import Answer, Cloud, Json, Request, ResourceType, pick
from local_azure.services.cluster_rules import refuse_changes, refuse_identities, refuse_rules
from local_azure.services.identities import IDENTITIES, assigned, new_identity
from local_azure.services.kubernetes_versions import control_plane_version, offered, refuse_mixed, refuse_skew
from local_azure.store import Resource

_LONGEST_GROUP = 80
_SPACE = uuid.UUID("0d1c4c1e-7a55-4a53-9a0e-8a6f3c1f2b90")


def _credential(cloud: Cloud, cluster: Resource, user: str) -> Answer:
    """A kubeconfig that names the server and lets nobody in: sign-in is the caller's own (chosen) [AKS-KUBECONFIG]."""
    server = cluster.properties.get("privateFQDN") or cluster.properties["fqdn"]
    text = (
        "apiVersion: v1\nkind: Config\n"
        f"clusters: [{{name: {cluster.name}, cluster: {{server: 'https://{server}:443'}}}}]\n"
        f"users: [{{name: {user}_{cluster.name}, user: {{exec: {{command: kubelogin}}}}}}]\n"
        f"contexts: [{{name: {cluster.name}, context: {{cluster: {cluster.name}, user: {user}_{cluster.name}}}}}]\n"
    )
    return Answer(200, {"kubeconfigs": [{"name": user, "value": base64.b64encode(text.encode()).decode()}]})


def _user_credential(cloud: Cloud, request: Request, resource: Resource) -> Answer:
    return _credential(cloud, resource, "clusterUser")


def _monitoring_credential(cloud: Cloud, request: Request, resource: Resource) -> Answer:
    return _credential(cloud, resource, "clusterMonitoringUser")


def _admin_credential(cloud: Cloud, request: Request, resource: Resource) -> Answer:
    if resource.properties.get("disableLocalAccounts"):
        message = "Getting static credential is not allowed because this cluster is set to disable local accounts."
        raise bad_request("BadRequest", message)
    return _credential(cloud, resource, "clusterAdmin")


class ManagedClusters(ResourceType):
    """Microsoft.ContainerService/managedClusters."""

    name = CLUSTERS
    patched = frozenset({"tags"})
    kept = ("location", "tags", "kind")
    pattern = r"[a-zA-Z0-9]|[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]"
    actions = {
        ("POST", "listclusterusercredential"): _user_credential,
        ("POST", "listclustermonitoringusercredential"): _monitoring_credential,
        ("POST", "listclusteradmincredential"): _admin_credential,
    }

    scoped = {("GET", "locations/kubernetesversions"): offered}

    lifecycle = long_running(("Creating", "Updating"), (240.0, 60.0, 180.0), deletes=Style.BOTH)
    """201 Creating with Azure-AsyncOperation, deletes by both headers; durations chosen [AKS-ASYNC]."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check identities, network and pools; what is fixed after creation must not change [AKS-FIXED]."""
        sent = request.stated
        inline = sent.pop("agentPoolProfiles", None) or []
        if existing is None and not any(pool.get("mode") == "System" for pool in inline):
            raise bad_request(
                "InvalidParameter", "There has to be at least one system agent pool.", "agentPoolProfiles"
            )
        identity = assigned(cloud, request.id, request.body.get("identity"))
        before = existing.properties if existing else {}
        refuse_identities(cloud, identity, sent, before)
        refuse_rules(sent)
        version = control_plane_version(request.id.name, sent, before)
        network = cluster_networks.with_defaults(
            sent.get("networkProfile") or {}, before.get("networkProfile") or {}, version
        )
        cluster_networks.refuse_profile(network)
        if existing is not None:
            pools = agent_pools.pools_of(cloud, existing.id)
            refuse_changes(existing, sent, network)
            refuse_mixed(inline, pools, version)
            refuse_skew(version, pools)
        resource = existing or self.new(request)
        resource.state["inline"] = inline
        properties = _properties(cloud, request, resource, sent, network, version, before)
        sku = {"name": "Base", "tier": "Free", **(request.body.get("sku") or {})}
        return self.result(request, resource, properties, sku=sku, **identity)

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Make the pools that were sent along, the nodes' resource group, and the private endpoint of the API server."""
        _make_group(cloud, resource)
        for sent in resource.state.pop("inline"):
            pool = agent_pools.write_pool(cloud, resource, sent["name"], sent)
            pool.properties["provisioningState"] = resource.properties["provisioningState"]
            cloud.add(pool)
            agent_pools.occupy(cloud, pool)
        _reach(cloud, resource)
        cloud.update(resource)

    @override
    def settle(self, cloud: Cloud, resource: Resource, operation: Operation) -> None:
        """Let the pools be there that came with the cluster, and show what Azure adds at the end [AKS-ADDED]."""
        group = managed_groups.group_id(resource, resource.properties["nodeResourceGroup"])
        network = resource.properties["networkProfile"]
        resource.properties["networkProfile"] = {**network, **cluster_networks.added(network, group)}
        if not (resource.properties.get("identityProfile") or {}).get("kubeletidentity"):
            kubelet = _kubelet(cloud, resource, group)
            profile = {"resourceId": kubelet.id, **_ids(kubelet)}
            resource.properties["identityProfile"] = {"kubeletidentity": profile}
        cloud.update(resource)
        for pool in agent_pools.pools_of(cloud, resource.id):
            if not cloud.operations.running(pool.key):
                pool.properties["provisioningState"] = "Succeeded"
                cloud.update(pool)

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Delete the cluster with its pools, its private endpoint and the nodes' resource group."""
        super().remove(cloud, resource)
        managed_groups.drop(cloud, resource, resource.properties["nodeResourceGroup"])

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the pools, those that were added later too."""
        pools = agent_pools.pools_of(cloud, resource.id)
        return {"agentPoolProfiles": [{"name": pool.name, **pool.properties} for pool in pools]}


def _refuse_long(group: str) -> None:
    """Raise ArmError for a name of the nodes' resource group that is too long, also one that the service makes [AKS-NODES]."""
    if len(group) > _LONGEST_GROUP:
        message = (
            f"The length of the node resource group name is too long. The maximum length is {_LONGEST_GROUP} and the length of "
            f"the value provided is {len(group)}. Please see https://aka.ms/aks-naming-rules for more details."
        )
        raise bad_request("InvalidParameter", message)


def _properties(
    cloud: Cloud, request: Request, resource: Resource, sent: Json, network: Json, version: str, before: Json
) -> Json:
    location = request.body["location"]
    group = str(
        sent.get("nodeResourceGroup")
        or before.get("nodeResourceGroup")
        or f"MC_{request.id.resource_group}_{request.id.name}_{location}"
    )
    _refuse_long(group)
    shown = {
        "enableRBAC": True,
        "supportPlan": "KubernetesOfficial",
        "disableLocalAccounts": False,
        **pick(before, "identityProfile"),
        **sent,
        "kubernetesVersion": sent.get("kubernetesVersion") or before.get("kubernetesVersion") or version,
        "currentKubernetesVersion": version,
        "nodeResourceGroup": group,
        "networkProfile": network,
        "maxAgentPools": 100,
        "powerState": {"code": "Running"},
        "resourceUID": hashlib.sha256(resource.key.encode()).hexdigest()[:24],
    }
    if (sent.get("oidcIssuerProfile") or {}).get("enabled"):
        issuer = f"https://{location}.oic.prod-aks.azure.com/{cloud.settings.tenant}/{_guid(resource, 'issuer')}/"
        shown["oidcIssuerProfile"] = {"enabled": True, "issuerURL": issuer}
    return {**shown, **_names(resource, shown, location)}


def _kubelet(cloud: Cloud, cluster: Resource, group: str) -> Resource:
    """Make the identity by which the nodes pull, in their own resource group."""
    identity = new_identity(cloud, f"{group}/providers/{IDENTITIES}/{cluster.name}-agentpool", cluster.location)
    cloud.add(identity)
    return identity


def _ids(identity: Resource) -> Json:
    return {"clientId": identity.properties["clientId"], "objectId": identity.properties["principalId"]}


def _guid(resource: Resource, role: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{resource.key}#{role}"))


def _names(resource: Resource, shown: Json, location: str) -> Json:
    """Host names of the API server, with a hash that is always the same for one id (chosen) [AKS-FQDN]."""
    label = f"{shown.get('dnsPrefix') or resource.name}-{hashlib.sha256(resource.key.encode()).hexdigest()[:8]}"
    access = shown.get("apiServerAccessProfile") or {}
    public = f"{label}.hcp.{location}.azmk8s.io"
    if not access.get("enablePrivateCluster"):
        return {"fqdn": public}
    zone = f"{_guid(resource, 'zone')}.privatelink.{location}.azmk8s.io"
    private = {"privateFQDN": f"{label}.{zone}"} if access.get("privateDNSZone") != "none" else {}
    return private | ({"fqdn": public} if access.get("enablePrivateClusterPublicFQDN", True) else {})


def _make_group(cloud: Cloud, resource: Resource) -> None:
    """Make the group of the nodes; raises ArmError when somebody else's has its name [AKS-NODES]."""
    name = resource.properties["nodeResourceGroup"]
    if managed_groups.is_foreign(cloud, resource, name):
        message = f"Node resource group {name} exists already; an existing group cannot be named as one."
        raise ArmError(409, "NodeResourceGroupExists", message)
    managed_groups.make(cloud, resource, name)


def _reach(cloud: Cloud, resource: Resource) -> None:
    """Take one address for the private endpoint of the API server, in the subnet of the first pool [AKS-PRIVATE]."""
    access = resource.properties.get("apiServerAccessProfile") or {}
    pools = agent_pools.pools_of(cloud, resource.id)
    subnet = cloud.get(str(pools[0].properties.get("vnetSubnetID") or "")) if pools else None
    if access.get("enablePrivateCluster") and subnet is not None:
        occupancy.occupy(cloud, subnet, f"{resource.id}#api-server", 1)


class MaintenanceConfigurations(ResourceType):
    """Microsoft.ContainerService/managedClusters/maintenanceConfigurations."""

    name = MAINTENANCE
    kind = ""
    provisioning = False
    methods = frozenset({"GET", "PUT", "DELETE"})

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Take one of the three names, and hours that last [AKS-MAINTENANCE]."""
        known = ("default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
        if request.id.name not in known:
            message = f"Maintenance configuration name {request.id.name} is none of {', '.join(known)}."
            raise bad_request("InvalidParameter", message)
        properties = request.properties
        hours = (properties.get("maintenanceWindow") or {}).get("durationHours")
        if request.id.name != "default" and not 4 <= (hours or 0) <= 24:
            raise bad_request("InvalidParameter", f"durationHours is {hours}; it must be between 4 and 24.")
        return self.result(request, existing, properties)


TYPES = (ManagedClusters(), *agent_pools.TYPES, MaintenanceConfigurations())
