"""Entry point of the language host: serve on a free port, print it, and go quietly when told to or left alone."""

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

_CALLS_AT_ONCE = 64
_UNLIMITED = -1


def main() -> None:
    """Serve until SIGINT, SIGTERM, or the end of the engine that holds our standard input."""
    parser = argparse.ArgumentParser(prog="pulumi-language-python", description=__doc__)
    parser.add_argument("--use-executor", type=Path, required=True, help="path of pulumi-language-python-exec")
    parser.add_argument("--report-version", default="", help="version that GetPluginInfo answers")
    parser.add_argument("engine_address", nargs="?", default="")
    options, _ = parser.parse_known_args()

    ended, end = _told_to_go()
    children = Children()
    server = grpc.server(
        ThreadPoolExecutor(_CALLS_AT_ONCE),
        options=[("grpc.max_receive_message_length", _UNLIMITED), ("grpc.max_send_message_length", _UNLIMITED)],
    )
    runtime = PythonRuntime(options.use_executor, options.engine_address, options.report_version, children)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(runtime.servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_until_left_alone, args=(end,), daemon=True).start()
    os.read(ended, 1)
    children.stop()
    server.stop(grace=None).wait()


def _told_to_go() -> tuple[int, int]:
    """Make a pipe into which SIGINT and SIGTERM write a byte: an event could miss the one just before a wait begins."""
    ended, end = os.pipe()
    os.set_blocking(end, False)
    signal.set_wakeup_fd(end, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    return ended, end


def _until_left_alone(end: int) -> None:
    # The engine keeps the other end open for as long as it lives, even when it dies without a word.
    while os.read(0, 4096):
        continue
    os.write(end, b"\n")


if __name__ == "__main__":
    main()
