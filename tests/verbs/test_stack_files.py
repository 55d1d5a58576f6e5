"""The verbs on stack files: check, explain, ledger, schema, manifests, profiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.addresses import Ledger
from planning.growth import Room
from stacks import loader
from stacks import schema as schema_file
from stacks.loader import describe, load
from tests.architecture.project import ROOT
from tests.verbs.asking import answer, run

BAD = """\
config:
  moorings:stack:
    name: contoso
    environment: bad
    location: eastus
    registry: {name: contosobad}
    networks:
      eastus:
        address_space: [10.50.0.0/16]
        subnets:
          registry: {prefix: 10.50.0.0/29, purpose: private_endpoints}
          small: {prefix: 10.51.0.0/28}
"""


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stack file with a subnet outside its network, which `load` finds as stack bad."""
    folder = tmp_path / "stacks"
    folder.mkdir()
    (folder / "Pulumi.bad.yaml").write_text(BAD)
    monkeypatch.setattr(loader, "load", lambda name: load(name, directory=folder))
    return folder / "Pulumi.bad.yaml"


def test_check_says_that_every_stack_is_in_order() -> None:
    result = run("check")
    assert result.exit_code == 0
    inherited = "(name contoso and location eastus come from stacks/_base.yaml)"
    assert result.stdout.splitlines() == [f"{name}: no problems {inherited}" for name in ("dev", "local", "prod")]
    assert run("check", "local", "--quiet").stdout == ""


@pytest.mark.parametrize("verb", ["check", "explain", "ledger"])
def test_a_stack_that_does_not_exist_is_one_line_and_a_failure(verb: str) -> None:
    result = run(verb, "nowhere")
    assert result.exit_code == 1
    assert result.stderr == "error: stacks/Pulumi.nowhere.yaml: file not found; available stacks: dev, local, prod\n"


def test_a_problem_of_a_stack_file_is_data_with_its_place(bad: Path) -> None:
    problems = answer("check", "bad", code=1)
    (problem,) = [each for each in problems if each["severity"] == "error"]
    assert problem["message"].startswith("10.51.0.0/28")
    line = 1 + next(number for number, text in enumerate(BAD.splitlines()) if "small" in text)
    del problem["message"]
    assert problem == {
        "stack": "bad",
        "file": "stacks/Pulumi.bad.yaml",
        "line": line,
        "path": "networks.eastus.subnets.small",
        "severity": "error",
    }


def test_the_lines_of_check_report_the_same_as_its_data(bad: Path) -> None:
    lines = run("check", "bad").stderr.splitlines()
    report = [
        f"{each['severity']}: {each['file']}:{each['line']} {each['path']}: {each['message']}"
        for each in answer("check", "bad", code=1)
    ]
    assert lines == report


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("config: [\n", 2, "not YAML"),
        ("config: {}\n", 1, "has no mapping at config, moorings:stack"),
        ("colour: red\n", 1, "is not a key of a stack file"),
        ("config:\n  a: 1\n  a: 2\n", 3, "duplicate of line"),
    ],
)
def test_a_file_that_holds_no_description_is_data_too(bad: Path, text: str, line: int, message: str) -> None:
    bad.write_text(text)
    (problem,) = answer("check", "bad", code=1)
    assert (problem["file"], problem["line"], problem["severity"]) == ("stacks/Pulumi.bad.yaml", line, "error")
    assert problem["message"].startswith(message)


def test_warnings_are_data_and_fail_nothing(bad: Path) -> None:
    bad.write_text(
        BAD.replace("          small: {prefix: 10.51.0.0/28}\n", "")
        .replace("10.50.0.0/16", "20.50.0.0/16")
        .replace("10.50.0.0/29", "20.50.0.0/24")
        + "    planning: {ranges: warn}\n"
    )
    problems = answer("check", "bad")
    assert {each["severity"] for each in problems} == {"warning"}
    assert {each["file"] for each in problems} == {"stacks/Pulumi.bad.yaml"}
    shown = run("check", "bad", "--quiet")
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (0, "", len(problems))


