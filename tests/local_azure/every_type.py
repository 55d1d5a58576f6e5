"""A local Azure in which a resource of every type was made, and the bodies that made them."""

from __future__ import annotations

from typing import Any

from app_requests import IDENTITY, PROVIDER, WORKSPACE, Apps
from arm_client import GROUP, NETWORK, REGISTRY, ROOT, Arm, version_for

Json = dict[str, Any]

INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"
STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmestore"
WEB = f"{GROUP}/providers/Microsoft.Web"
VNET = f"{NETWORK}/virtualNetworks/vnet"
HUB = f"{NETWORK}/virtualNetworks/hub"
ZONE = f"{NETWORK}/privateDnsZones/contoso.internal"
LINKED = f"{NETWORK}/privateDnsZones/privatelink.azurecr.io"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks"
SCHEDULER = f"{GROUP}/providers/Microsoft.DurableTask/schedulers/tasks"
CONTROLLER = f"{GROUP}/providers/Microsoft.ServiceNetworking/trafficControllers/web"
ENVIRONMENT = f"{PROVIDER}/managedEnvironments/cae"
ONCALL = f"{INSIGHTS}/actionGroups/oncall"
USERS = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
EAST: Json = {"location": "eastus"}
EVERYWHERE: Json = {"location": "global"}
_SINGLE = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"

VERSIONS = {
    "locks": "2020-05-01",
    "microsoft.storage": "2024-01-01",
    "microsoft.web": "2025-03-01",
    "datacollectionendpoints": "2022-06-01",
    "datacollectionrules": "2022-06-01",
    "datacollectionruleassociations": "2022-06-01",
    "components": "2020-02-02",
    "actiongroups": "2024-10-01-preview",
    "activitylogalerts": "2020-10-01",
    "metricalerts": "2018-03-01",
    "microsoft.monitor": "2023-04-03",
    "microsoft.containerinstance": "2024-05-01-preview",
    "microsoft.durabletask": "2026-02-01",
    "microsoft.eventgrid": "2025-02-15",
    "microsoft.servicenetworking": "2025-01-01",
    "agents": "2026-01-01",
    "sandboxgroups": "2026-02-01-preview",
}
"""API versions beside those of the other tests, by a segment of the address."""


def version_of(path: str) -> str:
    """The api-version that these tests use for an address."""
    tail = path.lower().rpartition("/providers/")[2].split("/")
    return next((version for part, version in VERSIONS.items() if part in tail), version_for(path))


def _subnet(name: str, prefix: str, delegation: str = "") -> Json:
    service = [{"name": "d", "properties": {"serviceName": delegation}}] if delegation else []
    return {"name": name, "properties": {"addressPrefix": prefix, "delegations": service}}


