"""The table of paths against three other sources: the hand-kept rows, the provider's own list, and the installed SDK."""

from __future__ import annotations

import re
from typing import Any

import pytest

from local_azure.arm_facts import FACTS
from local_azure.arm_types import catalogue, lookup, lookup_token, table
from local_azure.arm_types_build import package_folder
from local_azure.generic.table import modules, templates, type_of

GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers"
RULED = [row for row in FACTS.types if row.selector is None and row.scope != "subscription"]
UNPLACED = {
    "applicationinsights:ComponentCurrentBillingFeature",
    "applicationinsights:ExportConfiguration",
    "authorization:ManagementLockAtResourceLevel",
    "azuresphere:Device",
    "azuresphere:DeviceGroup",
    "azuresphere:Image",
    "datareplication:Dra",
    "deviceprovisioningservices:DpsCertificate",
    "deviceprovisioningservices:IotDpsResource",
    "deviceprovisioningservices:IotDpsResourcePrivateEndpointConnection",
    "dns:RecordSet",
    "edge:SitesByServiceGroup",
    "hdinsight:Extension",
    "hdinsight:ExtensionAzureMonitorAgentStatus",
    "hdinsight:ExtensionAzureMonitorStatus",
    "hdinsight:ExtensionMonitoringStatus",
    "machinelearningservices:MachineLearningDatastore",
    "monitor:TenantActionGroup",
    "resources:TagAtScope",
    "saas:SaasSubscriptionLevel",
    "sql:SyncMember",
    "web:WebAppInstanceFunctionSlot",
}
"""Classes for which no published type was found."""

# Rows of versions/v2-token-paths.json of pulumi/pulumi-azure-native, of modules that version 3 has kept [AN-PATHS].
OFFICIAL = {
    "aad:DomainService": f"{GROUP}/Microsoft.AAD/domainServices/{{domainServiceName}}",
    "aad:OuContainer": f"{GROUP}/Microsoft.Aad/domainServices/{{domainServiceName}}/ouContainer/{{ouContainerName}}",
    "aadiam:DiagnosticSetting": "/providers/microsoft.aadiam/diagnosticSettings/{name}",
    "addons:SupportPlanType": "/subscriptions/{subscriptionId}/providers/Microsoft.Addons/supportProviders/{providerName}"
    "/supportPlanTypes/{planTypeName}",
    "advisor:Suppression": "/{resourceUri}/providers/Microsoft.Advisor/recommendations/{recommendationId}"
    "/suppressions/{name}",
    "alertsmanagement:ActionRuleByName": f"{GROUP}/Microsoft.AlertsManagement/actionRules/{{actionRuleName}}",
    "alertsmanagement:PrometheusRuleGroup": f"{GROUP}/Microsoft.AlertsManagement/prometheusRuleGroups/{{ruleGroupName}}",
    "alertsmanagement:SmartDetectorAlertRule": f"{GROUP}/microsoft.alertsManagement/smartDetectorAlertRules/{{alertRuleName}}",
    "analysisservices:ServerDetails": f"{GROUP}/Microsoft.AnalysisServices/servers/{{serverName}}",
    "apicenter:Api": f"{GROUP}/Microsoft.ApiCenter/services/{{serviceName}}/workspaces/{{workspaceName}}/apis/{{apiName}}",
    "apicenter:ApiDefinition": f"{GROUP}/Microsoft.ApiCenter/services/{{serviceName}}/workspaces/{{workspaceName}}"
    "/apis/{apiName}/versions/{versionName}/definitions/{definitionName}",
    "apicenter:MetadataSchema": f"{GROUP}/Microsoft.ApiCenter/services/{{serviceName}}/metadataSchemas/{{metadataSchemaName}}",
    "apicenter:Service": f"{GROUP}/Microsoft.ApiCenter/services/{{serviceName}}",
}


def path(token: str) -> str:
    module, cls = token.split(":")
    return templates(module)[cls]