def test_explain_reports_which_file_set_each_value() -> None:
    lines = [line.split() for line in run("explain", "prod", "registry").stdout.splitlines()]
    set_by = {line[0]: line[2].rsplit(":", 1)[0] for line in lines if line[0].startswith("registry.")}
    assert set_by["registry.sku"] == "stacks/_base.yaml"
    assert set_by["registry.name"] == "stacks/Pulumi.prod.yaml"
    assert all(line[0].startswith("registry") for line in lines[1:])


def test_explain_gives_values_and_places_as_data() -> None:
    values = {each["path"]: each for each in answer("explain", "prod", "registry")}
    assert (values["registry.name"]["value"], values["registry.name"]["file"]) == (
        "contosoprod",
        "stacks/Pulumi.prod.yaml",
    )
    assert isinstance(values["registry.name"]["line"], int)


def test_explain_shows_what_a_stamp_made_and_where_the_stamp_states_it() -> None:
    lines = [line.split() for line in run("explain", "prod", "networks.westeurope.subnets.nodes").stdout.splitlines()]
    (place,) = {line[2] for line in lines}
    number = int(place.removeprefix("stacks/Pulumi.prod.yaml:"))
    assert (
        "nodes: {size: /24}"
        in (loader.DIRECTORY / "Pulumi.prod.yaml").read_text(encoding="utf-8").splitlines()[number - 1]
    )
    assert [(line[0].rpartition(".")[2], line[1], line[3]) for line in lines] == [
        ("prefix", "10.60.1.0/24", "stamp.networks.<region>.subnets.nodes.size")
    ]


def test_explain_gives_the_path_of_the_stamp_as_data() -> None:
    values = {each["path"]: each["stated_at"] for each in answer("explain", "prod")}
    assert values["session_pools.eastus.type"] == "stamp.session_pools.<region>.type"
    assert values["registry.name"] == "registry.name"


def test_explain_shows_no_secret(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad.write_text(BAD + "    tags: {owner: {secure: AAABAcipher}}\n")
    monkeypatch.setattr(loader, "describe", lambda name: describe(name, directory=bad.parent))
    (owner,) = answer("explain", "bad", "tags.owner")
    assert owner["value"] == "[secret]"
    assert "AAABAcipher" not in run("explain", "bad").output


def test_explain_of_what_nobody_states_fails() -> None:
    result = run("explain", "prod", "registry.nothing")
    assert (result.exit_code, result.stderr) == (1, "error: prod: there is no value at registry.nothing\n")


def test_the_ledger_shows_every_subnet() -> None:
    lines = run("ledger", "prod").stdout.splitlines()
    for region, octet in {"eastus": 50, "westeurope": 60, "southeastasia": 70}.items():
        (line,) = [line for line in lines if line.startswith(region) and " registry " in line]
        assert line.split()[2:5] == [f"10.{octet}.0.0/24", "7", "244"]
    assert lines[-1] == "next replica: fits; enabling regional endpoints: fits"


def test_the_ledger_shows_how_much_can_grow() -> None:
    lines = run("ledger", "prod").stdout.splitlines()
    shown = lines[lines.index("growth                                                more  limit") + 1 : -2]
    # [ACR-7] 244 addresses are free, and one more region takes two.
    assert shown[0].split("  ")[0] == "regions with a replica of the registry"
    assert shown[0].split()[-2:] == ["+122", "eastus/registry"]
    assert [line.split("  ")[0] for line in shown if "westeurope" in line] == [
        "nodes of pool system of cluster westeurope",
        "clusters like westeurope",
        "nodes of pool work of cluster westeurope",
        "replicas on consumption of environment westeurope",
    ]


def test_the_ledger_of_subnets_without_known_free_addresses_says_that_growth_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Ledger, "growth", lambda _: (Room("pods on virtual nodes of cluster east", None, "east/cg"),))
    assert "pods on virtual nodes of cluster east  unknown  east/cg" in run("ledger", "prod").stdout.splitlines()
    assert answer("ledger", "prod")["growth"] == [
        {"of": "pods on virtual nodes of cluster east", "more": None, "limit": "east/cg"}
    ]


