"""Estates that exist, adopted from what Azure shows of them alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from stacks.document import read as read_document
from tests.engine import Rehearsal, rehearsal
from tests.up import adopting
from tools.adopt.adoption import Adoption, Wanted
from tools.local_services import ROOT

pytestmark = pytest.mark.engine

STACKS = ROOT / "stacks"


def _described(file: Path) -> dict[str, Any]:
    return read_document(file, file.name).below(("config", "moorings:stack")).data


def _wanted(running: Rehearsal) -> Wanted:
    return Wanted(running.engine.stack, directory=running.stack_file.parent)


def _urns(running: Rehearsal) -> set[str]:
    return {each["urn"] for each in running.export()["deployment"]["resources"] if "providers" not in each["type"]}


def test_stack_local_is_adopted_as_it_was_written_and_nothing_changes(tmp_path: Path) -> None:
    text = (STACKS / "Pulumi.local.yaml").read_text(encoding="utf-8")
    with rehearsal(tmp_path, adopting.PROGRAM, text, stack="local") as running:
        base = (STACKS / "_base.yaml").read_text(encoding="utf-8")
        running.stack_file.with_name("_base.yaml").write_text(base, encoding="utf-8")
        assert running.up().code == 0
        made = _urns(running)
        listing = adopting.saved(running, tmp_path / "arm.json")
        adopting.without_its_state(running)
        written = _described(STACKS / "Pulumi.local.yaml")

        found = adopting.described(running, listing, _wanted(running))
        assert (found.remarks, found.differences, found.missing) == ((), (), ())
        adopted = _described(running.stack_file)
        assert adopted.pop("protect") is True
        # The defaults that the person wrote are left out.
        assert written["registry"].pop("dedicated_data_endpoints") is True
        written["registry"]["replicas"] = {region: {} for region in written["registry"]["replicas"]}
        assert adopted == written

        done = adopting.imported(running, found)
        assert done.code == 0, done.output
        assert _urns(running) == made
        first = running.preview()
        assert (first.code, first.changes) == (0, {}), first.output
        applied = running.up()
        assert (applied.code, applied.changes) == (0, {}), applied.output
        assert all(each.get("protect") for each in _of_azure(running))

        running.stack_file.write_text(
            running.stack_file.read_text("utf-8").replace("protect: true", "protect: false"), "utf-8"
        )
        after = running.up()
        assert (after.code, after.changes) == (0, {}), after.output
        protected = [each["type"].rpartition(":")[2] for each in _of_azure(running) if each.get("protect")]
        assert protected == ["Registry"]


def test_stack_prod_is_adopted_whole_and_nothing_changes(tmp_path: Path) -> None:
    text = (STACKS / "Pulumi.prod.yaml").read_text(encoding="utf-8")
    with rehearsal(tmp_path, adopting.PROGRAM, text, stack="prod") as running:
        base = (STACKS / "_base.yaml").read_text(encoding="utf-8")
        running.stack_file.with_name("_base.yaml").write_text(base, encoding="utf-8")
        assert running.up().code == 0
        made = _urns(running)
        listing = adopting.saved(running, tmp_path / "arm.json")
        adopting.without_its_state(running)

        found = adopting.described(running, listing, _wanted(running))
        assert (found.remarks, found.differences, found.missing) == ((), (), ())
        assert found.described["alerts"] == _described(STACKS / "Pulumi.prod.yaml")["alerts"]
        # The key of a grant is in no name that can be read back, so that its assignment states its name.
        (grant,) = found.described["access"]
        assert grant == "serviceprincipal-7c1f4f3e-push"

        _import_and_apply(running, found)
        assert _urns(running) == {urn.replace("access-ci-push", f"access-{grant}") for urn in made}


PROGRAMS: dict[str, set[str]] = {
    "access": set(),
    "agents": {"agents", "resourcegroups", "roleassignments", "schedulers"},
    "aks": {"federatedidentitycredentials"},
    "egress": {"azurefirewalls", "firewallpolicies", "publicipaddresses", "resourcegroups"},
    "max": {"containergroups", "resourcegroups", "webhooks"},
    "routing": {"bastionhosts", "networkinterfaces", "publicipaddresses", "resourcegroups", "virtualmachines"},
    "sandboxes": set(),
    "waf_aligned": set(),
}
"""What is listed as not expressed of the estate that a program makes, by the last word of its type."""


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_estate_of_a_program_is_adopted_and_nothing_changes(program: str, tmp_path: Path) -> None:
    with rehearsal(tmp_path, Path(__file__).parent / program, "") as running:
        up = running.up()
        assert up.code == 0, up.output
        made = {each["id"].lower() for each in _of_azure(running)}
        before = running.ids()
        listing = adopting.saved(running, tmp_path / "arm.json")
        adopting.without_its_state(running)

        found = adopting.described(running, listing, _wanted(running))
        assert (found.differences, found.missing) == ((), ())
        listed = {each.id.lower() for each in found.remarks}
        assert {each.split("/")[-2] for each in listed} == PROGRAMS[program]
        adopted = {each.arm_id.lower() for each in found.planned if each.custom}
        # What is part of something that is listed stays with it.
        assert not [each for each in made - adopted if not each.startswith(tuple(listed))]

        _import_and_apply(running, found)
        assert running.ids() == before


def test_an_estate_made_by_hand_is_adopted_with_its_names_and_nothing_changes(tmp_path: Path) -> None:
    with rehearsal(tmp_path, Path(__file__).parent / "by_hand", stack="corp") as running:
        up = running.up()
        assert up.code == 0, up.output
        before = running.ids()
        listing = adopting.saved(running, tmp_path / "arm.json")
        adopting.without_its_state(running)

        wanted = Wanted("corp", elsewhere=["central-dns"], directory=running.stack_file.parent)
        found = adopting.described(running, listing, wanted)
        assert (list(found.remarks), found.differences, found.missing) == ([], (), ())
        [setting] = found.described["registry"]["diagnostic_settings"].items()
        assert "to-logs" in {setting[0], setting[1].get("name")}
        networks = found.described["networks"]
        assert {key: each["name"] for key, each in networks.items()} == {
            "westeurope": "corp-net",
            "northeurope": "far-net",
        }
        assert {key: list(each["subnets"]) for key, each in networks.items()} == {
            "westeurope": ["endpoints", "machines"],
            "northeurope": ["builders", "apps"],
        }
        assert found.described["dns"]["zones"]["privatelink-azurecr-io"]["link_names"] == {"westeurope": "corp-link"}
        assert {each["name"] for each in found.described["resource_groups"].values()} == {"Images"}

        _import_and_apply(running, found)
        # Nothing is gone, and what is central belongs to others.
        assert running.ids() == before
        assert not [each for each in _of_azure(running) if each["id"].endswith("/resourceGroups/central-dns")]
        refused = running.up("--replace", next(each["urn"] for each in _of_azure(running) if "Images" in each["id"]))
        assert refused.code != 0
        assert "protect" in refused.output


def test_the_import_file_is_the_one_that_the_engine_makes_of_the_program(tmp_path: Path) -> None:
    """The engine's own file has the same resources, names and parents, with a placeholder for each id."""
    text = (STACKS / "Pulumi.local.yaml").read_text(encoding="utf-8")
    with rehearsal(tmp_path, adopting.PROGRAM, text, stack="local") as running:
        base = (STACKS / "_base.yaml").read_text(encoding="utf-8")
        running.stack_file.with_name("_base.yaml").write_text(base, encoding="utf-8")
        assert running.up().code == 0
        listing = adopting.saved(running, tmp_path / "arm.json")
        adopting.without_its_state(running)
        ours = json.loads(adopting.described(running, listing, _wanted(running)).imports("local"))["resources"]
        asked = running.preview("--import-file", str(tmp_path / "engine.json"))
        assert asked.code == 0, asked.output
        theirs = json.loads((tmp_path / "engine.json").read_text(encoding="utf-8"))["resources"]

    def identity(entries: list[dict[str, Any]]) -> set[tuple[str, ...]]:
        by_name = {each["name"]: each for each in entries}
        parents = {each["name"]: by_name.get(each.get("parent", ""), {}) for each in entries}
        return {
            (each["type"], each.get("logicalName") or each["name"], _logical(parents[each["name"]])) for each in entries
        }

    assert identity(ours) == identity(theirs)


def _import_and_apply(running: Rehearsal, found: Adoption) -> None:
    """Import what is described; neither the first preview nor the first update changes anything."""
    done = adopting.imported(running, found)
    assert done.code == 0, done.output
    first = running.preview()
    assert (first.code, first.changes) == (0, {}), first.output
    applied = running.up()
    assert (applied.code, applied.changes) == (0, {}), applied.output


def _logical(entry: dict[str, Any]) -> str:
    return str(entry.get("logicalName") or entry.get("name") or "")


def _of_azure(running: Rehearsal) -> list[dict[str, Any]]:
    held = running.export()["deployment"]["resources"]
    return [each for each in held if re.match(r"azure-native\w*:", each["type"])]
