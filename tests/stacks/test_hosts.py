"""The output `endpoints`: beside the host names of the registry, the host that a pipeline of each region pushes to."""

from __future__ import annotations

import pulumi
import pytest

from components.testing import Recording
from planning.endpoints import members
from stacks import program
from tests.components.azure_answers import addressed, answers
from tests.stacks.stack_files import IN_ORDER, Files
from tests.stacks.test_program import AT_ONCE, Record

STATED = "      regional_endpoints: true\n"
GLOBAL = "contosotest.azurecr.io"
EAST, WEST = "contosotest.eastus.geo.azurecr.io", "contosotest.westeurope.geo.azurecr.io"


def run(record: Record, files: Files, text: str, *, login_server: str = GLOBAL, preview: bool = False) -> Recording:
    stack = files.load(text)
    made = answers([addressed(members(stack.plan.shape))], login_server)
    return record(lambda: program.run(stack, AT_ONCE), answers=made, preview=preview)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (STATED, {"eastus": EAST, "westeurope": WEST}),
        ("", {"eastus": GLOBAL, "westeurope": GLOBAL}),
        (f"{STATED}      drained: [westeurope]\n", {"eastus": EAST, "westeurope": GLOBAL}),
        (
            f"{STATED}      drained: [westeurope]\n      fallbacks: {{westeurope: eastus}}\n",
            {"eastus": EAST, "westeurope": EAST},
        ),
    ],
    ids=["regional", "without-regional-endpoints", "drained", "drained-with-fallback"],
)
def test_a_pipeline_pushes_to_one_replica(record: Record, files: Files, lines: str, expected: dict[str, str]) -> None:
    assert run(record, files, IN_ORDER.replace(STATED, lines)).exports["endpoints"]["push"] == expected


def test_hosts_to_push_to_with_a_hash_are_known_after_creation(record: Record, files: Files) -> None:
    text = IN_ORDER.replace("name: contosotest\n", "name: contosotest\n      domain_name_label_scope: NoReuse\n")
    hashed = "contosotest-ffb4cphwfsc2gbgg"
    assert run(record, files, text, login_server=f"{hashed}.azurecr.io").exports["endpoints"]["push"] == {
        "eastus": f"{hashed}.eastus.geo.azurecr.io",
        "westeurope": f"{hashed}.westeurope.geo.azurecr.io",
    }
    assert run(record, files, text, preview=True).exports["endpoints"] is pulumi.output.UNKNOWN
