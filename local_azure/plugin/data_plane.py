"""Resources of azure-native that ARM does not have: it writes them to the data plane of a service [AN-STORAGE].

The local Azure takes them under the ids that the provider makes up for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from local_azure import arm_generic
from local_azure.arm_family import Marks
from local_azure.arm_types_catalogue import SdkType
from local_azure.facts.storage import BLOBS, DATA_VERSION, WEBSITE, WEBSITE_VERSION
from local_azure.generic.table import PlacedType

_GROUP: Final = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers"
_ACCOUNT: Final = f"{_GROUP}/Microsoft.Storage/storageAccounts/{{accountName}}"
_SOURCE: Final = "provider/pkg/resources/customresources/custom_storage.go"


def _bound(token: str, name: str, version: str, template: str, parameters: tuple[str, ...], marks: Marks) -> SdkType:
    root = arm_generic.root(name, version)
    arm = PlacedType(
        name=name,
        versions=frozenset({version}),
        sdk_version="",
        token=token,
        root=root,
        parameters=parameters,
        marks=marks,
        template=template,
    )
    return SdkType(token, arm, version, root)


TYPES: Final[Mapping[str, SdkType]] = {
    bound.token: bound
    for bound in (
        _bound(
            "azure-native:storage:Blob",
            BLOBS,
            DATA_VERSION,
            f"{_ACCOUNT}/blobServices/default/containers/{{containerName}}/blobs/{{blobName}}",
            ("accountName", "=default", "containerName", "blobName"),
            Marks(_SOURCE, create_only=frozenset({"contentMd5", "source", "type"})),
        ),
        _bound(
            "azure-native:storage:StorageAccountStaticWebsite",
            WEBSITE,
            WEBSITE_VERSION,
            f"{_ACCOUNT}/staticWebsite",
            ("accountName", "=staticWebsite"),
            Marks(_SOURCE),
        ),
    )
}
"""Token → type. Their classes have no API version, so no input or output states one."""
