"""The shape of the interfaces that resources have beside their own settings, under the names of Azure Verified Modules."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from components.spec import Spec, held_to, refuse
from planning.interfaces import LOCK, LONGEST_NOTES, LockKind, lock_name
from planning.problems import Path


class LockSpec(Spec):
    """A management lock on a resource, which holds for everything in it [LOCK-ACT]."""

    retired_names: ClassVar = {"level": "is called kind here, as in Azure Verified Modules [AVM-INTERFACES]"}

    kind: Annotated[
        LockKind,
        Field(description="CanNotDelete refuses deletion; ReadOnly refuses every change as well, also by this stack."),
    ]
    name: Annotated[
        Annotated[str, held_to(LOCK.problem)] | None, Field(description="Name in Azure. Default: lock- and the kind.")
    ] = None
    notes: Annotated[str | None, Field(max_length=LONGEST_NOTES, description="Why the resource is locked.")] = None

    @property
    def lock_name(self) -> str:
        """Name in Azure."""
        return self.name or lock_name(self.kind)


class ResourceSpec(Spec):
    """Base of the specs of resources: what every resource can have [AVM-INTERFACES]."""

    lock: Annotated[
        LockSpec | None, Field(description="Management lock, created after everything else and deleted first.")
    ] = None

    @property
    def has_interfaces(self) -> bool:
        """Whether one of the interfaces is stated."""
        return self.lock is not None

    @model_validator(mode="after")
    def _interfaces_are_of_this_stack(self) -> Self:
        refuse(self._interface_problems())
        return self

    def _interface_problems(self) -> Iterator[tuple[Path, str]]:
        """Interfaces of a resource made elsewhere."""
        if getattr(self, "id", None) is None:
            return
        for name in ResourceSpec.model_fields:
            if name in self.model_fields_set:
                yield (name,), "is a setting of what is made elsewhere (it has an id) and is not changed; remove it"
