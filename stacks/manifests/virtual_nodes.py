"""The values of the virtual nodes Helm chart, checked against the values that the chart reads."""

from __future__ import annotations

from typing import Any

from planning.virtual_nodes import Trusted, value_problems, values
from stacks.manifests.view import View


def chart_values(view: View) -> dict[str, Any]:
    """Return the values for a cluster's virtual nodes; invalid values are recorded as missing."""
    spec = view.stack.spec.virtual_nodes[view.key]
    network = view.stack.spec.networks[view.cluster.network]
    subnet = spec.subnet
    if network.outside:
        subnet = f"{network.id}/subnets/{spec.subnet}"
    chart = values(
        nodes=spec.nodes,
        subnet=subnet,
        cloud=view.stack.spec.cloud,
        zone=spec.zone,
        kube_proxy=spec.kube_proxy,
        labels=spec.labels,
        tags=spec.tags,
        standby=spec.standby.standby if spec.standby else None,
        trusted=_trusted(view, spec.identity) if spec.identity else None,
    )
    view.known.missing.extend(f"virtual_nodes.{view.key}: {problem}" for problem in value_problems(chart))
    return chart


def _trusted(view: View, identity: str) -> Trusted:
    path = ("compute", "virtual_nodes", view.key)
    what = f"virtual_nodes.{view.key}: id of {identity}"
    return Trusted(
        view.known.needed(what, *path, "pull_identity_id"),
        view.known.needed(f"{what}'s principal", *path, "pull_principal_id"),
    )
