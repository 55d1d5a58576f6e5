"""Domain rules on registries, their hosts and their zones."""

from typing import Any

from tests.policies.rules.cases.networks import link, network, peering, subnet
from tests.policies.rules.cases.registries import (
    ENVIRONMENT,
    GROUP,
    IN_ENVIRONMENT,
    NAMELESS,
    OF_AN_ENVIRONMENT,
    REPLICA,
    app,
    child,
    endpoint,
    registry,
    zone,
    zone_group,
)
from tests.policies.rules.cases.vaults import VAULT
from tests.policies.rules.programs import Made, U, azure, one, several

PREMIUM = {"regionalEndpoints": "Enabled", "dataEndpointEnabled": True}
DUAL = {"endpointProtocol": "IPv4AndIPv6", "dataEndpointEnabled": True}
NETWORK = network(**subnet())
CACHE = child("CacheRule", cacheRuleName="upstream")
_UNTRUSTED = {"networkRuleBypassOptions": "None"}
BASIC = {"sku": {"name": "Basic"}}
FAR = Made(ENVIRONMENT.token, {**ENVIRONMENT.inputs, "location": "westeurope"})
UNTIL_KNOWN = Made(REPLICA.token, {**REPLICA.inputs, "location": U}, REPLICA.made_from)


def policies(**statuses: str) -> dict[str, Any]:
    return {"policies": {f"{name}Policy": {"status": status} for name, status in statuses.items()}}


def allowed(*ranges: str) -> dict[str, Any]:
    return {"defaultAction": "Deny", "ipRules": [{"iPAddressOrRange": each} for each in ranges]}


def replica(region: str = "westeurope", **inputs: object) -> Made:
    return child("Replication", **{"replicationName": region, "location": region, **inputs})


TASK = child("Task", taskName="build", location="eastus")
WEBHOOK = child(
    "Webhook", webhookName="builds", location="eastus", actions=["push"], serviceUri="https://ci.contoso.example"
)
LOCK = azure(
    "authorization:ManagementLockByScope", {"scope": ["registry"]}, lockName="keep", scope=U, level="CanNotDelete"
)
ABROAD = {"replica": REPLICA, "network": NETWORK, "endpoint": endpoint(subnet={"id": U})}
PRIVATE = {
    "registry": registry(),
    "network": NETWORK,
    "endpoint": endpoint(subnet={"id": U}),
    "zone": zone(),
    "records": zone_group(),
}
PEERED = {**PRIVATE, "link": link(), "spoke": network("spoke"), "peering": peering("a", "network", "spoke")}


def containers(network: str) -> Made:
    """A container group in a network whose subnets have no ids yet."""
    group = azure(
        "containerinstance:ContainerGroup", {"subnetIds": [network]}, containerGroupName="job", subnetIds=[{"id": U}]
    )
    return Made(
        group.token,
        {**group.inputs, "resourceGroupName": "rg", "location": "eastus", "containers": []},
        group.made_from,
    )


REGIONAL_ZONE = zone("eastus.data.privatelink.azurecr.io")
SECOND = {
    "endpoint2": Made(
        endpoint().token, {**endpoint(subnet={"id": U}).inputs, "privateEndpointName": "pe-2"}, endpoint().made_from
    ),
    "records2": azure(
        "network:PrivateDnsZoneGroup",
        {"privateDnsZoneConfigs": ["zone"]},
        privateEndpointName="pe-2",
        privateDnsZoneGroupName="default",
        resourceGroupName="rg",
        privateDnsZoneConfigs=[{"name": "registry", "privateDnsZoneId": U}],
    ),
}
OF_A_VAULT = {
    "vault": VAULT,
    "network": NETWORK,
    "endpoint": endpoint("vault", "vault", subnet={"id": U}),
    "zone": zone("privatelink.vaultcore.azure.net"),
    "records": zone_group(),
}
SECOND_OF_A_VAULT = {
    "endpoint": Made(
        endpoint().token,
        {**endpoint("vault", "vault", subnet={"id": U}).inputs, "privateEndpointName": "pe-2"},
        endpoint("vault", "vault").made_from,
    ),
    "records": SECOND["records2"],
}

