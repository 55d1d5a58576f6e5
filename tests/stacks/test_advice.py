"""What each refusal of a stack file advises, applied to the refused file: it is accepted."""

import pytest

from tests.stacks.stack_files import EAST, THEIRS, WEST_SUBNET, Files, changed, static
from tests.stacks.test_refusals import REFUSALS

Change = tuple[tuple[str, str], ...]

FREE = "registry: {purpose: private_endpoints, free_addresses: 4} # here"
MEMBERS_STATED = static("10.50.0.4", "10.50.0.5", "10.50.0.6", "10.50.0.7", "10.50.0.8")
RULE = "priority: 100, direction: Inbound, access: Deny, source: '*', destination: '*', destination_ports: ['*']"

ADVICE: dict[str, tuple[Change, ...]] = {
    "a replica in the home region": ((("eastus: {} # here", "{}"),),),
    "replicas without Premium": ((("sku: Standard", "sku: Premium"),),),
    "regional endpoints without Premium": ((("sku: Basic", "sku: Premium"),),),
    "private endpoints without Premium": ((("sku: Basic", "sku: Premium"),),),
    "a closed registry without Premium": ((("sku: Basic", "sku: Premium"),),),
    "a stated network rule without Premium": ((("sku: Basic", "sku: Premium"),),),
    "trusted services kept out without Premium": ((("sku: Basic", "sku: Premium"),),),
    "anonymous pull on Basic": ((("sku: Basic", "sku: Premium"),),),
    "dual stack without data endpoints": (
        (("dedicated_data_endpoints: false", "dedicated_data_endpoints: true"),),
        (("endpoint_protocol: IPv4AndIPv6", "endpoint_protocol: IPv4"),),
    ),
    "data endpoints off beside private endpoints": (
        (("dedicated_data_endpoints: false", "dedicated_data_endpoints: true"),),
        (("dedicated_data_endpoints: false # here", "headroom: 1"),),
    ),
    "IP rules on a closed registry": (
        (("ip_rules:", "public_network_access: Enabled\n      ip_rules:"),),
        (("ip_rules: [203.0.113.7, 203.0.113.8]", "ip_rules: []"),),
    ),
    "a private range as IP rule": ((("10.0.0.0/8", "203.0.113.0/24"),),),
    "nonsense as IP rule": ((("here.example", "203.0.113.7"),),),
    "an IP rule of IPv6 without dual stack": (
        (("ip_rules:", "endpoint_protocol: IPv4AndIPv6\n      ip_rules:"),),
        (('["2001:db8::/48"]', "[203.0.113.7]"),),
    ),
    "export off while public": (
        (("public_network_access: Enabled", "public_network_access: Disabled"),),
        (("export: false", "export: true"),),
    ),
    "soft delete with replicas": (
        (("policies: {soft_delete: {days: 7}}", "policies: {}"),),
        (("westeurope: {}", "{}"),),
    ),
    "soft delete with retention": (
        ((", retention: {days: 7}", ""),),
        (("soft_delete: {days: 7}, ", ""), ("        {}\n", "        westeurope: {}\n")),
    ),
    "a registry's name": ((("contoso-test", "contosotest"),),),
    "a workload's name": ((("name: Contoso", "name: contoso"),),),
    "a network's key that is no region": (
        (("my-hub: # here\n", "my-hub:\n        location: eastus\n"),),
        (("my-hub: # here", "eastus:"), ("{network: my-hub,", "{network: eastus,")),
    ),
    "a subnet's name": ((("reg/istry", "registry"),),),
    "a network that peers with itself": ((("peers: [eastus]", "peers: []"),),),
    "a peer that is not there": ((("peers: [hub]", "peers: [westeurope]"),),),
    "an endpoint in a network that is not there": ((("network: eatsus", "network: eastus"),),),
    "an endpoint in a subnet that is not there": ((("subnet: reg}", "subnet: registry}"),),),
    "a zone in a network that is not there": (
        (
            ("dns: {zones: {z: {network: hub, links: [eastus]}}} # here", "dns: {zones: {z: {network: eastus}}}"),
            (EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [z]}"),
        ),
    ),
    "a zone linked to a network that is not there": ((("links: [hub]", "links: [westeurope]"),),),
    "a zone's name": ((("name: Corp,", "name: corp.example,"),),),
    "a tag's name": ((("cost/center", "cost-center"),),),
    "a tag's value": (((f"{'x' * 257}", "platform"),),),
    "a subnet outside its network": ((("10.61.0.0/24", "10.60.0.0/24"),),),
    "subnets that overlap": ((("{prefix: 10.60.0.0/25}", "{prefix: 10.60.1.0/25}"),),),
    "a subnet with bits set after its prefix": ((("10.60.0.9/24", "10.60.0.0/24"),),),
    "an IPv6 subnet": ((("2001:db8::/64", "10.60.0.0/24"),),),
    "a range that Azure keeps": (((", 169.254.0.0/24", ""),),),
    "peered networks that overlap": (
        (("10.50.128.0/17", "10.61.0.0/16"),),
        (("peers: [westeurope]", "peers: []"), ("10.50.128.0/17", "10.61.0.0/16")),
    ),
    "two endpoints that feed one zone": (
        ((", dns_zones: [shared]} # here", "}"),),
        (
            ("        westeurope: {network: westeurope, subnet: registry, dns_zones: [shared]} # here\n", ""),
            ("{shared: {network: eastus}}", "{shared: {network: eastus, links: [eastus, westeurope]}}"),
            ("[10.50.0.0/16]\n        peers: []", "[10.50.0.0/16]\n        peers: [westeurope]"),
        ),
    ),
    "two endpoints of one network without zones of their own": (
        (("        second: {network: eastus, subnet: registry} # here\n", ""),),
    ),
    "a regional data zone that no endpoint feeds": (
        (("dns: {zones: {z: {name: eastus.data.privatelink.azurecr.io, network: eastus}}} # here", "dns: {}"),),
    ),
    "a network linked to two zones of one name": (
        (("dns: {zones: {z: {network: westeurope, links: [eastus]}}}", "dns: {}"),),
    ),
    "a zone that its endpoint's network is not linked to": (
        (
            ("{z: {network: westeurope}}", "{z: {network: westeurope, links: [westeurope, eastus]}}"),
            ("[10.50.0.0/16]\n        peers: []", "[10.50.0.0/16]\n        peers: [westeurope]"),
        ),
    ),
    "a zone that resolves to addresses out of reach": (
        (("[10.60.0.0/16]\n        peers: []", "[10.60.0.0/16]\n        peers: [eastus]"),),
        (("links: [eastus, westeurope]", "links: [eastus]"),),
    ),
    "fixed addresses while replicas may grow": (
        (("headroom: 1", "headroom: 0"),),
        ((MEMBERS_STATED, EAST),),
    ),
    "fixed addresses that leave members out": (((static("10.50.0.4", "10.50.0.5"), MEMBERS_STATED),),),
    "a fixed address among the reserved": ((("registry: 10.50.0.3", "registry: 10.50.0.4"),),),
    "a fixed address outside its subnet": ((("10.50.1.8", "10.50.0.8"),),),
    "one fixed address for two members": ((("registry_data_eastus: 10.50.0.4", "registry_data_eastus: 10.50.0.5"),),),
    "a subnet short of addresses": ((("10.60.0.0/29", "10.60.0.0/27"),), (("10.60.0.0/29", "10.60.0.0/28"),)),
    "a subnet made elsewhere short of addresses": (((FREE, FREE.replace("4}", "7}")),),),
    "a network without an address space": (
        (("      westeurope: # here\n", "      westeurope:\n        address_space: [10.60.0.0/16]\n"),),
        (
            ("      westeurope: # here\n", f"      westeurope:\n        id: {THEIRS}\n"),
            (WEST_SUBNET, "registry: {purpose: private_endpoints, free_addresses: 9}"),
        ),
    ),
    "a subnet without a prefix": (
        (("{purpose: private_endpoints} # here", "{prefix: 10.60.0.0/27, purpose: private_endpoints}"),),
    ),
    "more free addresses than a subnet has": (
        (("10.60.0.0/29, free_addresses: 4}", "10.60.0.0/27, purpose: private_endpoints, free_addresses: 9}"),),
    ),
    "free addresses declared for a subnet of the stack": ((("free_addresses: 9", "purpose: private_endpoints"),),),
    "security rules on a network made elsewhere": (
        ((f"{{free_addresses: 9, security_rules: {{r: {{{RULE}}}}}}}", "{free_addresses: 9}"),),
    ),
    "two security rules of one priority": ((("b: *r", f"b: {{{RULE.replace('100', '101')}}}"),),),
    "a security rule's name": ((("a b: {", "a-b: {"),),),
    "an id that is no virtual network's": (
        (("id: /subscriptions/s", f"id: {THEIRS}"), (WEST_SUBNET, FREE.replace("4}", "9}"))),
    ),
}
"""By refused case: each of the changes that its message advises, as replacements in the refused file."""


@pytest.mark.parametrize(
    ("case", "advised"),
    [(case, advised) for case, changes in ADVICE.items() for advised in changes],
    ids=[f"{case}-{number}" for case, changes in ADVICE.items() for number, _ in enumerate(changes)],
)
def test_each_change_that_a_refusal_advises_is_accepted(files: Files, case: str, advised: Change) -> None:
    text = changed(*REFUSALS[case][0])
    for old, new in advised:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in\n{text}"
        text = text.replace(old, new)
    files.load(text)


def test_advice_is_given_for_refusals_that_exist() -> None:
    assert set(ADVICE) <= set(REFUSALS)
