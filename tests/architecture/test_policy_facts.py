"""Policies take every fact of Azure from planning: what they state themselves is about rules, or about the form of bodies."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

import planning
from tests.architecture.project import Module, within

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
RANGE = re.compile(r"\d{1,3}(\.\d{1,3}){3}(/\d{1,2})?")
FACT = re.compile(r"[a-z0-9-]+\.[a-z0-9.-]+\.[a-z]+|Microsoft\.\w+/\w+|\d{4}-\d\d-\d\d(-\w+)?|[\d.]+/\d+|\w+Subnet")
"""Strings of planning that are facts by their form: host and zone names, ARM types, API versions, ranges, reserved subnets."""
ENGINES_OWN = "policies/normalisation.py"
"""Holds the strings by which the engine marks unknown values, which have the form of GUIDs."""
DOCUMENTATION = {"id", "title", "what", "why", "remedy", "docs", "covers", "frameworks"}
"""Arguments of a rule that are prose or references, where facts are named for readers."""

TABLES = {
    "policies/changes/__init__.py:CHANGE_RULES": "rules",
    "policies/changes/__init__.py:PLAN_RULES": "rules",
    "policies/changes/pulls.py:PULL_RULES": "rules",
    "policies/changes/__init__.py:LONGEST_APPROVAL_DAYS": "how approvals work",
    "policies/changes/dependents.py:GUARDED": "which types the rule guards",
    "policies/changes/dependents.py:_OWN_PARTS": "which types the rule leaves out",
    "policies/changes/common.py:_SHOWN": "how many names a message lists",
    "policies/changes/pulls.py:_SHOWN": "how many names a message lists",
    "policies/changes/interruptions.py:STOPS": "what a message says of each type",
    "policies/rules/__init__.py:FAMILIES": "rules",
    "policies/rules/consumers.py:PLACES": "where bodies name subnets",
    "policies/rules/joined.py:_LISTS": "where bodies name subnets",
    "policies/rules/joined.py:_OF_SUBNETS": "what bodies of subnets name",
    "policies/rules/joined.py:_TARGETS": "which types the rule looks at",
    "policies/rules/consumers.py:_DELEGATIONS": "facts of planning by type",
    "policies/rules/domain_dns.py:_REGIONAL": "how names of zones are taken apart",
    "policies/rules/egress.py:_HOSTS": "which properties a rule reads",
    "policies/rules/egress.py:_SOURCES": "which properties a rule reads",
    "policies/rules/general.py:_UNTAGGED": "which types the rule leaves out",
    "policies/rules/images.py:CONTAINERS": "where bodies list containers",
    "policies/rules/network.py:_WITHOUT_GROUP": "facts of planning in lower case",
    "policies/rules/network.py:_WITHOUT_GROUP_DELEGATED": "facts of planning in lower case",
    "policies/rules/not_rules.py:NOT_RULES": "rules",
    "policies/rules/relations.py:_BY_GUID": "facts of planning by GUID",
    "policies/rules/relations.py:CONNECTIONS": "where bodies list connections",
    "policies/rules/role_assignments.py:_GROUP_DEPTH": "how ids are taken apart",
    "policies/rules/security_groups.py:_ANY_SOURCE": "how bodies name any source",
    "policies/rules/security_groups.py:_EXPOSED": "which ports the rule names",
    "policies/rules/security_groups.py:_LATERAL": "which ports the rule names",
    "policies/rules/storage.py:_OLD_VERSIONS": "which values the rule refuses",
    "policies/rules/types.py:COMPUTE": "which types a rule is about",
    "policies/rules/types.py:PULLING": "which types a rule is about",
}
"""Every table and number that policies state, and why it is their own: a new one belongs here only if no other part needs it."""


def judged() -> list[Module]:
    return [*within("policies/rules"), *within("policies/changes")]


def prose(tree: ast.AST) -> set[int]:
    """Nodes of docstrings, of f-strings, and of the documentation of rules."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for argument in node.keywords:
                if argument.arg in DOCUMENTATION:
                    found |= {id(each) for each in ast.walk(argument.value)}
        elif isinstance(node, ast.JoinedStr):
            found |= {id(each) for each in node.values}
        elif isinstance(node, ast.Expr):
            found.add(id(node.value))
    return found


def literals(module: Module) -> Iterator[tuple[int, str]]:
    """Every string of a module that is code, with its line."""
    skipped = prose(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


def held(value: Any) -> Iterator[str]:
    """Every string in a value of planning."""
    if isinstance(value, str | IPv4Network):
        yield str(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from held(key)
            yield from held(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from held(inner)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            yield from held(getattr(value, each.name))


def facts() -> set[str]:
    """Strings of planning's constants that have the form of a fact, in lower case."""
    found: set[str] = set()
    for info in pkgutil.iter_modules(planning.__path__):
        module = importlib.import_module(f"planning.{info.name}")
        constants = (value for name, value in vars(module).items() if not name.startswith("__"))
        found |= {each.lower() for value in constants for each in held(value) if FACT.fullmatch(each)}
    return found


def test_policies_state_no_role_by_its_guid() -> None:
    found = [f"{each.path}: {text}" for each in within("policies") for _, text in literals(each) if GUID.search(text)]
    assert [each for each in found if not each.startswith(ENGINES_OWN)] == []


def test_rules_state_no_address_range() -> None:
    everybody = {"0.0.0.0", "::"}
    found = [
        f"{each.path}:{line} {text}"
        for each in judged()
        for line, text in literals(each)
        if RANGE.fullmatch(text) and text not in everybody
    ]
    assert found == []


def test_rules_repeat_no_fact_of_planning() -> None:
    known = facts()
    assert {"privatelink.vaultcore.azure.net", "microsoft.app/environments", "169.254.0.0/16", "gatewaysubnet"} <= known
    found = [
        f"{each.path}:{line} {text}"
        for each in judged()
        # Names of ARM types are the grammar of bodies, and are in one module.
        if each.path != "policies/rules/types.py"
        for line, text in literals(each)
        if text.lower() in known
    ]
    assert found == []


def test_every_table_of_policies_is_their_own_concern() -> None:
    found = set()
    for module in judged():
        for node in module.tree.body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            created = isinstance(node.value, ast.Call) and ast.unparse(node.value.func) in {
                "frozenset",
                "dict",
                "tuple",
                "set",
            }
            number = isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float)
            if created or number or isinstance(node.value, ast.Dict | ast.Tuple | ast.List | ast.Set | ast.DictComp):
                found.add(f"{module.path}:{ast.unparse(target)}")
    rules = {each for each in found if each.endswith(":RULES")}
    assert found - rules == {each for each in TABLES if not each.endswith(":RULES")}
