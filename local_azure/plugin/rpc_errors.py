"""Errors in the form the engine reads: a plain status, or one with the half-made resource in its details."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import any_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, status_pb2

from local_azure.plugin.values import to_struct

_DETAILS = "grpc-status-details-bin"


@dataclass(frozen=True)
class RpcStatus(grpc.Status):
    """A gRPC status for `abort_with_status`."""

    code: grpc.StatusCode
    details: str
    trailing_metadata: tuple[tuple[str, str | bytes], ...] = ()


def hide(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret replaced, longest first."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    return text


def plain_status(error: Exception, secrets: Iterable[str] = ()) -> RpcStatus:
    """A status for an operation that left nothing behind."""
    return RpcStatus(grpc.StatusCode.UNKNOWN, hide(str(error) or type(error).__name__, secrets))


def partial_status(
    error: Exception, arm_id: str, outputs: Mapping[str, Any], inputs: Struct, secrets: Iterable[str] = ()
) -> RpcStatus:
    """A status that makes the engine keep the resource, marked as not fully made [PULUMI-PARTIAL]."""
    message = hide(str(error), secrets)
    failed = provider_pb2.ErrorResourceInitFailed(
        id=arm_id, properties=to_struct(dict(outputs)), reasons=[message], inputs=inputs
    )
    detail = any_pb2.Any()
    detail.Pack(failed)
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message, details=[detail])
    return RpcStatus(grpc.StatusCode.UNKNOWN, message, ((_DETAILS, status.SerializeToString()),))
