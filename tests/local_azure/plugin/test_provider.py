from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from fake_arm import Answer, FakeArm
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.server import start
from local_azure.plugin.values import UNKNOWN, Secret, from_struct, to_struct

PACKAGE = "azure-native_containerregistry_v20260301preview"
VNET = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v"
INPUTS: dict[str, Any] = {"resourceGroupName": "rg", "virtualNetworkName": "v", "location": "eastus"}


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


def urn(token: str, name: str = "x") -> str:
    return f"urn:pulumi:dev::moorings::moorings:index:Network${token}::{name}"


VNET_URN = urn("azure-native:network:VirtualNetwork")


def create(stub: Any, inputs: dict[str, Any], token: str = VNET_URN, *, preview: bool = False) -> Any:
    return stub.Create(provider_pb2.CreateRequest(urn=token, properties=to_struct(inputs), preview=preview))


def test_greeting_and_configuration_accept_secrets_and_previews(stub: Any) -> None:
    assert stub.Handshake(provider_pb2.ProviderHandshakeRequest()).accept_secrets
    answer = stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"location": "eastus"})))
    assert (answer.acceptSecrets, answer.supportsPreview) == (True, True)


def parameter(text: bytes) -> bytes:
    """A parameter as serializeParameterizeArgs of the provider writes it [SDK-PARAMETER]."""
    return base64.b64encode(text)


@pytest.mark.parametrize("version", ["v20260301preview", "2026-03-01-preview"])
def test_parameter_bytes_name_the_package(stub: Any, version: str) -> None:
    value = parameter(json.dumps({"module": "containerregistry", "version": version}).encode())
    request = provider_pb2.ParameterizeRequest(
        value=provider_pb2.ParameterizeRequest.ParametersValue(name=PACKAGE, version="3.29.0", value=value)
    )
    answer = stub.Parameterize(request)
    assert (answer.name, answer.version) == (PACKAGE, "3.29.0")


def test_parameter_arguments_name_the_package(stub: Any) -> None:
    arguments = provider_pb2.ParameterizeRequest.ParametersArgs(args=["containerregistry", "2026-03-01-preview"])
    assert stub.Parameterize(provider_pb2.ParameterizeRequest(args=arguments)).name == PACKAGE


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b'{"module":"containerregistry","version":"v20260301preview"}', "illegal base64 data at input byte 0"),
        (b"eyJt", "failed to deserialize parameterize args"),
        (parameter(b"[]"), "failed to deserialize parameterize args"),
        (parameter(b"{}"), "'' is not an API version"),
        (
            parameter(b'{"module": "nowhere", "version": "v20260301preview"}'),
            "module 'nowhere' has no type known here",
        ),
        (
            parameter(b'{"module": "containerregistry", "version": "v19990101"}'),
            "no type of API version 1999-01-01",
        ),
        (parameter(b'{"module": "containerregistry", "version": "newest"}'), "'newest' is not an API version"),
    ],
)
def test_a_parameter_that_names_nothing_is_refused(stub: Any, value: bytes, reason: str) -> None:
    parameters = provider_pb2.ParameterizeRequest.ParametersValue(value=value)
    with pytest.raises(grpc.RpcError, match=reason):
        stub.Parameterize(provider_pb2.ParameterizeRequest(value=parameters))


def test_the_token_decides_the_api_version(stub: Any, arm: FakeArm) -> None:
    inputs = {"registryName": "acmereg", "resourceGroupName": "rg", "location": "eastus", "sku": {"name": "Premium"}}
    create(stub, inputs, urn(f"{PACKAGE}:containerregistry:Registry"))
    create(stub, {**inputs, "registryName": "other"}, urn("azure-native:containerregistry:Registry"))
    assert {"2026-03-01-preview", "2023-01-01-preview"} <= set(arm.versions)


