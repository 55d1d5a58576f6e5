"""The parameter of a package, byte for byte as the provider's own code writes and reads it [SDK-PARAMETER]."""

import asyncio
import base64
import importlib.metadata
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings

from components.parameterized import Package, ParameterizedResource
from components.testing import run_recorded

AAD = b"eyJtb2R1bGUiOiJhYWQiLCJ2ZXJzaW9uIjoidjIwMjIxMjAxIn0="
"""What serializeParameterizeArgs gives for the arguments of the provider's own test: module aad, version v20221201."""


class Monitor:
    """Takes the requests that would go to the engine."""

    def __init__(self) -> None:
        self.requests: list[Any] = []

    def RegisterPackage(self, request: Any) -> Any:  # noqa: N802 - the engine's own method name
        self.requests.append(request)
        return SimpleNamespace(ref="package-1")


def registered(package: Package, monkeypatch: pytest.MonkeyPatch) -> Any:
    monitor = Monitor()
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)
    monkeypatch.setattr(settings, "_sync_monitor_supports_parameterization", lambda: True)
    monkeypatch.setattr(settings.SETTINGS, "package_refs", {}, raising=False)
    assert asyncio.run(package.reference()) == "package-1"
    (request,) = monitor.requests
    return request


def test_the_parameter_is_base64_text_of_json() -> None:
    assert Package("aad", "2022-12-01").parameter == AAD


def test_the_parameter_goes_to_the_engine_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    request = registered(Package("aad", "2022-12-01"), monkeypatch)
    assert request.parameterization.value == AAD
    assert request.parameterization.name == "azure-native_aad_v20221201"


def test_a_generated_sdk_holds_the_parameter_encoded_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    request = registered(Package("containerregistry", "2026-03-01-preview"), monkeypatch)
    held = base64.b64encode(request.parameterization.value)
    assert held.startswith(b"ZXlKdGIyUjFiR1VpT2lKamIyNTBZV2x1WlhKeVpXZHBjM1J5ZVNJ")


def test_provider_and_package_have_the_version_of_the_installed_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    request = registered(Package("web", "2025-03-01"), monkeypatch)
    version = importlib.metadata.version("pulumi-azure-native")
    assert (request.name, request.version, request.parameterization.version) == ("azure-native", version, version)


def test_an_output_is_read_only_where_it_is_declared_even_if_an_input_states_it() -> None:
    def program() -> None:
        inputs = {"stated": 1}
        ParameterizedResource(
            Package("aad", "2022-12-01"), "Thing", "t", inputs=inputs, outputs=("told",), opts=pulumi.ResourceOptions()
        ).output("stated")

    with pytest.raises(KeyError, match="stated is not among the outputs that t was registered with"):
        run_recorded(program)
