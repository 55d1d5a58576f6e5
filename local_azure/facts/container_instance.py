"""Microsoft.ContainerInstance: container groups."""

from __future__ import annotations

from typing import Any

from local_azure.arm_family import REQUIRED_TEXT, TEXT, Family, Marks, TypeRow

CONTAINER_GROUPS = "Microsoft.ContainerInstance/containerGroups"

_NEW = "containerinstance~2026"
_SINCE = "2026-07-01"


def _access(**more: Any) -> dict[str, Any]:
    return {"type": {"k": "enum", "values": ["All", "System", "User"], "open": True}, **more}


FAMILY = Family(
    types=(TypeRow(CONTAINER_GROUPS, "containerinstance", "ContainerGroup", ("containerGroupName",)),),
    flattened={"containerinstance": frozenset({"Container", "InitContainerDefinition", "DeploymentExtensionSpec"})},
    renames={"containerinstance/ContainerGroup": {"sku": "properties.sku"}},
    # What the shared classes show of later versions, and what 2026-07-01 adds to the group [ACI-2026].
    since={
        "containerinstance:EnvironmentVariable": {"secureValueReference": _SINCE},
        "containerinstance:ImageRegistryCredential": {"passwordReference": _SINCE},
        "containerinstance:Volume": {"secretReference": _SINCE},
        "containerinstance:AzureFileVolume": {"storageAccountKeyReference": _SINCE},
    },
    derived={
        f"{_NEW}:SecretReference": (
            "",
            {name: {**REQUIRED_TEXT, "wire": name} for name in ("name", "identity", "secretReferenceUri")},
        ),
        f"{_NEW}:IdentityAccessControl": (
            "",
            {"access": _access(wire="access"), "identity": {**TEXT, "wire": "identity"}},
        ),
        f"{_NEW}:IdentityAcls": (
            "",
            {
                "defaultAccess": _access(wire="defaultAccess"),
                "acls": {
                    "type": {"k": "array", "of": {"k": "ref", "ref": f"{_NEW}:IdentityAccessControl"}},
                    "wire": "acls",
                },
            },
        ),
        f"{_NEW}:AzureFileVolume": (
            "containerinstance:AzureFileVolume~AzureFileVolumeContainerGroupResponse",
            {"userAssignedIdentityClientId": {**TEXT, "wire": "userAssignedIdentityClientId"}},
        ),
        f"{_NEW}:Volume": (
            "containerinstance:Volume~VolumeContainerGroupResponse",
            {"azureFile": {"type": {"k": "ref", "ref": f"{_NEW}:AzureFileVolume"}}},
        ),
        f"{_NEW}/ContainerGroup": (
            "containerinstance/ContainerGroup",
            {
                "secretReferences": {"type": {"k": "array", "of": {"k": "ref", "ref": f"{_NEW}:SecretReference"}}},
                "volumes": {"type": {"k": "array", "of": {"k": "ref", "ref": f"{_NEW}:Volume"}}},
                "identityAcls": {"type": {"k": "ref", "ref": f"{_NEW}:IdentityAcls"}},
            },
        ),
    },
    variants={CONTAINER_GROUPS: {_SINCE: f"{_NEW}/ContainerGroup"}},
    # Nothing is marked: what Azure refuses to change, azure-native sends as an update.
    marks={
        CONTAINER_GROUPS: Marks(
            "containerinstance/resource-manager/Microsoft.ContainerInstance/preview/2024-05-01-preview/"
            "containerInstance.json",
            keyed={
                "containers": ("name",),
                "containers.ports": ("port",),
                "initContainers": ("name",),
                "imageRegistryCredentials": ("username",),
                "ipAddress.ports": ("port",),
                "extensions": ("name",),
                "volumes": ("name",),
                **{
                    f"{kind}.{member}": ("name",)
                    for kind in ("containers", "initContainers")
                    for member in ("environmentVariables", "volumeMounts")
                },
                **{
                    f"containers.{probe}.httpGet.httpHeaders": ("name",)
                    for probe in ("livenessProbe", "readinessProbe")
                },
            },
        )
    },
)
