"""The words in which rules are written and judged: rule, verdict, finding, and the resources they speak of.

Family modules below `policies/rules` import all they need from here::

    @rule(id="MOOR-ACR-001", title="…", severity="critical", pillar="security", types=(REGISTRY,), remedy="…")
    def admin_user_is_off(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
        '''The registry has no admin user.

        Why that matters, in a paragraph.
        '''
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from policies.graph import Graph
from policies.resource import UNKNOWN, Resource, Undetermined, holds_unknown

__all__ = [
    "UNKNOWN",
    "Check",
    "Finding",
    "Graph",
    "Level",
    "NoConfig",
    "Pillar",
    "Profile",
    "Resource",
    "Rule",
    "RuleConfig",
    "Severity",
    "Status",
    "Undetermined",
    "Verdict",
    "fail",
    "holds_unknown",
    "not_applicable",
    "passed",
    "rule",
    "undetermined",
]

Severity = Literal["critical", "high", "medium", "low"]
Pillar = Literal["security", "reliability", "operations", "cost", "performance"]
Status = Literal["pass", "fail", "not_applicable", "undetermined"]
Level = Literal["disabled", "advisory", "mandatory", "remediate"]
"""What a finding does: nothing, it is shown, it stops the run, or the value is put right before it is sent."""
Profile = Literal["minimal", "standard", "regulated"]

SEVERITIES: Final[tuple[Severity, ...]] = ("critical", "high", "medium", "low")
"""From the worst to the mildest."""


class RuleConfig(BaseModel):
    """Configuration of a rule; a family's own class derives from it, and every field has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoConfig(RuleConfig):
    """Configuration of a rule that has none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says of one resource.

    Attributes:
        status: pass, fail, not applicable, or undetermined.
        message: what was found, what is allowed; for not applicable the reason. A pass needs none.
        path: dotted path of the property that decided.
        urn: the resource meant, where it is another than the one looked at.
    """

    status: Status
    message: str = ""
    path: str | None = None
    urn: str | None = None


def passed() -> Verdict:
    """Return the verdict that all is well."""
    return Verdict("pass")


def fail(message: str, path: str | None = None, resource: Resource | None = None) -> Verdict:
    """Return the verdict that something is wrong: what, the value, what is allowed, without a full stop."""
    return Verdict("fail", message, path, resource.urn if resource else None)


def not_applicable(reason: str, resource: Resource | None = None) -> Verdict:
    """Return the verdict that the rule has nothing to say of this resource, and why."""
    return Verdict("not_applicable", reason, None, resource.urn if resource else None)


def undetermined(message: str, path: str | None = None, resource: Resource | None = None) -> Verdict:
    """Return the verdict that what is known so far cannot decide, where no single unknown value is the cause."""
    return Verdict("undetermined", message, path, resource.urn if resource else None)


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict of one rule on one resource, with what the configuration makes of it.

    Attributes:
        rule: id of the rule.
        urn: the resource.
        status: the verdict.
        message: what was found.
        path: dotted path of the property that decided, or None.
        level: what it does; advisory for what passes or does not apply.
        severity: how bad it is, from the rule.
        exemption: why and until when it is excused, or None.
        known: the saved baseline has it already.
        place: file and line that it is about, where that is not a resource's.
    """

    rule: str
    urn: str
    status: Status
    message: str = ""
    path: str | None = None
    level: Level = "advisory"
    severity: Severity = "medium"
    exemption: str | None = None
    known: bool = False
    place: tuple[Path, int] | None = None

    @property
    def stops(self) -> bool:
        """Whether it turns the run red."""
        loud = self.status in {"fail", "undetermined"} and self.level in {"mandatory", "remediate"}
        return loud and self.exemption is None and not self.known


Check = Callable[[Resource, Graph, Any], Iterator[Verdict]]
Remediate = Callable[[Resource], Mapping[str, Any]]


@dataclass(frozen=True)
class Rule:
    """One rule with all that is told about it.

    Attributes:
        id: stable, such as `MOOR-ACR-001`; never used again for something else.
        title: the problem, in a few words.
        severity: how bad a failure is.
        pillar: the pillar of the Well-Architected Framework.
        types: ARM types it looks at; none means that it looks at the whole graph, once.
        what: what must hold, in one sentence.
        why: why that matters.
        remedy: what to do when it fails.
        docs: address of the service's own documentation.
        covers: the same test in other tools, by their ids.
        frameworks: controls it belongs to, where the mapping is published.
        since: quarterly baseline it first appears in, such as `2026_12`.
        profiles: profiles that have it on.
        config: the class of its configuration; every field has a default.
        check: yields the verdicts on one resource.
        remediate: gives the properties to put in the place of the wrong ones, or None.
    """

    id: str
    title: str
    severity: Severity
    pillar: Pillar
    types: tuple[str, ...]
    what: str
    why: str
    remedy: str
    docs: str
    covers: tuple[str, ...]
    frameworks: tuple[str, ...]
    since: str
    profiles: frozenset[Profile]
    config: type[RuleConfig]
    check: Check
    remediate: Remediate | None = None


def rule(
    *,
    id: str,  # noqa: A002 - the rule's own word for it
    title: str,
    severity: Severity,
    pillar: Pillar,
    remedy: str,
    types: Iterable[str] = (),
    docs: str = "",
    covers: Iterable[str] = (),
    frameworks: Iterable[str] = (),
    since: str = "2026_12",
    profiles: Iterable[Profile] = ("standard", "regulated"),
    config: type[RuleConfig] = NoConfig,
    remediate: Remediate | None = None,
) -> Callable[[Check], Rule]:
    """Make a rule of a check function; its docstring's first line is the `what`, the rest the `why`.

    Raises:
        ValueError: the check function has no docstring.
    """

    def made(check: Check) -> Rule:
        what, _, why = inspect.cleandoc(check.__doc__ or "").partition("\n")
        if not what:
            raise ValueError(f"{id}: the check has no docstring to say what must hold")
        return Rule(
            id=id,
            title=title,
            severity=severity,
            pillar=pillar,
            types=tuple(types),
            what=what,
            why=why.strip(),
            remedy=remedy,
            docs=docs,
            covers=tuple(covers),
            frameworks=tuple(frameworks),
            since=since,
            profiles=frozenset(profiles),
            config=config,
            check=check,
            remediate=remediate,
        )

    return made
