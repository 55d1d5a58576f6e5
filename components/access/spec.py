"""The shape of a grant: an action on a registry's content, for one principal, optionally limited to repositories."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from components.references import IdentityKey
from components.spec import Spec, held_to
from planning.problems import Path
from planning.roles import (
    ROLES,
    Action,
    Mode,
    PrincipalType,
    Role,
    name_problem,
    principal_problem,
    repository_problem,
    role_for,
)


class GrantSpec(Spec):
    """One grant on the registry, named by what the grantee does; the role follows from the registry's mode."""

    name: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
            description="GUID that names the assignment in Azure. Default: made of the registry, the key and the role.",
        ),
    ] = None
    identity: Annotated[
        IdentityKey | None, Field(description="Key of an identity of this stack that receives the grant.")
    ] = None
    principal_id: Annotated[
        Annotated[str, held_to(principal_problem)] | None,
        Field(description="Object id of a principal made elsewhere that receives the grant."),
    ] = None
    principal_type: Annotated[PrincipalType | None, Field(description="Type of the principal made elsewhere.")] = None
    action: Annotated[
        Action | None,
        Field(description="pull, push (and pull), delete, or catalog (to list the repositories)."),
    ] = None
    role: Annotated[
        Annotated[str, held_to(name_problem)] | None,
        Field(description="A built-in role by its published name, where no action fits."),
    ] = None
    repositories: Annotated[
        list[Annotated[str, held_to(repository_problem)]],
        Field(description="Names, or team-a/* for all below team-a/. Default: all. Needs AbacRepositoryPermissions."),
    ] = []

    @property
    def who(self) -> str:
        """Key of the identity or id of the principal that receives the grant."""
        return self.identity or self.principal_id or ""

    def role_in(self, mode: Mode) -> Role:
        """Return the role that the grant takes on a registry in a mode; it may be one that the mode ignores."""
        return ROLES[self.role] if self.role else role_for(self.action or "pull", mode)

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._receiver(), *self._content())

    def _receiver(self) -> Iterator[tuple[Path, str]]:
        if (self.identity is None) == (self.principal_id is None):
            yield (), "needs either an identity of this stack or a principal_id, and not both"
        if self.principal_id is not None and self.principal_type is None:
            message = (
                "needs a principal_type beside principal_id: User, Group or ServicePrincipal (which a managed identity is); "
                "without it Azure looks up a new principal and may not find it [ROLE-8]"
            )
            yield (), message
        if self.identity is not None and self.principal_type is not None:
            message = f"{self.principal_type} beside an identity of this stack, which is a ServicePrincipal; remove it"
            yield ("principal_type",), message

    def _content(self) -> Iterator[tuple[Path, str]]:
        if (self.action is None) == (self.role is None):
            yield (), "needs either an action (pull, push, delete, catalog) or a role, and not both"
