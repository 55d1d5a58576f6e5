"""Entry point of the language host: serves on a free port, prints it, and ends on a signal or when the engine ends."""

from __future__ import annotations

import argparse
import os
import signal
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

if not __package__:
    sys.path[0] = str(Path(__file__).resolve().parents[2])

import grpc

from tools.language_host.children import Children
from tools.language_host.protocol import language_pb2_grpc
from tools.language_host.runtime import PythonRuntime

_MAXIMUM_CALLS = 64
_UNLIMITED = -1


def main() -> None:
    """Serve until SIGINT, SIGTERM, or the end of the engine, which keeps the standard input open."""
    parser = argparse.ArgumentParser(prog="pulumi-language-python", description=__doc__)
    parser.add_argument("--use-executor", type=Path, required=True, help="path of pulumi-language-python-exec")
    parser.add_argument("--report-version", default="", help="version that GetPluginInfo returns")
    parser.add_argument("engine_address", nargs="?", default="")
    options, _ = parser.parse_known_args()

    ended, end = _signal_pipe()
    children = Children()
    server = grpc.server(
        ThreadPoolExecutor(_MAXIMUM_CALLS),
        options=[("grpc.max_receive_message_length", _UNLIMITED), ("grpc.max_send_message_length", _UNLIMITED)],
    )
    runtime = PythonRuntime(options.use_executor, options.engine_address, options.report_version, children)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(runtime.servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_wait_for_engine, args=(end,), daemon=True).start()
    os.read(ended, 1)
    children.stop()
    server.stop(grace=None).wait()


def _signal_pipe() -> tuple[int, int]:
    """Create a pipe to which SIGINT and SIGTERM write a byte; unlike an event, it cannot miss a signal before the wait."""
    ended, end = os.pipe()
    os.set_blocking(end, False)
    signal.set_wakeup_fd(end, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    return ended, end


def _wait_for_engine(end: int) -> None:
    # The other end is open until the engine ends, also if it is killed.
    while os.read(0, 4096):
        continue
    os.write(end, b"\n")


if __name__ == "__main__":
    main()
