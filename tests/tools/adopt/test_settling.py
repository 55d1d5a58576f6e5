"""The state after an import, made that of a program that made the resources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local_azure.loading.listings import Listing, listed
from tests.tools.adopt import estates
from tools.adopt.adoption import Adoption, Wanted, adopt
from tools.adopt.differences import imported
from tools.adopt.planned import Planned
from tools.adopt.settling import settle

Json = dict[str, Any]


def _adopted(bodies: dict[str, Json], tmp_path: Path) -> Adoption:
    return adopt(Listing(listed([list(bodies.values())])), Wanted("corp", directory=tmp_path))


def _state(planned: tuple[Planned, ...]) -> Json:
    """The state that `pulumi import` makes."""
    held = [
        {"urn": each.urn, "type": each.type, "custom": each.custom, "id": each.arm_id, "inputs": imported(each)}
        for each in planned
    ]
    return {"version": 3, "deployment": {"resources": held}}


def _inputs(state: Json, kind: str) -> Json:
    held = state["deployment"]["resources"]
    (found,) = [each for each in held if each["custom"] and each["type"].endswith(f":{kind}")]
    return found["inputs"]


def test_inputs_become_those_of_the_program(tmp_path: Path) -> None:
    found = _adopted(estates.bodies(), tmp_path)
    state = _state(found.planned)
    assert "encryption" not in _inputs(state, "Registry")
    assert _inputs(state, "Registry")["policies"]["trustPolicy"] == {"type": "Notary", "status": "disabled"}
    after = settle(state, found.planned)
    for each in found.planned:
        if each.custom:
            (held,) = [one for one in after.state["deployment"]["resources"] if one["urn"] == each.urn]
            stated = {name: item for name, item in held["inputs"].items() if name not in each.ignored}
            assert stated == {name: each.inputs[name] for name in stated}, each.urn
    assert after.changed > 0
    assert after.added == ()


def test_a_real_difference_stays_in_the_state(tmp_path: Path) -> None:
    bodies = estates.bodies()
    bodies[estates.REGISTRY]["properties"]["policies"]["trustPolicy"] = {"type": "Notary", "status": "enabled"}
    found = _adopted(bodies, tmp_path)
    after = settle(_state(found.planned), found.planned)
    kept = _inputs(after.state, "Registry")["policies"]
    assert kept["trustPolicy"] == {"type": "Notary", "status": "enabled"}
    assert "days" not in kept["retentionPolicy"]


def test_what_is_not_of_the_program_is_left_alone(tmp_path: Path) -> None:
    found = _adopted(estates.bodies(), tmp_path)
    other = {"urn": "urn:pulumi:corp::moorings::other:index:Thing::x", "type": "other:index:Thing", "inputs": {"a": 1}}
    state = {"deployment": {"resources": [other]}}
    assert settle(state, found.planned).state == state
