"""What azure-native writes into a storage account beside ARM: blobs, without their contents, and the website [AN-STORAGE]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.storage import BLOBS, CONTAINERS, WEBSITE
from local_azure.services.cloud import Action, Answer, Cloud, Json, Request, ResourceType
from local_azure.store import Resource

_WEB: Final = "$web"


class Blobs(ResourceType):
    """A blob of a container, by the id that azure-native gives it."""

    name = BLOBS
    kind = ""
    provisioning = False
    missing = ("ResourceNotFound", "The specified blob does not exist.")

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Keep what is told of the blob, but for what it holds."""
        del cloud
        sent = dict(request.properties)
        source = sent.pop("source", None)
        if source is not None and sent.get("type") == "Append":
            raise bad_request("InvalidRequestContent", "a source cannot be specified for an Append blob")
        account, _, container, name = request.id.names
        url = f"https://{account}.blob.core.windows.net/{container}/{unquote(name)}"
        shown = {"contentType": "application/octet-stream", "metadata": {}, "type": "Block", **sent, "url": url}
        return self.result(request, existing, shown)

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the name as it was given: a slash in it is no step of the path."""
        return {**super().view(cloud, resource, api_version), "name": unquote(resource.name)}


def _website(resource: Resource) -> Answer:
    site = resource.state.get("website")
    if site is None:
        raise ArmError(404, "ResourceNotFound", "The static website of the storage account is not enabled.")
    body = {"id": f"{resource.id}/staticWebsite", "name": "staticWebsite", "type": WEBSITE}
    return Answer(200, {**body, "properties": {"containerName": _WEB, **site}})


def _enable(cloud: Cloud, request: Request, resource: Resource) -> Answer:
    """Switch the website on; its container is there from then on."""
    sent = (request.body or {}).get("properties") or {}
    resource.state["website"] = {name: sent[name] for name in ("indexDocument", "error404Document") if sent.get(name)}
    cloud.update(resource)
    container = f"{resource.id}/blobServices/default/containers/{_WEB}"
    if not cloud.store.exists(container):
        cloud.add(Resource(container, CONTAINERS, _WEB, "", {"properties": {"publicAccess": "None"}}))
    return _website(resource)


def _show(cloud: Cloud, request: Request, resource: Resource) -> Answer:
    del cloud, request
    return _website(resource)


def _disable(cloud: Cloud, request: Request, resource: Resource) -> Answer:
    """Switch the website off; its container and what is in it stay."""
    del request
    resource.state.pop("website", None)
    cloud.update(resource)
    return Answer(200)


ACTIONS: Mapping[tuple[str, str], Action] = {
    ("PUT", "staticwebsite"): _enable,
    ("GET", "staticwebsite"): _show,
    ("DELETE", "staticwebsite"): _disable,
}

TYPES = (Blobs(),)
