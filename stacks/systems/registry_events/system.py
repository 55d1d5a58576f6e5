"""Events of the registry in a stack: the name of its system topic, in the registry's resource group."""

from __future__ import annotations

from collections.abc import Iterator

from planning import names
from planning.problems import Problem
from stacks.billing import not_known
from stacks.plan import Plan
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System

SECTION = "registry_events"


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """The system topic, in the home region of the registry."""
    if spec.registry_events is not None and spec.registry is not None:
        registry = sites["registry",]
        name = (names.SYSTEM_TOPIC, sites.names.system_topic("registry"))
        yield sites.site((SECTION,), name, group=registry.group, stated=spec.registry_home)


def own_registry(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Events of a registry made elsewhere, whose one system topic belongs to its own stack [EVENTGRID-1]."""
    if spec.registry_events is not None and spec.registry is not None and spec.registry.id is not None:
        message = (
            "is about a registry made elsewhere, and a registry has one system topic: state the subscriptions in the stack that "
            "makes the registry [EVENTGRID-1]"
        )
        yield Problem((SECTION,), message)


REGISTRY_EVENTS = System(
    section=SECTION,
    charges=not_known(SECTION, "events", "depends on how often images are pushed"),
    sites=sites_of,
    checks=(own_registry,),
    builder="stacks.systems.registry_events.build",
)
