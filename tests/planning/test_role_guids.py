"""GUIDs of built-in roles: planning and the local Azure state them independently, so a slip in either differs [ROLES]."""

import importlib
import pkgutil
from collections.abc import Iterator

import planning
from local_azure.services.role_definitions import BUILT_IN
from planning.roles import Role


def roles_of(value: object) -> Iterator[Role]:
    if isinstance(value, Role):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from roles_of(each)
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from roles_of(each)


def test_every_role_of_planning_has_the_guid_that_the_local_azure_knows() -> None:
    stated = {
        role.guid: role.name
        for found in pkgutil.iter_modules(planning.__path__)
        for value in vars(importlib.import_module(f"planning.{found.name}")).values()
        for role in roles_of(value)
    }
    assert {"Network Contributor", "AcrPull", "Key Vault Secrets User"} <= set(stated.values())
    assert {guid: (name, BUILT_IN.get(guid)) for guid, name in stated.items() if BUILT_IN.get(guid) != name} == {}