CASES = [
    several(
        "MOOR-DOM-004",
        "registry",
        {"registry": registry(), **ABROAD},
        [],
        config={"may_write_private_link_proxies": False},
    ),
    several(
        "MOOR-DOM-004",
        "registry",
        [],
        {"registry": registry(), **ABROAD},
        off={"registry": registry(), "replica": REPLICA},
        config={"may_write_private_link_proxies": True},
    ),
    several("MOOR-DOM-004", "registry", [], [], off={"registry": registry(), **ABROAD}),
    several(
        "MOOR-DOM-006",
        "registry",
        [
            {"registry": registry(**BASIC, dataEndpointEnabled=True)},
            {"registry": registry(**BASIC), "replica": REPLICA},
            {"registry": registry(**BASIC), **ABROAD},
            {"registry": registry(**BASIC, **policies(export="disabled"))},
        ],
        [{"registry": registry(**BASIC)}, {"registry": registry(**PREMIUM), "replica": REPLICA}],
        later={"registry": registry(sku=U)},
    ),
    several(
        "MOOR-DOM-106",
        "app",
        {"registry": registry(), "environment": ENVIRONMENT, "app": app("contoso.eastus.geo.azurecr.io/web:1")},
        [],
    ),
    several(
        "MOOR-DOM-106",
        "registry",
        [],
        [
            {
                "registry": registry(**PREMIUM),
                "environment": ENVIRONMENT,
                "app": app("contoso.eastus.geo.azurecr.io/web:1"),
            },
            {"registry": registry(), "environment": ENVIRONMENT, "app": app("contoso.azurecr.io/web:1")},
        ],
        off={"registry": registry()},
        later={
            "registry": registry(regionalEndpoints=U),
            "environment": ENVIRONMENT,
            "app": app("contoso.eastus.geo.azurecr.io/web:1"),
        },
    ),
    several(
        "MOOR-DOM-007",
        "registry",
        [
            {"registry": registry(endpointProtocol="IPv4AndIPv6")},
            {"registry": registry(**DUAL, publicNetworkAccess="Disabled")},
            {"registry": registry(**DUAL), "task": TASK},
            {"registry": registry(**DUAL, networkRuleSet=allowed("203.0.113.0/24"))},
        ],
        [
            {"registry": registry(**DUAL)},
            {
                "registry": registry(
                    **DUAL,
                    networkRuleSet=allowed("203.0.113.0/24", "2001:db8::/48"),
                )
            },
        ],
        off={"registry": registry()},
        later={"registry": registry(endpointProtocol=U)},
    ),
    several("MOOR-DOM-008", "replica", {"registry": registry(), "replica": replica(regionEndpointEnabled=False)}, []),
    several(
        "MOOR-DOM-008",
        "registry",
        [],
        [
            {"registry": registry(), "replica": replica()},
            {"registry": registry(**PREMIUM), "replica": replica(regionEndpointEnabled=False)},
        ],
        off={"registry": registry()},
        later={"registry": registry(regionalEndpoints=U), "replica": replica(regionEndpointEnabled=False)},
    ),
    several(
        "MOOR-DOM-009",
        "registry",
        {"registry": registry(), "environment": FAR},
        {"registry": registry(), "environment": FAR, "replica": REPLICA},
        off={"registry": registry()},
        later=[
            {"registry": registry(), "environment": FAR, "replica": UNTIL_KNOWN},
            {"registry": registry(), "environment": Made(FAR.token, {**FAR.inputs, "location": U})},
        ],
    ),
    several(
        "MOOR-DOM-009",
        "registry",
        [],
        {"registry": registry(), "environment": FAR},
        config={"except_regions": ["westeurope"]},
    ),
    several(
        "MOOR-DOM-109",
        "replica",
        {"registry": registry(), "replica": REPLICA, "environment": ENVIRONMENT},
        {"registry": registry(), "replica": REPLICA, "environment": FAR},
        off={"registry": registry(), "replica": REPLICA},
        later={"registry": registry(), "replica": UNTIL_KNOWN, "environment": FAR},
    ),
    several(
        "MOOR-DOM-014",
        "registry",
        [
            {"registry": registry(**policies(export="disabled"))},
            {"registry": registry(), "task": TASK},
        ],
        [
            {"registry": registry(**policies(export="disabled"), publicNetworkAccess="Disabled")},
            {"registry": registry(networkRuleBypassAllowedForTasks=False), "task": TASK},
        ],
        later={"registry": registry(**policies(export=U))},
    ),
    several(
        "MOOR-ACR-033",
        "registry",
        [
            {"registry": registry(**_UNTRUSTED, publicNetworkAccess="Disabled"), "cache": CACHE},
            {"registry": registry(**_UNTRUSTED, networkRuleSet={"defaultAction": "Deny"}), "cache": CACHE},
        ],
        [
            {"registry": registry(publicNetworkAccess="Disabled"), "cache": CACHE},
            {"registry": registry(**_UNTRUSTED, publicNetworkAccess="Enabled"), "cache": CACHE},
        ],
        off={"registry": registry(**_UNTRUSTED, publicNetworkAccess="Disabled")},
        later={"registry": registry(networkRuleBypassOptions=U, publicNetworkAccess="Disabled"), "cache": CACHE},
    ),
    several(
        "MOOR-DOM-015",
        "registry",
        [
            {"registry": registry(**policies(softDelete="enabled")), "replica": REPLICA},
            {"registry": registry(**policies(softDelete="enabled", retention="enabled"))},
            {"registry": registry(**policies(trust="enabled"), encryption={"status": "enabled"})},
            {
                "registry": registry(**policies(softDelete="enabled")),
                "cache": CACHE,
            },
        ],
        [
            {"registry": registry(**policies(softDelete="enabled"))},
            {"registry": registry(**policies(retention="enabled")), "replica": REPLICA},
        ],
        later={"registry": registry(policies=U)},
    ),
    one("MOOR-DOM-016", registry(), fail={"location": "westus"}, ok={}, later={"location": U}),
    several(
        "MOOR-DOM-116",
        "registry",
        {"registry": registry(), "replica": REPLICA},
        {"registry": registry(), "replica": REPLICA, "other": replica("southeastasia")},
        off={"registry": registry()},
        later={"registry": registry(), "replica": UNTIL_KNOWN},
    ),
    several(
        "MOOR-DOM-216",
        "registry",
        {"registry": registry()},
        [
            {"registry": Made(registry().token, registry().inputs, {}, True)},
            {"registry": registry(), "lock": LOCK},
            {"group": GROUP, "registry": registry(), "lock": Made(LOCK.token, LOCK.inputs, {"scope": ["group"]})},
        ],
    ),
    several(
        "MOOR-DOM-018",
        "webhook",
        {"registry": registry(), "replica": REPLICA, "webhook": WEBHOOK},
        {"registry": registry(), "webhook": WEBHOOK},
        later={"registry": registry(), "replica": UNTIL_KNOWN, "webhook": WEBHOOK},
    ),
    several(
        "MOOR-DOM-019",
        "registry",
        {"registry": registry(), "replica": REPLICA},
        {"registry": registry()},
        later={"registry": registry(), "replica": UNTIL_KNOWN},
        config={"size_gib": 600, "most_gib": 1000},
    ),
    several("MOOR-DOM-019", "registry", [], [], off={"registry": registry()}),
    several(
        "MOOR-DOM-017",
        "stray",
        {"stray": REGIONAL_ZONE},
        {**PRIVATE, "stray": REGIONAL_ZONE, "records": zone_group("stray")},
        off=[{"stray": zone()}, {"environment": ENVIRONMENT, "stray": OF_AN_ENVIRONMENT}],
        later={"stray": NAMELESS},
    ),
    several(
        "MOOR-DOM-117",
        "zone",
        [
            {**PRIVATE, "containers": containers("network")},
            {**PEERED, "containers": containers("spoke")},
        ],
        [
            PRIVATE,
            PEERED,
            {**PEERED, "containers": containers("network")},
            {**PRIVATE, "containers": containers("network"), "link": link()},
            {**PEERED, "containers": containers("spoke"), "link2": link(to="spoke")},
        ],
        off=[{"zone": zone()}, {"zone": zone("contoso.local")}],
        later={**PRIVATE, "zone": NAMELESS},
    ),
    several(
        "MOOR-DOM-217",
        "zone",
        [{**PRIVATE, **SECOND}, {**OF_A_VAULT, **{f"{name}2": each for name, each in SECOND_OF_A_VAULT.items()}}],
        [PRIVATE, OF_A_VAULT],
        off=[{"zone": zone("contoso.local")}, IN_ENVIRONMENT],
        later={**PRIVATE, "zone": NAMELESS},
    ),
    several(
        "MOOR-RES-001",
        "app",
        {"registry": registry(), "app": app("contoso.azurecr.io/web:1")},
        {"registry": registry(**PREMIUM), "app": app("contoso.eastus.geo.azurecr.io/web:1")},
        later={"registry": registry(), "app": app(U)},
        config={"regions": ["eastus"]},
    ),
    several(
        "MOOR-RES-001",
        "app",
        [],
        [],
        off={"registry": registry(), "app": app("contoso.azurecr.io/web:1")},
        config={"regions": ["westeurope"]},
    ),
]
