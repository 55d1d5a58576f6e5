"""Template input of gateways and routes, for the Gateway API or Ingress."""

from __future__ import annotations

from typing import Any

from components.gateways.spec import RouteSpec
from planning.gateways import CLASS_NAME, CONTROLLER_NAMESPACE, Listener, listeners
from stacks.manifests.view import View, namespace_of


def gateway(view: View, key: str) -> dict[str, Any]:
    """Return the template input of a gateway."""
    spec = view.gateways[key]
    routes = {name: _route(view, key, name, route) for name, route in sorted(spec.routes.items())}
    firewall_id = None
    if spec.firewall is not None and spec.api == "gateway":
        firewall_id = view.known.needed(f"gateways.{key}: its firewall's id", "compute", "gateways", key, "firewall_id")
    return {
        "alb_id": view.known.needed(f"gateways.{key}: its id", "compute", "gateways", key, "id"),
        "firewall_id": firewall_id,
        "class_name": CLASS_NAME,
        "namespace": spec.namespace,
        "gateways": [found for frontend in spec.frontends if (found := _frontend(key, frontend, routes))],
        "routes": list(routes.values()),
    }


def _frontend(key: str, frontend: str, routes: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """A frontend with its listeners, without duplicates; None for one without routes."""
    own = [route for route in routes.values() if route["frontend"] == frontend]
    found: dict[str, Listener] = {listener.name: listener for route in own for listener in route["listeners"]}
    if not found:
        return None
    return {
        "name": f"{key}.{frontend}",
        "frontend": frontend,
        "listeners": [found[name] for name in sorted(found)],
        "namespaces": sorted({route["namespace"] for route in own}),
    }


def _route(view: View, key: str, name: str, route: RouteSpec) -> dict[str, Any]:
    spec = view.gateways[key]
    frontend = spec.frontend_of(route)
    first = next(iter(route.backends))
    return {
        "name": f"{key}.{name}",
        "namespace": namespace_of(first, view.workloads[first]),
        "gateway": f"{key}.{frontend}",
        "frontend": frontend,
        "hosts": route.hosts,
        "path": route.path,
        "secret": route.tls_secret,
        "listeners": listeners(route.hosts, route.tls_secret),
        "backends": [
            {"name": backend, "port": view.workloads[backend].port, "weight": weight}
            for backend, weight in route.backends.items()
        ],
    }


def controller_values(view: View) -> dict[str, Any] | None:
    """Return the values of the controller's Helm chart, or None if no gateway states an identity [AGC-7]."""
    identity = next((own.identity for own in view.gateways.values() if own.identity), None)
    if identity is None:
        return None
    client_id = view.known.needed(f"clusters.{view.key}: client id of {identity}", "identities", identity, "client_id")
    return {"albController": {"namespace": CONTROLLER_NAMESPACE, "podIdentity": {"clientID": client_id}}}
