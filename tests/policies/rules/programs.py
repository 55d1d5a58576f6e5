"""Programs as data: each resource a token, inputs, and what they were made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy.policy import PolicyCustomTimeouts, PolicyResource, PolicyResourceOptions, StackValidationArgs
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policies.fronts import proxies, wire
from policies.model import Graph, Status

U = UNKNOWN_STRING_VALUE
"""A value that is not known yet, as the engine sends it."""
STACK = "stack"
"""Name of the program itself, which rules on the whole graph are given."""


@dataclass(frozen=True)
class Made:
    """One resource: `made_from` gives names of others by input; "" holds explicit dependencies."""

    token: str
    inputs: Mapping[str, Any]
    made_from: Mapping[str, Sequence[str]] = field(default_factory=dict)
    protect: bool = False


Program = Mapping[str, Made]


@dataclass(frozen=True)
class Case:
    """What a rule says of programs.

    Attributes:
        rule: its id.
        subject: the resource that is evaluated.
        programs: by the status that the subject gets. A status may have several.
        config: configuration that all of them need.
        also: what other resources get in the program of a status.
    """

    rule: str
    subject: str
    programs: Mapping[Status, Sequence[Program]]
    config: Mapping[str, Any] = field(default_factory=dict)
    also: Mapping[Status, set[tuple[str, Status]]] = field(default_factory=dict)


def azure(
    kind: str, /, _from: Mapping[str, Sequence[str]] | None = None, _protect: bool = False, **inputs: Any
) -> Made:
    return Made(f"azure-native:{kind}", inputs, _from or {}, _protect)


def one(rule: str, base: Made, config: Mapping[str, Any] | None = None, **statuses: Any) -> Case:
    """A rule that looks at one resource: the inputs that make it fail, pass, not apply, or wait, over a base.

    Statuses are `fail`, `ok`, `off` and `later`; each gives inputs, or a list of such.
    """
    words: dict[str, Status] = {"fail": "fail", "ok": "pass", "off": "not_applicable", "later": "undetermined"}
    programs: dict[Status, list[Program]] = {}
    for word, given in statuses.items():
        several = given if isinstance(given, list) else [given]
        programs[words[word]] = [
            {"subject": Made(base.token, {**base.inputs, **inputs}, base.made_from)} for inputs in several
        ]
    return Case(rule, "subject", programs, config or {})


def several(
    rule: str,
    subject: str,
    fail: Program | list[Program],
    ok: Program | list[Program],
    off: Any = (),
    later: Any = (),
    config: Mapping[str, Any] | None = None,
    also: Mapping[Status, set[tuple[str, Status]]] | None = None,
) -> Case:
    """A rule that looks at several resources."""
    given: dict[Status, Any] = {"fail": fail, "pass": ok, "not_applicable": off, "undetermined": later}
    programs = {
        status: list(each) if isinstance(each, list | tuple) else [each] for status, each in given.items() if each
    }
    return Case(rule, subject, programs, config or {}, also or {})


def urn(name: str, token: str) -> str:
    return f"urn:pulumi:test::moorings::{token}::{name}"


STACK_URN = urn("moorings-test", "pulumi:pulumi:Stack")


def _whole(program: Program) -> dict[str, Made]:
    return {"moorings-test": Made("pulumi:pulumi:Stack", {}), **program}


def through_proxies(program: Program) -> Graph:
    """The graph that a pack written with the SDK sees: every unknown value raises when it is touched."""
    created: dict[str, PolicyResource] = {}
    whole = _whole(program)
    for name, each in whole.items():
        options = PolicyResourceOptions(each.protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], None)
        created[name] = PolicyResource(
            each.token,
            unknown_checking_proxy(dict(each.inputs)),
            urn(name, each.token),
            name,
            options,
            None,
            None,
            [],
            {},
        )
    for name, each in whole.items():
        report = {
            key: [created[other] for other in others if other in created] for key, others in each.made_from.items()
        }
        explicit = report.pop("", [])
        created[name].property_dependencies = report
        created[name].dependencies = [*explicit, *(other for others in report.values() for other in others)]
    return proxies.graph_of(StackValidationArgs(list(created.values())))


def over_the_wire(program: Program) -> Graph:
    """The graph that the engine's own messages give."""
    messages = []
    whole = _whole(program)
    for name, each in whole.items():
        message = analyzer_pb2.AnalyzerResource(type=each.token, urn=urn(name, each.token), name=name)
        json_format.ParseDict(dict(each.inputs), message.properties)
        message.options.protect = each.protect
        for key, others in each.made_from.items():
            urns = [urn(other, whole[other].token) for other in others if other in whole]
            message.dependencies.extend(urns)
            if key:
                message.propertyDependencies[key].urns.extend(urns)
        messages.append(message)
    return Graph(wire.resource_of(message) for message in messages)
