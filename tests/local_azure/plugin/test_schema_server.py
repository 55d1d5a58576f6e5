"""The schema over gRPC: from the bridge, and from the plugin that `pulumi package` starts."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.server import start
from local_azure.plugin.values import to_struct

PACKAGE = "azure-native_web_v20250301"
RUN = [sys.executable, "-m", "local_azure.plugin.schema_server"]


@pytest.fixture
def channel() -> Iterator[grpc.Channel]:
    client = ArmClient("http://127.0.0.1:1")
    server, _, port = start(client, 0, 0.0)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as opened:
        yield opened
    server.stop(None).wait()
    client.close()


def stub_of(channel: grpc.Channel) -> Any:
    return provider_pb2_grpc.ResourceProviderStub(channel)


def parameterize(stub: Any, *arguments: str) -> Any:
    given = provider_pb2.ParameterizeRequest.ParametersArgs(args=arguments)
    return stub.Parameterize(provider_pb2.ParameterizeRequest(args=given))


def name_of(answer: Any) -> str:
    return json.loads(answer.schema)["name"]


def test_the_schema_fits_into_a_message_of_default_size(channel: grpc.Channel) -> None:
    answer = stub_of(channel).GetSchema(provider_pb2.GetSchemaRequest())
    assert name_of(answer) == "azure-native"
    assert len(answer.schema) < 4 * 1024 * 1024


def test_a_package_is_asked_for_by_name(channel: grpc.Channel) -> None:
    request = provider_pb2.GetSchemaRequest(subpackage_name=PACKAGE, subpackage_version="3.29.0")
    assert name_of(stub_of(channel).GetSchema(request)) == PACKAGE


def test_a_connection_that_was_parameterized_needs_no_name(channel: grpc.Channel) -> None:
    stub = stub_of(channel)
    assert parameterize(stub, "web", "v20250301").name == PACKAGE
    assert name_of(stub.GetSchema(provider_pb2.GetSchemaRequest())) == PACKAGE


def test_an_unknown_package_is_refused_in_one_line(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError, match="details = \"module 'nosuch' has no type known here\""):
        stub_of(channel).GetSchema(provider_pb2.GetSchemaRequest(subpackage_name="azure-native_nosuch_v20250301"))


@contextlib.contextmanager
def schema_plugin() -> Iterator[tuple[subprocess.Popen[str], Any]]:
    with subprocess.Popen(RUN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as opened:
                yield process, stub_of(opened)
        finally:
            process.kill()


def test_the_schema_plugin_reports_the_schema_and_ends_with_its_standard_input() -> None:
    with schema_plugin() as (process, stub):
        assert parameterize(stub, "web", "2025-03-01").name == PACKAGE
        assert name_of(stub.GetSchema(provider_pb2.GetSchemaRequest(subpackage_name=PACKAGE))) == PACKAGE
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0


def test_the_schema_plugin_serves_no_resources() -> None:
    with schema_plugin() as (_, stub), pytest.raises(grpc.RpcError, match="PULUMI_DEBUG_PROVIDERS"):
        stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({})))


def test_the_schema_plugin_ends_on_a_signal() -> None:
    with schema_plugin() as (process, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == -signal.SIGTERM
