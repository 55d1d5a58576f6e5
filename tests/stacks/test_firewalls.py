"""Firewalls of a stack: whom they admit to what, and what is refused or warned of where routes lead elsewhere."""

from __future__ import annotations

import pytest

from planning.firewall_rules import admits
from stacks.firewalls import addresses, admitted, rules_of
from stacks.loader import Stack
from tests.stacks.stack_files import FILE, Files, line_here

TEXT = """\
config:
  moorings:stack:
    name: contoso
    environment: test
    location: eastus
    route_tables:
      out: {routes: {default: {prefix: 0.0.0.0/0, firewall: hub}}}
    firewalls:
      hub: {network: hub, admissions: {packages: {sources: [10.1.1.0/24], hosts: [packages.contoso.com]}}}
    networks:
      hub: {location: eastus, address_space: [10.0.0.0/16], subnets: {AzureFirewallSubnet: {size: /26}}}
      spoke:
        location: eastus
        address_space: [10.1.0.0/16]
        peers: [hub]
        subnets:
          apps: {size: /25, delegation: Microsoft.App/environments, route_table: out}
          other: {size: /25, delegation: Microsoft.App/environments}
    registry: {name: contosotest, public_network_access: Enabled, ip_rules: [203.0.113.7], replicas: {westus3: {}}}
    identities: {puller: {}}
    container_apps:
      main: {network: spoke, subnet: apps, apps: {web: {identity: puller, containers: {web: {image: "web:1"}}}}}
      open: {network: spoke, subnet: other, apps: {api: {identity: puller, containers: {api: {image: "api:1"}}}}}
"""


def changed(*changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def admitted_hosts(stack: Stack) -> set[str]:
    found = rules_of(stack.spec, stack.plan, "hub").values()
    rules = [rule for group in found for collection in group["ruleCollections"] for rule in collection["rules"]]
    return {host for rule in rules for host in rule["targetFqdns"]}


def test_a_firewall_admits_the_clients_whose_subnets_route_to_it(files: Files) -> None:
    stack = files.load(TEXT)
    assert [client.name for client in admitted(stack.spec, stack.plan, "hub")] == ["environment main"]
    assert addresses(stack.spec) == {"hub": "10.0.0.4"}


def test_every_host_that_a_routed_client_uses_is_admitted_and_no_wildcard_of_the_registry(files: Files) -> None:
    stack = files.load(TEXT)
    hosts = admitted_hosts(stack)
    for client in admitted(stack.spec, stack.plan, "hub"):
        for destination in (*client.registry, *client.own):
            assert any(admits(pattern, destination.name) for pattern in hosts), destination.name
    assert {
        "contosotest.azurecr.io",
        "contosotest.eastus.data.azurecr.io",
        "contosotest.westus3.data.azurecr.io",
    } <= hosts
    assert not {host for host in hosts if "*" in host and ("azurecr" in host or "blob" in host)}


def test_further_hosts_are_admitted_for_their_ranges(files: Files) -> None:
    stack = files.load(TEXT)
    (collection,) = rules_of(stack.spec, stack.plan, "hub")["admissions"]["ruleCollections"]
    (rule,) = collection["rules"]
    assert (rule["sourceAddresses"], rule["targetFqdns"]) == (["10.1.1.0/24"], ["packages.contoso.com"])


def test_an_address_of_a_firewall_of_the_stack_is_that_firewall(files: Files) -> None:
    stack = files.load(changed(("firewall: hub}", "address: 10.0.0.4}")))
    assert [client.name for client in admitted(stack.spec, stack.plan, "hub")] == ["environment main"]


def test_an_appliance_elsewhere_is_warned_of_once_for_the_subnet(files: Files) -> None:
    text = changed(("firewall: hub}", "address: 10.0.0.9}"), ("route_table: out}", "route_table: out} # here"))
    assert [line for line in files.warnings(text) if "not a firewall of this stack" in line] == [
        f"{FILE}:{line_here(text)} networks.spoke.subnets.apps.route_table: what environment main sends outside goes to "
        "10.0.0.9, which is not a firewall of this stack: admit there what ./moorings firewall lists, before it "
        "is needed [FW-ORDER]"
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{AzureFirewallSubnet: {size: /26}}", "{AzureFirewallSubnet: {size: /27}}", "or larger, and has one of 10.0.0.0/27"),
        ("{AzureFirewallSubnet: {size: /26}}", "{nodes: {size: /26}}", "of /26 or larger, and has none; add it [FW-SUBNET]"),
        ("{size: /26}", "{size: /26, route_table: out}", "leads to the firewall itself; remove it [FW-SUBNET]"),
        ("peers: [hub]", "peers: []", "leads to firewall hub in hub, which spoke is not peered with"),
        ("firewall: hub}", "firewall: other}", "there is no firewall 'other'; there are: hub"),
        ("firewall: hub}", "firewall: hub, address: 10.0.0.4}", "is stated beside an address; keep one of the two"),
        ("{name: contosotest,", "{name: contosotest, domain_name_label_scope: NoReuse,", "a hash that Azure makes up"),
    ],
)  # fmt: skip
def test_a_firewall_that_traffic_cannot_pass_is_refused(files: Files, old: str, new: str, message: str) -> None:
    assert any(message in line for line in files.refusals(changed((old, new))))
