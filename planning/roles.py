"""Built-in roles on a registry: actions, role assignment modes, and repository conditions.

A registry's role assignment mode determines which roles have an effect. Azure assigns a role that the mode ignores
without an error, and the first pull fails; here it is refused, with the role to use instead [ROLE-2].
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

Mode = Literal["LegacyRegistryPermissions", "AbacRepositoryPermissions"]
"""A registry's role assignment mode, in ARM's words; the first gives rights on all repositories at once."""

Action = Literal["pull", "push", "delete", "catalog"]
"""What somebody does with a registry's content; ``catalog`` is to list its repositories."""

PrincipalType = Literal["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"]
"""What a principal is; a managed identity is a ``ServicePrincipal``."""

LEGACY: Mode = "LegacyRegistryPermissions"
ABAC: Mode = "AbacRepositoryPermissions"

CONDITION_VERSION = "2.0"
"""The only version of the condition syntax that Azure takes [ROLE-4]."""

LONGEST_CONDITION = 8192
"""Characters that Azure takes in a condition: 8 KB [ROLE-7]."""

_REPOSITORY = "Microsoft.ContainerRegistry/registries/repositories"
_NAME = f"@Request[{_REPOSITORY}:name]"
_READ = (f"{_REPOSITORY}/content/read", f"{_REPOSITORY}/metadata/read")
_WRITE = (f"{_REPOSITORY}/content/write", f"{_REPOSITORY}/metadata/write")
_DELETE = (f"{_REPOSITORY}/content/delete", f"{_REPOSITORY}/metadata/delete")
_CATALOG = ("Microsoft.ContainerRegistry/registries/catalog/read",)

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY_NAME = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_LONGEST_REPOSITORY = 255


@dataclass(frozen=True, slots=True)
class Role:
    """A built-in role [ROLE-1].

    Attributes:
        name: its published name.
        guid: the last part of its definition's id, the same in every tenant.
        legacy: what it gives on the content of a registry in legacy mode [ROLE-3].
        abac: what it gives on the content of a registry in ABAC mode [ROLE-3].
        data_actions: its published data actions on content.
        conditional: whether a condition can narrow it to repositories [ROLE-6].
        honoured: modes in which assigning it has the effect that its name promises.
        beyond: whether it also controls the registry itself.
        control_plane: whether it gives rights on the registry as a resource, which count in either mode.
    """

    name: str
    guid: str
    legacy: frozenset[Action] = frozenset()
    abac: frozenset[Action] = frozenset()
    data_actions: tuple[str, ...] = ()
    conditional: bool = False
    honoured: frozenset[Mode] = field(default=frozenset({LEGACY, ABAC}))
    beyond: bool = False
    control_plane: bool = False

    def gives(self, mode: Mode) -> frozenset[Action]:
        """Return what it gives on the content of a registry in a mode."""
        return self.legacy if mode == LEGACY else self.abac


def _set(*actions: Action) -> frozenset[Action]:
    return frozenset(actions)


_EVERYTHING: frozenset[Action] = frozenset(get_args(Action))
_LEGACY_ONLY: frozenset[Mode] = frozenset({LEGACY})
_ABAC_ONLY: frozenset[Mode] = frozenset({ABAC})


def _repository(name: str, guid: str, data_actions: tuple[str, ...], *actions: Action) -> Role:
    """A role that counts in ABAC mode only and that a condition can narrow."""
    return Role(name, guid, _set(), _set(*actions), data_actions, conditional=True, honoured=_ABAC_ONLY)


def _control(name: str, guid: str) -> Role:
    """A role that controls the registry, and in legacy mode its content too."""
    return Role(name, guid, _EVERYTHING, honoured=_LEGACY_ONLY, beyond=True, control_plane=True)


