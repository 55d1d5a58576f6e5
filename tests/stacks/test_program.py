"""The whole program of a stack: what it makes, in which order, and what it exports."""

from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from components.private_endpoint.members import MembersIncompleteError
from components.testing import STACK_TYPE, Recording, run_recorded
from planning.endpoints import members
from stacks import program
from stacks.loader import Stack, load
from tests.components.azure_answers import addressed, answers
from tests.stacks.made_components import COMPONENTS, NAMED_BY, UNANSWERED

Record = Callable[..., Recording]
AT_ONCE = {"MOORINGS_TIME_SCALE": "0"}


def run(
    record: Record, stack: Stack, *, preview: bool = False, login_server: str = "contosoprod.azurecr.io"
) -> Recording:
    return record(
        lambda: program.run(stack, AT_ONCE),
        answers=answers([addressed(members(stack.plan.shape))], login_server),
        preview=preview,
    )


@pytest.fixture(scope="module")
def prod() -> Recording:
    return run(run_recorded, load("prod"))


def changed(tmp_path: Path, name: str, *changes: tuple[str, str]) -> Stack:
    directory = load.__globals__["DIRECTORY"]
    for file in ("_base.yaml", f"Pulumi.{name}.yaml"):
        text = (directory / file).read_text()
        for old, new in changes:
            text = text.replace(old, new)
        (tmp_path / file).write_text(text)
    return load(name, directory=tmp_path)


def counted(recording: Recording) -> dict[str, int]:
    kinds = [found.type.rsplit(":", 1)[-1] for found in recording if found.custom]
    return {kind: kinds.count(kind) for kind in kinds}


def test_stack_prod_is_made_of_three_of_everything_and_one_registry(prod: Recording) -> None:
    assert counted(prod) == {
        "ResourceGroup": 18,
        "VirtualNetwork": 3,
        "NetworkSecurityGroup": 12,
        "PrivateZone": 6,
        "VirtualNetworkLink": 6,
        "PrivateRecordSet": 6,
        "Registry": 1,
        "Replication": 2,
        "PrivateEndpoint": 3,
        "PrivateDnsZoneGroup": 3,
        "UserAssignedIdentity": 6,
        "RoleAssignment": 10,
        "Workspace": 3,
        "ActionGroup": 1,
        "ActivityLogAlert": 4,
        "MetricAlert": 2,
        "AzureMonitorWorkspace": 3,
        "DataCollectionEndpoint": 3,
        "DataCollectionRule": 3,
        "DataCollectionRuleAssociation": 3,
        "ManagedCluster": 3,
        "AgentPool": 3,
        "MaintenanceConfiguration": 6,
        "DiagnosticSetting": 7,
        "ManagedEnvironment": 3,
        "ContainerApp": 3,
        "Job": 3,
        "ContainerAppsSessionPool": 3,
        "Resource": 6,
    }


def test_stack_dev_has_one_endpoint_one_zone_two_links_and_a_peering_both_ways(record: Record) -> None:
    assert counted(run(record, load("dev"))) == {
        "ResourceGroup": 3,
        "VirtualNetwork": 2,
        "NetworkSecurityGroup": 2,
        "VirtualNetworkPeering": 2,
        "PrivateZone": 1,
        "VirtualNetworkLink": 2,
        "Registry": 1,
        "Replication": 1,
        "PrivateEndpoint": 1,
        "PrivateDnsZoneGroup": 1,
    }


def test_every_child_is_under_its_component_and_starts_with_its_name(prod: Recording) -> None:
    for found in prod:
        if f"::{STACK_TYPE}::" in found.parent:
            assert found.name == "contoso-prod"
            continue
        parent = prod.resources[found.parent]
        assert not parent.custom
        assert found.name.startswith(f"{parent.name}-")


def test_only_the_platform_makes_resource_groups(prod: Recording) -> None:
    platform = prod.urn_of(prod.one("platform:Platform"))
    assert {found.parent for found in prod.of_type("ResourceGroup")} == {platform}


def test_a_network_and_its_endpoint_and_zone_are_in_its_regions_group_and_the_registry_in_its_own(
    prod: Recording,
) -> None:
    groups = {
        found.inputs[name]: found.inputs["resourceGroupName"]
        for kind, name in {
            "Registry": "registryName",
            "VirtualNetwork": "virtualNetworkName",
            "PrivateEndpoint": "privateEndpointName",
        }.items()
        for found in prod.of_type(f"containerregistry:{kind}") + prod.of_type(f"network:{kind}")
        if found.custom
    }
    assert groups["contosoprod"] == "rg-contoso-prod-registry"
    assert groups["vnet-contoso-prod-westeurope"] == "rg-contoso-prod-network-westeurope"
    assert groups["pe-contosoprod-westeurope"] == "rg-contoso-prod-network-westeurope"
    zones = [each for each in prod.of_type("PrivateZone") if each.inputs["privateZoneName"] == "privatelink.azurecr.io"]
    assert {found.inputs["resourceGroupName"] for found in zones} == {
        f"rg-contoso-prod-network-{region}" for region in ("eastus", "westeurope", "southeastasia")
    }


