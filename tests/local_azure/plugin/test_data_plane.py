"""Blobs and static websites through the bridge, which azure-native writes to the data plane [AN-STORAGE]."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP
from pulumi.runtime.proto import provider_pb2
from test_served import bridge, check, urn

from local_azure.plugin.values import SIGNATURE, from_struct, to_struct

if TYPE_CHECKING:
    from arm_client import Arm

BLOB = "azure-native:storage:Blob"
SITE = "azure-native:storage:StorageAccountStaticWebsite"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/contoso"
WHERE = {"resourceGroupName": "rg", "accountName": "contoso"}


def asset(digest: str) -> dict[str, Any]:
    return {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": digest, "path": "index.html"}


def blob(**more: Any) -> dict[str, Any]:
    return {**WHERE, "containerName": "$web", "blobName": "index.html", "type": "Block", "source": asset("1"), **more}


@pytest.fixture
def stub(start: Callable[..., Arm]) -> Iterator[Any]:
    arm = start()
    arm.group()
    arm.put(ACCOUNT, {"location": "eastus", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}, "2024-01-01")
    with bridge(arm.url) as stub:
        yield stub


def create(stub: Any, token: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    created = stub.Create(provider_pb2.CreateRequest(urn=urn(token), type=token, properties=to_struct(inputs)))
    return created.id, from_struct(created.properties)


def test_a_website_and_a_blob_live_and_go(stub: Any) -> None:
    site, outputs = create(stub, SITE, {**WHERE, "indexDocument": "index.html"})
    assert (site, outputs) == (f"{ACCOUNT}/staticWebsite", {"containerName": "$web", "indexDocument": "index.html"})
    found, outputs = create(stub, BLOB, blob(contentType="text/html"))
    assert found == f"{ACCOUNT}/blobServices/default/containers/$web/blobs/index.html"
    assert outputs == {
        "name": "index.html",
        "contentType": "text/html",
        "metadata": {},
        "type": "Block",
        "url": "https://contoso.blob.core.windows.net/$web/index.html",
    }
    for token, arm_id in ((BLOB, found), (SITE, site)):
        stub.Delete(provider_pb2.DeleteRequest(id=arm_id, urn=urn(token), type=token, old_inputs=to_struct({})))
        assert stub.Read(provider_pb2.ReadRequest(id=arm_id, urn=urn(token), type=token)).id == ""


def test_a_blob_gets_the_name_of_its_resource(stub: Any) -> None:
    inputs = {**WHERE, "containerName": "c"}
    request = provider_pb2.CheckRequest(urn=urn(BLOB), type=BLOB, news=to_struct(inputs), randomSeed=b"s")
    assert from_struct(stub.Check(request).inputs) == {**inputs, "blobName": "x"}


def test_an_input_that_a_blob_does_not_have_is_refused(stub: Any) -> None:
    assert check(stub, BLOB, blob(colour="red")) == ["unknown property 'colour'"]


CHANGES = {
    "other contents": ({"source": asset("2")}, True),
    "another container": ({"containerName": "c"}, True),
    "another content type": ({"contentType": "text/html"}, False),
    "nothing": ({}, None),
}


@pytest.mark.parametrize(("change", "replaces"), CHANGES.values(), ids=CHANGES)
def test_what_a_change_of_a_blob_means(stub: Any, change: dict[str, Any], replaces: bool | None) -> None:
    old, new = blob(), blob(**change)
    answer = stub.Diff(
        provider_pb2.DiffRequest(urn=urn(BLOB), type=BLOB, old_inputs=to_struct(old), news=to_struct(new))
    )
    changed = answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert (bool(answer.replaces) if changed else None) is replaces
