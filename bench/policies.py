"""Benchmark of the policies on a thousand resources: the policy pack compared with empty policies, the offline run with checkov.

Both packs receive the engine's requests in the engine's order, from the start of the process to the verdict on the complete
stack. The baseline is a policy pack of the SDK with the same number of empty policies.
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from bench.resources import STACK, state, template
from bench.timing import median_seconds
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
    """Run a policy pack like the language host, and yield a client."""
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
    """Return the engine's requests for each resource, and the request for all resources."""
    each: list[Any] = []
    whole = analyzer_pb2.AnalyzeStackRequest()
    for resource in state(RESOURCES)["deployment"]["resources"]:
        name = resource["urn"].rpartition("::")[2]
        message = analyzer_pb2.AnalyzeRequest(type=resource["type"], urn=resource["urn"], name=name)
        json_format.ParseDict(resource["inputs"], message.properties)
        each.append(message)
        whole.resources.add(type=message.type, urn=message.urn, name=name, properties=message.properties)
    return each, whole


def evaluate(folder: Path, each: list[Any], whole: Any) -> tuple[float, int]:
    """Start a pack, send all requests, and return the duration in seconds and the number of diagnostics."""
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


def everything_on(folder: Path) -> Path:
    """Return a folder with settings that enable every rule, including those in no profile."""
    settings = folder / "settings"
    settings.mkdir()
    rules = "".join(f"  {rule.id}: {{}}\n" for rule in RULES)
    (settings / "settings.yaml").write_text(f"profile: regulated\nrules:\n{rules}", encoding="utf-8")
    return settings


def packs(folder: Path, settings: Path) -> None:
    """Print the duration of the policy pack with every rule, compared with a pack of empty policies."""
    empty = folder / "empty"
    empty.mkdir()
    (empty / "__main__.py").write_text(EMPTY_PACK.format(count=len(RULES)), encoding="utf-8")
    each, whole = requests()
    with patch.dict(os.environ, {FOLDER_VARIABLE: str(settings)}):
        mine = [evaluate(OWN_FOLDER, each, whole) for _ in range(RUNS)]
    floor = [evaluate(empty, each, whole) for _ in range(RUNS)]
    if not mine[0][1]:
        raise SystemExit("the policy pack found none of the deliberate violations")
    ours, empties = (statistics.median(seconds for seconds, _ in runs) for runs in (mine, floor))
    beyond = (ours - empties) / RESOURCES * 1000
    print(f"policy pack {len(RULES)} rules x {RESOURCES} resources: {ours / empties:.2f} x empty policies "
          f"({ours:.2f} s against {empties:.2f} s; {beyond:+.2f} ms per resource, limit +1)")  # fmt: skip


def engine_alone(saved: Path, settings: Path) -> None:
    """Print the duration of the evaluation of every rule, without reading the file."""
    graph, _ = offline.load(saved)
    prepared = prepare(settings, STACK, RULES)
    off = {rule.id for rule in RULES} - {each.rule.id for each in prepared.active}
    if off:
        raise SystemExit(f"disabled rules, although all must be enabled: {', '.join(sorted(off))}")
    reading = median_seconds(lambda: offline.load(saved), RUNS)
    judging = median_seconds(lambda: prepared.judge(offline.load(saved)[0]), RUNS) - reading
    if not prepared.judge(graph).of("fail"):
        raise SystemExit("the rules found none of the deliberate violations")
    print(f"offline engine {len(prepared.active)} rules x {RESOURCES} resources: "
          f"{judging / RESOURCES * 1000:.2f} ms per resource (limit 1), reading {reading / RESOURCES * 1000:.2f} ms")  # fmt: skip


def checkov() -> Path:
    """Return the path of checkov, which is installed into a separate environment the first time."""
    home = ROOT / ".pulumi-local" / "bench" / f"checkov-{CHECKOV}"
    command = home / "bin" / "checkov"
    if not command.exists():
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin" / "pip", "install", "--quiet", f"checkov=={CHECKOV}"], check=True)
    return command


def compare_with_checkov(folder: Path, saved: Path, settings: Path) -> None:
    """Print the duration of the offline run with every rule, compared with checkov on the same resources."""
    written = folder / "template.json"
    written.write_text(json.dumps(template(RESOURCES)), encoding="utf-8")
    mine = [str(ROOT / "moorings"), "policy", "--from", str(saved), "--folder", str(settings), "--json"]
    theirs = [str(checkov()), "-f", str(written), "--framework", "arm", "--compact", "--quiet", "--output", "json"]
    for command in (mine, theirs):
        finished = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if finished.returncode != 1:
            raise SystemExit(f"{command[0]} ended with {finished.returncode}:\n{finished.stderr.decode()[-2000:]}")
    ours, other = (
        median_seconds(
            lambda command=command: subprocess.run(command, cwd=ROOT, capture_output=True, check=False), RUNS
        )
        for command in (mine, theirs)
    )
    print(f"offline run from start to verdict: {other / ours:.1f} x as fast as checkov {CHECKOV} "
          f"({ours:.2f} s against {other:.2f} s; target 5 x)")  # fmt: skip


def main() -> None:
    """Print every ratio with both times."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        saved = folder / "state.json"
        saved.write_text(json.dumps(state(RESOURCES)), encoding="utf-8")
        settings = everything_on(folder)
        engine_alone(saved, settings)
        packs(folder, settings)
        compare_with_checkov(folder, saved, settings)
