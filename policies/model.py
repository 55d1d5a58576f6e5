"""The vocabulary of rules: rule, verdict, finding, and the resources that they are about.

The modules in `policies/rules` declare rules by `policies.rules.forms.declare`, which is the class `Rule` here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from policies.graph import Graph
from policies.resource import UNKNOWN, Resource, Undetermined, holds_unknown

__all__ = [
    "EVERYWHERE",
    "LEARN",
    "OPT_IN",
    "REGULATED",
    "STANDARD",
    "UNKNOWN",
    "Condition",
    "Finding",
    "Graph",
    "Level",
    "NoConfig",
    "Pillar",
    "Problems",
    "Profile",
    "Remediate",
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
    "undetermined",
]

Severity = Literal["critical", "high", "medium", "low"]
Pillar = Literal["security", "reliability", "operations", "cost", "performance"]
Status = Literal["pass", "fail", "not_applicable", "undetermined"]
Level = Literal["disabled", "advisory", "mandatory", "remediate"]
"""Effect of a finding: none, it is shown, it fails the run, or the value is corrected before it is sent."""
Profile = Literal["minimal", "standard", "regulated"]

EVERYWHERE: Final[tuple[Profile, ...]] = ("minimal", "standard", "regulated")
"""For findings that matter in every environment."""
STANDARD: Final[tuple[Profile, ...]] = ("standard", "regulated")
"""For requirements of production environments."""
REGULATED: Final[tuple[Profile, ...]] = ("regulated",)
"""For requirements that have a price and are set by regulations."""
OPT_IN: Final[tuple[Profile, ...]] = ()
"""For requirements of some environments only: the rule is enabled when the settings name it."""

LEARN: Final = "https://learn.microsoft.com/azure/"
"""Start of the addresses of the services' documentation."""

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


Problems = Callable[[Resource, Graph, Any], Iterator[Verdict]]
"""Yields failures, and not applicable or undetermined verdicts; nothing means that the resource complies."""
Condition = Callable[[Resource, Graph, Any], str | None]
"""Returns why a rule does not apply to a resource, or None where it does."""
Remediate = Callable[[Resource], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule and its documentation.

    Attributes:
        check: finds the problems of one resource.
        id: stable id such as `MOOR-ACR-001`, never reused.
        title: the problem, as an engineer would search for it.
        severity: severity of a failure.
        pillar: pillar of the Well-Architected Framework.
        types: ARM types that the rule checks; empty for a rule that checks the whole graph once.
        where: conditions; the first one that returns a reason makes the rule not applicable.
        what: the requirement, in one sentence.
        why: the reason for it.
        remedy: what to do about a failure, an imperative sentence that starts in lower case and has no full stop.
        advises: whether the remedy is appended to every failure.
        docs: the service's own documentation: a page below `LEARN`, or a whole address.
        covers: ids of the same check in other tools.
        frameworks: controls that the rule belongs to, where a mapping is published.
        since: first quarterly baseline that contains the rule, such as `2026_12`.
        profiles: profiles in which the rule is enabled.
        config: class of its configuration.
        remediate: returns corrected properties, or None where the rule cannot correct a resource.
    """

    check: Problems = field(kw_only=False)
    id: str
    title: str
    severity: Severity
    pillar: Pillar = "security"
    types: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    what: str
    why: str
    remedy: str
    advises: bool = True
    docs: str = ""
    covers: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    since: str = "2026_12"
    profiles: tuple[Profile, ...] = STANDARD
    config: type[RuleConfig] = NoConfig
    remediate: Remediate | None = None

    @property
    def page(self) -> str:
        """Address of the service's own documentation; empty where there is none."""
        return self.docs if self.docs.startswith("https:") or not self.docs else f"{LEARN}{self.docs}"

    def verdicts(self, resource: Resource, graph: Graph, config: RuleConfig) -> Iterator[Verdict]:
        """Judge one resource, or the whole graph where the rule has no types."""
        for condition in self.where:
            reason = condition(resource, graph, config)
            if reason is not None:
                yield not_applicable(reason)
                return
        silent = True
        for verdict in self.check(resource, graph, config):
            silent = False
            advised = self.advises and verdict.status == "fail"
            yield replace(verdict, message=f"{verdict.message}; {self.remedy}") if advised else verdict
        if silent:
            yield passed()
