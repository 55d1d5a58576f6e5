"""Resources made elsewhere: by the id of an entry, by an id in place of a key, and by an output of another stack."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from components.testing import Recording
from planning.problems import SpecError
from stacks import program
from stacks.loader import Session, Stack, load
from stacks.neighbours import shared
from tests.components.azure_answers import addressed, answers
from tests.stacks.stack_files import Files

Record = Callable[..., Recording]

CENTRAL = "/subscriptions/s2/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
HUB = "/subscriptions/s2/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub"
LOGS = "/subscriptions/s2/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/central"
PULLER = "/subscriptions/s2/resourceGroups/rg-ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller"
OURS = "00000000-0000-0000-0000-000000000001"
"""The subscription that `components.testing` answers for the session."""

SPOKE = """\
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
    networks:
      spoke:
        location: westeurope
        address_space: [10.1.0.0/16]
        subnets:
          registry: {prefix: 10.1.0.0/27, purpose: private_endpoints}
    registry:
      name: fabrikamdev
      private_endpoints:
        spoke: {network: spoke, subnet: registry}
"""
ENDPOINT = "spoke: {network: spoke, subnet: registry}"
BY_ID = SPOKE.replace(ENDPOINT, f'spoke: {{network: spoke, subnet: registry, dns_zones: ["{CENTRAL}"]}}')
BY_KEY = SPOKE.replace(
    "    registry:\n      name", f"    dns: {{zones: {{central: {{id: {CENTRAL}}}}}}}\n    registry:\n      name"
).replace(ENDPOINT, "spoke: {network: spoke, subnet: registry, dns_zones: [central]}")
IN_HUB = SPOKE.replace(
    "      spoke:\n        location: westeurope\n        address_space: [10.1.0.0/16]\n",
    f"      spoke:\n        location: westeurope\n        id: {HUB}\n",
).replace("prefix: 10.1.0.0/27,", "free_addresses: 200,")


def outputs(stack: str) -> Mapping[str, Any]:
    if stack != "contoso/hub/prod":
        raise ValueError(f"the outputs of stack {stack} cannot be read (unknown stack)")
    return {"zones": {"registry": CENTRAL, "vault": CENTRAL.replace("azurecr.io", "vaultcore.azure.net")}}


SESSION = Session(outputs, lambda: OURS)


def loaded(files: Files, text: str) -> Stack:
    files.write(text)
    return load("test", directory=files.directory, session=SESSION)


def ran(record: Record, stack: Stack, *replicas: str) -> Recording:
    members = ["registry", *(f"registry_data_{region}" for region in ("westeurope", *replicas))]
    return record(
        lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}),
        answers=answers([addressed(members)], "fabrikamdev.azurecr.io"),
    )


def fed(recording: Recording) -> list[str]:
    groups = recording.of_type("network:PrivateDnsZoneGroup")
    return [each["privateDnsZoneId"] for group in groups for each in group.inputs["privateDnsZoneConfigs"]]


@pytest.mark.parametrize("text", [BY_ID, BY_KEY], ids=["an id in place of a key", "an entry with an id"])
def test_a_central_zone_is_fed_and_neither_made_nor_linked(record: Record, files: Files, text: str) -> None:
    stack = loaded(files, text)
    assert stack.warnings == ()
    recording = ran(record, stack)
    assert fed(recording) == [CENTRAL]
    assert recording.of_type("privatedns:PrivateZone") == []
    assert recording.of_type("privatedns:VirtualNetworkLink") == []


def test_a_central_zone_is_linked_where_that_is_stated_in_its_own_subscription(record: Record, files: Files) -> None:
    recording = ran(record, loaded(files, BY_KEY.replace(f"id: {CENTRAL}", f"id: {CENTRAL}, links: [spoke]")))
    link = recording.one("privatedns:VirtualNetworkLink")
    assert link.inputs["resourceGroupName"] == "rg-dns"
    assert link.inputs["privateZoneName"] == "privatelink.azurecr.io"
    # Another stack may call its network spoke too, and links it to the same zone.
    assert link.inputs["virtualNetworkLinkName"] == "vnet-fabrikam-dev-spoke"
    provider = recording.one("pulumi:providers:azure-native")
    assert provider.inputs["subscriptionId"] == "s2"
    assert link.provider == recording.urn_of(provider)


def test_an_output_of_another_stack_holds_the_id(record: Record, files: Files) -> None:
    by_output = BY_ID.replace(f'"{CENTRAL}"', "{stack: contoso/hub/prod, output: zones.registry}")
    assert fed(ran(record, loaded(files, by_output))) == [CENTRAL]
    unresolved = files.load(by_output)
    assert unresolved.plan.fed == {"spoke": ("output zones.registry of stack contoso/hub/prod",)}
    assert unresolved.warnings == ()


@pytest.mark.parametrize(
    ("reference", "report"),
    [
        ("{stack: contoso/hub/prod, output: zones.web}", "has no output zones.web: web is none of registry, vault"),
        ("{stack: contoso/hub/prod, output: zones}", "output zones of stack contoso/hub/prod is not text"),
        ("{stack: contoso/hub/prod, output: zones.vault}", "the names of this service are in privatelink.azurecr.io"),
        ("{stack: prod, output: zones.registry}", "'prod' is not the full name of a stack"),
        ("{stack: a/b/c, output: zones.registry}", "the outputs of stack a/b/c cannot be read (unknown stack)"),
        ("{stack: contoso/hub/prod}", "expected an ARM id, or an output of another stack"),
        (f'"{HUB}"', "is the id of a resource of type Microsoft.Network/virtualNetworks"),
    ],
)
def test_what_leads_to_no_zone_is_refused_at_its_place(files: Files, reference: str, report: str) -> None:
    files.write(BY_ID.replace(f'"{CENTRAL}"', reference))
    with pytest.raises(SpecError) as refused:
        load("test", directory=files.directory, session=SESSION)
    (line,) = refused.value.lines
    assert line.startswith("stacks/Pulumi.test.yaml:15 registry.private_endpoints.spoke.dns_zones.0: ")
    assert report in line


def test_an_endpoint_is_made_in_the_subscription_of_its_network(record: Record, files: Files) -> None:
    central = IN_HUB.replace(ENDPOINT, f'spoke: {{network: spoke, subnet: registry, dns_zones: ["{CENTRAL}"]}}')
    recording = ran(record, loaded(files, central))
    provider = recording.urn_of(recording.one("pulumi:providers:azure-native"))
    there = {found.name for found in recording if found.provider == provider and found.type.startswith("azure-native:")}
    assert there == {
        "fabrikam-dev-rg-network-spoke",
        "fabrikam-dev-endpoint-spoke-endpoint",
        "fabrikam-dev-endpoint-spoke-zones",
    }
    endpoint = recording.named("fabrikam-dev-endpoint-spoke-endpoint")
    assert endpoint.inputs["resourceGroupName"] == "rg-fabrikam-dev-network-spoke"


def test_an_implied_zone_for_a_network_made_elsewhere_is_warned_of_and_each_way_out_is_quiet(files: Files) -> None:
    (line,) = files.warnings(IN_HUB)
    assert "is linked to a zone of that name already" in line
    for way in (
        IN_HUB.replace(ENDPOINT, f'spoke: {{network: spoke, subnet: registry, dns_zones: ["{CENTRAL}"]}}'),
        IN_HUB.replace("    registry:\n      name", "    dns: {managed: policy}\n    registry:\n      name"),
    ):
        assert files.warnings(way) == []


@pytest.mark.parametrize("managed", ["policy", "request"])
def test_where_others_write_the_records_neither_zone_nor_zone_group_is_made(
    record: Record, files: Files, managed: str
) -> None:
    text = SPOKE.replace("    registry:\n      name", f"    dns: {{managed: {managed}}}\n    registry:\n      name")
    recording = ran(record, loaded(files, text))
    assert fed(recording) == []
    assert recording.of_type("privatedns:PrivateZone") == []
    records = {
        "spoke": {
            "zone": "privatelink.azurecr.io",
            "records": {"fabrikamdev": "10.0.0.4", "fabrikamdev.westeurope.data": "10.0.0.5"},
        }
    }
    assert recording.exports.get("dns_records") == (records if managed == "request" else None)


def test_a_zone_beside_dns_that_others_manage_is_refused_and_removing_it_is_taken(files: Files) -> None:
    text = BY_KEY.replace("dns: {zones", "dns: {managed: policy, zones")
    (line,) = files.refusals(text)
    assert "central, but dns.managed is policy: this stack writes no records of private endpoints" in line
    assert files.warnings(text.replace(", dns_zones: [central]", "")) == []


def test_an_identity_and_a_workspace_made_elsewhere_are_read_and_not_made(record: Record, files: Files) -> None:
    text = (
        SPOKE.replace("      name: fabrikamdev\n", f"      name: fabrikamdev\n      workspace: {LOGS}\n")
        + f"    access:\n      pull: {{identity: {PULLER}, action: pull}}\n"
    )
    recording = ran(record, loaded(files, text))
    assert recording.of_type("managedidentity:UserAssignedIdentity") == []
    assert recording.of_type("operationalinsights:Workspace") == []
    assert recording.one("monitor:DiagnosticSetting").inputs["workspaceId"] == LOGS
    read = {token.rpartition(":")[2]: arguments for token, arguments in recording.invokes}
    assert read["getUserAssignedIdentity"] == {"resourceGroupName": "rg-ids", "resourceName": "puller"}
    assert read["getWorkspace"] == {"resourceGroupName": "rg-logs", "workspaceName": "central"}


def test_an_identity_whose_principal_is_stated_is_not_read(record: Record, files: Files) -> None:
    guid = "11111111-2222-3333-4444-555555555555"
    stated = f"{{id: {PULLER}, principal_id: {guid}, client_id: {guid}}}"
    text = (
        SPOKE
        + f"    identities:\n      puller: {stated}\n    access:\n      pull: {{identity: puller, action: pull}}\n"
    )
    recording = ran(record, loaded(files, text))
    assert recording.one("authorization:RoleAssignment").inputs["principalId"] == guid
    assert "getUserAssignedIdentity" not in {token.rpartition(":")[2] for token, _ in recording.invokes}


@pytest.mark.parametrize(
    ("entry", "report"),
    [
        ("dns: {zones: {z: {}}}", "dns.zones.z: a zone of this stack needs a network"),
        (
            f"dns: {{zones: {{z: {{id: {CENTRAL}, network: spoke}}}}}}",
            "dns.zones.z.network: the zone is made elsewhere",
        ),
        (f"dns: {{zones: {{z: {{id: {CENTRAL}, name: a.bc}}}}}}", "dns.zones.z.name: a.bc, but the id is that of zone"),
        (
            f"monitoring: {{workspaces: {{w: {{id: {LOGS}, retention_days: 60}}}}}}",
            "monitoring.workspaces.w.retention_days: is a setting of what is made elsewhere",
        ),
        (
            f"identities: {{i: {{id: {PULLER}, federated_credentials: {{}}}}}}",
            "identities.i.federated_credentials: is a setting of what is made elsewhere",
        ),
        (
            f"identities: {{i: {{id: {PULLER}, client_id: 11111111-2222-3333-4444-555555555555}}}}",
            "identities.i.client_id: is one of two",
        ),
        (
            "identities: {i: {client_id: 11111111-2222-3333-4444-555555555555}}",
            "identities.i.client_id: Azure gives it to an identity of this stack",
        ),
    ],
)
def test_settings_of_what_is_made_elsewhere_are_refused(files: Files, entry: str, report: str) -> None:
    (line,) = files.refusals(SPOKE + f"    {entry} # here\n")
    assert report in line


def test_the_id_of_a_network_in_place_of_its_key_is_refused_with_the_entry_to_add(files: Files) -> None:
    (line, *_) = files.refusals(SPOKE.replace("network: spoke,", f"network: {HUB},"))
    assert f"takes the key of a network; add networks.KEY with id: {HUB}, and write that KEY" in line


def test_what_two_stacks_use_of_others_is_not_shared_by_them(tmp_path: Path) -> None:
    text = BY_KEY + f"    monitoring: {{workspaces: {{w: {{id: {LOGS}}}}}}}\n"
    (tmp_path / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    other = (
        text.replace("environment: dev", "environment: test")
        .replace("fabrikamdev", "fabrikamtest")
        .replace("10.1.", "10.2.")
    )
    (tmp_path / "Pulumi.test.yaml").write_text(other, encoding="utf-8")
    assert shared({name: load(name, directory=tmp_path) for name in ("dev", "test")}, tmp_path) == {}


REGISTRY = "/subscriptions/s3/resourceGroups/rg-shared/providers/Microsoft.ContainerRegistry/registries/sharedacr"
SHARED = SPOKE.replace(
    "name: fabrikamdev\n", f"id: {REGISTRY}\n      location: eastus\n      replicas: {{westeurope: {{}}}}\n"
)


def test_a_registry_made_elsewhere_is_pulled_from_by_its_own_name_and_not_made(record: Record, files: Files) -> None:
    text = SHARED + f"    access:\n      pull: {{identity: {PULLER}, action: pull}}\n"
    stack = loaded(files, text)
    assert stack.warnings == ()
    assert (stack.spec.registry.name, stack.plan.shape.regions) == ("sharedacr", {"eastus", "westeurope"})
    members = ["registry", "registry_data_eastus", "registry_data_westeurope"]
    recording = record(
        lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}),
        answers={**answers([addressed(members)]), "getRegistry": {"loginServer": "sharedacr.azurecr.io"}},
    )
    kinds = {found.type.rpartition(":")[2] for found in recording if found.custom}
    assert kinds.isdisjoint({"Registry", "Replication"})
    endpoint = recording.named("fabrikam-dev-endpoint-spoke-endpoint")
    (connection,) = endpoint.inputs["privateLinkServiceConnections"]
    assert connection["privateLinkServiceId"] == REGISTRY
    grant = recording.one("authorization:RoleAssignment")
    assert grant.inputs["scope"] == REGISTRY
    assert grant.inputs["roleDefinitionId"].startswith("/subscriptions/s3/providers/Microsoft.Authorization/")
    assert recording.exports["registry_id"] == REGISTRY


def test_stacks_that_use_one_registry_name_their_role_assignments_apart(record: Record, files: Files) -> None:
    def assignment(text: str, *replicas: str) -> str:
        granted = loaded(files, text + f"    access:\n      pull: {{identity: {PULLER}, action: pull}}\n")
        return ran(record, granted, *replicas).one("authorization:RoleAssignment").inputs["roleAssignmentName"]

    names = {
        assignment(SHARED.replace("environment: dev", f"environment: {each}"), "eastus") for each in ("dev", "test")
    }
    names.add(assignment(SPOKE.replace("fabrikamdev", "sharedacr")))
    assert len(names) == 3


@pytest.mark.parametrize(
    ("setting", "report"),
    [
        ("admin_user: true", "registry.admin_user: is a setting of what is made elsewhere"),
        ("name: other", "registry.name: other, but the id is that of registry sharedacr; remove it"),
    ],
)
def test_settings_of_a_registry_made_elsewhere_are_refused(files: Files, setting: str, report: str) -> None:
    (line,) = files.refusals(SHARED.replace("      location: eastus\n", f"      location: eastus\n      {setting}\n"))
    assert report in line


def test_a_home_region_beside_a_registry_of_this_stack_is_refused(files: Files) -> None:
    (line,) = files.refusals(SPOKE.replace("name: fabrikamdev\n", "name: fabrikamdev\n      location: eastus\n"))
    assert "registry.location: is for a registry made elsewhere (with an id)" in line


def test_an_artifact_cache_of_a_registry_made_elsewhere_is_refused(files: Files) -> None:
    cache = (
        "    artifact_cache: {rules: {docker: {source: mcr.microsoft.com/dotnet/runtime, target: dotnet/runtime}}}\n"
    )
    assert any("artifact_cache: is part of registry sharedacr" in line for line in files.refusals(SHARED + cache))


def test_a_stack_that_uses_the_registry_of_another_shares_no_name_with_it(tmp_path: Path) -> None:
    created = (
        SPOKE.replace("fabrikamdev", "sharedacr")
        .replace("environment: dev", "environment: shared")
        .replace("10.1.", "10.2.")
    )
    (tmp_path / "Pulumi.shared.yaml").write_text(created, encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_text(SHARED, encoding="utf-8")
    assert shared({name: load(name, directory=tmp_path) for name in ("dev", "shared")}, tmp_path) == {}


def test_no_zones_at_all_are_refused_with_the_way_to_say_so_which_is_taken(files: Files) -> None:
    empty = SPOKE.replace(ENDPOINT, "spoke: {network: spoke, subnet: registry, dns_zones: []}")
    (line,) = files.refusals(empty)
    assert "dns_zones: is empty; remove it for a zone of its own, or state dns.managed: policy or request" in line
    advised = SPOKE.replace("    registry:\n      name", "    dns: {managed: policy}\n    registry:\n      name")
    assert files.load(advised).plan.zones == {}
