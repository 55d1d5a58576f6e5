from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from fake_arm import FakeArm

from local_azure.plugin.arm_client import ArmClient, UnreachableError
from local_azure.plugin.server import wait_for_arm

RUN = "import sys; from local_azure.plugin.server import serve; serve(sys.argv[1], int(sys.argv[2]), 0.0)"


@contextlib.contextmanager
def bridge(url: str, port: int = 0) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", RUN, url, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_bridge_says_where_it_listens_and_leaves_on_a_signal(number: signal.Signals) -> None:
    with FakeArm() as arm, bridge(arm.url) as process:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        name, _, port = line["debug_providers"].partition(":")
        assert name == "azure-native"
        socket.create_connection(("127.0.0.1", int(port)), timeout=60).close()
        process.send_signal(number)
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_taken_port_gives_one_line() -> None:
    with socket.socket() as taken, FakeArm() as arm:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with bridge(arm.url, taken.getsockname()[1]) as process:
            _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "cannot be listened on" in errors.splitlines()[-1]


def test_two_bridges_do_not_share_a_port() -> None:
    with FakeArm() as arm, bridge(arm.url) as first:
        assert first.stdout is not None
        port = int(json.loads(first.stdout.readline())["debug_providers"].partition(":")[2])
        with bridge(arm.url, port) as second:
            _, errors = second.communicate(timeout=60)
            assert second.returncode == 1
    assert "cannot be listened on" in errors.splitlines()[-1]


def test_an_arm_that_does_not_answer_is_waited_for_only_so_long() -> None:
    begun = time.monotonic()
    with pytest.raises(UnreachableError, match=r"no ARM endpoint answers at http://127\.0\.0\.1:9: start one with"):
        wait_for_arm(ArmClient("http://127.0.0.1:9"), seconds=0.3)
    assert time.monotonic() - begun < 30
