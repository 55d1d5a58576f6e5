"""Environment variables of containers, and which of them hold secrets in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policies.model import Resource, Undetermined, Verdict, fail, undetermined
from policies.rules.forms import stated
from policies.rules.images import CONTAINERS

SENSITIVE: Final = re.compile(
    r"(?i)(password|passwd|pwd|secret|token|api_?key|access_?key|account_?key|connection_?string|credential)"
)
"""Names of variables that hold secrets."""

_NOT_SENSITIVE: Final = re.compile(r"(?i)(_url|_uri|_name|_path|_file|_id|_endpoint|_expiry|_expiration)$")
"""Endings of names that describe a secret instead of holding it, such as `TOKEN_ENDPOINT`."""


def is_sensitive(name: str) -> bool:
    """Return whether the name of a variable says that its value is a secret."""
    return bool(SENSITIVE.search(name)) and not _NOT_SENSITIVE.search(name)


def plain_secrets(resource: Resource, member: str, instead: str) -> Iterator[Verdict]:
    """Find environment variables with a sensitive name and a plain value; the value itself is never shown.

    Args:
        resource: a resource with containers.
        member: property of a container that lists its variables.
        instead: the property to use for a secret.
    """
    for containers in CONTAINERS[resource.type]:
        for container, _ in resource.each(containers):
            for place, _ in resource.each(f"{container}.{member}"):
                try:
                    name = str(resource.value(f"{place}.name", ""))
                    plain = stated(resource, f"{place}.value") and not resource.is_secret(f"{place}.value")
                except Undetermined as unknown:
                    yield undetermined(str(unknown), unknown.path)
                    continue
                if is_sensitive(name) and plain:
                    yield fail(f"{place}.value of {name} is plain text, expected {instead}", f"{place}.value")
