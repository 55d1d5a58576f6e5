"""Blobs and the static website of a storage account, by the ids that azure-native gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP

if TYPE_CHECKING:
    from arm_client import Arm

ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/contoso"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/files"
WEBSITE = f"{ACCOUNT}/staticWebsite"
DATA = "2018-11-09"
SITE = "2024-01-01"


@pytest.fixture
def account(arm: Arm) -> Arm:
    arm.put(ACCOUNT, {"location": "eastus", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}, "2024-01-01")
    arm.put(CONTAINER, {"properties": {}}, "2024-01-01")
    return arm


def test_a_blob_is_listed_and_has_no_content(account: Arm) -> None:
    sent = {"contentType": "text/html", "source": {"hash": "abc"}}
    shown = account.put(f"{CONTAINER}/blobs/index.html", {"properties": sent}, DATA)
    assert shown["name"] == "index.html"
    assert shown["properties"] == {
        "contentType": "text/html",
        "metadata": {},
        "type": "Block",
        "url": "https://contoso.blob.core.windows.net/files/index.html",
    }


def test_a_slash_in_a_name_is_no_step_of_the_path(account: Arm) -> None:
    shown = account.put(f"{CONTAINER}/blobs/css%2Fsite.css", {"properties": {}}, DATA)
    assert shown["name"] == "css/site.css"
    assert shown["properties"]["url"] == "https://contoso.blob.core.windows.net/files/css/site.css"
    account.delete(f"{CONTAINER}/blobs/css%2Fsite.css", DATA)
    assert account("GET", f"{CONTAINER}/blobs/css%2Fsite.css", version=DATA).status == 404


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "no container": (CONTAINER.replace("/files", "/other"), {}, "ParentResourceNotFound"),
    "append with a source": (CONTAINER, {"type": "Append", "source": {"hash": "a"}}, "InvalidRequestContent"),
    "unknown tier": (CONTAINER, {"accessTier": "Lukewarm"}, "InvalidRequestContent"),
}


@pytest.mark.parametrize(("container", "properties", "code"), REFUSED.values(), ids=REFUSED)
def test_a_blob_is_refused(account: Arm, container: str, properties: dict[str, Any], code: str) -> None:
    assert account("PUT", f"{container}/blobs/b", {"properties": properties}, DATA).code == code


def test_a_website_brings_its_container(account: Arm) -> None:
    shown = account("PUT", WEBSITE, {"properties": {"indexDocument": "index.html"}}, SITE)
    assert shown.body["properties"] == {"containerName": "$web", "indexDocument": "index.html"}
    assert account.get(WEBSITE, SITE)["properties"]["containerName"] == "$web"
    assert f"{ACCOUNT}/blobServices/default/containers/$web" in account.ids()


def test_a_website_that_is_off_is_not_found_and_its_files_stay(account: Arm) -> None:
    account("PUT", WEBSITE, {"properties": {}}, SITE)
    assert account("DELETE", WEBSITE, version=SITE).status == 200
    assert account("GET", WEBSITE, version=SITE).code == "ResourceNotFound"
    assert f"{ACCOUNT}/blobServices/default/containers/$web" in account.ids()
