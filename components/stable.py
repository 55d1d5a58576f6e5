"""Values that Azure assigns once and never changes while a resource exists, such as the principal of an identity.

In a preview the provider reports every computed output of a resource that is updated as unknown, because it does not know
which of them an update may change. A resource that is replaced when such a value changes, such as a role assignment, is then
shown as replaced, although the update changes no more than a tag. The stack's state has the value, so the preview uses it
[PUL-PREVIEW-UNKNOWN].
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

import pulumi

T = TypeVar("T")

_HELD: Final[ContextVar[Mapping[str, Mapping[str, Any]]]] = ContextVar("moorings_held_outputs")
"""Outputs in the state of the stack, by the URN of the resource."""


@contextmanager
def held_outputs(outputs: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Make the outputs in the state of the stack, by URN, available to `stable` while the context is active."""
    token = _HELD.set(outputs)
    try:
        yield
    finally:
        _HELD.reset(token)


def stable(resource: pulumi.CustomResource, field: str, output: pulumi.Output[T]) -> pulumi.Output[T]:
    """Return an output, or its value in the state where a preview of an update does not know it.

    A resource that a preview creates or replaces has no known id, and its output stays unknown.

    Args:
        resource: the resource.
        field: name of the output in the state, such as ``principalId``, or a path such as ``identity.principalId``.
        output: the same output of the resource. Azure must never change it while the resource exists.
    """
    held = _HELD.get({})
    if not held or not pulumi.runtime.is_dry_run():
        return output

    async def kept() -> tuple[bool, Any]:
        if await output.is_known() or not await resource.id.is_known():
            return False, None
        value: Any = held.get(await resource.urn.future() or "", {})
        for name in field.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value is not None, value

    async def value() -> Any:
        is_kept, value = await kept()
        return value if is_kept else await output.future(with_unknowns=True)

    async def known() -> bool:
        return await output.is_known() or (await kept())[0]

    return pulumi.Output(output.resources(), value(), known(), output.is_secret())


def own_principal(resource: pulumi.CustomResource, identity: pulumi.Output[Any]) -> pulumi.Output[str]:
    """Return the principal of the identity that Azure makes for a resource, known in the preview of its update.

    Args:
        resource: the resource.
        identity: its output ``identity``.
    """
    principal = identity.apply(lambda shown: str((shown or {}).get("principalId")))
    return stable(resource, "identity.principalId", principal)