def test_everything_that_takes_tags_has_the_stacks_and_the_environment(prod: Recording) -> None:
    without = ("ZoneGroup", "RoleAssignment", "Configuration", "DiagnosticSetting", "Association", "RecordSet")
    tagged = [
        found
        for found in prod
        if found.custom and not found.type.endswith(without) and "parentResourcePath" not in found.inputs
    ]
    for found in tagged:
        assert found.inputs["tags"] == {
            "managed-by": "moorings",
            "owner": "platform",
            "cost-center": "1042",
            "environment": "prod",
        }


def test_every_endpoint_comes_after_the_registry_and_every_replica(prod: Recording) -> None:
    before = {
        prod.urn_of(found) for kind in ("Registry", "Replication") for found in prod.of_type(kind) if found.custom
    }
    assert len(before) == 3
    endpoints = [found for found in prod.of_type("PrivateEndpoint") if found.custom]
    assert len(endpoints) == 3
    for endpoint in endpoints:
        assert before <= endpoint.depends_on


def test_whatever_pulls_comes_after_the_grants_that_let_it(prod: Recording) -> None:
    grants = {prod.urn_of(found) for found in prod if found.name.startswith("contoso-prod-access-pull-")}
    pulling = [
        *(found for kind in ("ManagedCluster", "ContainerApp", "app:Job") for found in prod.of_type(kind)),
        *(found for found in prod.of_type("resources:Resource") if found.inputs["resourceType"] == "sandboxGroups"),
    ]
    assert (len(grants), len(pulling)) == (3, 12)
    for found in pulling:
        assert grants <= found.depends_on, found.name


def test_an_endpoint_comes_after_the_peerings(record: Record) -> None:
    recording = run(record, load("dev"))
    peerings = {recording.urn_of(found) for found in recording.of_type("VirtualNetworkPeering")}
    (endpoint,) = [found for found in recording.of_type("PrivateEndpoint") if found.custom]
    assert peerings <= endpoint.depends_on


def test_an_endpoint_does_not_wait_for_peerings_of_other_networks(record: Record, tmp_path: Path) -> None:
    peered = ("[10.60.0.0/16]", "[10.60.0.0/16], networks: {<region>: {peers: [eastus]}}")
    recording = run(record, changed(tmp_path, "prod", peered))
    peerings = {recording.urn_of(found) for found in recording.of_type("VirtualNetworkPeering")}
    assert len(peerings) == 2
    for endpoint in [found for found in recording.of_type("PrivateEndpoint") if found.custom]:
        waits = "southeastasia" not in endpoint.name
        assert peerings & endpoint.depends_on == (peerings if waits else set())


def test_every_physical_name_is_stated(prod: Recording) -> None:
    for found in prod:
        if found.custom:
            kind = found.type.rsplit(":", 1)[-1]
            name = NAMED_BY.get(kind, f"{kind[0].lower()}{kind[1:]}Name")
            assert found.inputs.get(name), f"{found.type} states no {name}"


def test_the_exports_are_host_names_ledger_registry_and_addresses(prod: Recording) -> None:
    exports = prod.exports
    assert exports["registry_principal_id"] == "principal"
    assert exports["registry_id"] == "contoso-prod-registry-registry-id"
    assert exports["endpoints"]["global"] == "contosoprod.azurecr.io"
    assert len(exports["endpoints"]["regional"]) == len(exports["endpoints"]["data"]) == 3
    assert {region: len(table) for region, table in exports["addresses"].items()} == {
        "eastus": 7,
        "westeurope": 7,
        "southeastasia": 7,
    }
    rows = [row for row in exports["ledger"] if row["subnet"] == "registry"]
    assert [(row["vnet"], row["subnet"], row["need"], row["free"]) for row in rows] == [
        ("vnet-contoso-prod-eastus", "registry", 7, 244),
        ("vnet-contoso-prod-westeurope", "registry", 7, 244),
        ("vnet-contoso-prod-southeastasia", "registry", 7, 244),
    ]


def test_the_platforms_outputs_are_what_is_exported(prod: Recording) -> None:
    assert {**prod.component_outputs("contoso-prod"), "description": prod.exports["description"]} == prod.exports


def test_every_component_puts_out_exactly_what_it_declares(prod: Recording, record: Record) -> None:
    dev = run(record, load("dev"))
    seen = set()
    for recording in (prod, dev):
        for found in recording:
            if found.custom:
                continue
            component = COMPONENTS[found.type]
            declared = {*component.__annotations__, *vars(component.__base__).get("__annotations__", {})}
            given = set(recording.component_outputs(found.name))
            assert given <= declared
            declared -= {*pulumi.ComponentResource.__annotations__}
            assert declared - given <= UNANSWERED, found.type
            seen.add(found.type)
    assert seen == set(COMPONENTS)