_TABLE = (
    Role("AcrPull", "7f951dda-4ed3-4680-a7ca-43fe172d538d", _set("pull", "catalog"), honoured=_LEGACY_ONLY),
    Role("AcrPush", "8311e382-0749-4cb8-b61a-304f252e45ec", _set("pull", "push", "catalog"), honoured=_LEGACY_ONLY),
    Role("AcrDelete", "c2f4ef07-c644-48eb-af81-4b1b4947fb11", _set("delete"), honoured=_LEGACY_ONLY),
    Role("AcrImageSigner", "6cef56e8-d556-48e5-a04f-b8e64114680f", honoured=_LEGACY_ONLY),
    Role("AcrQuarantineReader", "cdda3590-29a3-44f6-95f2-9f980659eb04"),
    Role("AcrQuarantineWriter", "c8d4ff99-41c3-41a8-9f60-21dfdad59608"),
    _repository(
        "Container Registry Repository Reader",
        "b93aa761-3e63-49ed-ac28-beffa264f7ac",
        _READ,
        "pull",
    ),
    _repository(
        "Container Registry Repository Writer",
        "2a1e307c-b015-4ebd-883e-5b7698a07328",
        _READ + _WRITE,
        "pull",
        "push",
    ),
    _repository(
        "Container Registry Repository Contributor",
        "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
        _READ + _WRITE + _DELETE,
        "pull",
        "push",
        "delete",
    ),
    Role(
        "Container Registry Repository Catalog Lister",
        "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",
        abac=_set("catalog"),
        data_actions=_CATALOG,
        honoured=_ABAC_ONLY,
    ),
    Role(
        "Container Registry Data Importer and Data Reader",
        "577a9874-89fd-4f24-9dbd-b5034d0ad23a",
        _set("pull", "catalog"),
        _set("pull", "catalog"),
        _READ + _CATALOG,
    ),
    Role(
        "Container Registry Contributor and Data Access Configuration Administrator",
        "3bc748fc-213d-45c1-8d91-9da5725539b9",
    ),
    Role(
        "Container Registry Configuration Reader and Data Access Configuration Reader",
        "69b07be0-09bf-439a-b9a6-e73de851bd59",
    ),
    _control("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
    _control("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"),
    Role(
        "Reader",
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        _set("pull", "catalog"),
        honoured=_LEGACY_ONLY,
        control_plane=True,
    ),
)

ROLES: dict[str, Role] = {role.name: role for role in _TABLE}
"""Every role that may be named in a grant on a registry, by name."""

PRIVILEGED: dict[str, Role] = {
    role.guid: role
    for role in (
        ROLES["Owner"],
        ROLES["Contributor"],
        Role("User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"),
        Role("Role Based Access Control Administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168"),
    )
}
"""Privileged administrator roles, by GUID: each manages every resource in its scope or the access to it
[ROLE-PRIVILEGED]."""

SECRET_READERS: dict[str, Role] = {
    role.guid: role
    for role in (
        Role("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6"),
        Role("Key Vault Secrets Officer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"),
        Role("Key Vault Administrator", "00482a5a-887f-4fb3-b363-3b7fe8e74483"),
    )
}
"""Roles that read the values of a key vault's secrets, by GUID, the least one first [ROLE-SECRETS]."""

_CHOICE: dict[Mode, dict[Action, str]] = {
    LEGACY: {"pull": "AcrPull", "push": "AcrPush", "delete": "AcrDelete", "catalog": "AcrPull"},
    ABAC: {
        "pull": "Container Registry Repository Reader",
        "push": "Container Registry Repository Writer",
        "delete": "Container Registry Repository Contributor",
        "catalog": "Container Registry Repository Catalog Lister",
    },
}


def role_for(action: Action, mode: Mode) -> Role:
    """Return the least role that gives an action on the content of a registry in a mode [ROLE-3]."""
    return ROLES[_CHOICE[mode][action]]


def name_problem(name: str) -> str | None:
    """Return the problem with a role's name in one line, or None when it is one of `ROLES`."""
    if name in ROLES:
        return None
    close = difflib.get_close_matches(name, ROLES, n=1)
    meant = f"did you mean {close[0]}?" if close else f"known roles: {', '.join(ROLES)}"
    return f"{name!r} is not a built-in role for registries; {meant} Or state an action [ROLE-1]"


ZONE_CONTRIBUTOR = Role("Private DNS Zone Contributor", "b12aa53e-6015-4669-85d0-8515ebb3ae7f")
"""Writes the records of a private DNS zone and its links to networks [ROLE-10]."""


def principal_problem(text: str) -> str | None:
    """Return the problem with a principal's id in one line, or None when it is a GUID."""
    if _GUID.fullmatch(text):
        return None
    return f"{text!r} is not the id of a principal; write its object id, a GUID, not its name or client id [ROLE-8]"


def role_problem(role: Role, mode: Mode) -> str | None:
    """Return why a registry in a mode ignores a role, and what to use instead, or None [ROLE-2]."""
    if mode in role.honoured:
        return None
    useful = role.legacy | role.abac
    if mode == ABAC and role.legacy and role.name in {"Owner", "Contributor", "Reader"}:
        return (
            f"{role.name} gives no access to content on a registry in {mode}; use action pull, push, delete or catalog, "
            f"or a Container Registry Repository role [ROLE-2]"
        )
    instead = " and ".join(_instead(useful, mode)) or "a role of this mode"
    return f"{role.name} has no effect on a registry in {mode}; use {instead} [ROLE-2]"


def _instead(wanted: Iterable[Action], mode: Mode) -> Iterator[str]:
    """The least roles of a mode that give what is wanted, each with its action."""
    left = set(wanted)
    for action in ("delete", "push", "pull", "catalog"):
        if action not in left:
            continue
        role = role_for(action, mode)
        left -= role.gives(mode)
        yield f"{role.name} (action {action})"


def repository_problem(text: str) -> str | None:
    """Return the problem with a repository's name, or ``prefix/*``, in one line; None when a condition can hold it.

    Nothing but lower-case letters, digits and ``. _ - /`` comes through, so that a condition's text needs no escape
    [ROLE-9].
    """
    if text.endswith("*") and not text.endswith("/*"):
        meant = f"{text.rstrip('*')}/*" if text.rstrip("*") else "nothing, for all repositories"
        return f"{text!r} must end in /*: a prefix without it also matches other repositories; write {meant} [ROLE-5]"
    name = text.removesuffix("/*")
    if len(name) > _LONGEST_REPOSITORY or not _REPOSITORY_NAME.fullmatch(name):
        return (
            f"{text!r} is not a repository's name or prefix: lower-case letters and digits, separated by '.', '_', '-' or '/', "
            f"such as team-a/api, or team-a/* for all below it [ROLE-9]"
        )
    return None


def condition(role: Role, repositories: Sequence[str]) -> str:
    """Return the condition that narrows a role to repositories, in the syntax of version 2.0 [ROLE-4].

    It holds for the role's own data actions. The order of the repositories does not matter, one stated twice counts
    once.

    Args:
        role: one whose assignment takes a condition.
        repositories: names, or ``prefix/*`` for everything below a prefix; at least one.

    Raises:
        ValueError: the role takes no condition, or a repository's name is none.
    """
    if not role.conditional or not repositories:
        raise ValueError(f"{role.name} takes no condition, or no repository is named")
    for text in repositories:
        problem = repository_problem(text)
        if problem:
            raise ValueError(problem)
    others = " AND ".join(f"!(ActionMatches{{'{action}'}})" for action in role.data_actions)
    return f"(({others}) OR ({_any_of([_matches(text) for text in sorted(set(repositories))])}))"


def _matches(text: str) -> str:
    if text.endswith("/*"):
        return f"{_NAME} StringStartsWithIgnoreCase '{text.removesuffix('*')}'"
    return f"{_NAME} StringEqualsIgnoreCase '{text}'"


def _any_of(expressions: Sequence[str]) -> str:
    """Join expressions in pairs: Azure wants three or more to be grouped [ROLE-7]."""
    joined = expressions[0]
    for position, expression in enumerate(expressions[1:], start=1):
        joined = f"{joined if position == 1 else f'({joined})'} OR {expression}"
    return joined


def condition_problem(role: Role, repositories: Sequence[str], mode: Mode) -> str | None:
    """Return why repositories cannot narrow a role on a registry in a mode, in one line, or None where they can."""
    if not repositories:
        return None
    if mode != ABAC:
        return (
            f"{', '.join(repositories)}: a registry in {mode} ignores conditions, so the role applies to all repositories; "
            f"remove them, or set registry.role_assignment_mode: {ABAC} [ROLE-4]"
        )
    if not role.conditional:
        return f"{', '.join(repositories)}: {role.name} has no conditions and applies to all repositories; remove them [ROLE-6]"
    length = len(condition(role, repositories))
    if length > LONGEST_CONDITION:
        return (
            f"{len(repositories)} entries make a condition of {length} characters, the limit is {LONGEST_CONDITION}; "
            "name prefixes such as team-a/* instead [ROLE-7]"
        )
    return None


def definition_id(scope: str, role: Role) -> str:
    """Return the id of a role definition in the subscription of a scope, or in the tenant for other scopes."""
    subscription = re.match(r"/subscriptions/[^/]+", scope)
    return f"{subscription[0] if subscription else ''}/providers/Microsoft.Authorization/roleDefinitions/{role.guid}"


_SPACE = bytes.fromhex("0f1d6b0a8c6b4d0e9a4e6f3b1c52d7e4")


def assignment_name(namespace: str, grant: str, role: Role) -> str:
    """Return the GUID that names an assignment: a version 5 one, always the same for the same arguments.

    It holds nothing that is known only after creation, so that a preview knows it. The role of an assignment cannot
    change [ROLE-8]: another role is another assignment.

    Args:
        namespace: distinguishes environments, such as by the name of the registry; in any letter case.
        grant: key of the grant in the description.
        role: what is assigned.
    """
    text = "\n".join((namespace.lower(), grant, role.guid))
    digest = bytearray(hashlib.sha1(_SPACE + text.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    shown = digest.hex()
    return "-".join((shown[:8], shown[8:12], shown[12:16], shown[16:20], shown[20:]))
