"""The default provider, as the engine knows it."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi.runtime.proto.provider_pb2 import InvokeResponse
from pulumi.runtime.proto.resource_pb2 import ResourceInvokeRequest

from stacks import providers

URN = "urn:pulumi:prod::moorings::pulumi:providers:azure-native::default_3_29_0"


class Monitor:
    """Knows the default provider after a function of it was called, as the engine's monitor does."""

    def __init__(self, *, urn: str = URN) -> None:
        self._urn, self._called = urn, ""

    def Invoke(self, request: ResourceInvokeRequest) -> InvokeResponse:  # noqa: N802 - the monitor's own name
        answer = InvokeResponse()
        if request.tok != "pulumi:pulumi:getResource":
            self._called = request.version
        elif self._called and dict(request.args) == {"urn": self._urn}:
            getattr(answer, "return").update({"urn": self._urn, "id": "7"})
        else:
            raise ValueError("unknown resource")
        return answer


def reference(monkeypatch: pytest.MonkeyPatch, monitor: Any) -> str:
    monkeypatch.setattr(providers, "get_monitor", lambda: monitor)
    monkeypatch.setattr(providers, "provider_version", lambda: "3.29.0")
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod")
    monkeypatch.setattr(pulumi, "get_project", lambda: "moorings")
    return providers.default_provider()


def test_the_reference_of_the_default_provider_is_its_urn_and_id(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reference(monkeypatch, Monitor()) == f"{URN}::7"


def test_a_provider_that_the_engine_does_not_know_has_no_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reference(monkeypatch, Monitor(urn="another")) == ""
