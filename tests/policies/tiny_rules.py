"""A handful of rules for the tests of the engine, its fronts and its outputs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from policies.model import (
    Graph,
    NoConfig,
    Problems,
    Resource,
    Rule,
    RuleConfig,
    Verdict,
    fail,
    not_applicable,
    passed,
)

REGISTRY = "Microsoft.ContainerRegistry/registries"
NETWORK = "Microsoft.Network/virtualNetworks"
ENDPOINT = "Microsoft.Network/privateEndpoints"


def rule(**documentation: Any) -> Callable[[Problems], Rule]:
    """Make a rule of a function; its docstring is the requirement and the reason."""

    def decorate(check: Problems) -> Rule:
        what, _, why = inspect.cleandoc(check.__doc__ or "").partition("\n")
        return Rule(check, what=what, why=why.strip(), advises=False, **documentation)

    return decorate


def without_admin(resource: Resource) -> dict[str, bool]:
    return {"adminUserEnabled": False}


@rule(
    id="TINY-001",
    title="The admin user is on",
    severity="critical",
    pillar="security",
    types=(REGISTRY,),
    remedy="turn it off",
    docs="https://learn.microsoft.com/azure/container-registry/container-registry-authentication",
    frameworks=("MCSB IM-1",),
    profiles=("minimal", "standard", "regulated"),
    remediate=without_admin,
)
def admin_user(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """The registry has no admin user.

    It is one password for all.
    """
    if resource.value("adminUserEnabled", False):
        yield fail("adminUserEnabled is true; turn it off", "adminUserEnabled")
    else:
        yield passed()


class Allowed(RuleConfig):
    regions: tuple[str, ...] = ("eastus", "westeurope", "southeastasia")


@rule(
    id="TINY-002",
    title="The region is not allowed",
    severity="high",
    pillar="security",
    types=(REGISTRY, NETWORK),
    remedy="move it",
    config=Allowed,
)
def region(resource: Resource, graph: Graph, config: Allowed) -> Iterator[Verdict]:
    """Everything is in an allowed region."""
    location = resource.value("location")
    if location is None:
        yield not_applicable("no location of its own")
    elif location not in config.regions:
        yield fail(f"location is {location}; allowed are {', '.join(config.regions)}", "location")
    else:
        yield passed()


@rule(
    id="TINY-003",
    title="No private endpoint reaches the registry",
    severity="medium",
    pillar="reliability",
    types=(REGISTRY,),
    remedy="add one",
    profiles=("regulated",),
)
def endpoint(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """A private endpoint reaches the registry."""
    if graph.referrers(resource, ENDPOINT):
        yield passed()
    else:
        yield fail("no private endpoint points at it")


@rule(
    id="TINY-004",
    title="Too many networks",
    severity="low",
    pillar="cost",
    remedy="remove some",
    since="2027_03",
)
def networks(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """There are at most two networks."""
    found = graph.of(NETWORK)
    if len(found) > 2:
        yield fail(f"{len(found)} networks; 2 are allowed", resource=found[0])
    else:
        yield not_applicable("there are few networks")


@rule(
    id="TINY-005",
    title="The rule is broken",
    severity="low",
    pillar="cost",
    types=(NETWORK,),
    remedy="mend the rule",
    profiles=(),
)
def broken(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """Never mind."""
    yield fail("first")
    raise KeyError("nothing")


TINY = (admin_user, region, endpoint, networks, broken)
