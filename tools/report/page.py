"""The report as one HTML file: it loads nothing, runs no script, and is readable without color."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from planning.endpoints import Endpoints
from planning.firewall_rules import changes as firewall_changes
from policies.model import Finding
from stacks.loader import Stack
from tools.cost.costs import Costs
from tools.cost.text import section
from tools.report import changes
from tools.report.layout import drawing
from tools.report.picture import EMPTY, Picture, picture

_TEMPLATES = Path(__file__).parents[2] / "templates" / "report"
SECTIONS = (
    ("changes", "What changes"),
    ("topology", "Topology"),
    ("paths", "Pull paths"),
    ("addresses", "Addresses"),
    ("hosts", "Endpoints"),
    ("firewall", "Firewall"),
    ("policies", "Policies"),
    ("cost", "Cost"),
    ("warnings", "Warnings"),
)
"""Id and heading of each section, in their order; its template is sections/<id>.html.j2."""


@dataclass(frozen=True, slots=True)
class Base:
    """The description before the change, and the name of its commit."""

    name: str
    stack: Stack | None


def page(
    name: str,
    stack: Stack,
    base: Base | None = None,
    findings: Sequence[Finding] | None = None,
    costs: Costs | None = None,
) -> str:
    """Return the report on a stack as HTML.

    Args:
        name: name of the stack.
        stack: the description.
        base: the description before the change; None to compare nothing.
        findings: open findings of the policies; None if they were not evaluated.
        costs: what it costs; None if that was not estimated.
    """
    hosts = stack.plan.endpoints
    shown = picture(stack, hosts)
    earlier = base.stack if base else None
    before = picture(earlier, earlier.plan.endpoints) if earlier else EMPTY
    marks = changes.marks(shown, before if base else None)
    reached = changes.destinations(stack, hosts)
    was = changes.destinations(earlier, earlier.plan.endpoints) if earlier else {}
    steps = firewall_changes(_names(was), _names(reached)) if base else None
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        stack=name,
        sections=SECTIONS,
        summary=_summary(shown),
        base=base.name if base else None,
        changes=list(changes.lines(marks)),
        opened=dict(steps.opened) if steps else {},
        closed=dict(steps.closed) if steps else {},
        drawing=drawing(shown, marks),
        consumers=shown.consumers,
        addresses=changes.address_rows(stack, earlier),
        outlook=_outlook(stack),
        hosts=list(_hosts(hosts)),
        no_hosts=_no_hosts(stack),
        destinations=reached,
        findings=findings,
        cost=costs and section(costs),
        warnings=stack.warnings,
    )


def _names(found: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    return {region: list(names) for region, names in found.items()}


def _summary(shown: Picture) -> str:
    registry = f"registry {shown.registry} in {len(shown.replicas)} regions" if shown.registry else "no registry"
    return f"{registry}, {len(shown.networks)} networks, {len(shown.consumers)} consumers of images"


def _outlook(stack: Stack) -> dict[str, str] | None:
    if stack.spec.registry is None:
        return None
    book = stack.plan.ledger
    return {"next_replica": book.next_replica(), "regional_switch": book.regional_switch()}


def _hosts(hosts: Endpoints | None) -> Iterator[tuple[str, str, str]]:
    if hosts is None:
        return
    yield "global", "all", hosts.global_
    yield from (("regional", region, host) for region, host in hosts.regional.items())
    yield from (("data", region, host) for region, host in hosts.data.items())
    if hosts.storage:
        yield "storage", "all", hosts.storage


def _no_hosts(stack: Stack) -> str:
    if stack.spec.registry is None:
        return "This stack has no registry."
    return "Azure adds a hash to the name of this registry, so that its hosts are known after the first deployment."
