"""HTTP route configurations: one host name in front of several apps of an environment."""

from __future__ import annotations

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.container_apps import APPS, ROUTES
from local_azure.services.cloud import Cloud, Request, ResourceType
from local_azure.services.managed_environments import tenants
from local_azure.store import Resource


class HttpRoutes(ResourceType):
    """Microsoft.App/managedEnvironments/httpRouteConfigs."""

    name = ROUTES
    kind = ""
    pattern = r"[a-z][a-z0-9]{2,62}"

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check that every target is an app of the environment with an ingress [CAE-17]."""
        environment = cloud.require(request.id.parent or request.id)
        apps = {app.name: app for app in tenants(cloud, environment.id) if app.type == APPS}
        sent = request.properties
        for rule in sent.get("rules") or []:
            for target in rule.get("targets") or []:
                app = apps.get(target["containerApp"])
                if app is None or not app.properties["configuration"].get("ingress"):
                    message = (
                        f"Container app '{target['containerApp']}' does not exist in the environment or has no ingress."
                    )
                    raise bad_request("HttpRouteConfigInvalidTarget", message)
            for route in rule.get("routes") or []:
                forms = (
                    [route["match"].get(f) for f in ("prefix", "path", "pathSeparatedPrefix")]
                    if route.get("match")
                    else []
                )
                if sum(form is not None for form in forms) != 1:
                    message = "A route's match needs exactly one of prefix, path and pathSeparatedPrefix."
                    raise bad_request("HttpRouteConfigInvalidMatch", message)
        fqdn = f"{request.id.name}.{environment.properties['defaultDomain']}"
        return self.result(request, existing, {**sent, "fqdn": fqdn, "provisioningErrors": None})


TYPES = (HttpRoutes(),)
