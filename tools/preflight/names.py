"""Checks names that are part of a host name, and therefore unique in all of Azure: storage accounts, vaults, function apps.

The name of a Container Apps environment is unique in its resource group only, and its region cannot change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planning import names
from planning.names import NameRule
from stacks.loader import Stack
from stacks.sites import Site
from tools.preflight.arm import Arm, MissingError
from tools.preflight.findings import Finding


@dataclass(frozen=True, slots=True)
class Unique:
    """A type whose names are unique in all of Azure.

    Attributes:
        type: its ARM type.
        version: API version of the resource and of checkNameAvailability.
        asked: value of ``type`` in the question.
        noun: what it is called in messages.
    """

    type: str
    version: str
    asked: str
    noun: str


UNIQUE: Mapping[NameRule, Unique] = {
    names.STORAGE_ACCOUNT: Unique(
        "Microsoft.Storage/storageAccounts", "2024-01-01", "Microsoft.Storage/storageAccounts", "storage account"
    ),
    names.KEY_VAULT: Unique("Microsoft.KeyVault/vaults", "2024-11-01", "Microsoft.KeyVault/vaults", "key vault"),
    names.FUNCTION_APP: Unique("Microsoft.Web/sites", "2024-04-01", "Microsoft.Web/sites", "function app"),
}
"""Types with an action checkNameAvailability, by the naming rule of the entry [NAME-CHECK]."""

ENVIRONMENTS = "Microsoft.App/managedEnvironments"
ENVIRONMENT_VERSION = "2025-01-01"


def available(stack: Stack, arm: Arm) -> Iterator[Finding]:
    """Yield one finding for each name that the program takes; raises the errors of `Arm.get`."""
    for site in stack.plan.sites:
        for rule, name in () if site.elsewhere else site.names:
            unique = UNIQUE.get(rule)
            if unique is not None:
                yield _asked(site, name, unique, arm)
            elif rule is names.MANAGED_ENVIRONMENT:
                yield _environment(site, name, arm)


def _asked(site: Site, name: str, unique: Unique, arm: Arm) -> Finding:
    path = f"{_group(site, arm)}/providers/{unique.type}/{name}"
    try:
        arm.get(path, unique.version)
    except MissingError:
        namespace = unique.type.partition("/")[0]
        question = {"name": name, "type": unique.asked}
        answer = arm.ask(f"{arm.scope}/providers/{namespace}/checkNameAvailability", unique.version, question)
        if answer.get("nameAvailable"):
            return Finding("names", "passed", name, f"the {unique.noun} name {name} is available")
        message = f"the {unique.noun} name {name} is not available: {answer.get('message')}; state another name"
        return Finding("names", "failed", name, message)
    return Finding("names", "passed", path, f"{unique.noun} {name} exists in the resource group of this stack")


def _environment(site: Site, name: str, arm: Arm) -> Finding:
    path = f"{_group(site, arm)}/providers/{ENVIRONMENTS}/{name}"
    try:
        place = str(arm.get(path, ENVIRONMENT_VERSION).get("location")).replace(" ", "").lower()
    except MissingError:
        return Finding("names", "passed", name, f"the environment name {name} is free in its resource group")
    if place != site.location:
        message = f"environment {name} exists in {place}, and the stack has it in {site.location}: state another name"
        return Finding("names", "failed", path, message)
    return Finding("names", "passed", path, f"environment {name} exists in the resource group of this stack")


def _group(site: Site, arm: Arm) -> str:
    subscription = f"/subscriptions/{site.group.subscription}" if site.group.subscription else arm.scope
    return f"{subscription}/resourceGroups/{site.group.name}"