def _networks() -> dict[str, Json]:
    rule = {
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "sourceAddressPrefix": "*",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "443",
    }
    subnets = [
        _subnet("a", "10.0.0.0/24"),
        _subnet("nodes", "10.0.1.0/24"),
        _subnet("boxes", "10.0.2.0/26", "Microsoft.App/environments"),
        _subnet("groups", "10.0.3.0/24", "Microsoft.ContainerInstance/containerGroups"),
        _subnet("gateway", "10.0.4.0/24", "Microsoft.ServiceNetworking/trafficControllers"),
    ]
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    return {
        f"{NETWORK}/networkSecurityGroups/nsg": {
            **EAST,
            "properties": {"securityRules": [{"name": "r", "properties": rule}]},
        },
        VNET: {**EAST, "properties": {**space, "subnets": subnets}},
        HUB: {**EAST, "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "subnets": []}},
        f"{VNET}/subnets/a": {"properties": {"addressPrefix": "10.0.0.0/24"}},
        f"{VNET}/virtualNetworkPeerings/hub": {"properties": {"remoteVirtualNetwork": {"id": HUB}}},
        ZONE: EVERYWHERE,
        LINKED: EVERYWHERE,
        f"{ZONE}/A/www": {"properties": {"aRecords": [{"ipv4Address": "10.0.0.4"}]}},
        f"{ZONE}/TXT/www": {"properties": {"txtRecords": [{"value": ["v"]}]}},
        f"{ZONE}/virtualNetworkLinks/l": {**EVERYWHERE, "properties": {"virtualNetwork": {"id": VNET}}},
    }


def _registries() -> dict[str, Json]:
    connection = {"name": "pe", "properties": {"privateLinkServiceId": REGISTRY, "groupIds": ["registry"]}}
    return {
        REGISTRY: {
            **EAST,
            "identity": USERS,
            "sku": {"name": "Premium"},
            "properties": {"networkRuleSet": {"defaultAction": "Allow"}, "policies": {"retentionPolicy": {}}},
        },
        f"{REGISTRY}/replications/westus": {"location": "westus", "properties": {}},
        f"{NETWORK}/privateEndpoints/pe": {
            **EAST,
            "properties": {"subnet": {"id": f"{VNET}/subnets/a"}, "privateLinkServiceConnections": [connection]},
        },
        f"{NETWORK}/privateEndpoints/pe/privateDnsZoneGroups/default": {
            "properties": {"privateDnsZoneConfigs": [{"name": "acr", "properties": {"privateDnsZoneId": LINKED}}]}
        },
    }


def _compute(apps: Apps) -> dict[str, Json]:
    job = {"triggerType": "Schedule", "replicaTimeout": 60, "scheduleTriggerConfig": {"cronExpression": "0 * * * *"}}
    container = {"name": "main", "image": "contoso.azurecr.io/web:1"}
    pulls = [{"server": "contoso.azurecr.io", "identity": IDENTITY}]
    pool = {"name": "system", "mode": "System", "count": 1, "vnetSubnetID": f"{VNET}/subnets/nodes"}
    plain = {"image": "mcr.microsoft.com/app:1", "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}}
    return {
        ENVIRONMENT: {
            **EAST,
            "properties": {
                "workloadProfiles": [{"name": "Consumption", "workloadProfileType": "Consumption"}],
                "peerAuthentication": {"mtls": {}},
            },
        },
        f"{PROVIDER}/containerApps/web": apps.app_body(scale={}),
        f"{PROVIDER}/jobs/nightly": {
            **EAST,
            "identity": USERS,
            "properties": {
                "environmentId": ENVIRONMENT,
                "configuration": {**job, "registries": pulls},
                "template": {"containers": [container]},
            },
        },
        f"{PROVIDER}/sessionPools/pool": {**EAST, "properties": {"containerType": "PythonLTS"}},
        f"{PROVIDER}/agents/sre": {**EAST, "identity": USERS, "properties": {}},
        f"{PROVIDER}/sandboxGroups/boxes": {**EAST, "properties": {}},
        CLUSTER: {
            **EAST,
            "identity": {"type": "SystemAssigned"},
            "properties": {
                "dnsPrefix": "aks",
                "agentPoolProfiles": [pool],
                "networkProfile": {
                    "networkPlugin": "azure",
                    "networkPluginMode": "overlay",
                    "serviceCidr": "172.16.0.0/16",
                    "dnsServiceIP": "172.16.0.10",
                },
            },
        },
        f"{CLUSTER}/agentPools/user": {"properties": {"count": 1, "vnetSubnetID": f"{VNET}/subnets/nodes"}},
        f"{CLUSTER}/maintenanceConfigurations/default": {"properties": {}},
        f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/web": {
            **EAST,
            "properties": {
                "osType": "Linux",
                "containers": [{"name": "main", "properties": plain}],
                "subnetIds": [{"id": f"{VNET}/subnets/groups"}],
                "ipAddress": {"type": "Private", "ports": [{"port": 80, "protocol": "TCP"}]},
            },
        },
    }


def _alerts() -> dict[str, Json]:
    return {
        ONCALL: {**EVERYWHERE, "properties": {"groupShortName": "oncall", "enabled": True}},
        f"{INSIGHTS}/activityLogAlerts/health": {
            **EVERYWHERE,
            "properties": {
                "scopes": [ROOT],
                "condition": {"allOf": [{"field": "category", "equals": "ServiceHealth"}]},
                "actions": {"actionGroups": [{"actionGroupId": ONCALL}]},
            },
        },
        f"{INSIGHTS}/metricAlerts/used": {
            **EVERYWHERE,
            "properties": {
                "severity": 2,
                "enabled": True,
                "scopes": [REGISTRY],
                "evaluationFrequency": "PT1H",
                "windowSize": "PT1H",
                "criteria": {"odata.type": _SINGLE, "allOf": []},
            },
        },
    }


def _beside() -> dict[str, Json]:
    """What monitors, keeps, schedules and serves."""
    topic = {"source": GROUP, "topicType": "Microsoft.Resources.ResourceGroups"}
    function = {"endpointType": "AzureFunction", "properties": {"resourceId": f"{WEB}/sites/site/functions/f"}}
    metrics = f"{GROUP}/providers/Microsoft.Monitor/accounts/metrics"
    topics = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/groups"
    return {
        WORKSPACE: {**EAST, "properties": {"sku": {"name": "PerGB2018"}, "features": {}}},
        f"{ENVIRONMENT}/providers/Microsoft.Insights/diagnosticSettings/logs": {
            "properties": {"workspaceId": WORKSPACE, "logs": [{"category": "ContainerAppHTTPLogs", "enabled": True}]}
        },
        f"{INSIGHTS}/dataCollectionEndpoints/dce": {**EAST, "properties": {"networkAcls": {}}},
        f"{INSIGHTS}/components/app": {
            **EAST,
            "kind": "web",
            "properties": {"Application_Type": "web", "WorkspaceResourceId": WORKSPACE},
        },
        metrics: {**EAST, "properties": {}},
        **_alerts(),
        STORAGE: {
            **EAST,
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "properties": {"networkAcls": {"defaultAction": "Allow"}},
        },
        f"{STORAGE}/blobServices/default": {"properties": {"cors": {}}},
        f"{STORAGE}/blobServices/default/containers/packages": {"properties": {}},
        f"{WEB}/serverfarms/plan": {**EAST, "sku": {"name": "B1"}, "properties": {}},
        f"{WEB}/sites/site": {
            **EAST,
            "identity": USERS,
            "properties": {"serverFarmId": f"{WEB}/serverfarms/plan", "siteConfig": {}},
        },
        topics: {**EVERYWHERE, "properties": topic},
        f"{topics}/eventSubscriptions/reconcile": {"properties": {"destination": function}},
        SCHEDULER: {**EAST, "properties": {"ipAllowlist": ["10.0.0.0/8"], "sku": {"name": "Consumption"}}},
        f"{SCHEDULER}/taskHubs/orders": {"properties": {}},
        f"{SCHEDULER}/retentionPolicies/default": {
            "properties": {"retentionPolicies": [{"retentionPeriodInDays": 10}]}
        },
        CONTROLLER: EAST,
        f"{CONTROLLER}/frontends/public": EAST,
        f"{CONTROLLER}/associations/subnet": {
            **EAST,
            "properties": {"associationType": "subnets", "subnet": {"id": f"{VNET}/subnets/gateway"}},
        },
        f"{NETWORK}/ApplicationGatewayWebApplicationFirewallPolicies/waf": {
            **EAST,
            "properties": {
                "managedRules": {
                    "managedRuleSets": [{"ruleSetType": "Microsoft_DefaultRuleSet", "ruleSetVersion": "2.1"}]
                }
            },
        },
    }


def bodies(apps: Apps) -> dict[str, Json]:
    """One body for each type, by address, in an order in which they can be made."""
    return {
        f"{ROOT}/resourceGroups/other": EAST,
        f"{ROOT}/resourceGroups/other/providers/Microsoft.Authorization/locks/keep": {
            "properties": {"level": "CanNotDelete", "notes": "keep it"}
        },
        IDENTITY: EAST,
        **_networks(),
        **_registries(),
        **_compute(apps),
        **_beside(),
    }


def make(arm: Arm) -> dict[str, Json]:
    """Make every resource and return the bodies by address."""
    apps = Apps(arm)
    apps.registry()
    created = bodies(apps)
    for path, body in created.items():
        reply = arm("PUT", path, body, version_of(path))
        assert reply.status in {200, 201, 202}, (path, reply.body)
        for header in ("azure-asyncoperation", "location"):
            if header in reply.headers:
                arm("GET", reply.headers[header])
    return created
