"""Microsoft.App sandbox groups, for which the SDK has no class, in both of their contracts [SBX-1, SBX-2]."""

from __future__ import annotations

from typing import Any

from local_azure.arm_family import Family, Shape

GROUPS = "Microsoft.App/sandboxGroups"
CONNECTIONS = "Microsoft.App/sandboxGroups/vnetConnections"

PREVIEW = "2026-02-01-preview"
STABLE = "2026-07-01"

Members = dict[str, dict[str, Any]]

_TEXT: dict[str, Any] = {"type": {"k": "string"}}
_COUNT: dict[str, Any] = {"type": {"k": "int"}}
_TAGS: dict[str, Any] = {"type": {"k": "map", "of": {"k": "string"}}}


def _ref(name: str) -> dict[str, Any]:
    return {"k": "ref", "ref": f"{GROUPS}:{name}"}


def _read_only(member: dict[str, Any]) -> dict[str, Any]:
    return {**member, "readOnly": True}


_STATE: Members = {
    "systemData": _read_only({"type": {"k": "any"}}),
    "properties.provisioningState": _read_only(_TEXT),
}
_GROUP: Members = {
    **_STATE,
    "location": {**_TEXT, "required": True},
    "tags": _TAGS,
    "properties.environmentId": _TEXT,
    "properties.defaultDomain": _read_only(_TEXT),
}
_CONNECTION: Members = {**_STATE, "properties.subnetId": _TEXT}
_SUBNET_REQUIRED: Members = {"properties.subnetId": {**_TEXT, "required": True}}

FAMILY = Family(
    shapes=(
        Shape(
            GROUPS,
            {
                PREVIEW: {
                    **_GROUP,
                    "identity": {"type": _ref("Identity")},
                    "properties.defaultCpu": _TEXT,
                    "properties.defaultMemory": _TEXT,
                    "properties.defaultDisk": _TEXT,
                    "properties.maxSandboxCount": _COUNT,
                    "properties.defaultTimeoutSeconds": _COUNT,
                    "properties.managementEndpoint": _read_only(_TEXT),
                    "properties.networkConfig": {"type": _ref("NetworkConfig")},
                    "properties.gatewayConnections": {"type": {"k": "array", "of": _ref("GatewayConnection")}},
                },
                STABLE: _GROUP,
            },
            {
                "Identity": {
                    "type": {**_TEXT, "required": True},
                    "principalId": _read_only(_TEXT),
                    "tenantId": _read_only(_TEXT),
                    "userAssignedIdentities": {"type": {"k": "set"}},
                },
                "NetworkConfig": {"publicNetworkAccess": _TEXT, "subnetId": _TEXT},
                "GatewayConnection": {
                    "resourceId": {**_TEXT, "required": True},
                    "mcpRuntimeUrl": _TEXT,
                    "authentication": {"type": _ref("GatewayAuthentication")},
                },
                "GatewayAuthentication": {"type": {**_TEXT, "required": True}, "identityResourceId": _TEXT},
            },
        ),
        Shape(CONNECTIONS, {PREVIEW: {**_CONNECTION, **_SUBNET_REQUIRED, "location": _TEXT}, STABLE: _CONNECTION}),
    ),
)
