"""The policies on a thousand resources: the pack against empty policies, the offline run against checkov.

Both packs are called as the engine calls them, by the same requests in the same order, from the start of the process to
the verdict on the whole stack. The floor is a pack of the SDK with as many policies that do nothing.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from bench.estate import STACK, state, template
from policies.fronts import offline
from policies.preparation import FOLDER_VARIABLE, OWN_FOLDER, prepare
from policies.rules import RULES
from tools.local_services import ROOT

RESOURCES, RUNS = 1_000, 3
CHECKOV = "3.3.30"
EMPTY_PACK = """
from pulumi_policy import PolicyPack, ResourceValidationPolicy

def nothing(args, report_violation):
    pass

PolicyPack("empty", [
    ResourceValidationPolicy(name=f"empty-{{i}}", description="nothing", validate=nothing) for i in range({count})
])
"""


@contextmanager
def pack(folder: Path) -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """Run a policy pack as the language host does, and yield a client of it."""
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        limits = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        try:
            with grpc.insecure_channel(f"127.0.0.1:{port}", options=limits) as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.terminate()


def requests() -> tuple[list[Any], Any]:
    """Return what the engine asks about each resource, and about all of them."""
    each: list[Any] = []
    whole = analyzer_pb2.AnalyzeStackRequest()
    for resource in state(RESOURCES)["deployment"]["resources"]:
        name = resource["urn"].rpartition("::")[2]
        message = analyzer_pb2.AnalyzeRequest(type=resource["type"], urn=resource["urn"], name=name)
        json_format.ParseDict(resource["inputs"], message.properties)
        each.append(message)
        whole.resources.add(type=message.type, urn=message.urn, name=name, properties=message.properties)
    return each, whole


def asked(folder: Path, each: list[Any], whole: Any) -> tuple[float, int]:
    """Start a pack, ask it everything, and return seconds and the number of diagnostics."""
    start = time.perf_counter()
    with pack(folder) as client:
        client.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack=STACK, dry_run=True))
        client.GetAnalyzerInfo(empty_pb2.Empty())
        found = 0
        for message in each:
            client.Remediate(message)
            found += len(client.Analyze(message).diagnostics)
        found += len(client.AnalyzeStack(whole).diagnostics)
        return time.perf_counter() - start, found


def median_seconds(action: Callable[[], object]) -> float:
    """Return the median wall time of an action, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def everything_on(folder: Path) -> Path:
    """Return a folder of settings that have every rule on, those too that no profile has."""
    settings = folder / "settings"
    settings.mkdir()
    rules = "".join(f"  {rule.id}: {{}}\n" for rule in RULES)
    (settings / "settings.yaml").write_text(f"profile: regulated\nrules:\n{rules}", encoding="utf-8")
    return settings


def packs(folder: Path, settings: Path) -> None:
    """Print what our pack costs, with every rule on, beside a pack of empty policies."""
    empty = folder / "empty"
    empty.mkdir()
    (empty / "__main__.py").write_text(EMPTY_PACK.format(count=len(RULES)), encoding="utf-8")
    each, whole = requests()
    with patch.dict(os.environ, {FOLDER_VARIABLE: str(settings)}):
        mine = [asked(OWN_FOLDER, each, whole) for _ in range(RUNS)]
    floor = [asked(empty, each, whole) for _ in range(RUNS)]
    if not mine[0][1]:
        raise SystemExit("the pack found nothing wrong with what has faults on purpose")
    ours, empties = (statistics.median(seconds for seconds, _ in runs) for runs in (mine, floor))
    beyond = (ours - empties) / RESOURCES * 1000
    print(f"policy pack {len(RULES)} rules x {RESOURCES} resources: {ours / empties:.2f} x empty policies "
          f"({ours:.2f} s against {empties:.2f} s; {beyond:+.2f} ms a resource, +1 allowed)")  # fmt: skip


def engine_alone(saved: Path, settings: Path) -> None:
    """Print what judging costs, with every rule on and the file already read."""
    graph, _ = offline.load(saved)
    prepared = prepare(settings, STACK, RULES)
    off = {rule.id for rule in RULES} - {each.rule.id for each in prepared.active}
    if off:
        raise SystemExit(f"these rules are off and all must be on: {', '.join(sorted(off))}")
    reading = median_seconds(lambda: offline.load(saved))
    judging = median_seconds(lambda: prepared.judge(offline.load(saved)[0])) - reading
    if not prepared.judge(graph).of("fail"):
        raise SystemExit("the rules found nothing wrong with what has faults on purpose")
    print(f"offline engine {len(prepared.active)} rules x {RESOURCES} resources: "
          f"{judging / RESOURCES * 1000:.2f} ms a resource (1 allowed), reading {reading / RESOURCES * 1000:.2f} ms")  # fmt: skip


def checkov() -> Path:
    """Return checkov's command, installed into an environment of its own the first time."""
    home = ROOT / ".pulumi-local" / "bench" / f"checkov-{CHECKOV}"
    command = home / "bin" / "checkov"
    if not command.exists():
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin" / "pip", "install", "--quiet", f"checkov=={CHECKOV}"], check=True)
    return command


def beside_checkov(folder: Path, saved: Path, settings: Path) -> None:
    """Print the offline run's time from start to verdict, every rule on, beside checkov's on the same resources."""
    written = folder / "template.json"
    written.write_text(json.dumps(template(RESOURCES)), encoding="utf-8")
    mine = [str(ROOT / "moorings"), "policy", "--from", str(saved), "--folder", str(settings), "--json"]
    theirs = [str(checkov()), "-f", str(written), "--framework", "arm", "--compact", "--quiet", "--output", "json"]
    for command in (mine, theirs):
        finished = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if finished.returncode != 1:
            raise SystemExit(f"{command[0]} ended with {finished.returncode}:\n{finished.stderr.decode()[-2000:]}")
    ours, other = (
        median_seconds(lambda command=command: subprocess.run(command, cwd=ROOT, capture_output=True, check=False))
        for command in (mine, theirs)
    )
    print(f"offline run from start to verdict: {other / ours:.1f} x as fast as checkov {CHECKOV} "
          f"({ours:.2f} s against {other:.2f} s; 5 x wanted)")  # fmt: skip


def main() -> None:
    """Print every ratio with both times."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        saved = folder / "state.json"
        saved.write_text(json.dumps(state(RESOURCES)), encoding="utf-8")
        settings = everything_on(folder)
        engine_alone(saved, settings)
        packs(folder, settings)
        beside_checkov(folder, saved, settings)
