"""Actions of a container app: its revisions, and stopping and starting it."""

from __future__ import annotations

from local_azure.services.cloud import Answer, Cloud, Json, Request
from local_azure.store import Resource


def revisions(_cloud: Cloud, _request: Request, app: Resource) -> Answer:
    """List the latest revision; earlier ones are not kept here (chosen) [CAE-ACTIONS]."""
    properties = app.properties
    name = str(properties["latestRevisionName"])
    shown: Json = {
        "id": f"{app.id}/revisions/{name}",
        "name": name,
        "type": "Microsoft.App/containerapps/revisions",
        "properties": {
            "active": properties["runningStatus"] == "Running",
            "fqdn": properties["latestRevisionFqdn"],
            "template": properties["template"],
            "trafficWeight": 100 if (properties.get("configuration") or {}).get("ingress") else 0,
            "replicas": (properties["template"].get("scale") or {}).get("minReplicas") or 0,
            "healthState": "Healthy",
            "provisioningState": "Provisioned",
        },
    }
    return Answer(200, {"value": [shown]})


def stop(cloud: Cloud, request: Request, app: Resource) -> Answer:
    """Stop every replica; the addresses stay with the environment (chosen) [CAE-ACTIONS]."""
    return _run(cloud, request, app, "Stopped")


def start(cloud: Cloud, request: Request, app: Resource) -> Answer:
    """Start a stopped app [CAE-ACTIONS]."""
    return _run(cloud, request, app, "Running")


def _run(cloud: Cloud, request: Request, app: Resource, status: str) -> Answer:
    app.properties["runningStatus"] = status
    cloud.update(app)
    return Answer(200, cloud.type_of(app).view(cloud, app, request.api_version))
