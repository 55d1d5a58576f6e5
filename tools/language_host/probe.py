"""Tests whether a language host responds: starts it like the engine, reads its port, and calls `GetPluginInfo`."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys

import grpc
from google.protobuf import empty_pb2

from tools.language_host.protocol import language_pb2_grpc

_START_SECONDS = 10.0
_CALL_SECONDS = 5.0


class SilentHostError(Exception):
    """The host did not start, print a port or respond; the message contains the reason."""


def ask(path: str) -> str:
    """Return the version that the host at `path` reports, which may be empty.

    Raises:
        SilentHostError: it does not respond within 15 seconds.
    """
    try:
        host = subprocess.Popen(
            [path, "127.0.0.1:1"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
    except OSError as error:
        raise SilentHostError(f"it does not start: {error.strerror}") from error
    try:
        with grpc.insecure_channel(f"127.0.0.1:{_port(host)}") as channel:
            stub = language_pb2_grpc.LanguageRuntimeStub(channel)
            return stub.GetPluginInfo(empty_pb2.Empty(), timeout=_CALL_SECONDS, wait_for_ready=True).version
    except grpc.RpcError as error:
        raise SilentHostError("it prints a port but does not respond") from error
    finally:
        # Children of the host keep its output open, so reading to the end could block forever.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(host.pid, signal.SIGKILL)
        for pipe in (host.stdin, host.stdout):
            if pipe is not None:
                pipe.close()
        host.wait()


def _port(host: subprocess.Popen[bytes]) -> int:
    assert host.stdout is not None
    ready, _, _ = select.select([host.stdout], [], [], _START_SECONDS)
    line = os.read(host.stdout.fileno(), 64) if ready else b""
    if not line.strip().isdigit():
        raise SilentHostError("it prints no port")
    return int(line)


if __name__ == "__main__":
    try:
        print(ask(sys.argv[1]))
    except SilentHostError as problem:
        sys.exit(str(problem))
