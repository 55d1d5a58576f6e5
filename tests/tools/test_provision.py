"""Set-up: which CLI is taken, what an interrupted installation comes to, and the lines that say what to install."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.provision import build, cli, commands, download, environment
from tools.provision import main as setup
from tools.provision.report import Report, SetupError

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = (3, 250, 0)
ANSWERS = (
    f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/tools/language_host" --use-executor /x --report-version 9.9.9 "$@"\n'
)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def fake_cli(folder: Path, version: str = "v3.250.0", host: str | None = ANSWERS) -> Path:
    if host is not None:
        script(folder / "pulumi-language-python", host)
        script(folder / "pulumi-language-python-exec", "#!/bin/sh\n")
    return script(folder / "pulumi", f"#!/bin/sh\necho {version}\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "Pulumi.yaml").write_text('name: x\nrequiredPulumiVersion: ">=3.250.0"\n')
    (root / "requirements.lock").write_text("pytest==9.2.0\n")
    (root / ".venv").symlink_to(ROOT / ".venv")
    return root


@pytest.fixture
def report() -> Report:
    return Report(io.StringIO())


def test_a_cli_on_path_that_is_new_enough_and_whose_host_answers_is_taken(tmp_path: Path) -> None:
    pulumi = fake_cli(tmp_path / "bin")
    assert cli.on_path(ROOT, REQUIRED, str(tmp_path / "bin")) == (pulumi, "")


@pytest.mark.parametrize(
    ("version", "host", "reason"),
    [
        ("v3.249.9", ANSWERS, "is 3.249.9, 3.250.0 is needed"),
        ("garbage", ANSWERS, "does not report its version"),
        ("v3.250.0", None, "no pulumi-language-python beside it"),
        ("v3.250.0", "#!/bin/sh\nexit 3\n", "it prints no port"),
        ("v3.250.0", "#!/bin/sh\necho hello\n", "it prints no port"),
    ],
)
def test_a_cli_on_path_that_is_not_good_enough_is_passed_over(
    tmp_path: Path, version: str, host: str | None, reason: str
) -> None:
    fake_cli(tmp_path / "bin", version, host)
    found, why_not = cli.on_path(ROOT, REQUIRED, str(tmp_path / "bin"))
    assert found is None
    assert reason in why_not


def test_no_cli_on_path_is_said(tmp_path: Path) -> None:
    assert cli.on_path(ROOT, REQUIRED, str(tmp_path)) == (None, "none on PATH")


def test_the_decision_is_kept_until_the_cli_changes(
    project: Path, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi = fake_cli(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    decision = cli.ensure(project, report)
    assert (decision.source, decision.version) == ("path", "3.250.0")
    assert cli.recorded(project) == decision
    assert cli.chosen(project) == pulumi
    script(pulumi, "#!/bin/sh\necho v3.251.0 \n")
    assert cli.recorded(project) is None
    with pytest.raises(LookupError, match="make setup"):
        cli.chosen(project)


def test_a_newer_requirement_makes_the_decision_again(
    project: Path, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_cli(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    cli.ensure(project, report)
    (project / "Pulumi.yaml").write_text('name: x\nrequiredPulumiVersion: ">=3.251.0"\n')
    assert cli.recorded(project) is None


def test_a_broken_record_counts_as_none(project: Path) -> None:
    (project / ".pulumi-cli").mkdir()
    (project / ".pulumi-cli" / "decision.json").write_text('{"pulumi": ')
    assert cli.recorded(project) is None


def test_without_a_way_to_the_installer_the_build_is_next_and_the_reason_is_reported(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = io.StringIO()
    monkeypatch.setattr(cli, "on_path", lambda *_: (None, "none on PATH"))

    def unreachable(*_: object) -> Path:
        raise commands.CommandError("failed", ["Name or service not known"])

    monkeypatch.setattr(cli, "download", unreachable)
    monkeypatch.setattr(build, "build", lambda *_: fake_cli(tmp_path / "built"))
    assert cli.ensure(project, Report(said)).source == "go"
    assert "the official installer is not reachable: Name or service not known" in said.getvalue()
    assert "the installer's script has no checksum and is verified by TLS only" in said.getvalue()


def test_who_asks_for_a_built_cli_gets_neither_the_installers_nor_that_on_path(
    project: Path, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_cli(tmp_path / "bin")
    fake_cli(project / ".pulumi-cli" / "official" / "bin")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setattr(cli, "download", lambda *_: pytest.fail("ran the installer"))
    monkeypatch.setattr(build, "build", lambda *_: fake_cli(tmp_path / "built"))
    assert cli.ensure(project, report).source == "official"
    monkeypatch.setenv("MOORINGS_CLI", "build")
    assert cli.recorded(project) is None
    assert cli.ensure(project, report).source == "go"


def test_a_cli_made_earlier_is_taken_again_without_asking_anybody(
    project: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_cli(project / ".pulumi-cli" / "go" / "bin")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert cli.ensure(project, report).source == "go"


def test_an_installer_that_gets_no_answer_is_given_up(
    project: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = "print('requested', flush=True)\nimport time\ntime.sleep(300)\n"
    (project / "tools" / "provision" / "official.py").write_text(silent)
    monkeypatch.setattr(download, "CONNECT_SECONDS", 0)
    monkeypatch.setattr(download, "_SLACK_SECONDS", 0)
    (project / ".pulumi-cli").mkdir()
    started = time.monotonic()
    with pytest.raises(commands.CommandError, match="no connection within"):
        download.download(project, project / ".pulumi-cli", "3.250.0", report)
    assert time.monotonic() - started < 60
    assert list((project / ".pulumi-cli").iterdir()) == []


def test_an_installation_is_moved_into_place_when_it_is_whole(project: Path, report: Report) -> None:
    installs = (
        "import pathlib, sys\np = pathlib.Path(sys.argv[1], 'bin')\np.mkdir(parents=True)\n(p / 'pulumi').touch()\n"
    )
    (project / "tools" / "provision" / "official.py").write_text(installs)
    (project / ".pulumi-cli").mkdir()
    created = download.download(project, project / ".pulumi-cli", "3.250.0", report)
    assert created == project / ".pulumi-cli" / "official" / "bin" / "pulumi"
    assert [path.name for path in (project / ".pulumi-cli").iterdir()] == ["official"]


@pytest.mark.parametrize(
    ("go", "words"),
    [
        (None, "Go is not installed: install Go 1.26 or newer"),
        ("#!/bin/sh\necho go1.25.3\n", "is go1.25.3: install Go 1.26 or newer"),
        ("#!/bin/sh\nexit 1\n", "is of an unknown version: install Go 1.26 or newer"),
    ],
)
def test_a_missing_or_old_go_is_one_line_that_says_what_to_install(
    project: Path, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch, go: str | None, words: str
) -> None:
    if go is not None:
        script(tmp_path / "bin" / "go", go)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(SetupError, match=words) as caught:
        build.build(project, project / ".pulumi-cli", report)
    assert "\n" not in str(caught.value)


def test_a_go_that_is_new_enough_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "go", "#!/bin/sh\necho go1.26.8\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert build.go_problem() == ""


def test_a_build_that_fails_says_the_compilers_last_line_and_leaves_nothing(
    project: Path, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(
        tmp_path / "go",
        "#!/bin/sh\n[ $1 = env ] && echo go1.26.0 && exit\necho 'no space left on device' >&2\nexit 1\n",
    )
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    home = project / ".pulumi-cli"
    home.mkdir()
    with pytest.raises(SetupError, match="no space left on device"):
        build.build(project, home, report)
    assert list(home.iterdir()) == []


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_text("")
    return tmp_path


def test_an_environment_is_made_once(bare: Path, report: Report) -> None:
    assert environment.ensure(bare, report)
    assert environment.is_ready(bare)
    assert not environment.ensure(bare, report)
    (bare / "requirements.lock").write_text("# changed\n")
    assert not environment.is_ready(bare)


def test_an_environment_whose_set_up_was_interrupted_is_recreated(bare: Path, report: Report) -> None:
    environment.ensure(bare, report)
    (bare / ".venv" / ".moorings-unfinished").touch()
    leftover = bare / ".venv" / "half-a-package"
    leftover.touch()
    assert not environment.is_ready(bare)
    assert environment.ensure(bare, report)
    assert not leftover.exists()


@pytest.fixture
def furnished(bare: Path) -> Path:
    """The packages of a ready environment that holds one, `a.thing`, with one module."""
    binaries = bare / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    (binaries / "pip").touch()
    site = bare / ".venv" / "lib" / "python3.11" / "site-packages"
    (bare / "requirements.lock").write_text(f"a.thing==1.0 --hash=sha256:{'0' * 64}\n")
    info = site / "a_thing-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "RECORD").write_text("../../../bin/thing,,\na_thing-1.0.dist-info/METADATA,,\na_thing/one.py,sha256=x,1\n")
    (site / "a_thing").mkdir()
    (site / "a_thing" / "one.py").touch()
    (bare / ".venv" / ".moorings-stamp").write_text(environment.expected_stamp(bare))
    assert environment.is_ready(bare)
    return site


@pytest.mark.parametrize("lost", ["a_thing", "a_thing-1.0.dist-info"])
def test_an_environment_that_has_lost_a_package_gets_it_back(
    furnished: Path, bare: Path, lost: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(furnished / lost)
    assert not environment.is_ready(bare)
    # pip installs nothing that it has a record of.
    recorded: list[bool] = []
    record = furnished / "a_thing-1.0.dist-info"
    report = Report()
    monkeypatch.setattr(commands, "run", lambda *_, **__: recorded.append(record.exists()))
    environment.ensure(bare, report)
    assert recorded == [False]
    assert ".venv lacks a-thing: installing it again" in capsys.readouterr().out


def test_an_environment_that_was_moved_is_recreated(bare: Path, report: Report, tmp_path: Path) -> None:
    environment.ensure(bare, report)
    moved = tmp_path / "moved"
    moved.mkdir()
    shutil.move(bare / ".venv", moved)
    (moved / "requirements.lock").write_text("")
    assert not environment.is_ready(moved)
    assert environment.ensure(moved, report)
    assert str(moved) in (moved / ".venv" / "bin" / "pip").read_text()


def test_an_environment_of_another_folder_is_left_as_it_is(bare: Path, report: Report, tmp_path: Path) -> None:
    owner = tmp_path / "owner"
    owner.mkdir()
    (bare / ".venv").symlink_to(owner)
    with pytest.raises(SetupError, match=r"is a link to .*: remove the link"):
        environment.ensure(bare, report)
    assert list(owner.iterdir()) == []


def test_a_failed_installation_is_reported_and_is_not_taken_for_ready(
    bare: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (bare / "requirements.lock").write_text(f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SetupError, match="pip could not install"):
        environment.ensure(bare, report)
    assert not environment.is_ready(bare)


def test_set_up_that_has_nothing_to_do_starts_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "is_ready", lambda _: True)
    monkeypatch.setattr(cli, "recorded", lambda _: object())
    monkeypatch.setattr(environment, "ensure", lambda *_: pytest.fail("made the environment"))
    assert setup.main(project) == 0


def test_set_up_ends_with_one_line_when_it_cannot_go_on(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise SetupError("install this and that")

    monkeypatch.setattr(environment, "ensure", refuse)
    assert setup.main(project) == 1
    assert capsys.readouterr().err == "[setup] install this and that\n"


def test_set_up_in_a_folder_that_cannot_be_written_ends_with_one_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "ensure", lambda *_: False)
    (project / ".pulumi-cli").touch()
    assert setup.main(project) == 1
    said = capsys.readouterr().err
    assert said == f"[setup] {project / '.pulumi-cli'}: File exists; fix that and run `make setup` again\n"


def test_an_old_python_gets_one_line() -> None:
    source = (ROOT / "tools" / "setup.py").read_text()
    old = f"import sys\nsys.hexversion, sys.version = 0x030901F0, '3.9.1 (main)'\nexec(compile({source!r}, 'setup.py', 'exec'))"
    ended = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Python 3.11 or newer is needed, this is 3.9.1: ")
    assert ended.stderr.count("\n") == 1


def test_the_first_file_of_set_up_uses_nothing_that_old_pythons_cannot_read() -> None:
    compile((ROOT / "tools" / "setup.py").read_text(), "setup.py", "exec", dont_inherit=True)
    source = (ROOT / "tools" / "setup.py").read_text()
    for newer in ("from __future__", "->", ":=", 'f"', "match "):
        assert newer not in source.split('"""')[2]


def test_a_command_hands_on_its_lines_and_its_failure() -> None:
    lines: list[str] = []
    commands.run(["sh", "-c", "echo one; echo two >&2"], on_line=lines.append)
    assert lines == ["one", "two"]
    with pytest.raises(commands.CommandError) as caught:
        commands.run(["sh", "-c", "echo because; exit 4"])
    assert caught.value.reason == "because"
    with pytest.raises(commands.CommandError) as caught:
        commands.run(["/nowhere/at/all"])
    assert caught.value.reason == "/nowhere/at/all: No such file or directory"


def test_progress_on_no_terminal_does_not_flood() -> None:
    stream = io.StringIO()
    report = Report(stream)
    report.step("first")
    for number in range(1000):
        report.progress(str(number))
    assert stream.getvalue() == "[setup] first\n"
