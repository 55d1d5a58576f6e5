"""Building blocks of rules: conditions, checks of values, and their messages.

A check yields problems only. A rule evaluates its conditions first, appends its remedy to every failure, and passes resources
for which the check yields nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from planning.names import NameRule
from policies.model import (
    Condition,
    Graph,
    Problems,
    Remediate,
    Resource,
    Rule,
    RuleConfig,
    Undetermined,
    Verdict,
    fail,
    not_applicable,
    undetermined,
)

Item = Callable[[Resource, str, Any], Iterator[Verdict]]
"""Checks one element of a list: resource, dotted path of the element, configuration."""


def shown(value: Any) -> str:
    """Return a value as messages show it."""
    if value is None or value in ("", [], {}):
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(shown(each) for each in value)
    return str(value)


def same(value: Any, other: Any) -> bool:
    """Return whether ARM treats two values as equal: strings in any letter case, and no number as a switch."""
    if isinstance(value, str) and isinstance(other, str):
        return value.lower() == other.lower()
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def _one_of(value: Any, values: Sequence[Any]) -> bool:
    return any(same(value, each) for each in values)


def must_be(path: str, *expected: Any, default: Any = None) -> Problems:
    """Find a value other than the expected ones.

    Args:
        path: dotted path of the value.
        expected: values that pass.
        default: the default of the service.
    """

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        value = resource.value(path, default)
        if not _one_of(value, expected):
            yield fail(_is(path, value, resource, " or ".join(shown(each) for each in expected)), path)

    return check


def must_not_be(path: str, *refused: Any, default: Any = None, expected: str = "") -> Problems:
    """Find a value that is one of those refused; `expected` names the alternative, by default any other value."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        value = resource.value(path, default)
        if _one_of(value, refused):
            words = expected or (shown(not refused[0]) if isinstance(refused[0], bool) else "another value")
            yield fail(_is(path, value, resource, words), path)

    return check


def must_be_set(path: str, expected: str = "a value") -> Problems:
    """Find a value that is missing or empty; an unknown value is set."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        if not stated(resource, path):
            yield fail(f"{path} is not set, expected {expected}", path)

    return check


def must_satisfy(path: str, holds: Callable[[Any, Any], bool], expected: str, default: Any = None) -> Problems:
    """Find a value for which a predicate of value and configuration is false; `expected` is the predicate in words.

    `{…}` in `expected` is replaced by values of the configuration.
    """

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        value = resource.value(path, default)
        if not holds(value, config):
            words = expected.format(**{name: shown(each) for name, each in config})
            yield fail(_is(path, value, resource, words), path)

    return check


def _is(path: str, value: Any, resource: Resource, expected: str) -> str:
    """Return the first half of a message, which never contains a secret value."""
    text = "a secret" if resource.is_secret(path) else shown(value)
    return f"{path} is {text}, expected {expected}"


def stated(resource: Resource, path: str) -> bool:
    """Return whether a value is set and not empty; an unknown value is set.

    Raises:
        Undetermined: a value above it is unknown.
    """
    try:
        return resource.value(path) not in (None, "", [], {})
    except Undetermined:
        above = path.rpartition(".")[0]
        if above:
            resource.value(above)
        return True


def each(path: str, item: Item, *, nothing: str = "") -> Problems:
    """Check every element of a list; an element that cannot be judged yet affects no other.

    Args:
        path: dotted path of the list.
        item: yields the problems of one element.
        nothing: why the rule does not apply where the list is empty; by default an empty list passes.
    """

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        count = len(resource.value(path, ()))
        if not count and nothing:
            yield not_applicable(nothing)
        for position in range(count):
            yield from settled(item(resource, f"{path}.{position}", config))

    return check


def settled(problems: Iterator[Verdict]) -> Iterator[Verdict]:
    """Yield the problems of one element, with a verdict of its own for an unknown value in it."""
    try:
        yield from problems
    except Undetermined as unknown:
        yield undetermined(str(unknown), unknown.path)


def agreed(options: Sequence[Sequence[Verdict]], otherwise: str, path: str | None = None) -> Iterator[Verdict]:
    """Judge an unknown choice among several options by what is true for all of them.

    Args:
        options: the problems of each option.
        otherwise: message where some options have problems and others have none.
        path: dotted path of the unknown value.
    """
    wrong = [problems for problems in options if problems]
    if len(wrong) == len(options):
        yield from wrong[0] if wrong else ()
    elif wrong:
        yield undetermined(otherwise, path)


def all_of(*checks: Problems) -> Problems:
    """Combine checks."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        for one in checks:
            yield from one(resource, graph, config)

    return check


def only_if(path: str, *values: Any, default: Any = None, reason: str = "") -> Condition:
    """Return the condition that a value is one of several."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        value = resource.value(path, default)
        return None if _one_of(value, values) else reason or f"{path} is {shown(value)}"

    return condition


def unless(path: str, *values: Any, default: Any = None, reason: str = "") -> Condition:
    """Return the condition that a value is none of several."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        value = resource.value(path, default)
        return (reason or f"{path} is {shown(value)}") if _one_of(value, values) else None

    return condition


def only_with(path: str, reason: str) -> Condition:
    """Return the condition that a value is set."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        return None if stated(resource, path) else reason

    return condition


def configured(field: str) -> Condition:
    """Return the condition that a field of the rule's configuration is set."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        return None if getattr(config, field) else f"{field} is not configured"

    return condition


class Zoneless(RuleConfig):
    """Further regions without availability zones."""

    regions_without_zones: tuple[str, ...] = ()


class Pattern(RuleConfig):
    """The naming convention as a regular expression; without one, every name passes."""

    pattern: str = ""


def name_is(form: NameRule) -> Problems:
    """Find a name that Azure refuses; a name that the provider generates passes."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        name = graph.arm_name(resource)
        problem = form.problem(str(name)) if name else None
        if problem:
            yield fail(problem)

    return check


def follows_convention(resource: Resource, graph: Graph, config: Pattern) -> Iterator[Verdict]:
    """Find a name that does not match the configured convention."""
    name = graph.arm_name(resource)
    if name and not re.fullmatch(config.pattern, str(name)):
        yield fail(f"{name} does not match the naming convention {config.pattern}")


valid_name = partial(
    Rule,
    pillar="operations",
    why="Azure refuses other names, after other resources have been created.",
    docs="azure-resource-manager/management/resource-name-rules",
)
"""Declares a rule on names that Azure refuses."""

naming_convention = partial(
    Rule,
    follows_convention,
    severity="low",
    pillar="operations",
    docs="cloud-adoption-framework/ready/azure-best-practices/resource-naming",
    config=Pattern,
    where=(configured("pattern"),),
)
"""Declares a rule on names that do not follow the configured convention."""


def put(path: str, value: Any) -> Remediate:
    """Return a remediation that sets one value; the path may be one level deep."""
    outer, _, inner = path.partition(".")

    def remediate(resource: Resource) -> Mapping[str, Any]:
        if not inner:
            return {outer: value}
        return {outer: {**(resource.value(outer) or {}), inner: value}}

    return remediate