def test_the_ledger_is_data() -> None:
    book = answer("ledger", "prod")
    assert (book["next_replica"], book["regional_switch"]) == ("fits", "fits")
    (row,) = [row for row in book["subnets"] if (row["network"], row["subnet"]) == ("eastus", "registry")]
    assert (row["prefix"], row["need"], row["free"], row["verdict"]) == ("10.50.0.0/24", 7, 244, "fits")
    assert book["growth"][0] == {
        "of": "regions with a replica of the registry",
        "more": 122,
        "limit": "eastus/registry",
    }


def test_the_schema_is_fresh() -> None:
    assert run("schema", "--verify").exit_code == 0


def test_a_schema_that_is_out_of_date_fails_and_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "schema.json"
    file.write_text("{}")
    monkeypatch.setattr(schema_file, "FILE", file)
    stale = run("schema", "--verify")
    assert (stale.exit_code, stale.stderr) == (
        1,
        "error: stacks/schema.json: is out of date; run `./moorings schema`\n",
    )
    assert run("schema").exit_code == 0
    assert run("schema", "--verify").exit_code == 0


@pytest.mark.parametrize("verb", ["manifests", "profiles"])
def test_a_folder_that_cannot_be_written_is_one_line_and_a_failure(verb: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    result = run(verb, "prod", "--out", tmp_path / "file")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert str(tmp_path / "file") in result.stderr
    assert (tmp_path / "file").read_text() == "mine"


def test_manifests_lists_the_files_that_it_wrote(tmp_path: Path) -> None:
    paths = answer("manifests", "prod", "--out", tmp_path / "build")
    assert paths
    assert all((tmp_path / "build" / path).is_file() for path in paths)
    assert run("manifests", "prod", "--out", tmp_path / "build").stdout.splitlines() == paths
    assert run("manifests", "prod", "--out", tmp_path / "build", "--quiet").stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ("manifests", "prod"),
        ("manifests", "prod", "--out", "build", "--outputs", "nowhere.json"),
        ("profiles", "prod", "--format", "toml"),
        ("profiles", "prod", "--agent", "main", "--schema"),
        ("explain",),
        ("ledger",),
        ("ledger", "prod", "dev"),
        ("check", "--loud"),
        ("schema", "prod"),
    ],
)
def test_wrong_use_exits_2(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.parametrize(
    ("program", "words", "names"),
    [
        ("sandboxes", ("--group", "eastus"), {"sbx-contoso-boxes-eastus.yaml"}),
        (
            "sandboxes",
            ("--schema",),
            {"sbx-contoso-boxes-eastus.yaml", "sbx-contoso-boxes-linked.yaml", "sandbox-profile.schema.json"},
        ),
        ("agents", ("--format", "json"), {"sre-contoso-agents-main.json"}),
        ("agents", ("--agent", "main"), {"sre-contoso-agents-main.yaml"}),
    ],
)
def test_profiles_are_those_of_groups_and_of_agents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, words: tuple[str, ...], names: set[str]
) -> None:
    folder = ROOT / "tests" / "up" / program / "stacks"
    monkeypatch.setattr(loader, "load", lambda name: load(name, directory=folder))
    result = run("profiles", "test", "--out", tmp_path / "out", *words)
    assert result.exit_code == 0, result.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    assert {Path(line).name for line in result.stdout.splitlines()} == names


@pytest.mark.parametrize("option", ["--group", "--agent"])
def test_a_group_or_an_agent_that_does_not_exist_is_refused(option: str) -> None:
    result = run("profiles", "local", option, "nowhere")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "'nowhere'" in result.stderr
