"""Microsoft.App sandbox groups, for which the SDK has no class, in both of their contracts [SBX-1, SBX-2]."""

from __future__ import annotations

from local_azure.arm_family import COUNT, IDENTITY, REQUIRED_TEXT, SHOWN, STATE, TAGS, TEXT, Family, Member, Shape

GROUPS = "Microsoft.App/sandboxGroups"
CONNECTIONS = "Microsoft.App/sandboxGroups/vnetConnections"

PREVIEW = "2026-02-01-preview"
STABLE = "2026-07-01"

Members = dict[str, Member]


def _ref(name: str) -> Member:
    return {"k": "ref", "ref": f"{GROUPS}:{name}"}


_GROUP: Members = {
    **STATE,
    "location": REQUIRED_TEXT,
    "tags": TAGS,
    "properties.environmentId": TEXT,
    "properties.defaultDomain": SHOWN,
}
_CONNECTION: Members = {**STATE, "properties.subnetId": TEXT}
_SUBNET_REQUIRED: Members = {"properties.subnetId": REQUIRED_TEXT}

FAMILY = Family(
    shapes=(
        Shape(
            GROUPS,
            {
                PREVIEW: {
                    **_GROUP,
                    "identity": {"type": _ref("Identity")},
                    "properties.defaultCpu": TEXT,
                    "properties.defaultMemory": TEXT,
                    "properties.defaultDisk": TEXT,
                    "properties.maxSandboxCount": COUNT,
                    "properties.defaultTimeoutSeconds": COUNT,
                    "properties.managementEndpoint": SHOWN,
                    "properties.networkConfig": {"type": _ref("NetworkConfig")},
                    "properties.gatewayConnections": {"type": {"k": "array", "of": _ref("GatewayConnection")}},
                },
                STABLE: _GROUP,
            },
            {
                "Identity": IDENTITY,
                "NetworkConfig": {"publicNetworkAccess": TEXT, "subnetId": TEXT},
                "GatewayConnection": {
                    "resourceId": REQUIRED_TEXT,
                    "mcpRuntimeUrl": TEXT,
                    "authentication": {"type": _ref("GatewayAuthentication")},
                },
                "GatewayAuthentication": {"type": REQUIRED_TEXT, "identityResourceId": TEXT},
            },
        ),
        Shape(CONNECTIONS, {PREVIEW: {**_CONNECTION, **_SUBNET_REQUIRED, "location": TEXT}, STABLE: _CONNECTION}),
    ),
)
