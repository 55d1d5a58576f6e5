"""`python -m local_azure reach`: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from arm_client import NETWORK, REGISTRY
from click.testing import Result
from estates import APP, CLUSTER, EAST, GLOBAL, JOB, MAIN, PIPELINE, PULLER, SPOKE, ZONE, Estate
from typer.testing import CliRunner

from local_azure.__main__ import cli

RUN = CliRunner()


def reach(estate: Estate, *arguments: str) -> Result:
    return RUN.invoke(cli, ["reach", "--store", str(estate.arm.store), *arguments])


def file_of(folder: Path, document: Any) -> str:
    path = folder / "pulls.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_an_estate_that_works_ends_with_0_and_the_count(estate: Estate) -> None:
    done = reach(estate)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "pulls: 5 of 5 work")
    assert f"works   container app web        {GLOBAL}/team-a/web:1" in done.stdout.splitlines()


def test_a_broken_link_ends_with_1_and_three_lines(estate: Estate) -> None:
    estate.arm.delete(f"{ZONE}/A/contoso.eastus.geo")
    done = reach(estate)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("FAILS   job nightly"))
    message = "zone privatelink.azurecr.io is linked to the network and has no record contoso.eastus.geo"
    assert lines[at + 1 : at + 3] == [f"        record: {message}", f"        {ZONE}"]
    assert lines[-1] == "pulls: 4 of 5 work"


def test_stated_consumers_come_from_a_list_or_from_a_stacks_outputs(estate: Estate, tmp_path: Path) -> None:
    for document in (estate.pulls, {"ledger": [], "pulls": estate.pulls}):
        done = reach(estate, "--pulls", file_of(tmp_path, document), "--json")
        rows = json.loads(done.stdout)
        assert done.exit_code == 0
        assert {row["name"] for row in rows if row["action"] == "push"} == {"ci"}
        assert len(rows) == 8


def test_one_consumer_is_asked_about_another_image(estate: Estate) -> None:
    done = reach(estate, "--from", APP, "--image", f"{EAST}/team-a/web:2", "--json")
    assert [(row["name"], row["image"], row["status"]) for row in json.loads(done.stdout)] == [
        ("web", f"{EAST}/team-a/web:2", "fails")
    ], "the app states no identity for the regional host"


def test_a_place_without_consumers_is_asked_about_an_image(estate: Estate) -> None:
    done = reach(estate, "--from", CLUSTER, "--image", f"{GLOBAL}/team-a/any:1")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "pulls: 1 of 1 work")


def test_a_network_names_those_who_are_in_it(estate: Estate) -> None:
    rows = json.loads(reach(estate, "--from", SPOKE, "--json").stdout)
    assert [row["name"] for row in rows] == ["inside"]


def test_a_push_is_asked_instead(estate: Estate) -> None:
    rows = json.loads(reach(estate, "--from", APP, "--action", "push", "--json").stdout)
    assert [(row["action"], row["status"], row["link"]) for row in rows] == [("push", "fails", "role")]


def test_names_alone_are_resolved(estate: Estate) -> None:
    done = reach(estate, "--action", "resolve", "--from", JOB, "--json")
    (row,) = json.loads(done.stdout)
    assert (row["host"], row["address"]) == (EAST, estate.address("registry_eastus"))
    assert row["resource"].lower() == f"{ZONE}/A/contoso.eastus.geo".lower()
    public = reach(estate, "--action", "resolve", "--from", MAIN, "--image", "mcr.microsoft.com")
    assert (public.exit_code, "mcr.microsoft.com  public" in public.stdout) == (0, True)


def test_a_name_that_does_not_exist_ends_with_1(estate: Estate) -> None:
    done = reach(estate, "--action", "resolve", "--from", MAIN, "--image", "contoso.uksouth.geo.azurecr.io")
    assert (done.exit_code, "there is no host contoso.uksouth.geo.azurecr.io" in done.stdout) == (1, True)


def test_wrong_use_ends_with_2(estate: Estate, tmp_path: Path) -> None:
    wrong = [
        ("--from", f"{NETWORK}/virtualNetworks/none"),
        ("--from", REGISTRY),
        ("--pulls", str(tmp_path / "none.json")),
        ("--pulls", file_of(tmp_path, [{"name": "x"}])),
        ("--action", "delete"),
    ]
    assert [reach(estate, *arguments).exit_code for arguments in wrong] == [2] * len(wrong)
    assert RUN.invoke(cli, ["reach", "--store", str(tmp_path / "absent")]).exit_code == 2


def test_a_pull_of_another_shape_is_refused_with_its_place(estate: Estate, tmp_path: Path) -> None:
    rows = [
        ({"name": "a"}, "pulls[0]: no image"),
        ({"name": "a", "image": "b", "place": "c"}, "pulls[0]: unknown member place"),
        ({"name": "a", "image": "b", "action": "run"}, "pulls[0]: action is run; it must be pull or push"),
        ({"name": "a", "image": "b", "from": PULLER + "x"}, f"pulls[0]: from: there is no {PULLER}x"),
        (
            {"name": "a", "image": "b", "credentials": "guess"},
            "pulls[0]: credentials is guess; it must be admin, anonymous or token:<name>",
        ),
        ({"name": "a", "image": 1}, "pulls[0]: expected an object whose values are strings"),
    ]
    for row, message in rows:
        assert reach(estate, "--pulls", file_of(tmp_path, [row])).stderr == f"{message}\n"


def test_a_pipeline_on_the_internet_works_once_an_ip_rule_admits_it(estate: Estate, tmp_path: Path) -> None:
    rules = {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}
    estate.registry(publicNetworkAccess="Enabled", networkRuleSet=rules)
    image = f"{GLOBAL}/team-a/web:1"
    pipeline = {"name": "runner", "address": "203.0.113.7", "principal_id": PIPELINE, "image": image, "action": "push"}
    rows = json.loads(reach(estate, "--pulls", file_of(tmp_path, [pipeline]), "--json").stdout)
    assert [row["status"] for row in rows if row["name"] == "runner"] == ["works"]
