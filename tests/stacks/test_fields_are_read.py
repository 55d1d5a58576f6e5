"""Every field of the stack file reaches something that is made, written or reported, or decides a check and is listed as such.

A field that nothing reads once the file was accepted has no effect, without a message. What is read and left out under some
condition is held by the tests of the component.
"""

import typing
from collections.abc import Iterator
from typing import Any

import pytest

from components.spec import Spec
from stacks.manifests.render import render
from stacks.spec import StackSpec
from stacks.stated_names import stated_names
from tests.stacks.recorded import loaded, recorded

Field = tuple[str, str]
CHECKED: frozenset[Field] = frozenset(
    {
        ("artifact_cache.ArtifactCacheSpec", "direct"),
        ("container_groups.QuotaSpec", "cpu"),
        ("container_groups.QuotaSpec", "memory_gb"),
        ("virtual_nodes.VirtualNodesSpec", "quota"),
        ("durable_task.OnDemandSandboxesSpec", "preview_acknowledged"),
        ("gateways.FrontendSpec", "visibility"),
        ("sandboxes.ProfileSpec", "sandboxes"),
        ("sandboxes.QuotaSpec", "vcpu"),
        ("sandboxes.QuotaSpec", "memory_gib"),
        ("sandboxes.SandboxGroupSpec", "quota"),
        ("colocation.ColocationSpec", "exceptions"),
        ("PlanningSpec", "addresses"),
        ("PlanningSpec", "ranges"),
        ("StackSpec", "planning"),
        ("StackSpec", "colocation"),
        ("StackSpec", "cloud"),
        ("StackSpec", "engine_state"),
    }
)
"""Fields that decide whether a file is accepted, or how the program runs, and are part of nothing that it makes."""

ELSEWHERE: frozenset[str] = frozenset(
    {
        "agents.LogsSpec",
        "dns.ZoneSpec",
        "registry.SoftDeleteSpec",
        "registry_events.EventSubscriptionSpec",
        "registry_events.FunctionSpec",
        "registry_events.RegistryEventsSpec",
        "registry_events.StorageQueueSpec",
        "sandboxes.CidrRuleSpec",
        "sandboxes.GatewaySpec",
        "sandboxes.VolumeSpec",
        "virtual_nodes.StandbySpec",
    }
)
"""Sections that no stack here states: the tests of their own components hold each of their fields."""


def name_of(spec: type[Spec]) -> str:
    package = spec.__module__.split(".")
    return f"{package[1]}.{spec.__name__}" if package[0] == "components" and len(package) > 2 else spec.__name__


def specs(model: type[Spec], seen: set[type[Spec]]) -> set[type[Spec]]:
    """Every section below one."""
    if model not in seen:
        seen.add(model)
        for field in model.model_fields.values():
            for annotation in inside(field.annotation):
                if isinstance(annotation, type) and issubclass(annotation, Spec):
                    specs(annotation, seen)
    return seen


def inside(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in typing.get_args(annotation):
        yield from inside(argument)


@pytest.fixture(scope="module")
def read() -> set[Field]:
    """What is read of every stack after it was accepted, while it is built and its manifests are written."""
    stacks = list(loaded().values())
    found: set[Field] = set()
    plain = Spec.__getattribute__

    def noting(self: Spec, name: str) -> Any:
        if not name.startswith("_"):
            found.add((name_of(type(self)), name))
        return plain(self, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Spec, "__getattribute__", noting)
        for stack in stacks:
            # The plan took the stated names when the stack was loaded.
            stated_names(stack.spec)
            recording = recorded(stack)
            if stack.spec.workloads:
                render(stack, recording.exports)
    return found


FIELDS = sorted((name_of(spec), field) for spec in specs(StackSpec, set()) for field in spec.model_fields)


def test_every_field_is_read_or_listed_as_one_that_a_check_alone_reads(read: set[Field]) -> None:
    unread = {field for field in FIELDS if field not in read and field[0] not in ELSEWHERE}
    assert unread - CHECKED == set()


def test_no_list_names_what_does_not_exist() -> None:
    assert set(FIELDS) >= CHECKED
    assert {name for name, _ in FIELDS} >= ELSEWHERE
