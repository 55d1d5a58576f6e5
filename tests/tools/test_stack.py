"""The runner: what it shows, in which order, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tools import run_lock, stack
from tools.engine import Engine, EngineError, Finished, Workspace, write
from tools.local_services import without_proxies
from tools.summary import summary

OUTPUTS: dict[str, Any] = {
    "endpoints": {
        "global": "r.azurecr.io",
        "regional": {"eastus": "r.eastus.geo.azurecr.io"},
        "push": {"eastus": "r.eastus.geo.azurecr.io"},
        "data": ["r.eastus.data.azurecr.io"],
    },
    "ledger": [{"vnet": "v", "subnet": "registry", "need": 7, "free": 20}],
    "addresses": {"eastus": {"registry": "10.0.0.4", "registry_eastus": ["10.0.0.5", "10.0.0.6"]}},
}


def test_the_engines_closing_summary_is_kept_back_until_the_end() -> None:
    shown: list[str] = []
    tail = stack.Tail(shown.append)
    for line in ("Updating (local):\n", "\x1b[1mResources:\x1b[0m\n", "    37 unchanged\n", "Duration: 2s\n"):
        tail.line(line)
    assert shown == ["Updating (local):\n"]
    shown.append("our summary\n")
    tail.release()
    assert shown[-3:] == ["\x1b[1mResources:\x1b[0m\n", "    37 unchanged\n", "Duration: 2s\n"]


def test_a_warning_is_shown_once_among_the_diagnostics() -> None:
    shown: list[str] = []
    tail = stack.Tail(shown.append)
    steps = (
        " +  pulumi:pulumi:Stack moorings-dev creating (0s) warning: stacks/Pulumi.dev.yaml:11 registry: too small\n",
        "    pulumi:pulumi:Stack moorings-dev running \x1b[33mwarning: \x1b[0mstacks/Pulumi.dev.yaml:11 registry: too small\n",
    )
    report = [
        "Diagnostics:\n",
        "  pulumi:pulumi:Stack (moorings-dev):\n",
        "    warning: stacks/Pulumi.dev.yaml:11 registry: too small\n",
        "warning: stacks/Pulumi.dev.yaml:11 registry: too small, as --diff shows it\n",
        " +  pulumi:pulumi:Stack moorings-dev created (1s) 1 warning\n",
    ]
    for line in (*steps, *report):
        tail.line(line)
    assert shown == report


def test_what_follows_the_closing_summary_of_a_destroy_is_left_out() -> None:
    shown: list[str] = []
    tail = stack.Tail(shown.append, ends_with="Duration:")
    for line in ("Resources:\n", "    - 2 deleted\n", "Duration: 1s\n", "\n", "run `pulumi stack rm`\n"):
        tail.line(line)
    tail.release()
    assert shown[-1] == "Duration: 1s\n"


def test_the_summary_names_endpoints_ledger_and_addresses() -> None:
    lines = summary(OUTPUTS)
    assert "    global    r.azurecr.io" in lines
    assert "    regional  r.eastus.geo.azurecr.io" in lines
    assert sum("r.eastus.geo.azurecr.io" in line for line in lines) == 1
    assert "    data      r.eastus.data.azurecr.io" in lines
    assert "    v     registry  7     20" in lines
    assert "    eastus    registry_eastus  10.0.0.5, 10.0.0.6" in lines


def test_the_summary_names_where_compute_answers() -> None:
    compute = {
        "clusters": {"main": {"name": "aks-contoso", "fqdn": "aks.example"}},
        "container_apps": {
            "west": {"name": "cae", "default_domain": "west.example", "apps": {"web": "web.west.example"}}
        },
        "session_pools": {"box": {"name": "pool", "endpoint": "https://pool.example"}},
        "other": "[secret]",
    }
    lines = [line.split() for line in summary({"compute": compute})]
    assert ["clusters.main", "aks-contoso", "aks.example"] in lines
    assert ["container_apps.west.apps.web", "web.west.example"] in lines
    assert ["session_pools.box", "pool", "https://pool.example"] in lines


@pytest.mark.parametrize("outputs", [{}, {"endpoints": "[secret]", "ledger": None, "addresses": []}, {"other": 1}])
def test_outputs_of_another_shape_are_left_out_of_the_summary(outputs: dict[str, Any]) -> None:
    assert summary(outputs) == []


@pytest.mark.parametrize(
    ("terminal", "no_color", "flag"), [(True, "", "always"), (True, "1", "never"), (False, "", "never")]
)
def test_the_engine_colours_a_terminal_unless_it_is_asked_not_to(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, no_color: str, flag: str
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    monkeypatch.setenv("NO_COLOR", no_color)
    assert stack.colors() == flag


def test_a_second_run_in_the_same_folder_is_refused_while_the_first_lasts(tmp_path: Path) -> None:
    with run_lock.one_run(tmp_path), pytest.raises(run_lock.BusyError, match="another run"), run_lock.one_run(tmp_path):
        pytest.fail("two runs at once")
    with run_lock.one_run(tmp_path):
        pass


def test_the_lock_of_a_run_that_was_killed_holds_nobody_up(tmp_path: Path) -> None:
    holder = (
        "import os, pathlib, signal\nfrom tools import run_lock\n"
        f"with run_lock.one_run(pathlib.Path({str(tmp_path)!r})):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", holder], cwd=root, check=False).returncode == -9
    with run_lock.one_run(tmp_path):
        pass


def test_azures_refusal_to_change_a_subnet_in_use_is_reported_with_what_to_do() -> None:
    refused = "Status=400 Code='InUsePrefixCannotBeDeleted'"
    assert "add another" in "\n".join(stack.remedies(Finished(1, refused), "dev"))
    assert list(stack.remedies(Finished(0, refused), "dev")) == []
    assert list(stack.remedies(Finished(1, "something else"), "dev")) == []


def test_the_counts_come_from_the_engines_last_summary() -> None:
    events = ({"summaryEvent": {"resourceChanges": {"create": 1}}}, {"summaryEvent": {"resourceChanges": {"same": 2}}})
    assert Finished(0, "", events).changes == {"same": 2}
    assert Finished(0, "").changes == {}


def test_an_engine_error_says_the_engines_own_error_line() -> None:
    assert str(EngineError("up", "noise\nerror: because\nmore\n")) == "pulumi up failed: error: because"
    assert str(EngineError("up", "")) == "pulumi up failed: no output"


def engine(tmp_path: Path, pulumi: str) -> Engine:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: demo # why\n")
    (tmp_path / "stacks" / "Pulumi.dev.yaml").write_text("secretsprovider: x\nconfig:\n  demo:version: 1.30\n")
    executable = tmp_path / "bin" / "pulumi"
    executable.parent.mkdir()
    executable.write_text(pulumi)
    executable.chmod(0o755)
    return Engine(Workspace(tmp_path, tmp_path / "stacks", tmp_path / "local", executable), "dev")


INIT = """#!/bin/sh
echo "$@" >> "$PULUMI_HOME/calls"
env | grep ^PULUMI_ > "$PULUMI_HOME/environment"
echo 'encryptionsalt: v1:fresh' > Pulumi.dev.yaml
"""


def test_the_stack_is_made_from_a_scratch_project_and_its_file_is_copied(tmp_path: Path) -> None:
    prepared = engine(tmp_path, INIT)
    assert prepared.prepare() == ()
    assert (tmp_path / "local" / "home" / "calls").read_text().startswith("stack init dev")
    assert prepared.config_file.read_text() == "encryptionsalt: v1:fresh\nconfig:\n  demo:version: 1.30\n"
    assert (tmp_path / "stacks" / "Pulumi.dev.yaml").read_text().startswith("secretsprovider: x")
    assert (tmp_path / "local" / "passphrase").stat().st_mode & 0o777 == 0o600


def test_the_users_own_settings_of_the_engine_do_not_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "theirs")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "azblob://theirs")
    engine(tmp_path, INIT).prepare()
    seen = (tmp_path / "local" / "home" / "environment").read_text()
    assert "theirs" not in seen
    assert f"PULUMI_BACKEND_URL=file://{tmp_path}/local/state" in seen


def test_the_salt_is_found_in_the_state_when_the_scratch_project_was_deleted(tmp_path: Path) -> None:
    prepared = engine(tmp_path, "#!/bin/sh\nexit 1\n")
    prepared.state_file.parent.mkdir(parents=True)
    latest = {"secrets_providers": {"type": "passphrase", "state": {"salt": "v1:kept"}}}
    prepared.state_file.write_text(json.dumps({"checkpoint": {"latest": latest}}))
    (tmp_path / "local" / "passphrase").write_text("kept")
    prepared.prepare()
    assert prepared.config_file.read_text().startswith("encryptionsalt: v1:kept\n")


def test_a_refusal_of_the_engine_is_raised(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="pulumi stack init failed: error: no"):
        engine(tmp_path, "#!/bin/sh\necho 'error: no' >&2\nexit 1\n").prepare()


def test_nothing_is_begun_after_an_interrupt(tmp_path: Path) -> None:
    pulumi = engine(tmp_path, "#!/bin/sh\ntouch begun\n")
    pulumi.interrupt()
    with pytest.raises(KeyboardInterrupt):
        pulumi.operate("up")
    with pytest.raises(KeyboardInterrupt):
        pulumi.outputs()
    assert list(tmp_path.rglob("begun")) == []


def test_an_interrupt_during_a_question_ends_the_run(tmp_path: Path) -> None:
    pulumi = engine(tmp_path, "#!/bin/sh\nsleep 1\necho {}\n")
    asking = threading.Timer(0.2, pulumi.interrupt)
    asking.start()
    with pytest.raises(KeyboardInterrupt):
        pulumi.outputs()
    asking.join()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write(path, "one")
    write(path, "two", mode=0o600)
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_no_proxy_is_between_processes_of_this_machine() -> None:
    result = without_proxies({"no_proxy": "example.com", "HTTP_PROXY": "http://proxy"})
    assert result["no_proxy"] == "example.com,127.0.0.1,localhost"
    assert result["NO_PROXY"] == "127.0.0.1,localhost"
