"""The policy pack, called as the engine calls it, and on the engine itself."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from policies.fronts import wire
from policies.fronts.pack import REPORT_VARIABLE, Pack
from policies.outputs import json_output
from policies.preparation import FOLDER_VARIABLE
from tests.engine import rehearsal
from tests.policies.builders import (
    ENDPOINT_TOKEN,
    GENERIC_TOKEN,
    NETWORK_TOKEN,
    REGISTRY_TOKEN,
    SECRET_SIGNATURE,
    UNKNOWN_STRING,
    urn_of,
)
from tests.policies.tiny_rules import TINY

PACK = Path(__file__).parent / "pack"


class Refused(Exception):  # noqa: N818 - the engine's word
    """The pack has given up on a call."""


class Context:
    """What gRPC hands to a method."""

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise Refused(f"{code.name}: {details}")


CONTEXT: Any = Context()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def write(folder: Path, settings: str = "", exemptions: str = "") -> None:
    (folder / "settings.yaml").write_text(settings or "{}\n", encoding="utf-8")
    if exemptions:
        (folder / "exemptions.yaml").write_text(f"exemptions:\n  - {{{exemptions}}}\n", encoding="utf-8")


def started(folder: Path) -> Pack:
    pack = Pack(TINY, folder)
    pack.configure_stack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="test", dry_run=True), CONTEXT)
    return pack


def request(name: str, token: str = REGISTRY_TOKEN, **inputs: Any) -> Any:
    message = analyzer_pb2.AnalyzeRequest(type=token, urn=urn_of(name, token), name=name)
    json_format.ParseDict(inputs, message.properties)
    return message


def stack_of(*requests: Any, made_from: Mapping[tuple[str, str], list[str]] | None = None) -> Any:
    message = analyzer_pb2.AnalyzeStackRequest()
    for each in requests:
        resource = message.resources.add(type=each.type, urn=each.urn, name=each.name, properties=each.properties)
        for (name, key), urns in (made_from or {}).items():
            if name == each.name:
                resource.propertyDependencies[key].urns.extend(urns)
    return message


def reported(response: Any) -> list[tuple[str, str, str]]:
    levels = {number: level for level, number in wire.LEVELS.items()}
    return [
        (each.policyName, each.urn.rpartition("::")[2], levels[each.enforcementLevel]) for each in response.diagnostics
    ]


def test_a_rule_on_one_resource_is_reported_before_the_resource_is_made_and_not_again(folder: Path) -> None:
    pack, bad = started(folder), request("r", adminUserEnabled=True, location="eastus")
    assert reported(pack.analyze(bad, CONTEXT)) == [("TINY-001", "r", "mandatory")]
    assert reported(pack.analyze_stack(stack_of(bad), CONTEXT)) == []


def test_a_rule_on_relations_is_reported_when_all_resources_are_known(folder: Path) -> None:
    write(folder, "profile: regulated")
    pack, lonely, reached = started(folder), request("lonely", location="eastus"), request("reached", location="eastus")
    pointing = request("e", ENDPOINT_TOKEN, subnet=UNKNOWN_STRING)
    early = [reported(pack.analyze(each, CONTEXT)) for each in (lonely, reached, pointing)]
    late = stack_of(lonely, reached, pointing, made_from={("e", "subnet"): [reached.urn]})
    assert early == [[], [], []]
    assert reported(pack.analyze_stack(late, CONTEXT)) == [("TINY-003", "lonely", "advisory")]


def test_inputs_are_evaluated_though_the_engine_shows_outputs_at_the_end(folder: Path) -> None:
    write(folder, "profile: regulated")
    pack = started(folder)
    pack.analyze(request("r", location="eastus"), CONTEXT)
    assert [each[0] for each in reported(pack.analyze_stack(stack_of(request("r", location="mars")), CONTEXT))] == [
        "TINY-003"
    ]


def test_an_unknown_value_is_reported_once_and_as_the_settings_say(folder: Path) -> None:
    write(folder, "undetermined: mandatory")
    pack, vague = started(folder), request("r", location=UNKNOWN_STRING, adminUserEnabled=True)
    assert reported(pack.analyze(vague, CONTEXT)) == [("TINY-001", "r", "mandatory")]
    late = pack.analyze_stack(stack_of(vague), CONTEXT)
    assert reported(late) == [("TINY-002", "r", "mandatory")]
    assert late.diagnostics[0].message == "The region is not allowed\nundetermined: location is not known yet"


def test_an_exemption_makes_a_finding_advice_and_is_shown(folder: Path) -> None:
    end = datetime.datetime.now(tz=datetime.UTC).date() + datetime.timedelta(days=30)
    write(folder, exemptions=f"rule: TINY-001, resource: r, reason: scanner, owner: me, expires: {end}")
    pack, bad = started(folder), request("r", adminUserEnabled=True, location="eastus")
    response = pack.analyze(bad, CONTEXT)
    assert reported(response) == [("TINY-001", "r", "advisory")]
    assert f"exempt: scanner (me, until {end}): adminUserEnabled is true" in response.diagnostics[0].message
    assert reported(pack.analyze_stack(stack_of(bad), CONTEXT)) == []


def test_an_expired_exemption_excuses_nothing_and_is_a_failure_itself(folder: Path) -> None:
    write(folder, exemptions="rule: TINY-001, resource: r, reason: scanner, owner: me, expires: 2020-01-01")
    pack, bad = started(folder), request("r", adminUserEnabled=True, location="eastus")
    assert reported(pack.analyze(bad, CONTEXT)) == [("TINY-001", "r", "mandatory")]
    assert reported(pack.analyze_stack(stack_of(bad), CONTEXT)) == [("MOOR-POL-001", "", "mandatory")]


def test_wrong_files_are_refused_with_every_problem(folder: Path) -> None:
    write(folder, "profile: strict\ncolour: red")
    with pytest.raises(Refused, match=r"(?s)settings.yaml:1 profile.*settings.yaml:2 colour"):
        started(folder)


def test_the_engine_receives_every_rule_with_all_that_is_known_of_it(folder: Path) -> None:
    info = started(folder).get_analyzer_info(None, CONTEXT)
    policies = {each.name: each for each in info.policies}
    assert list(policies) == [*(each.id for each in TINY), "MOOR-POL-001", "MOOR-POL-002", "MOOR-POL-003"]
    first = policies["TINY-001"]
    assert (first.displayName, first.remediation_steps) == ("The admin user is on", "turn it off")
    assert (first.framework.name, first.framework.reference) == ("MCSB", "IM-1")
    assert first.enforcementLevel == analyzer_pb2.MANDATORY
    assert policies["TINY-003"].enforcementLevel == analyzer_pb2.DISABLED
    assert "regions" in policies["TINY-002"].configSchema.properties


def test_the_engine_receives_no_default_that_it_could_lay_over_the_settings(folder: Path) -> None:
    told_schemas = [each.configSchema.properties for each in started(folder).get_analyzer_info(None, CONTEXT).policies]
    assert [key for each in told_schemas for key, value in each.items() if "default" in value] == []


def test_settings_of_a_rule_on_changes_are_taken_and_left_to_the_check_of_the_plan(folder: Path) -> None:
    write(folder, "rules: {MOOR-CHG-001: {level: mandatory}}")
    pack, bad = started(folder), request("r", adminUserEnabled=True, location="eastus")
    assert reported(pack.analyze(bad, CONTEXT)) == [("TINY-001", "r", "mandatory")]
    assert reported(pack.analyze_stack(stack_of(bad), CONTEXT)) == []
    assert "MOOR-CHG-001" not in {each.name for each in pack.get_analyzer_info(None, CONTEXT).policies}


def test_the_engines_own_configuration_overrides_the_settings(folder: Path) -> None:
    pack = started(folder)
    config = analyzer_pb2.ConfigureAnalyzerRequest()
    config.policyConfig["TINY-001"].enforcementLevel = analyzer_pb2.ADVISORY
    config.policyConfig["TINY-002"].enforcementLevel = analyzer_pb2.MANDATORY
    config.policyConfig["TINY-002"].properties.update({"regions": ["mars"]})
    pack.configure(config, CONTEXT)
    found = reported(pack.analyze(request("r", adminUserEnabled=True, location="eastus"), CONTEXT))
    assert found == [("TINY-001", "r", "advisory"), ("TINY-002", "r", "mandatory")]


def test_nothing_is_put_right_unless_the_level_says_so(folder: Path) -> None:
    assert list(started(folder).remediate(request("r", adminUserEnabled=True), CONTEXT).remediations) == []


def test_a_wrong_value_is_put_right_and_all_else_stays_as_it_came(folder: Path) -> None:
    write(folder, "rules: {TINY-001: {level: remediate}}")
    secret = {**SECRET_SIGNATURE, "value": "hunter2"}
    asked = request("r", adminUserEnabled=True, location=UNKNOWN_STRING, password=secret)
    answer = started(folder).remediate(asked, CONTEXT).remediations
    assert [each.policyName for each in answer] == ["TINY-001"]
    assert json_format.MessageToDict(answer[0].properties) == {
        "adminUserEnabled": False,
        "location": UNKNOWN_STRING,
        "password": secret,
    }


def test_a_generic_resource_is_put_right_inside_its_body(folder: Path) -> None:
    write(folder, "rules: {TINY-001: {level: remediate}}")
    asked = request(
        "r",
        GENERIC_TOKEN,
        resourceProviderNamespace="Microsoft.ContainerRegistry",
        resourceType="registries",
        resourceName="contoso",
        properties={"adminUserEnabled": True, "zone": 1},
    )
    answer = started(folder).remediate(asked, CONTEXT).remediations
    assert json_format.MessageToDict(answer[0].properties)["properties"] == {"adminUserEnabled": False, "zone": 1.0}


def test_what_is_right_is_left_alone(folder: Path) -> None:
    write(folder, "rules: {TINY-001: {level: remediate}}")
    assert list(started(folder).remediate(request("r"), CONTEXT).remediations) == []
    assert list(started(folder).remediate(request("v", NETWORK_TOKEN), CONTEXT).remediations) == []


def test_the_whole_report_is_written_where_the_environment_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    monkeypatch.setenv(REPORT_VARIABLE, str(path))
    pack, bad = started(folder), request("r", adminUserEnabled=True, location="eastus")
    pack.analyze(bad, CONTEXT)
    pack.analyze_stack(stack_of(bad), CONTEXT)
    report = json_output.load(path)
    assert {(row.rule, row.status) for row in report.findings if row.resource == "r"} == {
        ("TINY-001", "fail"),
        ("TINY-002", "pass"),
    }


PROGRAM = """
from pulumi_azure_native import containerregistry, resources

