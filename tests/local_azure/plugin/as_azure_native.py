"""The bridge called as the engine calls it, for tables whose rows each say what azure-native answers, and by what source.

`provider.go`, `diff.go` and `replacement.go` of a source are provider/pkg/provider/provider.go, provider/pkg/provider/diff.go
and provider/pkg/gen/replacement.go of pulumi/pulumi-azure-native; `#N` is a pull request or an issue there. Other files
are of Azure/azure-rest-api-specs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from fake_arm import FakeArm
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.server import start
from local_azure.plugin.values import from_struct, to_struct

_MODES = provider_pb2.CheckRequest.AutonamingOptions.Mode


@dataclass(frozen=True)
class Check:
    """One call of Check: new and old inputs, mode and name of the stack's autonaming, and what the provider answers.

    `inputs` are inputs of the answer; None means that there is none of that name, a pattern that the text matches.
    """

    what: str
    source: str
    token: str
    news: dict[str, Any]
    olds: dict[str, Any] = field(default_factory=dict)
    naming: tuple[str, str] | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    location: str = ""

    def call(self, stub: Any) -> tuple[dict[str, Any], list[str]]:
        """The inputs and the reasons that the bridge answers with."""
        location = {"location": self.location} if self.location else {}
        stub.Configure(provider_pb2.ConfigureRequest(args=to_struct(location)))
        request = provider_pb2.CheckRequest(
            urn=f"urn:pulumi:dev::p::{self.token}::net",
            name="net",
            type=self.token,
            olds=to_struct(self.olds),
            news=to_struct(self.news),
            randomSeed=b"seed",
        )
        if self.naming is not None:
            mode, name = self.naming
            request.autonaming.mode, request.autonaming.proposed_name = _MODES.Value(mode), name
        answer = stub.Check(request)
        return from_struct(answer.inputs), [failure.reason for failure in answer.failures]


@dataclass(frozen=True)
class Diff:
    """One call of Diff: old and new inputs, old outputs, and the answer.

    `detailed` is the provider's detailed diff. `same` says that the answer is "no change" although it may hold paths;
    `delete_first` is the order of a replacement.
    """

    what: str
    source: str
    token: str
    old: dict[str, Any]
    new: dict[str, Any]
    detailed: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    same: bool = False
    delete_first: bool | None = None

    def call(self, stub: Any) -> Any:
        """The bridge's answer."""
        return stub.Diff(
            provider_pb2.DiffRequest(
                urn=f"urn:pulumi:dev::p::{self.token}::x",
                type=self.token,
                old_inputs=to_struct(self.old),
                news=to_struct(self.new),
                olds=to_struct(self.outputs),
            )
        )


def kinds(answer: Any) -> dict[str, str]:
    """The paths of an answer to Diff, with the kind of each change."""
    return {path: provider_pb2.PropertyDiff.Kind.Name(found.kind) for path, found in answer.detailedDiff.items()}


@contextmanager
def bridge() -> Iterator[Any]:
    """A stub of a bridge of its own, on an ARM that knows nothing."""
    with FakeArm() as arm:
        client = ArmClient(arm.url)
        server, _, port = start(client, 0, 0.0)
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
        server.stop(None).wait()
        client.close()
