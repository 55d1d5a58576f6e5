"""What only an action shows of an environment, an app or a job: the values of secrets, and a token for its streams."""

from __future__ import annotations

import hashlib

from local_azure.clock import timestamp
from local_azure.services.cloud import Answer, Cloud, Json, Request, without_nulls
from local_azure.store import Resource

_HOUR = 3600.0


def list_secrets(cloud: Cloud, request: Request, resource: Resource) -> Answer:
    """Answer the secrets with their values; one in a vault is shown by its reference [CAE-SECRET]."""
    secrets: list[Json] = (resource.properties.get("configuration") or {}).get("secrets") or []
    return Answer(200, {"value": [without_nulls(secret) for secret in secrets]})


def auth_token(cloud: Cloud, request: Request, resource: Resource) -> Answer:
    """Answer a token: always the same for one id, and worth nothing (chosen)."""
    shown = {
        "id": resource.id,
        "name": resource.name,
        "type": resource.type,
        "location": resource.location,
        "properties": {
            "token": hashlib.sha256(f"{resource.key}#token".encode()).hexdigest(),
            "expires": timestamp(cloud.clock.now() + _HOUR),
        },
    }
    return Answer(200, shown)
