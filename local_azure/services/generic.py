"""One service for every type that has no rules: it checks shapes, keeps what it is sent, and says so once a type."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

from typing_extensions import override

from local_azure.arm_types import ArmType, catalogue, lookup
from local_azure.errors import ArmError
from local_azure.generic import no_rules
from local_azure.generic.table import fixed_names, known_type, type_names
from local_azure.operations import SYNC, Style, long_running
from local_azure.refusals import method_not_allowed
from local_azure.resource_id import ResourceId
from local_azure.services import references
from local_azure.services.cloud import Answer, Cloud, Json, Request, ResourceType
from local_azure.services.identities import assigned
from local_azure.store import Resource

LOG = logging.getLogger("local_azure")

_LONG: Final = long_running(("Creating", "Updating"), (5.0, 5.0, 5.0), deletes=Style.BOTH)
"""Transitions of a type that shows a provisioningState (durations chosen)."""


class ShapeOnly(ResourceType):
    """A type known by its shape: bodies are checked against the SDK's types, and what they refer to has to be there.

    It is asynchronous where the SDK shows a provisioningState, and lives in a region where its body has a location (chosen).
    """

    def __init__(self, arm: ArmType) -> None:
        self._arm = arm
        self._warned = False

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Keep the body as it was sent, once all that it refers to is there."""
        self._warn()
        body = {name: value for name, value in request.body.items() if name != "identity"}
        references.check(cloud, request.id, body)
        resource = existing or self.new(request)
        resource.body = {"properties": {}, **body, **assigned(cloud, request.id, request.body.get("identity"))}
        return resource

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the body; parts that have a name have an id below the resource's."""
        return references.with_ids(super().view(cloud, resource, api_version), resource.id, self._arm)

    def _warn(self) -> None:
        if not self._warned:
            self._warned = True
            LOG.warning(no_rules(self.name))


class AlsoMadeByAzure(ShapeOnly):
    """A type of which a service makes some by itself, by rules, and programs make others: network interfaces."""

    ruled: ResourceType

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Accept what a program creates; a program cannot change what Azure created."""
        if existing is not None and existing.state:
            raise method_not_allowed(request.method, request.id)
        return super().write(cloud, request, existing)

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show each as its creator does."""
        rules = self.ruled if resource.state else super()
        return rules.view(cloud, resource, api_version)

    @override
    def built_in(self, cloud: Cloud, request: Request) -> Answer | None:
        """Answer for what Azure has without being stored."""
        return self.ruled.built_in(cloud, request)

    @override
    def not_found(self, place: ResourceId) -> ArmError:
        """Answer in the service's words."""
        return self.ruled.not_found(place)

    @override
    def read(self, cloud: Cloud, resource: Resource) -> None:
        """Forward the read of a resource that a service created."""
        if resource.state:
            self.ruled.read(cloud, resource)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse to delete what Azure created."""
        if resource.state:
            raise method_not_allowed("DELETE", ResourceId.parse(resource.id))


def shape_only(arm: ArmType, ruled: ResourceType | None = None) -> ShapeOnly:
    """Return the service of one type, a class of its own since what it says of itself belongs to the class.

    `ruled` are the rules by which a service makes some by itself.
    """
    members = catalogue().definition(arm.root).members
    location = members.get("location")
    own = {
        "name": arm.name,
        "kind": "anywhere" if location and not location.read_only else "",
        "provisioning": "provisioningState" in members,
        "lifecycle": _LONG if "provisioningState" in members else SYNC,
        "fixed_name": fixed_names().get(arm.name.lower(), ""),
    }
    if ruled is None:
        return type(ShapeOnly.__name__, (ShapeOnly,), own)(arm)
    own |= {"etag": ruled.etag, "ruled": ruled, "actions": ruled.actions}
    return type(AlsoMadeByAzure.__name__, (AlsoMadeByAzure,), own)(arm)


class AllTypes(Mapping[str, ResourceType]):
    """The types with rules, and those of the table without."""

    def __init__(self, ruled: Mapping[str, ResourceType]) -> None:
        self._ruled = ruled
        self._shapes: dict[str, ShapeOnly] = {}

    def __getitem__(self, key: str) -> ResourceType:
        """The rules of a type by its name in lower case."""
        ruled = self._ruled.get(key)
        if ruled is not None and "PUT" in ruled.methods:
            return ruled
        if key not in self._shapes:
            arm = lookup(key)
            if arm is None:
                raise KeyError(key)
            self._shapes[key] = shape_only(arm, ruled)
        return self._shapes[key]

    def __contains__(self, key: Any) -> bool:
        """Whether a type is served, without reading its shape."""
        return key in self._ruled or known_type(key) is not None

    def __iter__(self) -> Iterator[str]:
        """Names of all types in lower case."""
        return iter(dict.fromkeys([*self._ruled, *(name.lower() for name in type_names())]))

    def __len__(self) -> int:
        """How many types are served."""
        return len(set(self))
