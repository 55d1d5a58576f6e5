"""The shape of a registry's tokens and their scope maps."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from components.references import Reference
from components.spec import Spec, held_to
from planning import scope_maps
from planning.problems import Path

Repository = Annotated[str, held_to(scope_maps.pattern_problem)]
Action = Literal["content/read", "content/write", "content/delete", "metadata/read", "metadata/write"]


class ScopeMapSpec(Spec):
    """Actions on repositories, which the tokens that name the scope map allow [ACR-TOKEN]."""

    description: Annotated[str | None, Field(max_length=256, description="What the tokens are for.")] = None
    repositories: Annotated[
        dict[Repository, Annotated[list[Action], Field(min_length=1)]],
        Field(
            min_length=1,
            description="Actions by repository: a name, team-a/* for all below team-a/, or * for all repositories.",
        ),
    ]

    def _problems(self) -> Iterator[tuple[Path, str]]:
        count = len(scope_maps.arm_actions(self.repositories))
        if count > scope_maps.MOST_PERMISSIONS:
            message = f"has {count} actions, {scope_maps.MOST_PERMISSIONS} at most; use prefixes such as team-a/*"
            yield ("repositories",), f"{message}, or two scope maps [ACR-TOKEN-LIMITS]"
        for name, actions in self.repositories.items():
            if "content/write" in actions and "content/read" not in actions:
                message = "content/write without content/read does not allow a push; add content/read"
                yield ("repositories", name), f"{message} [ACR-TOKEN]"


class TokenSpec(Spec):
    """A token: a user name with up to two passwords, which `./moorings token` generates [ACR-TOKEN]."""

    scope_map: Annotated[
        Annotated[str, Reference(".scope_maps", "scope map", words=scope_maps.SYSTEM_MAPS)],
        Field(description="Key of a scope map, or a predefined one such as _repositories_pull."),
    ]
    enabled: Annotated[bool, Field(description="Whether clients can sign in with it.")] = True


def problems(maps: Mapping[str, ScopeMapSpec], tokens: Mapping[str, TokenSpec]) -> Iterator[tuple[Path, str]]:
    """Yield names that ARM refuses, and more entries than a registry has."""
    for section, rule, entries in (("scope_maps", scope_maps.SCOPE_MAP, maps), ("tokens", scope_maps.TOKEN, tokens)):
        for key in entries:
            problem = rule.problem(key)
            if problem:
                yield (section, key), problem
            elif key in scope_maps.SYSTEM_MAPS:
                yield (section, key), "is a predefined scope map, which a token names without an entry; remove it"
        if len(entries) > scope_maps.MOST:
            yield (section,), f"has {len(entries)} entries, {scope_maps.MOST} at most [ACR-TOKEN-LIMITS]"
