"""Network policies of a cluster: default deny for pods on nodes; pods on virtual nodes have none [VN-4]."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from components.workloads.spec import WorkloadSpec
from stacks.manifests.view import PLACEMENT, View, namespace_of, selector_of

Rule = dict[str, Any]

CLOSED = "moorings.closed"
"""Name of a namespace's default deny policy; the dot keeps it apart from names of workloads."""

_NAME_SERVICE: Rule = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}


def policies(view: View) -> list[dict[str, Any]]:
    """Return every network policy of a cluster: default deny for each namespace, and exceptions for each workload."""
    on_nodes = {name: spec for name, spec in sorted(view.workloads.items()) if not spec.virtual_nodes}
    closed = sorted({namespace_of(name, spec) for name, spec in on_nodes.items()})
    return [*map(_closed, closed), *(_opened(view, name, spec) for name, spec in on_nodes.items())]


def _closed(namespace: str) -> dict[str, Any]:
    on_nodes = {"matchExpressions": [{"key": PLACEMENT, "operator": "NotIn", "values": ["virtual-nodes"]}]}
    return {
        "name": CLOSED,
        "namespace": namespace,
        "selector": on_nodes,
        "types": ["Ingress"],
        "ingress": [],
        "egress": [],
    }


def _opened(view: View, name: str, spec: WorkloadSpec) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": namespace_of(name, spec),
        "selector": {"matchLabels": selector_of(name)},
        "types": ["Ingress"] if spec.egress is None else ["Ingress", "Egress"],
        "ingress": list(_ingress(view, name, spec)),
        "egress": [] if spec.egress is None else list(_egress(view, name, spec)),
    }


def _ingress(view: View, name: str, spec: WorkloadSpec) -> Iterator[Rule]:
    sources = [_peer(view, peer) for peer in spec.from_workloads if peer in view.workloads]
    for key, gateway in view.gateways.items():
        # The gateway's proxies connect to pods directly from its subnet, not through the service [AGC-1].
        if any(name in route.backends for route in gateway.routes.values()):
            sources.append(_range(view.prefix(gateway.subnet, f"network policies that let gateway {key} in")))
    if sources and spec.port:
        yield {"from": sources, "ports": [_port(spec.port)]}


def _egress(view: View, name: str, spec: WorkloadSpec) -> Iterator[Rule]:
    yield _NAME_SERVICE
    if spec.egress:
        yield {"to": [_range(str(allowed)) for allowed in spec.egress]}
    for other, peer in sorted(view.workloads.items()):
        if name in peer.from_workloads and peer.port:
            yield {"to": [_peer(view, other)], "ports": [_port(peer.port)]}


def _peer(view: View, name: str) -> Rule:
    """The peer of a workload: its labels, or on virtual nodes the range of its pods."""
    spec = view.workloads[name]
    if spec.virtual_nodes:
        return _range(view.pod_prefix())
    return {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace_of(name, spec)}},
        "podSelector": {"matchLabels": selector_of(name)},
    }


def _range(prefix: str) -> Rule:
    return {"ipBlock": {"cidr": prefix}}


def _port(number: int) -> Rule:
    return {"protocol": "TCP", "port": number}