@pytest.mark.parametrize("row", RULED, ids=lambda row: row.name)
def test_a_class_with_a_row_of_its_own_has_the_same_path_in_the_table(row: Any) -> None:
    assert path(f"{row.module}:{row.cls}").lower() == catalogue().types[row.name.lower()].path.lower()


@pytest.mark.parametrize(("token", "official"), OFFICIAL.items(), ids=OFFICIAL)
def test_a_path_is_the_one_that_the_provider_lists(token: str, official: str) -> None:
    assert path(token).lower() == official.lower()


def test_every_class_of_the_sdk_with_an_api_version_has_a_place() -> None:
    classes = set()
    for file in package_folder().glob("*/*.py"):
        text = file.read_text(encoding="utf-8")
        found = re.search(r"^class (\w+)\(pulumi\.CustomResource\)", text, re.MULTILINE)
        if found and "Uses Azure REST API version" in text:
            classes.add(f"{file.parent.name}:{found[1]}")
    placed = {f"{module}:{cls}" for module in modules() for cls in templates(module)}
    assert classes - placed == UNPLACED
    assert placed - classes == set()


def test_a_type_is_named_by_the_words_of_its_path() -> None:
    assert type_of(path("web:WebAppAuthSettings")) == "Microsoft.Web/sites/config"


def test_a_token_names_a_type_at_the_version_of_its_class() -> None:
    sdk = lookup_token("azure-native:compute:VirtualMachine")
    assert sdk is not None
    assert (sdk.arm.name, sdk.arm.parameters, sdk.version) == (
        "Microsoft.Compute/virtualMachines",
        ("vmName",),
        "2024-11-01",
    )


def test_a_parameterized_token_names_a_type_at_the_version_of_its_package() -> None:
    sdk = lookup_token("azure-native_compute_v20240701:compute:VirtualMachine")
    assert sdk is not None
    assert sdk.version == "2024-07-01"
    assert lookup_token("azure-native_compute_v19990101:compute:VirtualMachine") is None


def test_a_name_that_can_only_be_one_is_no_input() -> None:
    sdk = lookup_token("azure-native:storage:FileShare")
    assert sdk is not None
    assert sdk.arm.parameters == ("accountName", "=default", "shareName")


def test_a_scope_keeps_its_slashes() -> None:
    sdk = lookup_token("azure-native:advisor:Suppression")
    assert sdk is not None
    assert sdk.arm.sub_paths == {"resourceUri"}


def test_nested_objects_keep_their_members_where_arm_has_them() -> None:
    arm = lookup("Microsoft.Network/loadBalancers")
    assert arm is not None
    frontends = catalogue().definition(arm.root).members["frontendIPConfigurations"]
    members = catalogue().definition(frontends.shape["of"]["ref"]).members
    assert (members["subnet"].wire, members["name"].wire) == (("properties", "subnet"), ("name",))


def test_a_type_that_several_classes_speak_takes_the_members_of_all() -> None:
    arm = lookup("Microsoft.Kusto/clusters/databases/dataConnections")
    assert arm is not None
    members = catalogue().definition(arm.root).members
    assert {"eventHubResourceId", "iotHubResourceId"} <= members.keys()
    assert not members["eventHubResourceId"].required


def test_a_container_that_one_class_flattens_and_another_does_not_is_whole() -> None:
    arm = lookup("Microsoft.Web/sites/config")
    assert arm is not None
    definition = catalogue().definition(arm.root)
    assert definition.members["properties"].shape == {"k": "any"}
    assert {member.wire[0] for member in definition.members.values() if len(member.wire) > 1} & {"properties"} == set()
    assert definition.tree["properties"].sdk == "properties"


def test_a_type_that_the_table_does_not_have_is_none() -> None:
    assert lookup("Microsoft.Nothing/things") is None
    assert lookup_token("azure-native:compute:Nothing") is None
    assert table().token("compute:VirtualMachine") is None
