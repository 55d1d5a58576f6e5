"""The vocabulary of rules: rule, verdict, finding, and the resources that they are about.

The modules in `policies/rules` import what they need from here::

    @rule(id="MOOR-ACR-001", title="…", severity="critical", pillar="security", types=(REGISTRY,), remedy="…")
    def admin_user_is_disabled(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
        '''The admin user of a container registry is disabled.

        The reason, in a paragraph.
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
"""Effect of a finding: none, it is shown, it fails the run, or the value is corrected before it is sent."""
Profile = Literal["minimal", "standard", "regulated"]

SEVERITIES: Final[tuple[Severity, ...]] = ("critical", "high", "medium", "low")
"""Severities, highest first."""

STATUSES: Final[tuple[Status, ...]] = ("fail", "undetermined", "pass", "not_applicable")
"""Statuses in the order in which findings are listed."""


class RuleConfig(BaseModel):
    """Configuration of a rule. Each rule derives its own class, in which every field has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoConfig(RuleConfig):
    """Configuration of a rule that has no settings."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of one check of one resource.

    Attributes:
        status: pass, fail, not applicable, or undetermined.
        message: what was found and what is expected; the reason where the rule is not applicable. Empty for a pass.
        path: dotted path of the property that decided.
        resource: the resource concerned, where it is not the one that was checked.
    """

    status: Status
    message: str = ""
    path: str | None = None
    resource: Resource | None = None


def passed() -> Verdict:
    """Return the verdict that the resource complies."""
    return Verdict("pass")


def fail(message: str, path: str | None = None, resource: Resource | None = None) -> Verdict:
    """Return the verdict that the resource does not comply: the property, its value, the expected value, no full stop."""
    return Verdict("fail", message, path, resource)


def not_applicable(reason: str, resource: Resource | None = None) -> Verdict:
    """Return the verdict that the rule does not apply to the resource, and why."""
    return Verdict("not_applicable", reason, None, resource)


def undetermined(message: str, path: str | None = None, resource: Resource | None = None) -> Verdict:
    """Return the verdict that the known values do not decide, where no single unknown value is the cause."""
    return Verdict("undetermined", message, path, resource)


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict of one rule on one resource, with its effect and its place in the files.

    Attributes:
        rule: id of the rule.
        urn: URN of the resource.
        status: the verdict.
        message: what was found.
        path: dotted path of the property that decided, or None.
        level: effect; advisory for findings that pass or do not apply.
        severity: severity of the rule.
        resource: logical name of the resource.
        type: ARM type of the resource, or its type token where it is not an Azure resource.
        exemption: reason and expiry of the exemption that excuses it, or None.
        known: whether the saved baseline contains it.
        source: file and line that it is about, where that is not where the resource is stated.
        file: file to change, relative to the repository, or None where it is not known.
        line: line in that file.
    """

    rule: str
    urn: str
    status: Status
    message: str = ""
    path: str | None = None
    level: Level = "advisory"
    severity: Severity = "medium"
    resource: str = ""
    type: str = ""
    exemption: str | None = None
    known: bool = False
    source: tuple[Path, int] | None = None
    file: str | None = None
    line: int | None = None

    @property
    def loud(self) -> bool:
        """Whether it is a failure or undetermined, excused or not."""
        return self.status in {"fail", "undetermined"}

    @property
    def open(self) -> bool:
        """Whether it is loud and neither excused nor in the baseline."""
        return self.loud and self.exemption is None and not self.known

    @property
    def stops(self) -> bool:
        """Whether it fails the run."""
        return self.open and self.level in {"mandatory", "remediate"}

    @property
    def place(self) -> str:
        """`file:line`, or an empty string where the file is not known."""
        return f"{self.file}:{self.line}" if self.file else ""

    @property
    def subject(self) -> str:
        """The resource and the property, joined by a dot."""
        return f"{self.resource}.{self.path}" if self.path else self.resource


Check = Callable[[Resource, Graph, Any], Iterator[Verdict]]
Remediate = Callable[[Resource], Mapping[str, Any]]


@dataclass(frozen=True)
class Rule:
    """One rule and its documentation.

    Attributes:
        id: stable id such as `MOOR-ACR-001`, never reused.
        title: the problem, as an engineer would search for it.
        severity: severity of a failure.
        pillar: pillar of the Well-Architected Framework.
        types: ARM types that the rule checks; empty for a rule that checks the whole graph once.
        what: the requirement, in one sentence.
        why: the reason for it.
        remedy: what to do about a failure, an imperative sentence that starts in lower case and has no full stop.
        docs: address of the service's own documentation.
        covers: ids of the same check in other tools.
        frameworks: controls that the rule belongs to, where a mapping is published.
        since: first quarterly baseline that contains the rule, such as `2026_12`.
        profiles: profiles in which the rule is enabled.
        config: class of its configuration.
        check: yields the verdicts on one resource.
        remediate: returns corrected properties, or None where the rule cannot correct a resource.
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
    id: str,  # noqa: A002 - rules are identified by an id everywhere
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
    """Make a rule of a check function; the first line of its docstring is `what`, the rest is `why`.

    Raises:
        ValueError: the check function has no docstring.
    """

    def decorate(check: Check) -> Rule:
        what, _, why = inspect.cleandoc(check.__doc__ or "").partition("\n")
        if not what:
            raise ValueError(f"{id}: the check function has no docstring that states the requirement")
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

    return decorate
