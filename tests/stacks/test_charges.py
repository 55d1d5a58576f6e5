"""What a stack is billed for: every section and every type that a stack makes has charges, or says why it has none."""

import re
from collections.abc import Callable, Mapping

import pytest

from components.testing import Registered
from planning import meters
from planning.charges import Charge, Item, NoCharge, NotKnown
from stacks.charges import SECTIONS, charges
from stacks.loader import Stack
from stacks.spec import StackSpec
from stacks.usage import Usage
from tests.stacks.recorded import loaded, recorded

SETTINGS = {
    *("name", "environment", "location", "cloud", "tags", "tag_environment", "protect", "version_aliases"),
    "engine_state",
}
"""Fields of a stack file that are no section."""


def of_part(pattern: str) -> Callable[[Item], bool]:
    """Return what tells an item by its part."""
    return lambda item: bool(re.fullmatch(pattern, item.part))


COUNTED: Mapping[str, Callable[[Item], bool]] = {
    "Microsoft.App/agents": of_part("agent"),
    "Microsoft.App/sandboxGroups": of_part("sandboxes"),
    "app:ContainerAppsSessionPool": of_part("sessions|custom sessions"),
    "app:Job": of_part("executions"),
    "compute:VirtualMachine": of_part("virtual machine .*"),
    "containerinstance:ContainerGroup": lambda item: item.path[0] == "container_groups",
    "containerregistry:AgentPool": of_part("agent pool"),
    "containerregistry:Registry": of_part("(Basic|Standard|Premium) registry"),
    "containerregistry:Replication": of_part("replica"),
    "containerservice:ManagedCluster": of_part(".* control plane"),
    "durabletask:Scheduler": of_part("scheduler"),
    "keyvault:Vault": of_part("operations"),
    "monitor:AzureMonitorWorkspace": of_part("metrics"),
    "network:AzureFirewall": of_part("(Standard|Premium) firewall"),
    "network:BastionHost": of_part(".* host"),
    "network:NatGateway": of_part("NAT gateway"),
    "network:PrivateEndpoint": of_part("private endpoint"),
    "network:PublicIPPrefix": of_part(r"\d+ public IP addresses"),
    "operationalinsights:Workspace": of_part("log ingestion"),
    "privatedns:PrivateZone": of_part("private DNS zone .*"),
    "servicenetworking:AssociationsInterface": of_part("association"),
    "servicenetworking:TrafficControllerInterface": of_part("gateway"),
}
"""Types of which each resource is one item, by what tells the items of such resources."""

WITHIN = {
    "app:ContainerApp": "container_apps",
    "Microsoft.App/vnetConnections": "sandbox_groups",
    "app:ManagedEnvironment": "container_apps",
    "applicationinsights:Component": "monitoring",
    "containerregistry:Task": "registry",
    "containerservice:AgentPool": "clusters",
    "eventgrid:SystemTopic": "registry_events",
    "eventgrid:SystemTopicEventSubscription": "registry_events",
    "keyvault:Key": "key_vaults",
    "monitor:ActionGroup": "alerts",
    "monitor:ActivityLogAlert": "alerts",
    "monitor:MetricAlert": "alerts",
    "network:FirewallPolicy": "firewalls",
    "network:FirewallPolicyRuleCollectionGroup": "firewalls",
    "network:PublicIPAddress": "bastion",
    "network:VirtualNetworkPeering": "networks",
    "network:WebApplicationFirewallPolicy": "gateways",
    "servicenetworking:FrontendsInterface": "gateways",
    "servicenetworking:SecurityPoliciesInterface": "gateways",
    "storage:BlobContainer": "address_drift",
    "storage:StorageAccount": "address_drift",
    "web:AppServicePlan": "address_drift",
    "web:WebApp": "address_drift",
}
"""Types that are billed by what happens in them, or by the item of another resource, and the section with the item."""