def test_a_hashed_login_server_is_known_after_creation_only(record: Record, tmp_path: Path) -> None:
    stack = changed(
        tmp_path, "prod", ("name: contosoprod", "name: contosoprod\n      domain_name_label_scope: NoReuse")
    )
    hashed = "contosoprod-ffb4cphwfsc2gbgg"
    exports = run(record, stack, login_server=f"{hashed}.azurecr.io").exports
    assert exports["endpoints"]["global"] == f"{hashed}.azurecr.io"
    assert exports["endpoints"]["regional"]["eastus"] == f"{hashed}.eastus.geo.azurecr.io"
    assert run(record, stack, preview=True).exports["endpoints"] is pulumi.output.UNKNOWN


def test_a_preview_knows_host_names_and_ledger_and_leaves_addresses_unknown(record: Record) -> None:
    exports = run(record, load("prod"), preview=True).exports
    assert exports["addresses"] is pulumi.output.UNKNOWN
    assert exports["registry_id"] is pulumi.output.UNKNOWN
    assert exports["endpoints"]["global"] == "contosoprod.azurecr.io"
    assert [row["need"] for row in exports["ledger"] if row["subnet"] == "registry"] == [7, 7, 7]


def test_a_run_whose_addresses_never_come_fails(record: Record) -> None:
    with pytest.raises(MembersIncompleteError, match="shows 0 of 7 addresses"):
        record(lambda: program.run(load("prod"), AT_ONCE), answers=answers([{}]))


def test_version_aliases_are_dropped_unless_the_stack_keeps_them(record: Record, tmp_path: Path) -> None:
    dropped = run(record, load("local"))
    assert all(not found.aliases for found in dropped.of_type("network:VirtualNetwork"))
    keep = ("environment: local", "environment: local\n    version_aliases: keep")
    kept = run(record, changed(tmp_path, "local", keep))
    assert all(len(found.aliases) > 50 for found in kept.of_type("network:VirtualNetwork"))


def test_a_change_of_one_replica_leaves_every_other_name_as_it_was(record: Record, tmp_path: Path) -> None:
    before = {found.name for found in run(record, load("prod"))}
    grown = changed(tmp_path, "prod", ("name: contosoprod", "name: contosoprod\n      replicas: {japaneast: {}}"))
    after = {found.name for found in run(record, grown)}
    assert after - before == {"contoso-prod-registry-replica-japaneast"}
    assert before <= after


THEIRS = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/theirs"
THEIR_SUBNETS = (
    "registry: {size: null, free_addresses: 20}, nodes: {prefix: 10.70.1.0/24}, apps: {prefix: 10.70.2.0/25}, spare: null, "
    "sandboxes: {prefix: 10.70.3.0/25}"
)
OUTSIDE = (
    "southeastasia: {address_space: [10.70.0.0/16]}",
    f"southeastasia: {{networks: {{<region>: {{id: {THEIRS}, subnets: {{{THEIR_SUBNETS}}}}}}}}}",
)


def test_an_endpoint_in_a_network_made_elsewhere_goes_beside_the_registry(record: Record, tmp_path: Path) -> None:
    stack = changed(tmp_path, "prod", OUTSIDE)
    recording = run(record, stack)
    endpoint = recording.named("contoso-prod-endpoint-southeastasia-endpoint")
    assert endpoint.inputs["resourceGroupName"] == "rg-contoso-prod-registry"
    assert endpoint.inputs["subnet"]["id"].endswith("/virtualNetworks/theirs/subnets/registry")
    assert counted(recording)["VirtualNetwork"] == 2


def test_a_description_that_is_refused_ends_the_program_with_its_lines_before_anything_is_registered(
    record: Record, tmp_path: Path
) -> None:
    (tmp_path / "Pulumi.test.yaml").write_text("config:\n  moorings:stack:\n    name: 1.30\n")
    with pytest.raises(pulumi.RunError) as ended:
        record(lambda: program.main(tmp_path), answers=answers())
    lines = str(ended.value).splitlines()
    assert len(lines) > 1
    assert all(line.startswith(f"{tmp_path.name}/Pulumi.test.yaml:") for line in lines)


def test_the_program_runs_the_current_stack(record: Record) -> None:
    table = addressed(members(load("prod").plan.shape))
    recording = record(program.main, answers=answers([table]), stack="prod", config={})
    assert recording.exports["endpoints"]["global"] == "contosoprod.azurecr.io"


def test_components_report_their_outputs_with_the_full_state(record: Record, tmp_path: Path) -> None:
    name = "contoso-prod-network-eastus"
    table = addressed(members(load("prod").plan.shape))
    lean = record(program.main, answers=answers([table]), stack="prod", config={})
    assert lean.urn_of(lean.named(name)) not in lean.outputs
    changed(tmp_path, "prod", ("environment: prod", "environment: prod\n    engine_state: full"))
    full = record(lambda: program.main(tmp_path), answers=answers([table]), stack="prod", config={})
    assert full.component_outputs(name)["name"] == "vnet-contoso-prod-eastus"


def test_the_program_refuses_an_engine_that_says_otherwise(record: Record) -> None:
    with pytest.raises(pulumi.RunError, match="environment: is prod here but differs in the engine's configuration"):
        record(program.main, stack="prod", config={"moorings:stack": '{"environment": "test"}'})
