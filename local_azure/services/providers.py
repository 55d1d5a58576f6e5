"""A resource provider with the types that are served, as Resource Manager describes it [ARM-PROVIDERS]."""

from __future__ import annotations

from local_azure.generic import SHAPE_ONLY
from local_azure.refusals import invalid_namespace
from local_azure.services import shapes
from local_azure.services.cloud import Answer, Cloud, Json, Request, ResourceType
from local_azure.services.generic import ShapeOnly


def describe(cloud: Cloud, request: Request) -> Answer:
    """Return the provider of the address; raises ArmError 404 where nothing of it is served."""
    prefix = f"{request.id.namespace.lower()}/"
    served = [cloud.types[key] for key in cloud.types if key.startswith(prefix)]
    if not served:
        raise invalid_namespace(request.id.namespace)
    namespace = served[0].name.split("/")[0]
    body: Json = {
        "id": f"{request.id.scope}/providers/{namespace}",
        "namespace": namespace,
        "registrationState": "Registered",
        "resourceTypes": [_entry(rules) for rules in served],
    }
    return Answer(200, body)


def _entry(rules: ResourceType) -> Json:
    return {
        "resourceType": rules.name.partition("/")[2],
        "locations": [],
        "apiVersions": sorted(shapes.versions(rules.name), reverse=True),
        "capabilities": SHAPE_ONLY if isinstance(rules, ShapeOnly) else "None",
    }