FREE = {
    *("app:AgentsConnector", "app:HttpRouteConfig"),
    *("authorization:ManagementLockByScope", "authorization:RoleAssignment"),
    *("containerregistry:CacheRule", "containerregistry:CredentialSet", "containerregistry:ScopeMap"),
    *("containerregistry:Token", "containerregistry:Webhook", "containerservice:MaintenanceConfiguration"),
    *("durabletask:RetentionPolicy", "durabletask:TaskHub"),
    *("managedidentity:FederatedIdentityCredential", "managedidentity:UserAssignedIdentity"),
    *("monitor:DataCollectionEndpoint", "monitor:DataCollectionRule", "monitor:DataCollectionRuleAssociation"),
    *("monitor:DiagnosticSetting", "network:NetworkInterface", "network:NetworkSecurityGroup"),
    *("network:PrivateDnsZoneGroup", "network:RouteTable", "network:VirtualNetwork", "operationalinsights:Table"),
    *("privatedns:PrivateRecordSet", "privatedns:VirtualNetworkLink", "resources:ResourceGroup"),
}
"""Types without a charge of their own [COST-FREE]."""


@pytest.fixture(scope="module")
def stacks() -> Mapping[str, Stack]:
    """Every stack of the project and of its tests."""
    return loaded()


@pytest.fixture(scope="module")
def made(stacks: Mapping[str, Stack]) -> Mapping[str, list[str]]:
    """The type of each resource that they make."""
    return {
        key: [type_of(each) for each in recorded(stack) if each.custom and each.type.startswith("azure-native")]
        for key, stack in stacks.items()
    }


def type_of(resource: Registered) -> str:
    """Return module and name of a type, without the version; the ARM type of a resource without a class."""
    inputs = resource.inputs
    if resource.type.endswith("resources:Resource"):
        return f"{inputs['resourceProviderNamespace']}/{inputs['resourceType']}"
    return resource.type.split(":", 1)[1]


def test_every_section_has_charges_or_says_why_it_has_none() -> None:
    assert set(SECTIONS) == set(StackSpec.model_fields) - SETTINGS
    assert [name for name, each in SECTIONS.items() if isinstance(each, NoCharge) and not each.why] == []


def test_every_type_that_a_stack_makes_is_billed_or_listed_as_free(made: Mapping[str, list[str]]) -> None:
    kinds = {kind for its in made.values() for kind in its}
    assert kinds - COUNTED.keys() - WITHIN.keys() - FREE == set()
    assert (COUNTED.keys() | WITHIN.keys() | FREE) - kinds == set()
    assert {section for section in WITHIN.values() if isinstance(SECTIONS[section], NoCharge)} == set()


def test_each_resource_is_billed_once(stacks: Mapping[str, Stack], made: Mapping[str, list[str]]) -> None:
    different = {}
    for key, stack in stacks.items():
        lines = {(item.path, item.part): item for item in charges(stack, Usage(endpoint_gb=1, logs_gb_per_day=1))}
        for kind, tells in COUNTED.items():
            counts = (made[key].count(kind), sum(map(tells, lines.values())))
            if counts[0] != counts[1]:
                different[key, kind] = counts
    assert different == {}


def test_every_quantity_is_a_range(stacks: Mapping[str, Stack]) -> None:
    usage = Usage(stored_gib=100, endpoint_gb=1, outbound_gb=1, logs_gb_per_day=1, session_hours=1)
    items = [item for stack in stacks.values() for item in charges(stack, usage)]
    idle = {meters.APP_IDLE_CORES, meters.APP_IDLE_MEMORY}
    found = [item for item in items if isinstance(item, Charge)]
    assert [each for each in found if each.least < 0 or (each.least > each.most and each.meter not in idle)] == []
    assert {each.meter for each in found} - set(meters.NAMED) == {
        each.meter for each in found if each.meter.service == meters.VIRTUAL_MACHINES
    }


def test_what_is_not_known_names_an_entry_and_a_reason(stacks: Mapping[str, Stack]) -> None:
    found = [item for stack in stacks.values() for item in charges(stack, Usage()) if isinstance(item, NotKnown)]
    assert found
    assert [each for each in found if not (each.path and each.region and each.part and each.why)] == []
