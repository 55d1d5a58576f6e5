"""The resources to adopt, and what becomes of each: described, made elsewhere, or not expressed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from local_azure.loading.listings import Listed, Listing
from local_azure.resource_id import ResourceId
from planning.names import Names
from planning.problems import Path

Json = dict[str, Any]

REGISTRY: Final = "Microsoft.ContainerRegistry/registries"
_CONVENTION: Final = re.compile(r"(?:rg|vnet|nsg|id|log)-([a-z][a-z0-9]{1,11})-([a-z][a-z0-9]{1,11})-.+")


class AdoptionError(Exception):
    """What is shown cannot be adopted; the message is one line."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the description does not express.

    Attributes:
        id: ARM id of the resource.
        property: the property, or empty for the whole resource.
        reason: what is there, and why it is not expressed or what to do.
    """

    id: str
    property: str
    reason: str

    def line(self) -> str:
        """Return the remark in one line."""
        return f"{self.id}: {self.property + ': ' if self.property else ''}{self.reason}"


@dataclass
class Estate:
    """The resources to adopt.

    Attributes:
        listing: all that Azure shows.
        names: names by the conventions of this project.
        registry: the registry.
        elsewhere: names of resource groups, in lower case, that others own.
        keys: keys of described entries by the ARM id in lower case of what they describe, with their path.
        remarks: what is not expressed.
    """

    listing: Listing
    names: Names
    registry: Listed
    elsewhere: Collection[str] = ()
    keys: dict[str, Path] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def subscription(self) -> str:
        """GUID of the stack's own subscription: the registry's."""
        return self.registry.address.subscription

    @property
    def home(self) -> str:
        """Home region of the registry."""
        return region(self.registry)

    def owns(self, arm_id: str) -> bool:
        """Whether a resource is shown, in the stack's own subscription, and in no group of others."""
        address = ResourceId.parse(arm_id)
        ours = address.subscription.lower() == self.subscription.lower()
        return ours and address.resource_group.lower() not in self.elsewhere and self.listing.get(arm_id) is not None

    def owned(self, kind: str) -> list[Listed]:
        """Return the resources of a type that the stack owns."""
        return [each for each in self.listing.of_type(kind) if self.owns(each.id)]

    def describe(self, path: Path, found: Listed) -> None:
        """Note which entry describes a resource."""
        self.keys[found.key] = path

    def key(self, arm_id: str | None) -> str | None:
        """Return the key of the entry that describes a resource; None where there is none."""
        path = self.keys.get((arm_id or "").lower())
        return path[-1] if path else None

    def reference(self, arm_id: str) -> str:
        """Return what a field writes for a resource: the key of its entry, else its id."""
        return self.key(arm_id) or arm_id

    def remark(self, found: Listed, name: str, reason: str) -> None:
        """Note something that is not expressed."""
        self.remarks.append(Remark(found.id, name, reason))


def region(found: Listed) -> str:
    """Return the region of a resource as ARM writes it: westeurope for West Europe."""
    return str(found.body.get("location") or "").replace(" ", "").lower()


def convention(listing: Listing) -> tuple[str, str] | None:
    """Return the name and the environment that most of the resources' names have; None where none has both."""
    found = (_CONVENTION.fullmatch(each.name.lower()) for each in listing)
    counts = Counter(match.groups() for match in found if match)
    return next(((str(pair[0]), str(pair[1])) for pair, _ in counts.most_common(1)), None)


def only_registry(listing: Listing, wanted: str = "") -> Listed:
    """Return the registry to adopt.

    Raises:
        AdoptionError: there is none, or more than one and `wanted` does not tell which.
    """
    found = [each for each in listing.of_type(REGISTRY) if not wanted or each.name.lower() == wanted.lower()]
    if len(found) == 1:
        return found[0]
    known = ", ".join(each.name for each in listing.of_type(REGISTRY)) or "none"
    raise AdoptionError(
        f"a stack has one registry, and {known} {'are' if len(found) > 1 else 'is'} shown; state --registry"
    )


def slug(name: str) -> str:
    """Return a name as the key of an entry: lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unnamed"


def keyed(found: Listed, prefix: str, taken: Iterable[str] = ()) -> tuple[str, bool]:
    """Return the key of an entry, and whether the resource's name follows from it by the conventions of this project.

    Args:
        found: the resource.
        prefix: what its name starts with by the conventions.
        taken: keys that others have.
    """
    if found.name.startswith(prefix) and len(found.name) > len(prefix):
        return found.name[len(prefix) :], True
    return free(slug(found.name), taken), False


def free(key: str, taken: Iterable[str]) -> str:
    """Return a key that is not taken: the given one, or that with a number."""
    known = set(taken)
    candidates = (key, *(f"{key}-{number}" for number in range(2, len(known) + 3)))
    return next(each for each in candidates if each not in known)


def stated(**members: Any) -> Json:
    """Return an entry of the members that have a value; False, 0 and empty text are values."""
    return {name: value for name, value in members.items() if value is not None and value not in ({}, [])}


def dig(value: Mapping[str, Any], *path: str) -> Any:
    """Return the value at a path below a body, or None."""
    found: Any = value
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def identifier(value: Any) -> str | None:
    """Return the id in a reference of ARM's form ``{"id": …}``, or None."""
    found = dig(value, "id") if isinstance(value, Mapping) else None
    return str(found) if found else None
