"""The plugin that `pulumi package` starts: it tells the schema of azure-native and serves no resource.

`pulumi package get-schema`, `add` and `gen-sdk` start an installed plugin instead of attaching to the bridge. They need
no ARM endpoint, so this process has none: it listens, prints its port, and ends with the CLI, which holds its standard
input.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from typing_extensions import override

from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.provider import Provider

_NO_ARM: Final = "http://127.0.0.1:1"
_THREADS: Final = 4
_UNLIMITED: Final = -1


class SchemaProvider(Provider):
    """The bridge without an ARM endpoint: it tells the schema, and refuses to be configured."""

    def __init__(self) -> None:
        super().__init__(ArmClient(_NO_ARM), 0)

    @override
    def Configure(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ConfigureResponse:
        """Refuse to serve resources."""
        context.abort(
            grpc.StatusCode.FAILED_PRECONDITION,
            "this plugin only tells the schema of azure-native: start the bridge with `python -m local_azure plugin`, "
            "and name it in PULUMI_DEBUG_PROVIDERS",
        )
        raise AssertionError("abort returned")


def main() -> None:
    """Serve until the CLI closes our standard input or ends us."""
    server = grpc.server(ThreadPoolExecutor(_THREADS), options=[("grpc.max_send_message_length", _UNLIMITED)])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(SchemaProvider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    while os.read(0, 4096):
        continue
    server.stop(grace=None).wait()


if __name__ == "__main__":
    main()
