"""Keeps the engine's state small, because the engine writes all of it at every step of an update.

Two things are omitted. The stack trace of each resource, down to the interpreter's event loop: a third of the state,
with local paths; the line that creates the resource is kept. And the outputs of components: they are in their
children's state already, and registering them costs one more write of the whole state for each component.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pulumi
from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2

_HOOK = "_get_stack_trace"
"""A private function of the SDK: where a later version has none, traces stay whole."""

_OURS = "moorings:"
"""Prefix of the types of this project's components; the outputs of other components are registered as usual."""


@contextmanager
def lean_state() -> Iterator[None]:
    """Omit both while the context is active."""
    whole = getattr(resource, _HOOK, None)
    original = pulumi.ComponentResource.register_outputs

    def newest() -> source_pb2.StackTrace:
        assert whole is not None
        return source_pb2.StackTrace(frames=whole().frames[:1])

    def only_of_others(self: pulumi.ComponentResource, outputs: Mapping[str, Any]) -> None:
        if not self.pulumi_resource_type.startswith(_OURS):
            original(self, outputs)

    pulumi.ComponentResource.register_outputs = only_of_others
    if whole is not None:
        setattr(resource, _HOOK, newest)
    try:
        yield
    finally:
        pulumi.ComponentResource.register_outputs = original
        if whole is not None:
            setattr(resource, _HOOK, whole)
