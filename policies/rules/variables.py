"""Environment variables of containers, and which of them hold secrets in plain text."""

from __future__ import annotations

from collections.abc import Iterator

from planning.secret_names import is_plain_secret, secrets_in_command
from policies.model import Resource, Undetermined, Verdict, fail, undetermined
from policies.rules.images import CONTAINERS


def plain_secrets(resource: Resource, member: str, instead: str) -> Iterator[Verdict]:
    """Find variables and words of the command line that hold a secret in plain text; the value itself is never shown.

    Values that are not known yet give one verdict, at the first of them.

    Args:
        resource: a resource with containers.
        member: property of a container that lists its variables.
        instead: the property to use for a secret.
    """
    first: Undetermined | None = None
    for containers in CONTAINERS[resource.type]:
        for container, _ in resource.each(containers):
            for place, _ in resource.each(f"{container}.{member}"):
                try:
                    name = str(resource.value(f"{place}.name", ""))
                    value = str(resource.value(f"{place}.value", ""))
                except Undetermined as unknown:
                    first = first or unknown
                    continue
                if is_plain_secret(name, value) and not resource.is_secret(f"{place}.value"):
                    yield fail(f"{place}.value of {name} is plain text, expected {instead}", f"{place}.value")
            for line in ("command", "args"):
                try:
                    words = [str(resource.value(place, "")) for place, _ in resource.each(f"{container}.{line}")]
                except Undetermined as unknown:
                    first = first or unknown
                    continue
                for index in secrets_in_command(words):
                    place = f"{container}.{line}.{index}"
                    if not resource.is_secret(place):
                        yield fail(f"{place} is plain text, expected a variable with {instead}", place)
    if first:
        yield undetermined(str(first), first.path)
