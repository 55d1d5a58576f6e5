"""Storage accounts: their keys and tokens, their blob service that is always there, and their network rules."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qs

import pytest
from arm_client import GROUP, Arm

ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmestore"
BLOBS = f"{ACCOUNT}/blobServices/default"
VERSION = "2024-01-01"
BODY: dict[str, Any] = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
DENY = {"defaultAction": "Deny", "bypass": "None"}


@pytest.fixture
def store(arm: Arm) -> Arm:
    create(arm, ACCOUNT)
    return arm


def create(arm: Arm, path: str, **properties: Any) -> None:
    reply = arm("PUT", path, {**BODY, "properties": properties}, VERSION)
    assert reply.status in {200, 202}, reply.body
    if reply.status == 202:
        assert arm("GET", reply.headers["location"]).status == 200


def test_two_keys_of_64_bytes_that_stay_the_same(store: Arm) -> None:
    first, again = (store("POST", f"{ACCOUNT}/listKeys", {}, VERSION).body for _ in range(2))
    assert first == again
    assert [(key["keyName"], key["permissions"]) for key in first["keys"]] == [("key1", "FULL"), ("key2", "FULL")]
    values = [base64.b64decode(key["value"], validate=True) for key in first["keys"]]
    assert [len(value) for value in values] == [64, 64]
    assert values[0] != values[1]


def test_another_account_has_other_keys(store: Arm) -> None:
    create(store, f"{ACCOUNT}2")
    one, two = (store("POST", f"{path}/listKeys", {}, VERSION).body["keys"] for path in (ACCOUNT, f"{ACCOUNT}2"))
    assert one[0]["value"] != two[0]["value"]


def test_a_token_for_the_account_holds_the_fields_that_were_asked_for(store: Arm) -> None:
    asked = {
        "signedServices": "b",
        "signedResourceTypes": "sc",
        "signedPermission": "rl",
        "signedExpiry": "2030-01-01T00:00:00Z",
        "signedProtocol": "https",
    }
    token = store("POST", f"{ACCOUNT}/ListAccountSas", asked, VERSION).body["accountSasToken"]
    fields = {name: values[0] for name, values in parse_qs(token).items()}
    signature = fields.pop("sig")
    assert fields == {
        "sv": "2022-11-02",
        "ss": "b",
        "srt": "sc",
        "sp": "rl",
        "se": "2030-01-01T00:00:00Z",
        "spr": "https",
    }
    assert len(base64.b64decode(signature)) == 32


def test_a_token_for_one_resource_holds_the_fields_that_were_asked_for(store: Arm) -> None:
    asked = {
        "canonicalizedResource": "/blob/acmestore/packages",
        "signedResource": "c",
        "signedPermission": "r",
        "signedExpiry": "2030-01-01",
        "rsct": "text/plain",
    }
    token = store("POST", f"{ACCOUNT}/ListServiceSas", asked, VERSION).body["serviceSasToken"]
    fields = {name: values[0] for name, values in parse_qs(token).items()}
    assert {name: fields[name] for name in ("sr", "sp", "se", "rsct")} == {
        "sr": "c",
        "sp": "r",
        "se": "2030-01-01",
        "rsct": "text/plain",
    }
    other = store("POST", f"{ACCOUNT}/ListServiceSas", {**asked, "keyToSign": "key2"}, VERSION).body["serviceSasToken"]
    assert other != token


def test_a_token_without_what_it_needs_is_refused_by_name(store: Arm) -> None:
    reply = store("POST", f"{ACCOUNT}/ListAccountSas", {"signedServices": "b"}, VERSION)
    assert (reply.status, reply.code) == (400, "InvalidValuesForRequestParameters")
    assert "signedResourceTypes" in reply.message


def test_keys_of_what_does_not_exist_are_a_404(arm: Arm) -> None:
    assert arm("POST", f"{ACCOUNT}/listKeys", {}, VERSION).code == "ResourceNotFound"


def test_the_blob_service_exists_with_its_account_and_goes_back_to_defaults_by_an_empty_put(store: Arm) -> None:
    defaults = store.get(BLOBS, VERSION)["properties"]
    assert defaults["deleteRetentionPolicy"] == {"allowPermanentDelete": False, "enabled": False}
    store.put(BLOBS, {"properties": {"isVersioningEnabled": True}}, VERSION)
    assert store.put(BLOBS, {}, VERSION)["properties"] == defaults
    assert store("DELETE", BLOBS, version=VERSION).status == 405


def test_network_rules_that_a_put_leaves_out_stay(store: Arm) -> None:
    create(store, ACCOUNT, networkAcls=DENY)
    create(store, ACCOUNT)
    assert store.get(ACCOUNT, VERSION)["properties"]["networkAcls"] == DENY
