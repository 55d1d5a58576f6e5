"""The engine receives no more than it needs, and of others' components as much as ever."""

from contextlib import suppress
from typing import Any

import pulumi
import pytest
from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2

from components.lean_state import lean_state


class _Component(pulumi.ComponentResource):
    def __init__(self, kind: str) -> None:
        self._kind = kind

    @property
    def pulumi_resource_type(self) -> str:
        return self._kind


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What reaches the SDK's own `register_outputs`."""
    calls: list[tuple[str, Any]] = []

    def tell(self: pulumi.ComponentResource, outputs: Any) -> None:
        calls.append((self.pulumi_resource_type, outputs))

    monkeypatch.setattr(pulumi.ComponentResource, "register_outputs", tell)
    return calls


def test_outputs_of_our_components_are_not_reported_and_those_of_others_are(report: list[tuple[str, Any]]) -> None:
    ours, theirs = _Component("moorings:network:Network"), _Component("contoso:network:Network")
    with lean_state():
        ours.register_outputs({"id": "1"})
        theirs.register_outputs({"id": "2"})
    assert report == [("contoso:network:Network", {"id": "2"})]
    ours.register_outputs({"id": "3"})
    assert report[1:] == [("moorings:network:Network", {"id": "3"})]


def test_the_newest_frame_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    positions = [source_pb2.SourcePosition(uri=f"file:///{name}.py", line=1) for name in ("network", "program", "loop")]
    whole = source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=position) for position in positions])
    monkeypatch.setattr(resource, "_get_stack_trace", lambda: whole)
    with lean_state():
        assert [frame.pc for frame in resource._get_stack_trace().frames] == positions[:1]
    assert resource._get_stack_trace() is whole


def test_an_sdk_without_the_hook_keeps_its_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(resource, "_get_stack_trace")
    with lean_state():
        assert not hasattr(resource, "_get_stack_trace")


def test_the_pinned_sdk_has_the_hook_and_a_failure_puts_it_back() -> None:
    before = resource._get_stack_trace
    with suppress(RuntimeError), lean_state():
        assert resource._get_stack_trace is not before
        raise RuntimeError
    assert resource._get_stack_trace is before