def test_a_type_that_is_not_known_is_refused(stub: Any) -> None:
    with pytest.raises(grpc.RpcError, match="Resource type azure-native:compute:Nothing not found"):
        create(stub, {}, urn("azure-native:compute:Nothing"))


def test_preview_sends_nothing_and_leaves_outputs_unknown(stub: Any, arm: FakeArm) -> None:
    outputs = from_struct(create(stub, {**INPUTS, "tags": {"a": UNKNOWN}}, preview=True).properties)
    assert arm.log == []
    assert outputs["location"] == "eastus"
    assert outputs["tags"] == {"a": UNKNOWN}
    assert outputs["name"] is UNKNOWN
    assert outputs["azureApiVersion"] == "2024-05-01"


def test_preview_of_an_update_knows_name_and_location(stub: Any) -> None:
    request = provider_pb2.UpdateRequest(
        urn=VNET_URN, preview=True, news=to_struct(INPUTS), olds=to_struct({"name": "v", "location": "eastus"})
    )
    assert from_struct(stub.Update(request).properties)["name"] == "v"


def test_a_secret_goes_to_arm_and_comes_back_secret(stub: Any, arm: FakeArm) -> None:
    answer = create(stub, {**INPUTS, "tags": {"key": Secret("hunter2")}})
    assert arm.resources[VNET.lower()]["tags"] == {"key": "hunter2"}
    assert from_struct(answer.properties)["tags"] == {"key": Secret("hunter2")}


def test_check_keeps_secrets_fills_name_and_location_and_reports_paths(stub: Any) -> None:
    stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"location": "norwayeast"})))
    news = {"resourceGroupName": UNKNOWN, "tags": {"k": Secret("s")}, "subnets": [{"prefix": "x"}]}
    answer = stub.Check(provider_pb2.CheckRequest(urn=VNET_URN, news=to_struct(news), randomSeed=b"seed"))
    checked = from_struct(answer.inputs)
    assert checked["location"] == "norwayeast"
    assert checked["virtualNetworkName"].startswith("x")
    assert checked["tags"] == {"k": Secret("s")}
    assert [failure.reason for failure in answer.failures] == ["unknown property 'subnets[0].prefix'"]


def test_diff_names_what_replaces_and_deletes_first(stub: Any) -> None:
    new = {**INPUTS, "location": "westus", "tags": {"a": "b"}}
    answer = stub.Diff(provider_pb2.DiffRequest(urn=VNET_URN, old_inputs=to_struct(INPUTS), news=to_struct(new)))
    assert list(answer.replaces) == ["location"]
    assert answer.deleteBeforeReplace
    assert set(answer.detailedDiff) == {"location", "tags"}


def test_a_refusal_hides_secrets_that_arm_repeats(stub: Any, arm: FakeArm) -> None:
    arm.script = [Answer("PUT", VNET, 400, {"error": {"code": "BadTag", "message": "tag hunter2 is bad"}})]
    with pytest.raises(grpc.RpcError) as raised:
        create(stub, {**INPUTS, "tags": {"key": Secret("hunter2")}})
    assert "hunter2" not in raised.value.details()
    assert "BadTag" in raised.value.details()


def test_a_half_made_resource_is_reported_with_id_state_and_reason(stub: Any, arm: FakeArm) -> None:
    arm.final_state = "Failed"
    with pytest.raises(grpc.RpcError) as raised:
        create(stub, INPUTS)
    details = dict(raised.value.trailing_metadata())["grpc-status-details-bin"]
    failed = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(details).details[0].Unpack(failed)
    assert failed.id == VNET
    assert from_struct(failed.properties)["location"] == "eastus"
    assert from_struct(failed.inputs) == INPUTS
    assert "SubnetFull" in failed.reasons[0]


def test_reading_what_was_deleted_answers_no_id(stub: Any) -> None:
    assert stub.Read(provider_pb2.ReadRequest(urn=VNET_URN, id=VNET)).id == ""


