"""`./moorings doctor`: what a machine and a subscription lack."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.project import ROOT
from tests.verbs.asking import answer, run
from tools.doctor import __main__ as before_setup
from tools.doctor import machine, subscription
from tools.doctor.machine import MISSING, NOTE, OK, Check
from tools.preflight.arm import Arm, DeniedError, MissingError, UnreachableError

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No subscription and no login of the person who runs the tests."""
    for name in ("ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID", "PULUMI_BACKEND_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A clone in which nothing has run."""
    root = tmp_path / "clone"
    root.mkdir()
    for name in ("requirements.lock", "Pulumi.yaml"):
        shutil.copy(ROOT / name, root)
    return root


def states(found: list[Check]) -> dict[str, str]:
    return {check.name: check.state for check in found}


def test_a_machine_after_set_up_lacks_nothing() -> None:
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[-1] == "nothing is missing"
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 200


def test_findings_are_data() -> None:
    found = {each["name"]: each["state"] for each in answer("doctor")}
    assert (found["Python"], found[".venv"], found["Pulumi CLI"], found["subscription"]) == (OK, OK, OK, NOTE)


def test_a_new_clone_lacks_the_environment_and_the_cli(new: Path) -> None:
    found = machine.checks(new)
    assert [check.name for check in found if check.state == MISSING] == [".venv", "Pulumi CLI"]
    assert all("run make setup" in check.message for check in found if check.state == MISSING)
    assert list(machine.report(found))[-1] == "missing: .venv, Pulumi CLI"


def test_the_command_works_without_an_environment(new: Path) -> None:
    shutil.copy(ROOT / "moorings", new)
    shutil.copytree(ROOT / "tools", new / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run([new / "moorings", "doctor"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == "missing: .venv, Pulumi CLI"


def test_the_exit_code_without_an_environment_is_that_of_the_verb(
    capsys: pytest.CaptureFixture[str], new: Path
) -> None:
    assert before_setup.main(ROOT) == 0
    assert before_setup.main(new) == 1
    assert capsys.readouterr().out.count("missing: ") == 1


def test_programs_that_are_not_there_are_missing_or_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    found = states(machine.checks(ROOT))
    assert (found["make"], found["git"], found["Go"]) == (MISSING, NOTE, NOTE)


def test_an_old_python_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 9, 2))
    (python,) = [check for check in machine.checks(ROOT) if check.name == "Python"]
    assert (python.state, python.message.startswith("3.9.2 is too old")) == (MISSING, True)


@pytest.mark.parametrize(("free", "state"), [(machine.SPACE_FOR_RUNS - 1, MISSING), (machine.SPACE_FOR_RUNS, OK)])
def test_a_full_disk_is_missing_space(monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, free))
    assert states(machine.checks(ROOT))["disk"] == state


def test_set_up_needs_more_space_than_runs(monkeypatch: pytest.MonkeyPatch, new: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, machine.SPACE_FOR_SETUP - 1))
    assert states(machine.checks(new))["disk"] == MISSING


def test_ports_that_cannot_be_opened_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("socket.create_server", refuse)
    (ports,) = [check for check in machine.checks(ROOT) if check.name == "ports"]
    assert (ports.state, "127.0.0.1 (Permission denied)" in ports.message) == (MISSING, True)


def test_a_file_in_the_place_of_the_local_state_is_reported(new: Path) -> None:
    (new / ".pulumi-local").write_text("")
    (state,) = [check for check in machine.checks(new) if check.name == "local state"]
    assert (state.state, "move it away" in state.message) == (MISSING, True)


def test_the_plugin_for_azure_is_found_where_the_engine_keeps_it(tmp_path: Path) -> None:
    assert states(machine.checks(ROOT))["azure-native"] == NOTE
    (tmp_path / "home" / "plugins" / "resource-azure-native-v3.29.0").mkdir(parents=True)
    assert states(machine.checks(ROOT))["azure-native"] == OK


class Answering(Arm):
    """A subscription with fixed answers, by the end of the path; an exception is raised."""

    def __init__(self, **answers: Any) -> None:
        self.subscription = SUBSCRIPTION
        self._answers = answers

    def get(self, path: str, version: str) -> dict[str, Any]:
        answer = self._answers["provider" if "/providers/" in path else "subscription"]
        if isinstance(answer, Exception):
            raise answer
        return answer


ENABLED = {"displayName": "Production", "state": "Enabled"}
REGISTERED = {"registrationState": "Registered"}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"subscription": ENABLED, "provider": REGISTERED}, {"credential": OK, "subscription": OK, "providers": OK}),
        (
            {"subscription": ENABLED, "provider": {"registrationState": "NotRegistered"}},
            {"credential": OK, "subscription": OK, "providers": MISSING},
        ),
        (
            {"subscription": ENABLED, "provider": DeniedError("x/read on y")},
            {"credential": OK, "subscription": OK, "providers": NOTE},
        ),
        (
            {"subscription": {**ENABLED, "state": "Disabled"}, "provider": REGISTERED},
            {"credential": OK, "subscription": MISSING, "providers": OK},
        ),
        ({"subscription": UnreachableError("sign-in failed: run `az login`")}, {"credential": MISSING}),
        ({"subscription": MissingError("x")}, {"subscription": MISSING}),
        ({"subscription": DeniedError("x/read on y")}, {"subscription": MISSING}),
    ],
)
def test_a_subscription_is_read(answers: dict[str, Any], expected: dict[str, str]) -> None:
    found = subscription.checks(SUBSCRIPTION, Answering(**answers))
    assert states(found) == {"backend": NOTE, **expected}


def test_the_providers_are_those_of_all_stack_files() -> None:
    found = subscription.checks(
        SUBSCRIPTION, Answering(subscription=ENABLED, provider={"registrationState": "NotRegistered"})
    )
    (providers,) = [check for check in found if check.name == "providers"]
    for namespace in ("Microsoft.ContainerRegistry", "Microsoft.Network", "Microsoft.App"):
        assert namespace in providers.message


def test_a_backend_is_that_of_the_environment_or_of_the_last_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "credentials.json").write_text(json.dumps({"current": "azblob://state"}))
    assert subscription.checks("")[0] == Check("backend", OK, "azblob://state")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///state")
    assert subscription.checks("")[0] == Check("backend", OK, "file:///state")


def test_a_failed_sign_in_is_one_line(tmp_path: Path) -> None:
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if "azure" not in part.lower())
    environment = {"PATH": path, "HOME": str(tmp_path), "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"}
    done = subprocess.run(
        [ROOT / "moorings", "doctor", "--subscription", SUBSCRIPTION],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "missing  credential    sign-in failed: " in done.stdout
