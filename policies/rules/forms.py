"""Forms in which most rules are written: what a value must be, under which condition, and how that is told.

A check yields problems only. `declare` makes a rule of it: it judges the conditions first, ends every failure with the
remedy, and passes what the check found nothing wrong with.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Required, TypedDict, Unpack

from planning.names import NameRule
from policies.model import (
    Graph,
    Pillar,
    Profile,
    Remediate,
    Resource,
    Rule,
    RuleConfig,
    Severity,
    Undetermined,
    Verdict,
    fail,
    not_applicable,
    passed,
    rule,
    undetermined,
)

LEARN: Final = "https://learn.microsoft.com/azure/"
"""Where the services' own documentation starts."""

EVERYWHERE: Final[tuple[Profile, ...]] = ("minimal", "standard", "regulated")
"""For what hurts in any environment."""
STANDARD: Final[tuple[Profile, ...]] = ("standard", "regulated")
"""For what a production environment has."""
REGULATED: Final[tuple[Profile, ...]] = ("regulated",)
"""For what costs money or comfort and is asked for by auditors."""
OPT_IN: Final[tuple[Profile, ...]] = ()
"""For what is right for some only: a rule that is on when it is named."""

Problems = Callable[[Resource, Graph, Any], Iterator[Verdict]]
Condition = Callable[[Resource, Graph, Any], str | None]
"""Why a rule has nothing to say of a resource, or None where it has."""
Item = Callable[[Resource, str, Any], Iterator[Verdict]]
"""Judges one element of a list: resource, dotted path of the element, configuration."""


class Told(TypedDict, total=False):
    """What a rule tells of itself, in the words of `policies.model.rule`."""

    id: Required[str]
    title: Required[str]
    severity: Required[Severity]
    types: Iterable[str]
    covers: Sequence[str]
    frameworks: Sequence[str]
    since: str
    profiles: Sequence[Profile]
    config: type[RuleConfig]
    remediate: Remediate | None


