"""The grammar of ARM URLs: resources, collections, child and extension resources, compared without regard to case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from local_azure.errors import ArmError

GROUPS = "Microsoft.Resources/resourceGroups"
"""Type of a resource group, which ARM addresses without a provider segment."""


@dataclass(frozen=True)
class ResourceId:
    """Address of a resource, or of a collection or action when it has one type segment more than names.

    `scope` is what stands before the last `/providers/`: nothing, a subscription, a resource group or, for extension
    resources, another resource's id. Resource groups and lists of the subscription have the namespace
    Microsoft.Resources and no such segment in their text.
    """

    scope: str
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def parse(cls, path: str) -> ResourceId:
        """Read the path of an ARM URL; raises ArmError (404 InvalidResourceUrl) for anything else."""
        segments = [s for s in path.split("/") if s]
        lowered = [s.lower() for s in segments]
        if "providers" in lowered[:-1] and lowered.index("providers") % 2 == 0:
            at = len(lowered) - 1 - lowered[::-1].index("providers")
            scope = "/" + "/".join(segments[:at]) if at else ""
            if scope:
                cls.parse(scope)
            rest = segments[at + 2 :]
            return cls(scope, segments[at + 1], tuple(rest[0::2]), tuple(rest[1::2]))
        return cls._parse_scope(path, segments, lowered)

    @classmethod
    def _parse_scope(cls, path: str, segments: list[str], lowered: list[str]) -> ResourceId:
        match lowered:
            case ["subscriptions"] | ["tenants"]:
                return cls("", "Microsoft.Resources", (segments[0],), ())
            case ["subscriptions", _]:
                return cls("", "Microsoft.Resources", ("subscriptions",), (segments[1],))
            case ["subscriptions", _, "resourcegroups", _]:
                return cls(f"/subscriptions/{segments[1]}", "Microsoft.Resources", ("resourceGroups",), (segments[3],))
            case ["subscriptions", _, collection]:
                name = "resourceGroups" if collection == "resourcegroups" else segments[2]
                return cls(f"/subscriptions/{segments[1]}", "Microsoft.Resources", (name,), ())
            case ["subscriptions", _, "resourcegroups", _, _]:
                return cls("/" + "/".join(segments[:4]), "Microsoft.Resources", (segments[4],), ())
        raise ArmError(404, "InvalidResourceUrl", f"The request URL '{path}' does not name an ARM resource.")

    @property
    def is_collection(self) -> bool:
        """Tell whether the address names a collection or an action instead of one resource."""
        return len(self.types) != len(self.names)

    @cached_property
    def type(self) -> str:
        """Full type name, such as Microsoft.Network/virtualNetworks/subnets."""
        return "/".join((self.namespace, *self.types))

    @property
    def name(self) -> str:
        """Last name segment."""
        return self.names[-1]

    @property
    def full_name(self) -> str:
        """Names of the resource and its parents, joined by slashes."""
        return "/".join(self.names)

    @cached_property
    def key(self) -> str:
        """Text by which ids are compared: lower case."""
        return str(self).lower()

    @property
    def is_group(self) -> bool:
        """Tell whether this is a resource group."""
        return self.namespace.lower() == "microsoft.resources" and self.types[:1] == ("resourceGroups",)

    @cached_property
    def parent(self) -> ResourceId | None:
        """Parent of a child resource; of a collection, the resource that it belongs to. None at the top level."""
        if len(self.names) == 0 or (len(self.names) == 1 and not self.is_collection):
            return None
        end = len(self.names) if self.is_collection else len(self.names) - 1
        return ResourceId(self.scope, self.namespace, self.types[:end], self.names[:end])

    @cached_property
    def subscription(self) -> str:
        """Subscription GUID as written in the address, or nothing."""
        segments = str(self).split("/")
        return segments[2] if len(segments) > 2 and segments[1].lower() == "subscriptions" else ""

    @cached_property
    def resource_group(self) -> str:
        """Name of the resource group, or nothing."""
        segments = str(self).split("/")
        return segments[4] if len(segments) > 4 and segments[3].lower() == "resourcegroups" else ""

    @property
    def group_id(self) -> str:
        """Id of the resource group, or nothing."""
        group = self.resource_group
        return f"/subscriptions/{self.subscription}/resourceGroups/{group}" if group else ""

    def child(self, kind: str, name: str) -> ResourceId:
        """Return the address of a child of type segment `kind`."""
        return ResourceId(self.scope, self.namespace, (*self.types, kind), (*self.names, name))

    def canonical(self, type_name: str) -> ResourceId:
        """Return the same address with namespace and types spelled as in `type_name`."""
        namespace, *types = type_name.split("/")
        return ResourceId(self.scope, namespace, tuple(types), self.names)

    @cached_property
    def _text(self) -> str:
        tail = "".join(f"/{kind}/{name}" for kind, name in zip(self.types, self.names, strict=False))
        if self.is_collection and self.types:
            tail += f"/{self.types[-1]}"
        if self.namespace.lower() == "microsoft.resources":
            return f"{self.scope}{tail}"
        return f"{self.scope}/providers/{self.namespace}{tail}"

    def __str__(self) -> str:
        return self._text


def same(left: str, right: str) -> bool:
    """Compare two ids as ARM does, without regard to case."""
    return left.lower() == right.lower()
