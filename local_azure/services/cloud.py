"""What services stand on: the requests and answers they exchange, the base of a resource type, and the cloud itself."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from local_azure.clock import Clock
from local_azure.errors import ArmError
from local_azure.operations import SYNC, Lifecycle, Operation, Operations, Polls
from local_azure.refusals import resource_not_found
from local_azure.resource_id import ResourceId
from local_azure.services import principals
from local_azure.services.settings import Settings
from local_azure.store import Resource, Store

LOG = logging.getLogger("local_azure")

Json = dict[str, Any]


@dataclass(slots=True)
class Request:
    """A request as services see it: of its headers only the two conditions, and who sent it (see `permissions.caller`)."""

    method: str
    id: ResourceId
    api_version: str
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    if_match: str | None = None
    if_none_match: str | None = None
    caller: str = ""

    @property
    def properties(self) -> Json:
        """The `properties` of the body; empty where the body has none."""
        return self.body.get("properties") or {}

    @property
    def stated(self) -> Json:
        """The members of `properties` that are not null."""
        return without_nulls(self.properties)


@dataclass(slots=True)
class Answer:
    """An answer: `operation` when the client has to poll, `more` the offset of a list's next page."""

    status: int
    body: Any = None
    operation: Operation | None = None
    more: int | None = None
    retry_after: int | None = None


Action = Callable[["Cloud", Request, Resource], Answer]
ScopeAction = Callable[["Cloud", Request], Answer]


