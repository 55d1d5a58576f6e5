"""The report as one HTML file: it loads nothing, is complete without its script, and is readable without color."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from planning.endpoints import Endpoints
from planning.firewall_rules import changes as firewall_changes
from planning.problems import one_line
from policies.report import Report
from stacks.loader import Stack
from tools.bases import Base
from tools.cost.costs import Costs
from tools.cost.text import money, section
from tools.report import changes, parts, space
from tools.report.layout import drawing
from tools.report.picture import EMPTY, Picture, picture
from tools.report.settings import differences

_TEMPLATES = Path(__file__).parents[2] / "templates" / "report"
SECTIONS: Final = (
    ("changes", "What changes"),
    ("topology", "Topology"),
    ("paths", "Pull paths"),
    ("addresses", "Addresses"),
    ("hosts", "Endpoints"),
    ("firewall", "Firewall"),
    ("policies", "Policies"),
    ("cost", "Cost"),
    ("warnings", "Warnings"),
    ("parts", "Parts"),
)
"""Id and heading of each section, in their order; its template is sections/<id>.html.j2."""


def page(
    name: str, stack: Stack, base: Base | None = None, policies: Report | None = None, costs: Costs | None = None
) -> str:
    """Return the report on a stack as HTML.

    Args:
        name: name of the stack.
        stack: the description.
        base: the description before the change; None to compare nothing.
        policies: result of the policies; None if they were not evaluated.
        costs: what it costs; None if that was not estimated.
    """
    hosts = stack.plan.endpoints
    shown = picture(stack, hosts)
    earlier = base.stack if base else None
    before = picture(earlier, earlier.plan.endpoints) if earlier else EMPTY
    settings = differences(stack, earlier)
    marks = changes.marks(shown, before if base else None, settings)
    rows = changes.address_rows(stack, earlier)
    findings = policies.open if policies else []
    known = parts.known(stack, shown, marks, rows, settings, findings, costs)
    return _rendered(
        stack=name,
        sections=SECTIONS,
        summary=_summary(shown),
        figures=[
            *_figures(shown, known, base, policies),
            *([(money(costs.now.total), "a month", "cost")] if costs else []),
        ],
        base=base.name if base else None,
        changes=[(mark, key) for key, mark in sorted(marks.items(), key=lambda item: (item[1], item[0]))],
        settings=[(known.owner(each.path), each) for each in settings],
        marks=marks,
        drawing=drawing(shown, marks),
        parts=list(parts.all_parts(known)),
        linked=set(changes.parts(shown)),
        fragment=parts.Ids(),
        consumers=shown.consumers,
        addresses=rows,
        spaces=list(space.spaces(shown, rows, compared=base is not None)),
        legend=space.LEGEND,
        outlook=_outlook(stack),
        hosts=list(_compared_hosts(stack, base)),
        no_hosts=_no_hosts(stack),
        findings=None if policies is None else [(known.owner_of(e), e, policies.rules.get(e.rule)) for e in findings],
        cost=costs and section(costs),
        owner=lambda text: known.owner(tuple(text.split("."))),
        warnings=stack.warnings,
        **_firewall(stack, base),
    )


def _rendered(**content: Any) -> str:
    """Render the page with a policy that admits its own style and script, and nothing else."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    style, script = ((_TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    template = environment.get_template("report.html.j2")
    return template.render(style=Markup(style), script=Markup(script), policy=policy, **content)


def _hash(text: str) -> str:
    """The source of a content security policy that admits one inline text [CSP-HASH]."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _printable(value: object) -> object:
    """Show characters as escapes that are not printable, such as those that reverse the direction of a text."""
    return one_line(value) if type(value) is str else value


def _firewall(stack: Stack, base: Base | None) -> dict[str, Any]:
    """Return the destinations, and what to open before and to close after a change."""
    reached = changes.destinations(stack, stack.plan.endpoints)
    earlier = base.stack if base else None
    was = changes.destinations(earlier, earlier.plan.endpoints) if earlier else {}
    steps = firewall_changes(_names(was), _names(reached)) if base else None
    opened, closed = (dict(steps.opened), dict(steps.closed)) if steps else ({}, {})
    return {"destinations": reached, "opened": opened, "closed": closed}


def _figures(
    shown: Picture, known: parts.Known, base: Base | None, policies: Report | None
) -> Iterator[tuple[int, str, str]]:
    """Yield the numbers at the top: a count, what is counted, and the section that lists it."""
    small = sum(row.verdict in ("short", "tight") for row in known.addresses.values())
    found = [(len(shown.regions), "region", "", "topology"), (len(shown.networks), "network", "", "addresses")]
    found += [(len(shown.consumers), "consumer", "", "paths"), (small, "subnet", " without headroom", "addresses")]
    found += [(len(policies.open), "open finding", "", "policies")] if policies else []
    found += [(len(known.marks), "change", "", "changes")] if base else []
    found += [(len(known.stack.warnings), "warning", "", "warnings")]
    yield from ((count, f"{noun}{'' if count == 1 else 's'}{rest}", section) for count, noun, rest, section in found)


def _names(found: Mapping[str, Mapping[str, list[str]]]) -> dict[str, list[str]]:
    return {region: list(names) for region, names in found.items()}


def _summary(shown: Picture) -> str:
    if not shown.registry:
        return "No registry"
    regions = [each.region for each in shown.replicas]
    where = f"{len(regions)} regions" if len(regions) > 1 else "".join(regions)
    return f"Registry {shown.registry} in {where}" + (", made elsewhere" if shown.registry_elsewhere else "")


def _outlook(stack: Stack) -> dict[str, str] | None:
    if stack.spec.registry is None:
        return None
    book = stack.plan.ledger
    return {"next_replica": book.next_replica(), "regional_switch": book.regional_switch()}


def _compared_hosts(stack: Stack, base: Base | None) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Yield each host with `new`, `removed` or nothing, those of the base last."""
    now = list(_hosts(stack.plan.endpoints))
    before = list(_hosts(base.stack.plan.endpoints if base.stack else None)) if base else now
    yield from (("" if each in before else "new", each) for each in now)
    yield from (("removed", each) for each in before if each not in now)


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
