"""What `./moorings policy` says of a change, where the stack has a state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from policies.outputs import json_output
from tests.policies.builders import ENDPOINT_TOKEN, REGISTRY_TOKEN, at_stack_file, make, run, urn_of
from tests.policies.tiny_rules import TINY
from tools import change_rules
from tools.engine import Finished

GROUP = "/subscriptions/s/resourceGroups/rg/providers"
REGISTRY_ID = f"{GROUP}/Microsoft.ContainerRegistry/registries/r"


def resource(name: str, token: str, arm_id: str, **inputs: Any) -> dict[str, Any]:
    return {"urn": urn_of(name, token), "type": token, "custom": True, "id": arm_id, "inputs": inputs}


REGISTRY = resource("r", REGISTRY_TOKEN, REGISTRY_ID, registryName="r")
ENDPOINT = resource(
    "pe",
    ENDPOINT_TOKEN,
    f"{GROUP}/Microsoft.Network/privateEndpoints/pe",
    privateLinkServiceConnections=[{"privateLinkServiceId": REGISTRY_ID}],
)
STATE = {"deployment": {"resources": [REGISTRY, ENDPOINT]}}


def step(op: str, which: dict[str, Any]) -> dict[str, Any]:
    sides = {"old": which, "new": None if op == "delete" else which}
    return {"resourcePreEvent": {"metadata": {"op": op, "urn": which["urn"], "type": which["type"], **sides}}}


def report(preview: Finished, state: dict[str, Any], file: str = "") -> tuple[int, list[str]]:
    lines: list[str] = []
    return change_rules.evaluate(preview, state, dict, "test", file, lines.append), lines


def test_a_change_that_takes_a_registry_from_its_endpoint_is_reported_and_fails_the_verb() -> None:
    code, lines = report(Finished(0, "", (step("delete", REGISTRY), step("same", ENDPOINT))), STATE)
    assert code == 1
    (line,) = lines
    assert line.startswith("mandatory MOOR-CHG-001 r: registry r is deleted and has 1 dependent: pe (privateEndpoints)")


def test_a_change_that_takes_nothing_away_passes() -> None:
    assert report(Finished(0, "", (step("same", REGISTRY),)), STATE) == (0, ["the rules on the change pass"])


def test_a_stack_without_a_state_has_no_change() -> None:
    assert report(Finished(0, "", (step("create", REGISTRY),)), {"deployment": {"resources": []}}) == (0, [])


def test_a_preview_that_broke_off_is_not_taken_for_the_whole_change() -> None:
    said = {"diagnosticEvent": {"severity": "error", "message": "it broke", "urn": urn_of("r")}}
    code, lines = report(Finished(1, "", (step("same", REGISTRY), said)), STATE)
    assert (code, lines) == (0, ["the change rules were not evaluated: the preview stopped at 'r: it broke'"])


def test_the_findings_are_in_the_report_beside_those_of_the_pack(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(json_output.render(at_stack_file(run(TINY, make("r", adminUserEnabled=True)))))
    report(Finished(0, "", (step("delete", REGISTRY), step("same", ENDPOINT))), STATE, str(file))
    rules = {each.rule for each in json_output.load(file).of("fail")}
    assert {"MOOR-CHG-001", "TINY-001"} <= rules
