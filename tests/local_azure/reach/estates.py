"""An estate in which every pull works, made by requests to a local Azure, and ways to break one thing in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from arm_client import GROUP, NETWORK, REGISTRY, Arm

PROVIDER = f"{GROUP}/providers/Microsoft.App"
IDENTITIES = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
PULLER, PLANE = f"{IDENTITIES}/puller", f"{IDENTITIES}/plane"
APP, JOB, POOL = f"{PROVIDER}/containerApps/web", f"{PROVIDER}/jobs/nightly", f"{PROVIDER}/sessionPools/pool"
BOXES = f"{PROVIDER}/sandboxGroups/boxes"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks"
GROUPS = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups"
MAIN, SPOKE, FAR = (f"{NETWORK}/virtualNetworks/{name}" for name in ("main", "spoke", "far"))
ZONE = f"{NETWORK}/privateDnsZones/privatelink.azurecr.io"
CONNECTIONS = f"{REGISTRY}/privateEndpointConnections"

GLOBAL, EAST, WEST = (
    f"contoso{tail}" for tail in (".azurecr.io", ".eastus.geo.azurecr.io", ".westeurope.geo.azurecr.io")
)

ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
READER = "b93aa761-3e63-49ed-ac28-beffa264f7ac"
WRITER = "2a1e307c-b015-4ebd-883e-5b7698a07328"
OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
PIPELINE = "11111111-2222-3333-4444-555555555555"
SUBNETS = {
    "apps": ("10.0.1.0/24", "Microsoft.App/environments"),
    "boxes": ("10.0.2.0/24", "Microsoft.App/environments"),
    "nodes": ("10.0.3.0/24", ""),
    "endpoints": ("10.0.4.0/24", ""),
}
REGISTRY_BODY: dict[str, Any] = {
    "regionalEndpoints": "Enabled",
    "publicNetworkAccess": "Disabled",
    "roleAssignmentMode": "AbacRepositoryPermissions",
}
DENY = {
    "priority": 100,
    "access": "Deny",
    "protocol": "*",
    "sourceAddressPrefix": "*",
    "sourcePortRange": "*",
    "destinationPortRange": "443",
}


def narrowed(prefix: str) -> str:
    """The condition that the portal writes for a prefix of repositories and the role Repository Reader."""
    actions = ("content/read", "metadata/read")
    names = (f"'Microsoft.ContainerRegistry/registries/repositories/{action}'" for action in actions)
    others = " AND ".join(f"!(ActionMatches{{{name}}})" for name in names)
    attribute = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]"
    return f"(\n ({others})\n OR\n ({attribute} StringStartsWithIgnoreCase '{prefix}')\n)"


@dataclass
class Estate:
    """A local Azure with the estate in it, and what its clusters, sandboxes and pipelines pull and push."""

    arm: Arm
    pulls: list[dict[str, str]] = field(default_factory=list)

    def subnet(self, network: str, name: str, prefix: str, service: str = "", **more: Any) -> str:
        delegations = [{"name": "d", "properties": {"serviceName": service}}] if service else []
        properties = {"addressPrefix": prefix, "delegations": delegations, **more}
        return self.arm.put(f"{network}/subnets/{name}", {"properties": properties})["id"]

    def own_subnet(self, name: str, **more: Any) -> str:
        """Write a subnet of the network `main` again with more properties."""
        return self.subnet(MAIN, name, *SUBNETS[name], **more)

    def guarded(self, subnet: str, direction: str, destination: str, **more: Any) -> str:
        """Put a rule that denies HTTPS on a subnet and return the rule's id."""
        group = f"{NETWORK}/networkSecurityGroups/guard"
        rule = {**DENY, "direction": direction, "destinationAddressPrefix": destination}
        body = {"location": "eastus", "properties": {"securityRules": [{"name": "no-https", "properties": rule}]}}
        self.arm.put(group, body)
        self.own_subnet(subnet, networkSecurityGroup={"id": group}, **more)
        return f"{group}/securityRules/no-https"

    def routed(self, subnet: str, prefix: str, hop: str, address: str = "") -> str:
        """Give a subnet a route table with one route and return the route's id."""
        return self.routes(subnet, away=(prefix, hop, address))

    def routes(self, subnet: str, **routes: tuple[str, str, str]) -> str:
        """Give a subnet a route table with routes (prefix, type and address of the hop) and return the first one's id."""
        table = f"{NETWORK}/routeTables/routes"
        stated = [
            {
                "name": name,
                "properties": {
                    "addressPrefix": prefix,
                    "nextHopType": hop,
                    **({"nextHopIpAddress": address} if address else {}),
                },
            }
            for name, (prefix, hop, address) in routes.items()
        ]
        self.arm.put(table, {"location": "eastus", "properties": {"routes": stated}})
        self.own_subnet(subnet, routeTable={"id": table})
        return f"{table}/routes/{next(iter(routes))}"

    def grant(self, scope: str, role: str, principal: str, condition: str = "") -> str:
        properties = {
            "principalId": principal,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{role}",
            **({"condition": condition, "conditionVersion": "2.0"} if condition else {}),
        }
        name = uuid.uuid5(uuid.NAMESPACE_URL, f"{scope}{role}{principal}")
        place = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
        return self.arm.put(place, {"properties": properties})["id"]

    def token(self, *actions: str, status: str = "enabled") -> str:
        """Make a token with a scope map, let a client sign in with it, and return its id."""
        scope_map = f"{REGISTRY}/scopeMaps/readers"
        self.arm.put(scope_map, {"properties": {"actions": list(actions)}}, "2025-11-01")
        properties = {"scopeMapId": scope_map, "status": status}
        self.pulls = [client(**{"from": f"{MAIN}/subnets/nodes", "credentials": "token:runner"})]
        token = self.arm.put(f"{REGISTRY}/tokens/runner", {"properties": properties}, "2025-11-01")["id"]
        self.arm("POST", f"{REGISTRY}/generateCredentials", {"tokenId": token, "name": "password1"}, "2025-11-01")
        return token

    def cached(self) -> str:
        """Let repositories of team a come from Docker Hub, with credentials, and return the rule's id."""
        secret = "https://contoso.vault.azure.net/secrets/hub"
        credentials = [{"name": "Credential1", "usernameSecretIdentifier": secret, "passwordSecretIdentifier": secret}]
        hub = f"{REGISTRY}/credentialSets/docker-hub"
        properties = {"loginServer": "docker.io", "authCredentials": credentials}
        self.arm.put(hub, {"identity": {"type": "SystemAssigned"}, "properties": properties}, "2025-11-01")
        rule = {
            "sourceRepository": "docker.io/library/*",
            "targetRepository": "team-a/*",
            "credentialSetResourceId": hub,
        }
        return self.arm.put(f"{REGISTRY}/cacheRules/docker-hub", {"properties": rule}, "2025-11-01")["id"]

    def cached_from_azure(self) -> str:
        """Let repositories of team a come from a registry in Azure, by an identity, and return the rule's id."""
        self.arm.registry("bases", roleAssignmentMode="AbacRepositoryPermissions")
        fetcher = f"{IDENTITIES}/fetcher"
        self.arm.put(fetcher, {"location": "eastus"})
        rule = {
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {fetcher: {}}},
            "properties": {"sourceRepository": "bases.azurecr.io/bases/*", "targetRepository": "team-a/*"},
        }
        return self.arm.put(f"{REGISTRY}/cacheRules/bases", rule, "2026-03-01-preview")["id"]

    def principal(self, identity: str) -> str:
        return self.arm.get(identity)["properties"]["principalId"]

    def registry(self, **changed: Any) -> None:
        """Write the registry with changed properties, and let its private endpoint follow."""
        self.arm.registry(**{**REGISTRY_BODY, **changed})
        self.follow()

    def follow(self) -> None:
        if self.arm("GET", f"{NETWORK}/privateEndpoints/pe").status == 200:
            self.arm.settled_members("pe")

    def link(self, network: str, zone: str = ZONE, **more: Any) -> str:
        properties = {"registrationEnabled": False, "virtualNetwork": {"id": network}, **more}
        name = network.rpartition("/")[2]
        place = f"{zone}/virtualNetworkLinks/{name}"
        return self.arm.put(place, {"location": "global", "properties": properties})["id"]

    def zone(self, name: str, group: str = GROUP) -> str:
        place = f"{group}/providers/Microsoft.Network/privateDnsZones/{name}"
        return self.arm.put(place, {"location": "global"})["id"]

    def record(self, name: str, address: str, zone: str = ZONE) -> str:
        body = {"properties": {"ttl": 10, "aRecords": [{"ipv4Address": address}]}}
        return self.arm.put(f"{zone}/A/{name}", body)["id"]

    def fed(self, endpoint: str, zone: str = ZONE) -> None:
        """Let an endpoint write its records into a zone."""
        configurations = [{"name": "zone", "properties": {"privateDnsZoneId": zone}}]
        place = f"{NETWORK}/privateEndpoints/{endpoint}/privateDnsZoneGroups/default"
        self.arm.put(place, {"properties": {"privateDnsZoneConfigs": configurations}})

    def endpoint(self, name: str = "pe", subnet: str = f"{MAIN}/subnets/endpoints", **more: Any) -> None:
        reply = self.arm.endpoint(name, subnet, **more)
        assert reply.status == 201, reply.body
        assert self.arm("GET", reply.headers["azure-asyncoperation"]).body["status"] == "Succeeded"

    def connection(self) -> str:
        """Id of the connection of the private endpoint."""
        return self.arm.get(CONNECTIONS)["value"][0]["id"]

    def address(self, member: str = "registry") -> str:
        return self.arm.members("pe")[member]

    def group(self, name: str, subnet: str, image: str = f"{GLOBAL}/team-a/batch:1") -> str:
        """Make a container group that pulls by the identity, in a subnet or in none."""
        sizes = {"resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}}
        properties = {
            "osType": "Linux",
            "containers": [{"name": "main", "properties": {"image": image, **sizes}}],
            "imageRegistryCredentials": [{"server": image.partition("/")[0], "identity": PULLER}],
            **({"subnetIds": [{"id": subnet}]} if subnet else {}),
        }
        return self.arm.put(f"{GROUPS}/{name}", self.owned(properties), "2026-07-01")["id"]

    def owned(self, properties: dict[str, Any], identity: str = PULLER) -> dict[str, Any]:
        return {
            "location": "eastus",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
            "properties": properties,
        }


def client(**more: str) -> dict[str, str]:
    """A pipeline, on the internet unless `from` says otherwise."""
    signed_in = {} if "credentials" in more else {"principal_id": PIPELINE}
    return {"name": "runner", "image": f"{GLOBAL}/team-a/web:1", **signed_in, **more}


def container(host: str, name: str, size: float = 0.5) -> dict[str, Any]:
    return {"name": name, "image": f"{host}/team-a/{name}:1", "resources": {"cpu": size, "memory": f"{2 * size:g}Gi"}}


def build(arm: Arm) -> Estate:
    """Make the estate: two regions, a closed registry, and one consumer of every kind."""
    created = Estate(arm)
    arm.group()
    _networks(created)
    arm.registry(**REGISTRY_BODY)
    assert arm.replica("westeurope").body["status"] == "Succeeded"
    created.zone("privatelink.azurecr.io")
    created.endpoint()
    created.fed("pe")
    for network in (MAIN, SPOKE):
        created.link(network)
    for identity in (PULLER, PLANE):
        arm.put(identity, {"location": "eastus"})
    created.grant(REGISTRY, READER, created.principal(PULLER), narrowed("team-a/"))
    created.grant(REGISTRY, WRITER, PIPELINE)
    created.grant(PULLER, OPERATOR, created.principal(PLANE))
    _compute(created)
    created.follow()
    return created


def _networks(created: Estate) -> None:
    for network, prefix in ((MAIN, "10.0.0.0/16"), (SPOKE, "10.1.0.0/16"), (FAR, "10.2.0.0/16")):
        created.arm.network(network.rpartition("/")[2], prefix)
    for name, (prefix, service) in SUBNETS.items():
        created.subnet(MAIN, name, prefix, service)
    created.subnet(SPOKE, "cg", "10.1.1.0/24", "Microsoft.ContainerInstance/containerGroups")
    created.subnet(FAR, "endpoints", "10.2.4.0/24")
    for here, there in ((MAIN, SPOKE), (SPOKE, MAIN)):
        body = {"properties": {"remoteVirtualNetwork": {"id": there}, "allowVirtualNetworkAccess": True}}
        created.arm.put(f"{here}/virtualNetworkPeerings/{there.rpartition('/')[2]}", body)


def _compute(created: Estate) -> None:
    arm, environment = created.arm, f"{PROVIDER}/managedEnvironments/cae"
    subnet = {"infrastructureSubnetId": f"{MAIN}/subnets/apps"}
    profiles = [{"name": "Consumption", "workloadProfileType": "Consumption"}]
    properties = {"vnetConfiguration": subnet, "workloadProfiles": profiles}
    arm.put(environment, {"location": "eastus", "properties": properties})

    def registries(host: str) -> dict[str, Any]:
        return {"registries": [{"server": host, "identity": PULLER}]}

    web = {"configuration": registries(GLOBAL), "template": {"containers": [container(GLOBAL, "web")]}}
    arm.put(APP, created.owned({"environmentId": environment, **web}))
    manual = {"triggerType": "Manual", "replicaTimeout": 60, **registries(EAST)}
    nightly = {"configuration": manual, "template": {"containers": [container(EAST, "report")]}}
    arm.put(JOB, created.owned({"environmentId": environment, **nightly}))
    template = {"containers": [container(GLOBAL, "box")], "registryCredentials": registries(GLOBAL)["registries"][0]}
    pool = {"containerType": "CustomContainer", "environmentId": environment, "customContainerTemplate": template}
    arm.put(POOL, created.owned(pool), "2025-10-02-preview")
    arm.put(BOXES, created.owned({}), "2026-02-01-preview")
    connection = {"location": "eastus", "properties": {"subnetId": f"{MAIN}/subnets/boxes"}}
    arm.put(f"{BOXES}/vnetConnections/default", connection, "2026-02-01-preview")
    created.group("inside", f"{SPOKE}/subnets/cg")
    created.group("outside", "")
    _cluster(created)
    created.pulls = [
        {"name": "checkout", "from": CLUSTER, "image": f"{EAST}/team-a/checkout:1"},
        {"name": "agents", "from": BOXES, "image": f"{WEST}/team-a/agent:1"},
        {"name": "ci", "from": f"{MAIN}/subnets/nodes", "principal_id": PIPELINE, "image": f"{GLOBAL}/team-a/web:2",
         "action": "push"},
    ]  # fmt: skip


def _cluster(created: Estate) -> None:
    shown = created.arm.get(PULLER)["properties"]
    kubelet = {"resourceId": PULLER, "clientId": shown["clientId"], "objectId": shown["principalId"]}
    pool = {"name": "system", "mode": "System", "count": 1, "vnetSubnetID": f"{MAIN}/subnets/nodes"}
    properties = {
        "dnsPrefix": "aks",
        "agentPoolProfiles": [pool],
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "serviceCidr": "172.16.0.0/16",
            "dnsServiceIP": "172.16.0.10",
        },
        "identityProfile": {"kubeletidentity": kubelet},
    }
    created.arm.put(CLUSTER, created.owned(properties, PLANE))
