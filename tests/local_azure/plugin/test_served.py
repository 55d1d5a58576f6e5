"""The bridge on a real local Azure: what is served, by rules or by its shape alone, and what a preview refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from fake_arm import FakeArm
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.server import start as start_bridge
from local_azure.plugin.values import from_struct, to_struct

if TYPE_CHECKING:
    from arm_client import Arm

DISK = "azure-native:compute:Disk"
SQL = "azure-native:sql:Server"
GROUP = "azure-native:network:ApplicationSecurityGroup"
INPUTS: dict[str, Any] = {
    "resourceGroupName": "rg",
    "diskName": "d",
    "location": "eastus",
    "creationData": {"createOption": "Empty"},
    "diskSizeGB": 8,
}


@contextmanager
def bridge(url: str) -> Iterator[Any]:
    client = ArmClient(url)
    server, _, port = start_bridge(client, 0, 0.0)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    server.stop(None).wait()
    client.close()


def urn(token: str) -> str:
    return f"urn:pulumi:dev::p::{token}::x"


def check(stub: Any, token: str, inputs: dict[str, Any]) -> list[str]:
    answer = stub.Check(provider_pb2.CheckRequest(urn=urn(token), type=token, news=to_struct(inputs), randomSeed=b"s"))
    return [failure.reason for failure in answer.failures]


@pytest.fixture
def ruled(start: Callable[..., Arm]) -> Iterator[Any]:
    arm = start()
    arm.group()
    with bridge(arm.url) as stub:
        yield stub


@pytest.fixture
def every(start: Callable[..., Arm]) -> Iterator[Any]:
    arm = start(generic=True)
    arm.group()
    with bridge(arm.url) as stub:
        yield stub


UNSERVED = {
    "of a provider that has no types here": (DISK, "Microsoft.Compute/disks"),
    "of a provider that has some": ("azure-native:network:LoadBalancer", "Microsoft.Network/loadBalancers"),
}


@pytest.mark.parametrize(("token", "name"), UNSERVED.values(), ids=UNSERVED)
def test_a_type_without_rules_is_refused_in_a_preview_with_what_to_do(ruled: Any, token: str, name: str) -> None:
    (report,) = [
        reason for reason in check(ruled, token, {"resourceGroupName": "rg", "location": "eastus"}) if name in reason
    ]
    assert report.startswith(f"{name} is not served by this local Azure")
    assert "serve --generic" in report


def test_a_type_with_rules_is_not(ruled: Any) -> None:
    assert check(ruled, "azure-native:network:VirtualNetwork", {"resourceGroupName": "rg", "location": "eastus"}) == []


def test_a_generic_resource_of_a_type_without_rules_is_refused_too(ruled: Any) -> None:
    inputs = {
        "resourceGroupName": "rg",
        "resourceProviderNamespace": "Microsoft.Compute",
        "parentResourcePath": "",
        "resourceType": "disks",
        "resourceName": "d",
        "apiVersion": "2024-03-02",
    }
    reasons = check(ruled, "azure-native:resources:Resource", inputs)
    assert any("Microsoft.Compute/disks is not served" in reason for reason in reasons)


def test_every_type_passes_where_shapes_are_served(every: Any) -> None:
    assert check(every, DISK, INPUTS) == []


SHAPES = {
    "unknown input": (DISK, {**INPUTS, "colour": "red"}, "unknown property 'colour'"),
    "wrong type": (DISK, {**INPUTS, "diskSizeGB": "eight"}, "'diskSizeGB' should be of type 'integer'"),
    "missing input": (
        DISK,
        {"resourceGroupName": "rg", "location": "eastus"},
        "missing required property 'creationData'",
    ),
    "unknown member": (
        SQL,
        {"resourceGroupName": "rg", "administrators": {"who": "me"}},
        "unknown property 'administrators.who'",
    ),
}


@pytest.mark.parametrize(("token", "inputs", "report"), SHAPES.values(), ids=SHAPES)
def test_the_shape_of_inputs_is_checked(every: Any, token: str, inputs: dict[str, Any], report: str) -> None:
    assert any(reason.startswith(report) for reason in check(every, token, inputs))


def test_a_resource_without_rules_lives_and_goes(every: Any) -> None:
    created = every.Create(provider_pb2.CreateRequest(urn=urn(DISK), type=DISK, properties=to_struct(INPUTS)))
    outputs = from_struct(created.properties)
    assert created.id.endswith("/providers/Microsoft.Compute/disks/d")
    assert (outputs["diskSizeGB"], outputs["provisioningState"], outputs["azureApiVersion"]) == (
        8,
        "Succeeded",
        "2024-03-02",
    )
    more = {**INPUTS, "diskSizeGB": 16}
    olds = {"id": created.id, "olds": created.properties, "old_inputs": to_struct(INPUTS)}
    changed = every.Update(provider_pb2.UpdateRequest(urn=urn(DISK), type=DISK, news=to_struct(more), **olds))
    assert from_struct(changed.properties)["diskSizeGB"] == 16
    read = every.Read(provider_pb2.ReadRequest(id=created.id, urn=urn(DISK), type=DISK))
    assert from_struct(read.inputs)["diskName"] == "d"
    every.Delete(provider_pb2.DeleteRequest(id=created.id, urn=urn(DISK), type=DISK, old_inputs=to_struct(more)))
    assert every.Read(provider_pb2.ReadRequest(id=created.id, urn=urn(DISK), type=DISK)).id == ""


def test_a_change_of_location_or_name_replaces(every: Any) -> None:
    moved = {**INPUTS, "location": "westus", "diskName": "e"}
    answer = every.Diff(
        provider_pb2.DiffRequest(urn=urn(DISK), type=DISK, old_inputs=to_struct(INPUTS), news=to_struct(moved))
    )
    assert sorted(answer.replaces) == ["diskName", "location"]


def test_a_function_reads_what_has_no_rules(every: Any) -> None:
    every.Create(provider_pb2.CreateRequest(urn=urn(DISK), type=DISK, properties=to_struct(INPUTS)))
    arguments = to_struct({"resourceGroupName": "rg", "diskName": "d"})
    answer = every.Invoke(provider_pb2.InvokeRequest(tok="azure-native:compute:getDisk", args=arguments))
    assert from_struct(getattr(answer, "return"))["diskSizeGB"] == 8


def test_a_parameterized_package_of_a_module_without_rules_is_named(every: Any) -> None:
    arguments = provider_pb2.ParameterizeRequest.ParametersArgs(args=["compute", "2024-07-01"])
    named = every.Parameterize(provider_pb2.ParameterizeRequest(args=arguments))
    assert named.name == "azure-native_compute_v20240701"


class _Engine(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.report: list[str] = []

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        del context
        self.report.append(request.message)
        return empty_pb2.Empty()


def test_the_user_is_warned_once_about_a_type_whose_shape_alone_is_checked(every: Any) -> None:
    engine = _Engine()
    server = grpc.server(futures.ThreadPoolExecutor(2))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    every.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=f"127.0.0.1:{port}"))
    every.Configure(provider_pb2.ConfigureRequest(args=to_struct({})))
    for _ in range(2):
        check(every, DISK, INPUTS)
    check(every, GROUP, {"resourceGroupName": "rg", "location": "eastus"})
    server.stop(None).wait()
    assert engine.report == [
        "no rules known for Microsoft.Compute/disks: shape checked only",
        "no rules known for Microsoft.Network/applicationSecurityGroups: shape checked only",
    ]


def test_an_endpoint_that_does_not_describe_its_providers_is_taken_to_serve_everything() -> None:
    with FakeArm() as arm, bridge(arm.url) as stub:
        assert check(stub, DISK, INPUTS) == []