group = resources.ResourceGroup("group", location="eastus")
containerregistry.Registry(
    "registry",
    registry_name="contosotiny",
    resource_group_name=group.name,
    location="northeurope",
    sku={"name": "Premium"},
    admin_user_enabled=True,
)
"""


@pytest.mark.engine
def test_the_engine_stops_a_preview_and_names_rules_and_resources(tmp_path: Path) -> None:
    with rehearsal(tmp_path, PROGRAM) as program:
        seen = program.preview("--policy-pack", str(PACK))
    assert seen.code != 0
    assert (
        "[mandatory] [severity: critical]  TINY-001  (azure-native:containerregistry:Registry: registry)" in seen.output
    )
    assert "location is northeurope; allowed are eastus, westeurope, southeastasia" in seen.output


@pytest.mark.engine
def test_an_up_with_remediation_makes_what_the_rule_wants(tmp_path: Path) -> None:
    levels = {"TINY-001": "remediate", "TINY-002": "advisory"}
    config = tmp_path / "levels.json"
    config.write_text(json.dumps(levels))
    with rehearsal(tmp_path / "run", PROGRAM) as program:
        created = program.up("--policy-pack", str(PACK), "--policy-pack-config", str(config))
        state = program.export()["deployment"]["resources"]
    registry = next(each for each in state if each["type"] == REGISTRY_TOKEN)
    assert created.code == 0, created.output
    assert registry["inputs"]["adminUserEnabled"] is False
    assert registry["outputs"]["adminUserEnabled"] is False
