"""One fact, one judge: where the checks of a stack file and a rule of the policies judge the same, both ask planning.

A change that passes the check and is refused by the policies is refused too late. So each such fact has one function or
number, both sides use it, and what the policies stop the checks refuse.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from planning.problems import SpecError
from policies.changes import CHANGE_RULES
from policies.configuration import Settings, select
from policies.rules import RULES
from tests.architecture.project import product
from tests.stacks.stack_files import NO_HEADROOM, WEST, WEST_SUBNET, Files, changed


@dataclass(frozen=True)
class Pair:
    """A fact with two judges.

    Attributes:
        fact: name in planning.
        check: file of the check.
        judge: file of the rule.
        rule: id of the rule.
        refused: whether the check refuses it; else it warns, and the rule may not be mandatory.
    """

    fact: str
    check: str
    judge: str
    rule: str
    refused: Literal["refuses", "warns"]


PAIRS = (
    Pair("addresses.registry_consumer", "stacks/planner.py", "policies/rules/consumers.py", "MOOR-DOM-001", "refuses"),
    Pair(
        "addresses.registry_consumer", "stacks/planner.py", "policies/changes/addresses.py", "MOOR-CHG-004", "refuses"
    ),
    Pair("addresses.size_advice", "stacks/checks.py", "policies/rules/domain_addresses.py", "MOOR-DOM-001", "refuses"),
    Pair("addresses.size_advice", "stacks/checks.py", "policies/rules/domain_kubernetes.py", "MOOR-DOM-024", "refuses"),
    Pair(
        "addresses.small_for_registry",
        "stacks/checks.py",
        "policies/rules/domain_addresses.py",
        "MOOR-DOM-202",
        "warns",
    ),
    Pair(
        "addresses.shared_with_registry",
        "stacks/checks.py",
        "policies/rules/domain_addresses.py",
        "MOOR-DOM-002",
        "refuses",
    ),
    Pair(
        "networks.subnet_problems", "stacks/checks.py", "policies/rules/domain_addresses.py", "MOOR-DOM-026", "refuses"
    ),
    Pair("aks.consumers", "stacks/systems/aks/system.py", "policies/rules/consumers.py", "MOOR-DOM-024", "refuses"),
    Pair("aks.surge_problem", "components/aks/pool_spec.py", "policies/rules/consumers.py", "MOOR-DOM-024", "refuses"),
    Pair(
        "container_apps.environment_consumer",
        "stacks/systems/container_apps/system.py",
        "policies/rules/consumers.py",
        "MOOR-DOM-020",
        "refuses",
    ),
    Pair(
        "container_apps.RESERVED_RANGES",
        "stacks/systems/container_apps/system.py",
        "policies/rules/domain_compute.py",
        "MOOR-DOM-020",
        "refuses",
    ),
    Pair(
        "vm_sizes.ephemeral_problem",
        "components/aks/pool_spec.py",
        "policies/rules/zones_and_sizes.py",
        "MOOR-DOM-031",
        "refuses",
    ),
    Pair(
        "agent_pools.system_pods_problem",
        "components/aks/pool_spec.py",
        "policies/rules/zones_and_sizes.py",
        "MOOR-DOM-031",
        "refuses",
    ),
    Pair(
        "vm_sizes.retired_problem",
        "components/aks/pool_spec.py",
        "policies/rules/zones_and_sizes.py",
        "MOOR-DOM-031",
        "refuses",
    ),
    Pair(
        "vm_sizes.system_pool_problem",
        "components/aks/pool_spec.py",
        "policies/rules/zones_and_sizes.py",
        "MOOR-DOM-031",
        "refuses",
    ),
    Pair(
        "vm_sizes.small_for_system_pool",
        "stacks/systems/aks/system.py",
        "policies/rules/zones_and_sizes.py",
        "MOOR-AKS-046",
        "warns",
    ),
    Pair(
        "images.moving_tag",
        "stacks/image_tags.py",
        "policies/rules/registry_context.py",
        "MOOR-ACR-031",
        "warns",
    ),
    Pair(
        "container_instances.group_consumer",
        "stacks/systems/container_groups/system.py",
        "policies/rules/consumers.py",
        "MOOR-DOM-024",
        "refuses",
    ),
    Pair(
        "virtual_nodes.network_problem",
        "stacks/systems/virtual_nodes/system.py",
        "policies/rules/domain_kubernetes.py",
        "MOOR-DOM-025",
        "refuses",
    ),
    Pair(
        "roles.role_problem",
        "components/access/assignments.py",
        "policies/rules/domain_access.py",
        "MOOR-DOM-010",
        "refuses",
    ),
    Pair(
        "secret_names.is_plain_secret", "stacks/clear_text.py", "policies/rules/variables.py", "MOOR-ACA-019", "refuses"
    ),
    Pair(
        "secret_names.is_plain_secret", "stacks/clear_text.py", "policies/rules/variables.py", "MOOR-ACI-002", "refuses"
    ),
)
"""Every fact that is evaluated twice: also each function of planning ending in `_problem` or `_consumer` that both sides use."""

ELSEWHERE = {
    "aks.version_problem": "the form of a version; MOOR-AKS-037 asks for support, which depends on the day",
}
"""Shared functions that are no judgement of one fact, and why."""

LEVELS = {each.rule.id: each.level for each in select((*RULES, *CHANGE_RULES), Settings())}


@cache
def taken(path: str) -> frozenset[str]:
    """Return the names of planning that a file imports or reads, such as `addresses.usable`."""
    module = next(each for each in product() if each.path == path)
    aliases: dict[str, str] = {}
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ImportFrom) or not str(node.module).startswith("planning"):
            continue
        for name in node.names:
            if node.module == "planning":
                aliases[name.asname or name.name] = name.name
            else:
                found.add(f"{str(node.module).removeprefix('planning.')}.{name.name}")
    for dotted in module.used if aliases else ():
        owner, _, name = dotted.partition(".")
        if owner in aliases and name:
            found.add(f"{aliases[owner]}.{name}")
    return frozenset(found)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "stacks")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule} {pair.fact}")
def test_check_and_rule_ask_the_same_function(pair: Pair) -> None:
    assert pair.fact in taken(pair.check)
    assert pair.fact in taken(pair.judge)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule} {pair.fact}")
def test_what_a_rule_stops_the_check_refuses(pair: Pair) -> None:
    assert LEVELS[pair.rule] == ("mandatory" if pair.refused == "refuses" else "advisory")


def test_every_judgement_that_both_sides_take_from_planning_is_a_pair() -> None:
    judgements = {
        f"{module.path.removeprefix('planning/').removesuffix('.py')}.{node.name}"
        for module in product()
        if module.path.startswith("planning/")
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and node.name.endswith(("_problem", "_problems", "_consumer"))
    }
    both = [
        frozenset().union(*(taken(module.path) for module in product() if module.path.startswith(side)))
        for side in (("stacks/", "components/"), ("policies/",))
    ]
    shared = judgements & both[0] & both[1]
    assert shared - {pair.fact for pair in PAIRS} - set(ELSEWHERE) == set()


@pytest.mark.parametrize(
    ("prefix", "outcome"), [("10.60.0.0/29", "refused"), ("10.60.0.0/28", "warned"), ("10.60.0.0/27", "in order")]
)
def test_a_small_subnet_of_the_registry_is_reported_as_the_rules_level_says(
    files: Files, prefix: str, outcome: str
) -> None:
    text = changed((WEST_SUBNET, WEST_SUBNET.replace("10.60.0.0/24", prefix)), NO_HEADROOM)
    if outcome == "refused":
        assert any("give /27 or larger" in line for line in files.refusals(text))
    else:
        assert bool([line for line in files.load(text).warnings if "/27" in line]) is (outcome == "warned")


def test_a_subnet_that_the_registry_shares_is_refused_with_the_words_of_the_rule(files: Files) -> None:
    delegated = "registry: {prefix: 10.60.0.0/24, delegation: Microsoft.App/environments}"
    with pytest.raises(
        SpecError, match=re.escape("a delegation to Microsoft.App/environments in addition to private endpoints")
    ):
        files.load(changed((WEST_SUBNET, delegated)))
    apart = f"{WEST_SUBNET}\n          apps: {{prefix: 10.60.1.0/24, delegation: Microsoft.App/environments}}"
    assert files.load(changed((WEST_SUBNET, apart), (WEST, WEST)))
