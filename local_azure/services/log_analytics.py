"""Log Analytics workspaces, with the shared keys by which older consumers send to them."""

from __future__ import annotations

import base64
import hashlib

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.operational_insights import WORKSPACES
from local_azure.operations import SYNC_WRITES
from local_azure.services.cloud import Answer, Cloud, Request, ResourceType, without_nulls
from local_azure.services.identities import assigned
from local_azure.services.principals import made_up
from local_azure.store import Resource


def _shared_keys(cloud: Cloud, request: Request, resource: Resource) -> Answer:
    """Answer the workspace's two keys: always the same for one id, and worth nothing (chosen)."""
    keys = {
        member: base64.b64encode(hashlib.sha512(f"{resource.key}#{member}".encode()).digest()).decode()
        for member in ("primarySharedKey", "secondarySharedKey")
    }
    return Answer(200, keys)


class Workspaces(ResourceType):
    """Microsoft.OperationalInsights/workspaces."""

    name = WORKSPACES
    pattern = r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]"
    actions = {("POST", "sharedkeys"): _shared_keys}

    lifecycle = SYNC_WRITES

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Fill in SKU and retention, and give the workspace its id [LAW-1]."""
        sent = request.properties
        retention = sent.get("retentionInDays", 30)
        if not 4 <= retention <= 730:
            message = f"'RetentionInDays' is {retention}; it must be between 4 and 730."
            raise bad_request("InvalidParameter", message)
        properties = {
            "publicNetworkAccessForIngestion": "Enabled",
            "publicNetworkAccessForQuery": "Enabled",
            **without_nulls(sent),
            "sku": {"name": "PerGB2018", **(sent.get("sku") or {})},
            "retentionInDays": retention,
            "customerId": made_up(str(request.id), "workspace"),
        }
        return self.result(request, existing, properties, **assigned(cloud, request.id, request.body.get("identity")))


TYPES = (Workspaces(),)
