"""What is said of a resource that an `up` finds in its way."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.engine import rehearsal
from tools import conflicts, pulumi
from tools.engine import read_events

ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg"
PARENT = "urn:pulumi:prod::contoso::moorings:network:Network::net"
URN = "urn:pulumi:prod::contoso::moorings:network:Network$azure-native:network:NetworkSecurityGroup::net-nsg"
PROVIDER = "urn:pulumi:prod::contoso::pulumi:providers:azure-native::default_3_29_0"


def events(parent: str) -> list[dict[str, Any]]:
    resource = {"urn": URN, "custom": True, "parent": parent, "provider": f"{PROVIDER}::8cf2ba22"}
    refused = {"urn": URN, "severity": "error", "message": f"cannot create already existing resource '{ID}'"}
    return [
        {"resourcePreEvent": {"metadata": {"op": "create", "urn": URN, "new": resource}}},
        {"diagnosticEvent": refused},
    ]


def test_the_command_names_type_name_id_stack_parent_and_provider() -> None:
    command = conflicts.import_commands(events(PARENT))[ID]
    assert shlex.split(command) == [
        *("pulumi", "import", "azure-native:network:NetworkSecurityGroup", "net-nsg", ID, "--stack", "prod"),
        *("--parent", f"parent={PARENT}", "--provider", f"provider={PROVIDER}"),
        *("--protect=false", "--generate-code=false"),
    ]


def test_a_resource_of_the_stack_itself_needs_no_parent() -> None:
    stack = "urn:pulumi:prod::contoso::pulumi:pulumi:Stack::contoso-prod"
    assert "--parent" not in conflicts.import_commands(events(stack))[ID]


def test_other_failures_are_answered_with_nothing() -> None:
    assert conflicts.import_commands([events(PARENT)[0], {"diagnosticEvent": {"urn": URN, "message": "no"}}]) == {}


@pytest.mark.parametrize("arguments", [["up", "-s", "prod"], ["-C", "up", "--color=never", "update"]])
def test_an_up_logs_its_events(arguments: list[str]) -> None:
    with conflicts.advice(arguments, print) as (words, variables):
        place = words.index("--event-log")
    assert [*words[:place], *words[place + 2 :]] == arguments
    assert words[place - 1] in {"up", "update"}
    assert variables == {"PULUMI_DEBUG_COMMANDS": "true"}


@pytest.mark.parametrize(
    "arguments", [["config", "set", "up"], ["-C", "up", "preview"], ["up", "--event-log=mine"], ["--version"], []]
)
def test_another_command_gets_its_arguments_as_they_are(arguments: list[str]) -> None:
    with conflicts.advice(arguments, print) as given:
        assert given == (arguments, {})


def test_the_line_is_said_after_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log"
    log.write_text("".join(json.dumps(each) + "\n" for each in events(PARENT)))
    cli = tmp_path / "pulumi"
    cli.write_text(f'#!/bin/sh\ncp {log} "$3"\necho refused\nexit 255\n')
    cli.chmod(0o755)
    assert pulumi.run(cli, ["up", "-s", "prod"]) != 0
    said = capfd.readouterr()
    assert said.out == "refused\n"
    assert said.err.startswith(f"moorings: {ID} already exists and is not in the state; ")
    assert conflicts.import_commands(events(PARENT))[ID] in said.err


PROGRAM = """
import pulumi

class Network(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("moorings:network:Network", "net")
        place = {"resourceGroupName": "rg", "location": "eastus"}
        group = pulumi.CustomResource("azure-native:resources:ResourceGroup", "group", place)
        options = pulumi.ResourceOptions(parent=self, depends_on=[group])
        rules = {**place, "networkSecurityGroupName": "nsg"}
        pulumi.CustomResource("azure-native:network:NetworkSecurityGroup", "net-nsg", rules, options)

Network()
"""


@pytest.mark.engine
def test_the_command_brings_the_resource_into_the_state_as_the_program_declares_it(tmp_path: Path) -> None:
    with rehearsal(tmp_path, PROGRAM) as stack:
        assert stack.up().code == 0
        (rules,) = (each["urn"] for each in stack.export()["deployment"]["resources"] if "::net-nsg" in each["urn"])
        stack.engine.query("state", "delete", rules, "--yes", "--stack", stack.engine.stack)
        assert stack.up().code != 0
        (command,) = conflicts.import_commands(read_events(stack.engine.event_log)).values()
        config = ("--config-file", str(stack.engine.config_file))
        stack.engine.query(*shlex.split(command)[1:], "--yes", "--skip-preview", *config)
        after = stack.up()
        assert (after.code, after.steps) == (0, []), after.output