class ResourceType:
    """A type of ARM resource: how it is validated, filled with defaults, shown and deleted.

    Subclasses raise ArmError to refuse. `kind` says where the type lives: `region`, `global` (location must be
    "global"), `anywhere` (either, or none) or nothing for a child without a location. `provisioning` tells whether it
    shows a provisioningState.
    `fixed_name` is the only name of a part of its parent that need not be made before its own children.
    `pattern` is what its names must match, where the type does not check them itself. `patched` are the members of a
    body that a PATCH changes, where its published body has no others; what else is sent has no effect [ARM-PATCH]. `kept`
    are the members beside `properties` that stay as they are sent.
    `lifecycle` are its declared transitions, `polls` where they are followed. `actions` are called on a resource, `scoped`
    on a scope: lists and actions of the namespace that are no list of one type, by method and word in lower case.
    `missing` are code and text of the 404 that the provider itself answers, with `{id}`, `{name}`, `{group}` and
    `{subscription}` in it; without it, Resource Manager answers [ARM-404].
    """

    name: ClassVar[str] = ""
    kind: ClassVar[str] = "region"
    etag: ClassVar[str] = ""
    provisioning: ClassVar[bool] = True
    fixed_name: ClassVar[str] = ""
    pattern: ClassVar[str] = ""
    methods: ClassVar[frozenset[str]] = frozenset({"GET", "PUT", "PATCH", "DELETE"})
    patched: ClassVar[frozenset[str] | None] = None
    kept: ClassVar[tuple[str, ...]] = ("location", "tags")
    missing: ClassVar[tuple[str, str] | None] = None
    lifecycle: ClassVar[Lifecycle] = SYNC
    polls: ClassVar[Polls] = Polls()
    actions: ClassVar[Mapping[tuple[str, str], Action]] = {}
    scoped: ClassVar[Mapping[tuple[str, str], ScopeAction]] = {}

    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Return what a PUT (or a merged PATCH) makes of the body; raises ArmError to refuse it."""
        raise NotImplementedError

    def new(self, request: Request) -> Resource:
        """Return the resource that a request names, with an empty body."""
        return Resource(str(request.id), self.name, request.id.name)

    def result(self, request: Request, existing: Resource | None, properties: Json, **members: Any) -> Resource:
        """Return the new or changed resource with these properties; `members` stand beside them, with those that are kept."""
        resource = existing or self.new(request)
        resource.body = {**pick(request.body, *self.kept), **members, "properties": properties}
        return resource

    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Do what follows from a write once the resource is stored, in the same transaction."""

    def settle(self, cloud: Cloud, resource: Resource, operation: Operation) -> ArmError | None:
        """End a create or update; return an error to make the operation Failed."""

    def delete_asked(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Do what a DELETE asks for besides, before it can be refused."""

    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Raise ArmError when the resource cannot be deleted now."""

    def deleting(self, cloud: Cloud, resource: Resource) -> None:
        """Note that a delete was accepted."""

    def remove(self, cloud: Cloud, resource: Resource) -> ArmError | None:
        """Delete the resource and everything below it; return an error to make the operation Failed."""
        cloud.drop_below(resource.id)
        cloud.drop(resource)

    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Return the resource as a GET shows it."""
        shown: Json = {"id": resource.id, "name": resource.name, "type": resource.type}
        if resource.etag:
            shown["etag"] = resource.etag
        shown.update(resource.body)
        computed = self.computed(cloud, resource, api_version)
        if computed:
            shown["properties"] = {**resource.properties, **computed}
        return shown

    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json | None:
        """Return properties that are worked out when they are read and not stored."""

    def built_in(self, cloud: Cloud, request: Request) -> Answer | None:
        """Return the answer to a GET of what exists without being stored."""

    def not_found(self, place: ResourceId) -> ArmError:
        """Return the 404 for a resource that does not exist though its parent does."""
        if self.missing is None:
            return resource_not_found(place)
        code, text = self.missing
        named = {"id": place, "name": place.name, "group": place.resource_group, "subscription": place.subscription}
        return ArmError(404, code, text.format(**named))

    def held(self, cloud: Cloud, place: ResourceId) -> Resource:
        """Return the resource that an action is called on; raises ArmError 404."""
        return cloud.require(place)

    def parent_changed(self, cloud: Cloud, resource: Resource, parent: Resource) -> None:
        """Note that what a child follows in its parent has changed."""

    def read(self, cloud: Cloud, resource: Resource) -> None:
        """Note that a client has seen the resource."""


class Cloud:
    """The resources, operations and rules of one local Azure.

    `ruled` are the types with rules of their own; `types` holds these and, where settings say so, all others.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: Settings,
        types: Mapping[str, ResourceType],
        ruled: Collection[ResourceType],
    ) -> None:
        self.store = store
        self.clock = clock
        self.settings = settings
        self.types = types
        self.operations = Operations(store, clock)
        self.poll_words = frozenset(word for rules in ruled for word in rules.polls.words)
        self.scoped = {
            (method, rules.name.partition("/")[0].lower(), word): action
            for rules in ruled
            for (method, word), action in rules.scoped.items()
        }

    def type_of(self, resource: Resource) -> ResourceType:
        """Return the rules of a stored resource."""
        return self.types[resource.type.lower()]

    def get(self, resource_id: str) -> Resource | None:
        """Return the resource of that id, if it exists."""
        return self.store.get(resource_id)

    def has_place(self, parent: ResourceId) -> bool:
        """Tell whether children may live below an address: it exists, or is no resource that was made and its parent exists.

        Such are the steps of a path that no type is served for, and shapes that can have one name only.
        """
        if self.store.exists(str(parent)):
            return True
        rules = self.types.get(parent.type.lower())
        if rules is not None and parent.name.lower() != rules.fixed_name.lower():
            return False
        return parent.parent is None or self.has_place(parent.parent)

    def shown(self, parent: str, type_name: str, api_version: str) -> list[Json]:
        """Return the children of a type as a GET shows them."""
        rules = self.types[type_name.lower()]
        return [rules.view(self, child, api_version) for child in self.store.children(parent, type_name)]

    def require(self, resource_id: ResourceId) -> Resource:
        """Return the resource of that id; raises ArmError 404."""
        found = self.store.get(str(resource_id))
        if found is None:
            raise resource_not_found(resource_id)
        return found

    def named(self, resource_id: Any, type_name: str, code: str, message: str, target: str | None = None) -> Resource:
        """Return the resource of a type that a body names; raises ArmError 400 where there is none."""
        found = self.store.get(str(resource_id or ""))
        if found is None or found.type != type_name:
            raise ArmError(400, code, message, target=target)
        return found

    def add(self, resource: Resource) -> None:
        """Store a new resource, or write one back, with a new ETag."""
        self.stamp(resource)
        place = ResourceId.parse(resource.id)
        parent = str(place.parent) if place.parent else ""
        self.store.put(resource, parent=parent, group=place.group_id, subscription=place.subscription)

    def update(self, resource: Resource) -> None:
        """Write back a resource that exists, with a new ETag."""
        self.stamp(resource)
        self.store.update(resource)

    def stamp(self, resource: Resource) -> None:
        """Give the resource a new ETag in its service's form: weak for network, strong for private DNS [REC-ETAG]."""
        form = self.type_of(resource).etag
        resource.etag = form.format(uuid.uuid4()) if form else ""

    def drop(self, resource: Resource) -> None:
        """Delete one row and end what runs on it; its principals leave the directory, and its addresses are free again."""
        self.operations.cancel(resource.key)
        self.store.ledger.release(resource.id)
        principals.leave(self.store, resource)
        self.store.drop(resource.id)

    def drop_below(self, scope: str) -> None:
        """Delete everything under an id, youngest first, each by its own type's rules."""
        for resource in reversed(self.store.below(scope)):
            if self.store.exists(resource.id):
                self.type_of(resource).remove(self, resource)

    def busy(self, scope: str) -> Operation | None:
        """Return an operation that runs on the resource or below it."""
        for resource in (self.get(scope), *self.store.below(scope)):
            if resource is not None:
                for operation in self.operations.running(resource.key):
                    return operation
        return None

    def settle(self) -> None:
        """End every operation whose time has come, oldest first, each in a transaction of its own."""
        for _ in range(100_000):
            operation = self.operations.next_due()
            if operation is None:
                return
            try:
                with self.store.transaction():
                    self._end(operation)
            except ArmError as error:
                if error.status >= 500:
                    raise
                self._fail(operation, error.error())
            except Exception:
                LOG.exception("operation %s on %s broke", operation.guid, operation.subject)
                self._fail(operation, {"code": "InternalServerError", "message": "An error occurred."})

    def _fail(self, operation: Operation, error: Json) -> None:
        with self.store.transaction():
            self.operations.finish(operation, error)

    def _end(self, operation: Operation) -> None:
        resource = self.store.get(operation.subject)
        if resource is None:
            self.operations.cancel(operation.subject)
            return
        rules = self.type_of(resource)
        refused = (
            rules.remove(self, resource) if operation.action == "delete" else rules.settle(self, resource, operation)
        )
        self.operations.finish(operation, refused.error() if refused else None)
        left = self.store.get(operation.subject)
        if left is None or not rules.provisioning or operation.action == "publish":
            return
        if operation.action == "delete" or not self._unsettled(operation.subject):
            left.properties["provisioningState"] = "Failed" if refused and operation.action != "delete" else "Succeeded"
            self.update(left)

    def _unsettled(self, subject: str) -> bool:
        """Tell whether another operation still decides the state of a resource."""
        return any(o.action != "publish" for o in self.operations.running(subject))


def deleting(resource: Resource) -> bool:
    """Tell whether a delete of the resource was accepted and has not ended."""
    return resource.body.get("properties", {}).get("provisioningState") == "Deleting"


def merged(current: Any, change: Any) -> Any:
    """Return `current` with the members of `change`, objects member by member, everything else as a whole.

    A null takes a member away [ARM-MERGE].
    """
    if not isinstance(change, dict):
        return change
    before = current if isinstance(current, dict) else {}
    after = {**before, **{name: merged(before.get(name), value) for name, value in change.items()}}
    return {name: value for name, value in after.items() if change.get(name, value) is not None}


def without_nulls(source: Mapping[str, Any]) -> Json:
    """Return the members that are not null."""
    return {name: value for name, value in source.items() if value is not None}


def pick(source: Mapping[str, Any], *names: str) -> Json:
    """Return the named members that are present and not null."""
    return {name: source[name] for name in names if source.get(name) is not None}
