"""What opens a storage account beside identities: its two keys, and the tokens that are signed with them.

All of it is made from the account's id, so that nothing is stored and one request always has one answer; none of it
opens anything (chosen).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from local_azure.errors import bad_request
from local_azure.services.cloud import Action, Answer, Cloud, Request
from local_azure.store import Resource

_VERSION = "2022-11-02"
_SHARED = {
    "signedPermission": "sp",
    "signedStart": "st",
    "signedExpiry": "se",
    "signedIp": "sip",
    "signedProtocol": "spr",
}
_ACCOUNT = {"signedServices": "ss", "signedResourceTypes": "srt", **_SHARED}
_SERVICE = {
    "signedResource": "sr",
    **_SHARED,
    "signedIdentifier": "si",
    "startPk": "spk",
    "endPk": "epk",
    "startRk": "srk",
    "endRk": "erk",
    **{name: name for name in ("rscc", "rscd", "rsce", "rscl", "rsct")},
}
"""Members of the request → fields of the token [STORAGE-SAS]."""


def _key(account: Resource, name: str) -> str:
    """A key's text: base64 of 64 bytes."""
    return base64.b64encode(hashlib.sha512(f"{account.key}#{name}".encode()).digest()).decode()


def _list_keys(cloud: Cloud, request: Request, account: Resource) -> Answer:
    """Answer both keys."""
    created = account.properties["creationTime"]
    rows = [
        {"creationTime": created, "keyName": name, "permissions": "FULL", "value": _key(account, name)}
        for name in ("key1", "key2")
    ]
    return Answer(200, {"keys": rows})


def _account_sas(cloud: Cloud, request: Request, account: Resource) -> Answer:
    """Answer a token for the account."""
    required = ("signedServices", "signedResourceTypes", "signedPermission", "signedExpiry")
    return Answer(200, {"accountSasToken": _token(account, request.body, _ACCOUNT, required)})


def _service_sas(cloud: Cloud, request: Request, account: Resource) -> Answer:
    """Answer a token for one resource of the account."""
    return Answer(200, {"serviceSasToken": _token(account, request.body, _SERVICE, ("canonicalizedResource",))})


def _token(account: Resource, body: Any, fields: Mapping[str, str], required: tuple[str, ...]) -> str:
    """Sign what was asked for; raises ArmError for what is missing."""
    sent = body if isinstance(body, dict) else {}
    for member in required:
        if not sent.get(member):
            raise bad_request("InvalidValuesForRequestParameters", f"The value of '{member}' is missing.", member)
    stated = {field: str(sent[member]) for member, field in fields.items() if sent.get(member)}
    signed = "\n".join([str(sent.get("canonicalizedResource") or account.name), *stated.values(), _VERSION, ""])
    key = base64.b64decode(_key(account, str(sent.get("keyToSign") or "key1")))
    signature = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    parts = {"sv": _VERSION, **stated, "sig": signature}
    return "&".join(f"{field}={quote(value, safe='')}" for field, value in parts.items())


ACTIONS: dict[tuple[str, str], Action] = {
    ("POST", "listkeys"): _list_keys,
    ("POST", "listaccountsas"): _account_sas,
    ("POST", "listservicesas"): _service_sas,
}
