"""The process that serves the bridge: it waits for ARM, listens, prints one line, and leaves on a signal."""

from __future__ import annotations

import json
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from local_azure.arm_types import catalogue
from local_azure.plugin.arm_client import ArmClient, UnreachableError
from local_azure.plugin.provider import Provider

THREADS: Final = 64
START_WAIT: Final = 10.0
"""Seconds for which the bridge waits for ARM to answer before it gives up."""
_OPTIONS: Final = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # Two servers on one port would each get some of the engine's calls.
    ("grpc.so_reuseport", 0),
)


def start(client: ArmClient, port: int, time_scale: float) -> tuple[grpc.Server, Provider, int]:
    """Listen on a loopback port (0 picks one) and answer from now on; returns the server, provider and port."""
    provider = Provider(client, time_scale)
    server = grpc.server(ThreadPoolExecutor(max_workers=THREADS), options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    try:
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
    except RuntimeError as error:
        raise OSError(f"port {port} cannot be listened on: {error}") from error
    server.start()
    return server, provider, bound


def wait_for_arm(client: ArmClient, seconds: float = START_WAIT) -> None:
    """Wait until ARM answers; raises UnreachableError when it does not in time."""
    end = time.monotonic() + seconds
    while not client.reachable():
        if time.monotonic() >= end:
            raise UnreachableError(
                f"no ARM endpoint answers at {client.endpoint}: start one with `python -m local_azure serve`"
            )
        time.sleep(0.1)


def serve(arm_url: str, port: int, time_scale: float) -> None:
    """Serve the bridge until SIGTERM or SIGINT.

    Prints `{"debug_providers": "azure-native:PORT"}` when ready, for the engine's PULUMI_DEBUG_PROVIDERS. Exits with
    one line on stderr and status 1 when ARM does not answer or the port is taken.
    """
    # Blocked here and in every thread that starts from here, they wait for `sigwait`. A handler that sets an event can
    # miss the one signal that comes just before the wait begins, and then nothing ends.
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    client = ArmClient(arm_url)
    try:
        catalogue()
        wait_for_arm(client)
        server, provider, bound = start(client, port, time_scale)
    except (OSError, UnreachableError) as error:
        sys.exit(str(error))
    print(json.dumps({"debug_providers": f"azure-native:{bound}"}), flush=True)
    signal.sigwait(ends)
    provider.stop_waiting()
    server.stop(grace=1).wait()
    client.close()
