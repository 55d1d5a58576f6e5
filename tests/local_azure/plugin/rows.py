"""A row of what the provider answers to one call over gRPC, and the call itself, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
from fake_arm import Answer, FakeArm
from pulumi.runtime.proto import provider_pb2, status_pb2

from local_azure.plugin.sessions import DEFAULT_SUBSCRIPTION
from local_azure.plugin.values import from_struct, to_struct

Json = dict[str, Any]

GROUP: Final = f"/subscriptions/{DEFAULT_SUBSCRIPTION}/resourceGroups/rg"
NETWORK: Final = f"{GROUP}/providers/Microsoft.Network"
VNET: Final = f"{NETWORK}/virtualNetworks/v"
NSG: Final = f"{NETWORK}/networkSecurityGroups/n"
ACCOUNT: Final = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmestore"
BLOBS: Final = f"{ACCOUNT}/blobServices/default"
VAULT: Final = f"{GROUP}/providers/Microsoft.KeyVault/vaults/k"
IDENTITY: Final = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"


@dataclass(frozen=True)
class Row:
    """One call and what comes of it.

    Attributes:
        what: the behavior, as a sentence.
        source: pull request or issue of pulumi/pulumi-azure-native, or a file of it below provider/pkg.
        rpc: the provider's method.
        token: type or function token.
        inputs: inputs of a resource, or arguments of a function.
        old_inputs: inputs of the state.
        olds: outputs of the state.
        arm_id: the resource's id.
        timeout: the custom timeout in seconds.
        preview: whether the call is part of a preview.
        there: ARM resources that exist, by id.
        script: ARM's next answers, before its usual ones.
        final: how long-running operations end.
        sent: method and path of every request to ARM, in order; polls of operations left out.
        body: body of the last write.
        query: what the last request's query holds beside `api-version`.
        answer: expected members of the outcome: `error`, `id`, `outputs`, `inputs`, and `kept` (id and outputs of a
            resource that the engine keeps although the call failed).
    """

    what: str
    source: str
    rpc: str
    token: str
    inputs: Json = field(default_factory=dict)
    old_inputs: Json = field(default_factory=dict)
    olds: Json = field(default_factory=dict)
    arm_id: str = ""
    timeout: float = 0.0
    preview: bool = False
    there: Mapping[str, Json] = field(default_factory=dict)
    script: tuple[Answer, ...] = ()
    final: str = "Succeeded"
    sent: tuple[tuple[str, str], ...] | None = None
    body: Json | None = None
    query: Json | None = None
    answer: Json = field(default_factory=dict)


def call(stub: Any, arm: FakeArm, row: Row) -> Json:
    """Make the call of a row against an ARM as the row wants it, and return what came of it."""
    arm.resources |= {path.lower(): dict(body) for path, body in row.there.items()}
    arm.script = list(row.script)
    arm.final_state = row.final
    urn = f"urn:pulumi:dev::moorings::{row.token}::x"
    news, olds, old_inputs = to_struct(row.inputs), to_struct(row.olds), to_struct(row.old_inputs)
    try:
        match row.rpc:
            case "Create":
                request = provider_pb2.CreateRequest(urn=urn, properties=news, timeout=row.timeout, preview=row.preview)
                created = stub.Create(request)
                return {"id": created.id, "outputs": from_struct(created.properties)}
            case "Update":
                request = provider_pb2.UpdateRequest(
                    urn=urn,
                    id=row.arm_id,
                    news=news,
                    olds=olds,
                    old_inputs=old_inputs,
                    timeout=row.timeout,
                    preview=row.preview,
                )
                return {"outputs": from_struct(stub.Update(request).properties)}
            case "Read":
                request = provider_pb2.ReadRequest(urn=urn, id=row.arm_id, properties=olds, inputs=old_inputs)
                read = stub.Read(request)
                return {"id": read.id, "outputs": from_struct(read.properties), "inputs": from_struct(read.inputs)}
            case "Delete":
                stub.Delete(provider_pb2.DeleteRequest(urn=urn, id=row.arm_id, properties=olds, old_inputs=old_inputs))
                return {}
            case _:
                answer = stub.Invoke(provider_pb2.InvokeRequest(tok=row.token, args=news))
                return {"outputs": from_struct(getattr(answer, "return"))}
    except grpc.RpcError as error:
        return {"error": error.details(), **_kept(error)}


def _kept(error: Any) -> Json:
    details = dict(error.trailing_metadata()).get("grpc-status-details-bin")
    failed = provider_pb2.ErrorResourceInitFailed()
    if not details or not status_pb2.Status.FromString(details).details[0].Unpack(failed):
        return {}
    return {"kept": (failed.id, from_struct(failed.properties)), "inputs": from_struct(failed.inputs)}


def sent(arm: FakeArm) -> tuple[tuple[str, str], ...]:
    """Method and path of every request that is no poll."""
    return tuple((method, path) for method, path, _ in arm.log if not path.startswith(("/operations/", "/results/")))


def holds(found: Any, expected: Any) -> bool:
    """Whether an object holds what is expected of it; further members of objects are let pass."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(name in found and holds(found[name], value) for name, value in expected.items())
    if isinstance(expected, tuple) and isinstance(found, tuple):
        return len(found) == len(expected) and all(map(holds, found, expected))
    return found == expected