def declare(
    check: Problems,
    *,
    what: str,
    why: str,
    remedy: str,
    pillar: Pillar = "security",
    docs: str = "",
    where: Sequence[Condition] = (),
    **told: Unpack[Told],
) -> Rule:
    """Make a rule of what finds problems.

    Args:
        check: yields failures, and further not applicable or undetermined verdicts; nothing means that all is well.
        what: what must hold, one sentence.
        why: why it matters.
        remedy: what to do, an imperative that starts in lower case; every failure's message ends with it.
        pillar: pillar of the Well-Architected Framework.
        docs: page below `LEARN`, or a whole address.
        where: conditions; the first one that gives a reason makes the rule not applicable.
        told: everything else; no types stand for the whole graph.
    """

    def judged(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        for condition in where:
            reason = condition(resource, graph, config)
            if reason is not None:
                yield not_applicable(reason)
                return
        silent = True
        for verdict in check(resource, graph, config):
            silent = False
            yield _with_remedy(verdict, remedy)
        if silent:
            yield passed()

    judged.__doc__ = f"{what}\n\n{why}"
    page = docs if docs.startswith("https:") or not docs else f"{LEARN}{docs}"
    return rule(pillar=pillar, remedy=remedy, docs=page, **told)(judged)


def _with_remedy(verdict: Verdict, remedy: str) -> Verdict:
    if verdict.status != "fail":
        return verdict
    return dataclasses.replace(verdict, message=f"{verdict.message}; {remedy}")


def shown(value: Any) -> str:
    """Return a value as a message names it: JSON's words for switches, nothing for what is not there."""
    if value is None or value in ("", [], {}):
        return "not stated"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(shown(each) for each in value)
    return str(value)


def same(value: Any, other: Any) -> bool:
    """Compare as ARM does: strings without case, and a switch also as the string that add-on settings use for it."""
    if isinstance(value, str) and isinstance(other, str):
        return value.lower() == other.lower()
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def _one_of(value: Any, values: Sequence[Any]) -> bool:
    return any(same(value, each) for each in values)


def must_be(path: str, *allowed: Any, default: Any = None) -> Problems:
    """Find a value that is none of the allowed ones.

    Args:
        path: dotted path of the value.
        allowed: values that pass.
        default: what the service takes where nothing is stated.
    """

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        value = resource.value(path, default)
        if not _one_of(value, allowed):
            yield fail(_is(path, value, resource, " or ".join(shown(each) for each in allowed)), path)

    return check


def must_not_be(path: str, *refused: Any, default: Any = None, allowed: str = "") -> Problems:
    """Find a value that is one of those refused; `allowed` says in words what to write, by default anything else."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        value = resource.value(path, default)
        if _one_of(value, refused):
            words = allowed or (shown(not refused[0]) if isinstance(refused[0], bool) else "any other")
            yield fail(_is(path, value, resource, words), path)

    return check


def must_be_set(path: str, allowed: str = "any value") -> Problems:
    """Find a value that is missing or empty; what is not known yet is there, whatever it will be."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        if not stated(resource, path):
            yield fail(f"{path} is not stated, allowed is {allowed}", path)

    return check


def must_satisfy(path: str, holds: Callable[[Any, Any], bool], allowed: str, default: Any = None) -> Problems:
    """Find a value for which a predicate of value and configuration does not hold; `allowed` is that predicate in words.

    `{…}` in `allowed` is filled from the configuration.
    """

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        value = resource.value(path, default)
        if not holds(value, config):
            words = allowed.format(**{name: shown(each) for name, each in config})
            yield fail(_is(path, value, resource, words), path)

    return check


def _is(path: str, value: Any, resource: Resource, allowed: str) -> str:
    """The first half of a message; a value that was a secret is never told."""
    told = "a secret" if resource.is_secret(path) else shown(value)
    return f"{path} is {told}, allowed is {allowed}"


def stated(resource: Resource, path: str) -> bool:
    """Whether a value is there and not empty; one that is not known yet is there.

    Raises:
        Undetermined: a value above it is not known yet, so that nobody can say.
    """
    try:
        return resource.value(path) not in (None, "", [], {})
    except Undetermined:
        above = path.rpartition(".")[0]
        if above:
            resource.value(above)
        return True


def each(path: str, item: Item, *, nothing: str = "") -> Problems:
    """Judge every element of a list; an element that cannot be judged yet hides no other.

    Args:
        path: dotted path of the list.
        item: yields the problems of one element.
        nothing: why the rule says nothing where the list is empty; left out, an empty list passes.
    """

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        count = len(resource.value(path, ()))
        if not count and nothing:
            yield not_applicable(nothing)
        for position in range(count):
            yield from attempted(item, resource, f"{path}.{position}", config)

    return check


def attempted(item: Item, resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    """Judge one element and turn what is not known of it into a verdict of its own."""
    try:
        yield from item(resource, path, config)
    except Undetermined as unknown:
        yield undetermined(str(unknown), unknown.path)


def agreed(options: Sequence[Sequence[Verdict]], otherwise: str, path: str | None = None) -> Iterator[Verdict]:
    """Judge what is one of several by what holds of all of them.

    Args:
        options: the problems of each; none means that all is well with it.
        otherwise: what is not known, told where some have problems and others have none.
        path: dotted path of what is not known.
    """
    wrong = [problems for problems in options if problems]
    if len(wrong) == len(options):
        yield from wrong[0] if wrong else ()
    elif wrong:
        yield undetermined(otherwise, path)


def all_of(*checks: Problems) -> Problems:
    """Find the problems of all checks."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        for one in checks:
            yield from one(resource, graph, config)

    return check


def only_if(path: str, *values: Any, default: Any = None, reason: str = "") -> Condition:
    """Return the condition that a value is one of some."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        value = resource.value(path, default)
        return None if _one_of(value, values) else reason or f"{path} is {shown(value)}"

    return condition


def unless(path: str, *values: Any, default: Any = None, reason: str = "") -> Condition:
    """Return the condition that a value is none of some."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        value = resource.value(path, default)
        return (reason or f"{path} is {shown(value)}") if _one_of(value, values) else None

    return condition


def only_with(path: str, reason: str) -> Condition:
    """Return the condition that a value is stated."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        return None if stated(resource, path) else reason

    return condition


def configured(field: str) -> Condition:
    """Return the condition that the rule's own configuration states a field."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        return None if getattr(config, field) else f"{field} is not configured"

    return condition


class Pattern(RuleConfig):
    """A naming convention as a regular expression; none stated leaves the choice free."""

    pattern: str = ""


def name_is(form: NameRule) -> Problems:
    """Find a name that ARM would refuse; one that the provider makes up is always in order."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        name = graph.arm_name(resource)
        problem = form.problem(str(name)) if name else None
        if problem:
            yield fail(problem)

    return check


def follows_convention(resource: Resource, graph: Graph, config: Pattern) -> Iterator[Verdict]:
    """Find a name that the configured convention does not match."""
    name = graph.arm_name(resource)
    if name and not re.fullmatch(config.pattern, str(name)):
        yield fail(f"{name} does not match the convention {config.pattern}")


def put(path: str, value: Any) -> Remediate:
    """Return a remediation that puts one value in the place of another; the path may be one level deep."""
    outer, _, inner = path.partition(".")

    def remediate(resource: Resource) -> Mapping[str, Any]:
        if not inner:
            return {outer: value}
        return {outer: {**(resource.value(outer) or {}), inner: value}}

    return remediate
