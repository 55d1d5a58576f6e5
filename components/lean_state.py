"""Telling the engine no more of each resource than it needs, for it writes its whole state anew at every step of an update.

Two things are left out. The stack trace of each resource, down to the interpreter's event loop: a third of the state, with
the paths of whoever ran it last; the line that makes the resource is kept. And the outputs of components: they stand in
their children's state already, and telling them costs one more writing for each component, at the state's largest.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pulumi
from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2

_HOOK = "_get_stack_trace"
"""The SDK's own, and not public: where a later one has another, traces simply stay whole."""

_OURS = "moorings:"
"""What the types of this project's components start with; the outputs of others are told as ever."""


@contextmanager
def lean_state() -> Iterator[None]:
    """Leave both out for what is made meanwhile."""
    whole = getattr(resource, _HOOK, None)
    told = pulumi.ComponentResource.register_outputs

    def newest() -> source_pb2.StackTrace:
        assert whole is not None
        return source_pb2.StackTrace(frames=whole().frames[:1])

    def only_of_others(self: pulumi.ComponentResource, outputs: Mapping[str, Any]) -> None:
        if not self.pulumi_resource_type.startswith(_OURS):
            told(self, outputs)

    pulumi.ComponentResource.register_outputs = only_of_others
    if whole is not None:
        setattr(resource, _HOOK, newest)
    try:
        yield
    finally:
        pulumi.ComponentResource.register_outputs = told
        if whole is not None:
            setattr(resource, _HOOK, whole)