def test_a_record_set_is_read_by_the_kind_in_its_id(stub: Any, arm: FakeArm) -> None:
    record = f"{VNET.rsplit('/', 2)[0]}/privateDnsZones/z/AAAA/www"
    arm.resources[record.lower()] = {"id": record, "name": "www", "properties": {"ttl": 60}}
    token = urn("azure-native:privatedns:PrivateRecordSet")
    answer = stub.Read(provider_pb2.ReadRequest(urn=token, id=record))
    assert from_struct(answer.inputs)["recordType"] == "AAAA"


def test_lookups_answer_the_outputs_with_the_id(stub: Any, arm: FakeArm) -> None:
    create(stub, INPUTS)
    arguments = to_struct({"resourceGroupName": "rg", "virtualNetworkName": "v"})
    answer = stub.Invoke(provider_pb2.InvokeRequest(tok="azure-native:network:getVirtualNetwork", args=arguments))
    found = from_struct(getattr(answer, "return"))
    assert (found["id"], found["location"]) == (VNET, "eastus")


def test_a_lookup_of_nothing_is_an_error_that_names_it(stub: Any) -> None:
    arguments = to_struct({"resourceGroupName": "rg", "virtualNetworkName": "v"})
    with pytest.raises(grpc.RpcError, match=r"request failed /subscriptions/.*virtualNetworks/v: Status=404"):
        stub.Invoke(provider_pb2.InvokeRequest(tok="azure-native:network:getVirtualNetwork", args=arguments))


def test_the_client_configuration_names_the_subscription(stub: Any) -> None:
    stub.Configure(provider_pb2.ConfigureRequest(variables={"azure-native:config:subscriptionId": "sub-1"}))
    answer = stub.Invoke(provider_pb2.InvokeRequest(tok="azure-native:authorization:getClientConfig"))
    assert from_struct(getattr(answer, "return"))["subscriptionId"] == "sub-1"


def test_an_unknown_function_is_refused(stub: Any) -> None:
    with pytest.raises(grpc.RpcError, match="Invoke type azure-native:network:listThings not found"):
        stub.Invoke(provider_pb2.InvokeRequest(tok="azure-native:network:listThings"))


@pytest.mark.parametrize(
    ("token", "arguments"),
    [
        ("network:listVirtualNetworkGatewayRadiusSecrets", {"virtualNetworkGatewayName": "g"}),
        ("web:listWebAppHostKeysSlot", {"name": "site", "slot": "blue"}),
    ],
)
def test_a_function_of_what_is_not_served_says_so(stub: Any, token: str, arguments: dict[str, str]) -> None:
    request = provider_pb2.InvokeRequest(
        tok=f"azure-native:{token}", args=to_struct({"resourceGroupName": "rg", **arguments})
    )
    with pytest.raises(grpc.RpcError, match=f"the local Azure serves nothing that azure-native:{token} asks for"):
        stub.Invoke(request)


def test_connections_keep_their_own_configuration(arm: FakeArm) -> None:
    client = ArmClient(arm.url)
    server, _, port = start(client, 0, 0.0)
    seen = {}
    isolated = (("grpc.use_local_subchannel_pool", 1),)
    channels = {name: grpc.insecure_channel(f"127.0.0.1:{port}", options=isolated) for name in ("one", "two")}
    stubs = {name: provider_pb2_grpc.ResourceProviderStub(channel) for name, channel in channels.items()}
    for name, connection in stubs.items():
        connection.Configure(provider_pb2.ConfigureRequest(args=to_struct({"subscriptionId": name})))
    for name, connection in stubs.items():
        answer = connection.Invoke(provider_pb2.InvokeRequest(tok="azure-native:authorization:getClientConfig"))
        seen[name] = from_struct(getattr(answer, "return"))["subscriptionId"]
    for channel in channels.values():
        channel.close()
    server.stop(None).wait()
    client.close()
    assert seen == {"one": "one", "two": "two"}
