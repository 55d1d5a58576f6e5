"""The bridge against what azure-native 3.29 answers, call by call over gRPC."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from fake_arm import FakeArm
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from rows import Row, call, holds, sent
from rows_of_functions import INVOKES
from rows_of_reads import DELETES, READS
from rows_of_writes import CREATES, UPDATES

from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.server import start
from local_azure.plugin.values import from_struct, to_struct

ROWS = (*CREATES, *UPDATES, *READS, *DELETES, *INVOKES)


@pytest.fixture
def arm() -> Iterator[FakeArm]:
    with FakeArm() as server:
        yield server


@pytest.fixture
def stub(arm: FakeArm) -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
    client = ArmClient(arm.url)
    server, _, port = start(client, 0, 0.0)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    server.stop(None).wait()
    client.close()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.rpc}: {row.what}" for row in ROWS])
def test_the_bridge_answers_as_the_provider_does(stub: Any, arm: FakeArm, row: Row) -> None:
    outcome = call(stub, arm, row)
    assert ("error" in outcome) == ("error" in row.answer), outcome
    assert ("kept" in outcome) == ("kept" in row.answer), outcome
    assert holds(outcome, row.answer), outcome
    if row.rpc == "Read" and "inputs" in row.answer:
        assert outcome["inputs"] == row.answer["inputs"]
    if row.sent is not None:
        assert sent(arm) == row.sent
    if row.body is not None:
        assert [body for method, _, body in arm.log if method in {"PUT", "PATCH", "POST"}][-1] == row.body
    if row.query is not None:
        assert arm.queries[-1] == row.query


@pytest.mark.parametrize(
    ("arguments", "audience"),
    [
        ({}, "https://management.azure.com/"),
        ({"endpoint": ""}, "https://management.azure.com/"),
        ({"endpoint": "https://vault.azure.net"}, "https://vault.azure.net"),
    ],
)
def test_a_token_is_for_the_endpoint_that_was_asked_for_or_for_resource_manager(
    stub: Any, arguments: dict[str, str], audience: str
) -> None:
    """As provider/provider.go tokenEndpoint, and TestGetTokenEndpoint of its test."""
    token = "azure-native:authorization:getClientToken"
    answer = stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=to_struct(arguments)))
    payload = str(from_struct(getattr(answer, "return"))["token"]).split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(payload + "=="))["aud"] == audience
