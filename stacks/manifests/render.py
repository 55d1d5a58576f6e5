"""Every file of every cluster, as text by path; nothing is written here."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ruamel.yaml import YAML

from planning.gateways import CONTROLLER_CHART
from planning.problems import SpecError
from planning.virtual_nodes import CHART, CHART_REPOSITORY, CHART_VERSION
from stacks.loader import Stack
from stacks.manifests import gateways, images, mirrors, virtual_nodes
from stacks.manifests.known import Known
from stacks.manifests.network_policies import policies
from stacks.manifests.view import View
from stacks.manifests.workloads import namespaces, workload

TEMPLATES = Path(__file__).parents[2] / "templates" / "kubernetes"

MARK = "# Written by `./moorings manifests`; change the stack file instead.\n"
"""First line of every file but JSON, which identifies files of an earlier run."""


def render(stack: Stack, outputs: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the files of every cluster of a stack, by path relative to the output folder.

    Args:
        stack: the description with its plan.
        outputs: the stack's outputs, if it has been deployed.

    Raises:
        SpecError: the outputs lack a value that only Azure determines; one line for each.
    """
    known = Known(outputs or {})
    files: dict[str, str] = {}
    for key in stack.spec.clusters:
        for path, text in _cluster(View(stack, known, key)):
            files[f"{key}/{path}"] = text
    if known.missing:
        raise SpecError((), list(dict.fromkeys(known.missing)))
    return files


def _cluster(view: View) -> Iterator[tuple[str, str]]:
    resources: dict[str, str] = {}
    if view.workloads or view.gateways:
        resources["namespaces.yaml"] = _text("namespaces", namespaces=namespaces(view))
    for name in sorted(view.workloads):
        resources[f"workload-{name}.yaml"] = _text("workload", **workload(view, name))
    doors = policies(view)
    if doors:
        resources["network-policies.yaml"] = _text("network-policies", policies=doors)
    for key, spec in sorted(view.gateways.items()):
        if spec.routes:
            template = "gateway" if spec.api == "gateway" else "ingress"
            resources[f"gateway-{key}.yaml"] = _text(template, **gateways.gateway(view, key))
    if resources:
        resources["kustomization.yaml"] = _text("kustomization", paths=list(resources))
    yield from resources.items()
    yield from _image_policy(view)
    yield from _chart_values(view)
    yield from _mirrors(view)


def _image_policy(view: View) -> Iterator[tuple[str, str]]:
    """For the Azure Policy add-on, which accepts no other templates than its own, or for a self-managed Gatekeeper."""
    if view.cluster.azure_policy:
        yield "policy/azure-policy.json", json.dumps(images.assignment(view), indent=2) + "\n"
        return
    yield "policy/constraint-template.yaml", _text("constraint-template")
    yield "policy/constraint.yaml", _text("constraint", **images.constraint(view))


def _chart_values(view: View) -> Iterator[tuple[str, str]]:
    if view.key in view.stack.spec.virtual_nodes:
        chart = f"{CHART} --repo {CHART_REPOSITORY} --version {CHART_VERSION}"
        yield "helm/virtual-nodes.yaml", _values(chart, virtual_nodes.chart_values(view))
    values = gateways.controller_values(view)
    if values:
        yield "helm/alb-controller.yaml", _values(CONTROLLER_CHART, values)


def _mirrors(view: View) -> Iterator[tuple[str, str]]:
    """The configuration of containerd for the global host, at its path below ``/etc/containerd/certs.d`` [CTRD-1]."""
    hosts = mirrors.mirrors(view)
    if hosts is not None:
        server = view.global_host()
        yield f"containerd/{server}/hosts.toml", _text("hosts", suffix="toml", server=server, mirrors=hosts)


def _values(chart: str, values: Mapping[str, Any]) -> str:
    """The values of a Helm chart, with the command that installs it."""
    stream = io.StringIO()
    YAML(typ="rt").dump(dict(values), stream)
    release = chart.partition(" ")[0].rpartition("/")[2]
    return f"{MARK}# helm upgrade --install {release} {chart} --values <this file>\n{stream.getvalue()}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    # JSON is valid YAML, whatever characters a value contains.
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment


_ENVIRONMENT = _environment()


def _text(template: str, *, suffix: str = "yaml", **values: Any) -> str:
    return MARK + _ENVIRONMENT.get_template(f"{template}.{suffix}.j2").render(**values)
