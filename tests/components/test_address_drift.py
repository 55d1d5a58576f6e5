"""The fixer of address drift: the app, its rights, and what it listens to."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime.rpc import is_rpc_secret, unwrap_rpc_secret

from components.address_drift.address_drift import AddressDrift, Spoke
from components.address_drift.function.track import COLUMNS
from components.address_drift.host import HostNames
from components.address_drift.spec import AddressDriftSpec
from components.address_drift.telemetry import Telemetry
from components.testing import Recording
from planning.address_drift import GROUPS, STORAGE, TELEMETRY, ZONES
from tests.components.azure_answers import ADDRESS_DRIFT

Record = Callable[..., Recording]
TAGS = {"owner": "platform"}
ROOT = "/subscriptions/00000000-0000-0000-0000-000000000001"
GROUP = f"{ROOT}/resourceGroups/rg-containers"
ZONE = f"{GROUP}/providers/Microsoft.Network/privateDnsZones"
WORKSPACE = f"{ROOT}/resourceGroups/rg-monitoring/providers/Microsoft.OperationalInsights/workspaces/main"
WEB = "azure-native_web_v20250301:web:"


def recorded(record: Record, *, telemetry: bool = True, **stated: Any) -> Recording:
    spec = AddressDriftSpec.model_validate({"spokes": {"eastus": {"zone": "aci.contoso.internal"}}, **stated})

    def program() -> None:
        ways = Telemetry(
            "t",
            endpoint_name="dce",
            rule_name="dcr",
            component_name="appi",
            location="eastus",
            resource_group_name="rg-drift",
            workspace_id=pulumi.Output.from_input(WORKSPACE),
            workspace_name="main",
            tags=TAGS,
        )
        spoke = Spoke(
            topic_name="topic",
            group_id=pulumi.Output.from_input(GROUP),
            group_name=pulumi.Output.from_input("RG-containers"),
            forward_id=pulumi.Output.from_input(f"{ZONE}/aci.contoso.internal"),
            reverse_ids={"1.0.10.in-addr.arpa": pulumi.Output.from_input(f"{ZONE}/1.0.10.in-addr.arpa")},
        )
        AddressDrift(
            "d",
            spec,
            names=HostNames("func", "asp", "storagedrift"),
            location="eastus",
            resource_group_name=pulumi.Output.from_input("rg-drift"),
            spokes={"eastus": spoke},
            telemetry=ways if telemetry else None,
            tags=TAGS,
        )

    return record(program, answers=ADDRESS_DRIFT)


def settings(recording: Recording) -> dict[str, str]:
    # A connection string is a secret, and so is what holds it.
    found = unwrap_rpc_secret(recording.one(f"{WEB}WebApp").inputs["siteConfig"])["appSettings"]
    return {entry["name"]: entry["value"] for entry in found}


def test_the_app_runs_on_flex_consumption_and_comes_to_its_account_by_its_identity_alone(record: Record) -> None:
    recording = recorded(record)
    account = recording.one("StorageAccount").inputs
    assert (account["allowSharedKeyAccess"], account["allowBlobPublicAccess"]) == (False, False)
    assert recording.one(f"{WEB}AppServicePlan").inputs["sku"] == {"name": "FC1", "tier": "FlexConsumption"}
    app = recording.one(f"{WEB}WebApp").inputs
    assert app["identity"] == {"type": "SystemAssigned"}
    assert app["functionAppConfig"]["deployment"]["storage"] == {
        "type": "blobContainer",
        "value": "https://storagedrift.blob.core.windows.net/packages",
        "authentication": {"type": "SystemAssignedIdentity"},
    }
    assert settings(recording)["AzureWebJobsStorage__accountName"] == "storagedrift"


def test_the_app_knows_the_zones_by_resource_group(record: Record) -> None:
    assert json.loads(settings(recorded(record))["DRIFT_ZONES"]) == {
        "rg-containers": {
            "forward": f"{ZONE}/aci.contoso.internal",
            "reverse": [f"{ZONE}/1.0.10.in-addr.arpa"],
            "ttl": 30,
        }
    }


def test_each_role_is_given_where_it_is_needed_and_nowhere_else(record: Record) -> None:
    given = {
        (found.inputs["roleDefinitionId"].rpartition("/")[2], found.inputs["scope"])
        for found in recorded(record).of_type("RoleAssignment")
    }
    assert given == {
        (STORAGE.guid, f"{ROOT}/storage"),
        (GROUPS.guid, GROUP),
        (ZONES.guid, f"{ZONE}/aci.contoso.internal"),
        (ZONES.guid, f"{ZONE}/1.0.10.in-addr.arpa"),
        (TELEMETRY.guid, f"{ROOT}/rule"),
        (TELEMETRY.guid, f"{ROOT}/insights"),
    }


def test_assignments_say_what_the_principal_is_and_have_names_of_their_own(record: Record) -> None:
    created = recorded(record).of_type("RoleAssignment")
    assert {found.inputs["principalType"] for found in created} == {"ServicePrincipal"}
    assert {found.inputs["principalId"] for found in created} == {"principal"}
    assert len({found.inputs["roleAssignmentName"] for found in created}) == len(created)


def test_nothing_is_subscribed_before_the_package_is_deployed(record: Record) -> None:
    recording = recorded(record)
    assert recording.of_type("SystemTopicEventSubscription") == []
    topic = recording.one("SystemTopic").inputs
    assert (topic["location"], topic["source"]) == ("global", GROUP)
    assert topic["topicType"] == "Microsoft.Resources.ResourceGroups"
    assert "--name func --src address-drift.zip" in recording.component_outputs("d")["deploy"]


@pytest.mark.parametrize("actions", [True, False])
def test_both_functions_hear_of_container_groups_alone_after_the_roles(record: Record, actions: bool) -> None:
    recording = recorded(record, deployed=True, actions=actions)
    created = recording.of_type("SystemTopicEventSubscription")
    assert {found.inputs["destination"]["resourceId"] for found in created} == {
        f"{ROOT}/site/functions/reconcile",
        f"{ROOT}/site/functions/track",
    }
    types = ["ResourceWriteSuccess", "ResourceDeleteSuccess", *(["ResourceActionSuccess"] if actions else [])]
    roles = {recording.urn_of(found) for found in recording.of_type("RoleAssignment")}
    for found in created:
        assert found.inputs["filter"] == {
            "includedEventTypes": [f"Microsoft.Resources.{kind}" for kind in types],
            "subjectBeginsWith": f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/",
            "isSubjectCaseSensitive": False,
        }
        assert roles <= found.depends_on


def test_sightings_go_through_the_rule_into_a_table_of_the_same_columns(record: Record) -> None:
    recording = recorded(record)
    table = recording.one("Table")
    assert [column["name"] for column in table.inputs["schema"]["columns"]] == list(COLUMNS)
    rule = recording.one("DataCollectionRule")
    assert rule.inputs["dataFlows"][0]["outputStream"] == "Custom-AddressDrift_CL"
    assert recording.urn_of(table) in rule.depends_on
    assert recording.one("Component").inputs["disableLocalAuth"] is True
    found = settings(recording)
    assert (found["DRIFT_ENDPOINT"], found["DRIFT_RULE"]) == ("https://ingest", "dcr-1")
    assert is_rpc_secret(recording.one(f"{WEB}WebApp").inputs["siteConfig"])
    assert found["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] == "Authorization=AAD"


def test_without_a_workspace_nothing_is_reported_and_no_role_is_given_for_it(record: Record) -> None:
    recording = recorded(record, telemetry=False)
    assert not {name for name in settings(recording) if name.startswith(("APPLICATION", "DRIFT_E", "DRIFT_R"))}
    given = {found.inputs["roleDefinitionId"].rpartition("/")[2] for found in recording.of_type("RoleAssignment")}
    assert TELEMETRY.guid not in given


def test_two_networks_do_not_share_a_zone() -> None:
    spokes = {"a": {"zone": "aci.contoso.internal"}, "b": {"zone": "aci.contoso.internal"}}
    with pytest.raises(ValueError, match=r"is the zone of a; give each network its own \[DRIFT-4\]"):
        AddressDriftSpec.model_validate({"spokes": spokes})
