"""References of whole stacks: each leads somewhere, and each that does not is refused where it stands."""

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from components.references import Edge, Reference
from stacks import schema
from stacks.checks import check
from stacks.document import Document
from stacks.files import DIRECTORY
from stacks.loader import describe, load
from stacks.messages import problems_of
from stacks.spec import StackSpec
from stacks.systems.catalog import SYSTEMS

TESTS = Path(__file__).parents[1]
STACKS = {
    "prod": DIRECTORY,
    "dev": DIRECTORY,
    **{folder.parts[-2]: folder for folder in sorted(TESTS.glob("up/*/stacks"))},
    "two_regions": TESTS / "stacks" / "systems" / "stacks",
}


def loaded(stack: str) -> tuple[Edge, ...]:
    """Every reference of a stack."""
    return load(stack if STACKS[stack] == DIRECTORY else "test", directory=STACKS[stack]).plan.edges


@cache
def document() -> Document:
    return describe("test", directory=STACKS["two_regions"])


TWO_REGIONS = {".".join(edge.path): edge for edge in loaded("two_regions")}


@pytest.mark.parametrize("stack", STACKS)
def test_every_reference_of_a_stack_that_holds_leads_somewhere(stack: str) -> None:
    assert [edge for edge in loaded(stack) if edge.target is None] == []


def test_the_plan_knows_what_leads_to_what() -> None:
    leads = {path: ".".join(edge.target or ()) for path, edge in TWO_REGIONS.items()}
    assert leads["clusters.second.kubelet_identity"] == "identities.kubelet"
    assert leads["clusters.second.subnet"] == "networks.far.subnets.nodes"
    assert leads["clusters.second.metrics_workspace"] == "monitoring.metrics_workspaces.here"
    assert leads["virtual_nodes.second"] == "clusters.second"
    assert leads["virtual_nodes.second.subnet"] == "networks.far.subnets.burst"
    assert leads["gateways.shop.subnet"] == "networks.far.subnets.gateway"
    assert leads["container_apps.main.private_endpoints.peer.subnet"] == "networks.far.subnets.registry"
    assert leads["container_apps.side.apps.flow.task_hub.worker"] == (
        "task_schedulers.away.on_demand_sandboxes.profiles.execute"
    )
    assert leads["container_apps.side.apps.flow.profile"] == "container_apps.side.profile_types.Consumption"
    assert leads["address_drift.spokes.far"] == "networks.far"


def replaced(data: dict[str, Any], edge: Edge, value: str) -> dict[str, Any]:
    """The description with another value of one reference, or another key where the reference is a key."""
    changed = deepcopy(data)
    holder: Any = changed
    for key in edge.path[:-1]:
        holder = holder[int(key)] if isinstance(holder, list) else holder[key]
    last = edge.path[-1]
    if isinstance(holder, list):
        holder[int(last)] = value
    elif last == edge.value:
        holder[value] = holder.pop(last)
    else:
        holder[last] = value
    return changed


def refusals(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and message of every error of a description."""
    try:
        spec = StackSpec.model_validate(data)
    except ValidationError as error:
        found = problems_of(error, StackSpec, document())
    else:
        found = [problem for problem in check(spec, SYSTEMS)[1] if problem.severity == "error"]
    return ((".".join(problem.path), problem.message) for problem in found)


@pytest.mark.parametrize("path", TWO_REGIONS)
def test_a_reference_to_what_does_not_exist_is_refused_where_it_is(path: str) -> None:
    edge = TWO_REGIONS[path]
    there = ".".join((*edge.path[:-1], "nowhere")) if edge.path[-1] == edge.value else path
    message = f"there is no {edge.reference.noun} 'nowhere'; there are: {', '.join(edge.choices)}"
    assert (there, message) in set(refusals(replaced(document().data, edge, "nowhere")))


def targets(node: Any) -> Iterator[str]:
    """Every target that the schema names."""
    if isinstance(node, dict):
        if "x-reference" in node:
            yield node["x-reference"]
        for value in node.values():
            yield from targets(value)
    elif isinstance(node, list):
        for value in node:
            yield from targets(value)


def test_every_target_that_a_field_names_is_found_in_some_stack() -> None:
    named = set(targets(json.loads(schema.text())))
    followed = {edge.reference.target for stack in STACKS for edge in loaded(stack) if edge.section}
    assert named - followed == set()


NAMES = {
    *("network", "subnet", "pod_subnet", "peers", "links", "dns_zones", "identity", "kubelet_identity", "identities"),
    *(
        "owners",
        "executors",
        "workspace",
        "metrics_workspace",
        "cluster",
        "clusters",
        "environment",
        "scheduler",
        "hub",
    ),
    *("task_hub", "profile", "frontend", "backends", "from_workloads", "app"),
}
"""Names of fields that name something else."""


def classes(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """Every spec below a spec."""
    if model not in seen:
        seen.add(model)
        for field in model.model_fields.values():
            for each in parts(field.annotation):
                if isinstance(each, type) and issubclass(each, BaseModel):
                    classes(each, seen)
    return seen


def parts(annotation: Any) -> Iterator[Any]:
    """An annotation and everything that it is made of."""
    yield annotation
    for each in (*getattr(annotation, "__args__", ()), *getattr(annotation, "__metadata__", ())):
        yield from parts(each)


def test_no_field_of_such_a_name_is_mere_text() -> None:
    plain = {
        f"{model.__name__}.{name}"
        for model in classes(StackSpec, set()) - {StackSpec}
        for name, field in model.model_fields.items()
        if name in NAMES
        and str in (found := list(parts(field.annotation)))
        and not any(isinstance(each, Reference) for each in (*found, *field.metadata))
    }
    # Variables of a container.
    assert plain == {"ContainerSpec.environment"}
