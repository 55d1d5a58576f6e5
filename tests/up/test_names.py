"""Names that a program leaves to the provider, by what the stack's configuration says of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.engine import rehearsal

pytestmark = pytest.mark.engine

PROGRAM = """\
import pulumi
import pulumi_azure_native as azure_native

group = azure_native.resources.ResourceGroup("group", resource_group_name="rg")
network = azure_native.network.NetworkSecurityGroup("rules", resource_group_name=group.name)
pulumi.export("name", network.name)
"""


@pytest.mark.parametrize(
    ("autonaming", "expected"),
    [
        ("", "rules[0-9a-f]{8}"),
        ("pulumi:autonaming: {mode: verbatim}", "rules"),
        ("pulumi:autonaming: {pattern: 'nsg-${name}-${stack}'}", "nsg-rules-test"),
    ],
    ids=["random", "verbatim", "pattern"],
)
def test_a_name_is_made_as_the_stack_asks(tmp_path: Path, autonaming: str, expected: str) -> None:
    with rehearsal(tmp_path, PROGRAM, f"config:\n  azure-native:location: eastus\n  {autonaming}\n") as stack:
        assert stack.up().code == 0
        assert re.fullmatch(expected, stack.outputs()["name"])
        assert stack.up().changes == {}


def test_a_disabled_name_is_required_in_the_preview(tmp_path: Path) -> None:
    disabled = "config:\n  azure-native:location: eastus\n  pulumi:autonaming: {mode: disabled}\n"
    with rehearsal(tmp_path, PROGRAM, disabled) as stack:
        refused = stack.preview()
        assert refused.code != 0
        assert "missing required property 'networkSecurityGroupName'" in refused.output
