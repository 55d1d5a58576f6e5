"""Every refusal: the culprit, its place in the file, and the remedy."""

import pytest

from tests.stacks.stack_files import (
    EAST,
    FILE,
    NO_ENDPOINTS,
    NO_HEADROOM,
    OUTSIDE,
    WEST,
    WEST_SUBNET,
    Files,
    changed,
    line_here,
    static,
)

REFUSALS = {
    "a workspace of the registry's logs that is not there": (
        [("headroom: 1", "workspace: main # here")],
        "registry.workspace: there is no workspace 'main'",
    ),
    "a replica in the home region": (
        [("westeurope: {}", "eastus: {} # here")],
        "registry.replicas.eastus: eastus is the home region; remove it: the home region of the registry is its "
        "first replica [ACR-16]",
    ),
    "replicas without Premium": (
        [
            ("headroom: 1", "sku: Standard\n      public_network_access: Enabled"),
            ("      replicas:", "      replicas: # here"),
        ],
        "registry.replicas: westeurope needs sku Premium, the registry has Standard; change one [ACR-10]",
    ),
    "regional endpoints without Premium": (
        [("headroom: 1", "sku: Basic"), ("regional_endpoints: true", "regional_endpoints: true # here")],
        "registry.regional_endpoints: true needs sku Premium, the registry has Basic; change one [ACR-10]",
    ),
    "private endpoints without Premium": (
        [("headroom: 1", "sku: Basic"), ("private_endpoints:\n", "private_endpoints: # here\n")],
        "registry.private_endpoints: eastus, westeurope needs sku Premium, the registry has Basic; change one [ACR-10]",
    ),
    "a closed registry without Premium": (
        [("headroom: 1", "sku: Basic\n      public_network_access: Disabled # here")],
        "registry.public_network_access: Disabled needs sku Premium, the registry has Basic; change one [ACR-10]",
    ),
    "a stated network rule without Premium": (
        [("headroom: 1", "sku: Basic\n      public_network_access: Enabled\n      default_action: Deny # here")],
        "registry.default_action: Deny needs sku Premium, the registry has Basic; change one [ACR-10]",
    ),
    "trusted services kept out without Premium": (
        [("headroom: 1", "sku: Basic\n      trusted_services_bypass: false # here")],
        "registry.trusted_services_bypass: false needs sku Premium, the registry has Basic; change one [ACR-10]",
    ),
    "anonymous pull on Basic": (
        [("headroom: 1", "sku: Basic\n      anonymous_pull: true # here")],
        "registry.anonymous_pull: true needs sku Standard or Premium, the registry has Basic [ACR-10]",
    ),
    "dual stack without data endpoints": (
        [
            ("headroom: 1", "endpoint_protocol: IPv4AndIPv6 # here\n      dedicated_data_endpoints: false"),
            *NO_ENDPOINTS,
        ],
        "registry.endpoint_protocol: IPv4AndIPv6 needs dedicated_data_endpoints: true; enable them, or write IPv4 [ACR-12]",
    ),
    "data endpoints off beside private endpoints": (
        [("headroom: 1", "dedicated_data_endpoints: false # here")],
        "registry.dedicated_data_endpoints: false beside private endpoints (eastus, westeurope): the service enables data "
        "endpoints with the first one; write true, or remove it [ACR-4]",
    ),
    "IP rules on a closed registry": (
        [("headroom: 1", "ip_rules: [203.0.113.7, 203.0.113.8] # here")],
        "registry.ip_rules: 203.0.113.7, 203.0.113.8 without effect while public_network_access is Disabled; change one",
    ),
    "a private range as IP rule": (
        [("headroom: 1", "public_network_access: Enabled\n      ip_rules: [10.0.0.0/8] # here")],
        "registry.ip_rules.0: '10.0.0.0/8' is a private range: IP rules of a registry apply to public addresses only [ACR-11]",
    ),
    "nonsense as IP rule": (
        [("headroom: 1", "public_network_access: Enabled\n      ip_rules: [here.example] # here")],
        "registry.ip_rules.0: 'here.example' is not an address or a range; write one such as 203.0.113.7 or 2001:db8::/48",
    ),
    "an IP rule of IPv6 without dual stack": (
        [("headroom: 1", 'public_network_access: Enabled\n      ip_rules: ["2001:db8::/48"] # here')],
        "registry.ip_rules: 2001:db8::/48 need endpoint_protocol IPv4AndIPv6; change one [ACR-12]",
    ),
    "export off while public": (
        [("headroom: 1", "public_network_access: Enabled\n      policies: {export: false} # here")],
        "registry.policies.export: false needs public_network_access: Disabled; change one [ACR-13]",
    ),
    "soft delete with replicas": (
        [("headroom: 1", "policies: {soft_delete: {days: 7}} # here")],
        "registry.policies.soft_delete: does not work on a registry with replicas (westeurope); remove one [ACR-14]",
    ),
    "soft delete with retention": (
        [("headroom: 1", "policies: {soft_delete: {days: 7}, retention: {days: 7}} # here"), ("westeurope: {}", "{}")],
        "registry.policies.soft_delete: excludes policies.retention; keep one [ACR-14]",
    ),
    "regional endpoints in another cloud": (
        [("    dns: {}", "    cloud: china"), ("regional_endpoints: true", "regional_endpoints: true # here")],
        "registry.regional_endpoints: true, but regional endpoints exist in the public cloud only, not in china; write false",
    ),
    "a registry's name": (
        [("name: contosotest", "name: contoso-test # here")],
        "registry.name: 'contoso-test' is not a name for a container registry: 5 to 50 characters, letters and digits only",
    ),
    "a workload's name": (
        [("    name: contoso\n", "    name: Contoso # here\n")],
        "name: 'Contoso' is not a name for a stack part: 2 to 12 characters, lower-case letters and digits",
    ),
    "a network's key that is no region": (
        [("      eastus:\n", "      my-hub: # here\n"), ("{network: eastus,", "{network: my-hub,")],
        "networks.my-hub: 'my-hub' is not a region; name the network after its region, or state its location",
    ),
    "a network's key too long for a name": (
        [("      westeurope:\n", f"      {'w' * 50}: # here\n        location: westeurope\n"), (WEST, "")],
        f"networks.{'w' * 50}: 'vnet-contoso-test-{'w' * 50}' is not a name for a virtual network: 2 to 64 characters",
    ),
    "a network's key with a blank": (
        [("      westeurope:\n", "      west europe: # here\n        location: westeurope\n"), (WEST, "")],
        "networks.west europe: 'vnet-contoso-test-west europe' is not a name for a virtual network",
    ),
    "two networks that differ in case only": (
        [("      westeurope:\n", "      EastUS: # here\n        location: westeurope\n"), (WEST, "")],
        "networks.EastUS: differs from eastus in letter case only, which Azure ignores [NAME-1]",
    ),
    "a subnet's name": (
        [(WEST_SUBNET, "reg/istry: {prefix: 10.60.0.0/24} # here"), (WEST, "")],
        "networks.westeurope.subnets.reg/istry: 'reg/istry' is not a name for a subnet: 1 to 80 characters",
    ),
    "a private endpoint's key too long for a name": (
        [(EAST, f"{'p' * 60}: {{network: eastus, subnet: registry}} # here")],
        f"registry.private_endpoints.{'p' * 60}: 'pe-contosotest-{'p' * 60}' is not a name for a private endpoint: 2 to 64",
    ),
    "a network that peers with itself": (
        [("[10.50.0.0/16]\n        peers: []", "[10.50.0.0/16]\n        peers: [eastus] # here")],
        "networks.eastus.peers.0: eastus is the network itself; remove it",
    ),
    "a peer that is not there": (
        [("[10.50.0.0/16]\n        peers: []", "[10.50.0.0/16]\n        peers: [hub] # here")],
        "networks.eastus.peers.0: there is no network 'hub'; there are: eastus, westeurope",
    ),
    "an endpoint in a network that is not there": (
        [(EAST, "eastus: {network: eatsus, subnet: registry} # here")],
        "registry.private_endpoints.eastus.network: there is no network 'eatsus'; there are: eastus, westeurope",
    ),
    "an endpoint in a subnet that is not there": (
        [(EAST, "eastus: {network: eastus, subnet: reg} # here")],
        "registry.private_endpoints.eastus.subnet: there is no subnet 'reg'; there are: registry",
    ),
    "an endpoint with a zone that is not there": (
        [(EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [shared]} # here")],
        "registry.private_endpoints.eastus.dns_zones.0: there is no zone of dns.zones 'shared'; there are: none",
    ),
    "a zone in a network that is not there": (
        [("dns: {}", "dns: {zones: {z: {network: hub, links: [eastus]}}} # here")],
        "dns.zones.z.network: there is no network 'hub'; there are: eastus, westeurope",
    ),
    "a zone in a network made elsewhere": (
        [OUTSIDE, ("dns: {}", "dns: {zones: {z: {network: westeurope, name: corp.example}}} # here")],
        "dns.zones.z.network: westeurope is made elsewhere, so the zone has no resource group; name a network of this stack",
    ),
    "a zone linked to a network that is not there": (
        [("dns: {}", "dns: {zones: {z: {name: corp.example, network: eastus, links: [hub]}}} # here")],
        "dns.zones.z.links.0: there is no network 'hub'; there are: eastus, westeurope",
    ),
    "a zone's name": (
        [("dns: {}", "dns: {zones: {z: {name: Corp, network: eastus}}} # here")],
        "dns.zones.z.name: Corp does not match",
    ),
    "a tag's name": (
        [("    dns: {}\n", "    dns: {}\n    tags: {cost/center: x} # here\n")],
        "tags.cost/center: 'cost/center' is not a tag name: 1 to 512 characters without",
    ),
    "a tag's value": (
        [("    dns: {}\n", f"    dns: {{}}\n    tags: {{owner: {'x' * 257}}} # here\n")],
        "tags.owner: has 257 characters, a tag's value 256 at most",
    ),
    "a secret in place of a map in plain text": (
        [("    dns: {}\n", "    dns: {}\n    tags: {secure: v1:abc} # here\n")],
        "tags: is a secure value where plain text would be stored",
    ),
    "a workspace's key too long for a name": (
        [("    dns: {}\n", f"    dns: {{}}\n    monitoring: {{workspaces: {{{'w' * 60}: {{}}}}}} # here\n")],
        f"monitoring.workspaces.{'w' * 60}: 'log-contoso-test-{'w' * 60}' is not a name for a Log Analytics workspace: 4 to 63",
    ),
    "a subnet outside its network": (
        [("10.60.0.0/24", "10.61.0.0/24"), ("private_endpoints}\n    dns", "private_endpoints} # here\n    dns")],
        "networks.westeurope.subnets.registry: 10.61.0.0/24 is outside its network; use a range within 10.60.0.0/16 [NET-3]",
    ),
    "subnets that overlap": (
        [(WEST_SUBNET, f"{WEST_SUBNET}\n          other: {{prefix: 10.60.0.0/25}} # here")],
        "networks.westeurope.subnets.other: 10.60.0.0/25 overlaps networks.westeurope.subnets.registry (10.60.0.0/24)",
    ),
    "a subnet with bits set after its prefix": (
        [("10.60.0.0/24, purpose: private_endpoints}", "10.60.0.9/24, purpose: private_endpoints} # here")],
        "networks.westeurope.subnets.registry.prefix: '10.60.0.9/24' has bits set after its prefix; write 10.60.0.0/24",
    ),
    "an IPv6 subnet": (
        [("10.60.0.0/24, purpose: private_endpoints}", "2001:db8::/64, purpose: private_endpoints} # here")],
        "networks.westeurope.subnets.registry.prefix: '2001:db8::/64' is not an IPv4 range",
    ),
    "a range that Azure keeps": (
        [("[10.60.0.0/16]", "[10.60.0.0/16, 169.254.0.0/24] # here")],
        "networks.westeurope.address_space.1: 169.254.0.0/24 overlaps 169.254.0.0/16, which Azure refuses in a network [NET-3]",
    ),
    "peered networks that overlap": (
        [
            ("[10.50.0.0/16]\n        peers: []", "[10.50.0.0/16]\n        peers: [westeurope]"),
            ("[10.60.0.0/16]", "[10.60.0.0/16, 10.50.128.0/17] # here"),
        ],
        "networks.westeurope.address_space.1: 10.50.128.0/17 overlaps networks.eastus.address_space.0 (10.50.0.0/16): the two "
        "are peered, which Azure refuses",
    ),
    "two endpoints that feed one zone": (
        [
            ("dns: {}", "dns: {zones: {shared: {network: eastus}}}"),
            (EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [shared]}"),
            (WEST, WEST.replace("registry}", "registry, dns_zones: [shared]} # here")),
        ],
        "registry.private_endpoints.westeurope: writes zone shared (privatelink.azurecr.io), which private "
        "endpoint eastus writes too: both write the same records and the last writer wins; give each its own "
        "zone, or keep one endpoint and link the "
        "other networks to its zone [DNS-2]",
    ),
    "two endpoints of one network without zones of their own": (
        [(WEST, "        second: {network: eastus, subnet: registry} # here\n")],
        "registry.private_endpoints.second: writes zone eastus (privatelink.azurecr.io), which private endpoint "
        "eastus writes too",
    ),
    "two zones of one name in one resource group": (
        [
            ("dns: {}", "dns: {zones: {a: {network: eastus}, b: {network: eastus, links: [westeurope]}}} # here"),
            (EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [a]}"),
            (WEST, WEST.replace("registry}", "registry, dns_zones: [b]}")),
        ],
        "dns.zones.b: zone b has the name privatelink.azurecr.io of zone a, and both belong to the resource "
        "group of network eastus, "
        "where a name is unique",
    ),
    "a regional data zone that no endpoint feeds": (
        [("dns: {}", "dns: {zones: {z: {name: eastus.data.privatelink.azurecr.io, network: eastus}}} # here")],
        "dns.zones.z.name: eastus.data.privatelink.azurecr.io is not written by any private endpoint and shadows "
        "the names of privatelink.azurecr.io; remove it, or name it in dns_zones of an endpoint [DNS-3]",
    ),
    "a regional geo zone that no endpoint feeds": (
        [("dns: {}", "dns: {zones: {z: {name: eastus.geo.privatelink.azurecr.io, network: eastus}}} # here")],
        "dns.zones.z.name: eastus.geo.privatelink.azurecr.io is not written by any private endpoint",
    ),
    "a network linked to two zones of one name": (
        [("dns: {}", "dns: {zones: {z: {network: westeurope, links: [eastus]}}}"), (EAST, f"{EAST} # here")],
        "registry.private_endpoints.eastus: network eastus is linked to two zones named privatelink.azurecr.io, z and eastus",
    ),
    "a zone that its endpoint's network is not linked to": (
        [
            ("dns: {}", "dns: {zones: {z: {network: westeurope}}}"),
            (EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [z]} # here"),
            (WEST, ""),
        ],
        "registry.private_endpoints.eastus: writes zone z, which its own network eastus is not linked to; link it [DNS-1]",
    ),
    "a zone that resolves to addresses out of reach": (
        [
            ("dns: {}", "dns: {zones: {z: {network: eastus, links: [eastus, westeurope]}}} # here"),
            (EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [z]}"),
            (WEST, ""),
        ],
        "dns.zones.z: westeurope resolves zone z to addresses in eastus, but the two are not peered; add eastus to "
        "networks.westeurope.peers, or remove the link [DNS-5]",
    ),
    "more zones than a zone group holds": (
        [(EAST, "eastus: {network: eastus, subnet: registry, dns_zones: [a, b, c, d, e, f]} # here")],
        "registry.private_endpoints.eastus.dns_zones: 6 stated, 5 at most; remove some",
    ),
    "fixed addresses while replicas may grow": (
        [(EAST, static("10.50.0.4", "10.50.0.5", "10.50.0.6", "10.50.0.7", "10.50.0.8"))],
        "registry.private_endpoints.eastus.static_addresses: static addresses while replicas may be added (headroom 1): adding a "
        "replica fails on such an endpoint; remove them, or set headroom: 0 [ACR-15]",
    ),
    "fixed addresses that leave members out": (
        [NO_HEADROOM, (EAST, static("10.50.0.4", "10.50.0.5"))],
        "registry.private_endpoints.eastus.static_addresses: must name every member: missing registry_data_westeurope, "
        "registry_eastus, registry_westeurope; unknown none [ACR-15]",
    ),
    "a fixed address among the reserved": (
        [NO_HEADROOM, (EAST, static("10.50.0.3", "10.50.0.5", "10.50.0.6", "10.50.0.7", "10.50.0.8"))],
        "registry.private_endpoints.eastus.static_addresses.registry: 10.50.0.3 is not a free address of 10.50.0.0/24 (the "
        "first four and the last are reserved) [NET-1]",
    ),
    "a fixed address outside its subnet": (
        [NO_HEADROOM, (EAST, static("10.50.0.4", "10.50.0.5", "10.50.0.6", "10.50.0.7", "10.50.1.8"))],
        "registry.private_endpoints.eastus.static_addresses.registry_westeurope: 10.50.1.8 is not a free address",
    ),
    "one fixed address for two members": (
        [NO_HEADROOM, (EAST, static("10.50.0.4", "10.50.0.4", "10.50.0.6", "10.50.0.7", "10.50.0.8"))],
        "registry.private_endpoints.eastus.static_addresses.registry_data_eastus: 10.50.0.4 is used by "
        "registry.private_endpoints.eastus.static_addresses.registry; choose another [ACR-15]",
    ),
    "a fixed address that is none": (
        [NO_HEADROOM, (EAST, static("10.50.0"))],
        "registry.private_endpoints.eastus.static_addresses.registry: '10.50.0' is not an IPv4 address; write one such as",
    ),
    "a subnet short of addresses": (
        [("10.60.0.0/24, purpose: private_endpoints}", "10.60.0.0/29, purpose: private_endpoints} # here")],
        "networks.westeurope.subnets.registry: 10.60.0.0/29 in vnet-contoso-test-westeurope leaves 3 addresses, 5 are needed "
        "(1 global + 2 data + 2 regional), 1 of headroom in replicas wants 7; give /27 or larger; /28 (6 free) is the "
        "smallest that fits [ACR-7]",
    ),
    "a subnet made elsewhere short of addresses": (
        [
            OUTSIDE,
            (WEST_SUBNET, "registry: {purpose: private_endpoints, free_addresses: 4} # here"),
        ],
        "networks.westeurope.subnets.registry: the subnet in theirs leaves 4 addresses, 5 are needed (1 global + 2 data + 2 "
        "regional), 1 of headroom in replicas wants 7; free 3 there, or name another subnet [ACR-7]",
    ),
    "a network without an address space": (
        [("        address_space: [10.60.0.0/16]\n", ""), ("      westeurope:\n", "      westeurope: # here\n")],
        "networks.westeurope: a network of this stack needs an address_space such as [10.0.0.0/16]; or give the id of one",
    ),
    "a subnet without a prefix": (
        [(WEST_SUBNET, "registry: {purpose: private_endpoints} # here")],
        "networks.westeurope.subnets.registry: a subnet of this stack needs a prefix, such as 10.0.0.0/27",
    ),
    "more free addresses than a subnet has": (
        [
            OUTSIDE,
            (WEST_SUBNET, "registry: {prefix: 10.60.0.0/29, free_addresses: 4} # here"),
        ],
        "networks.westeurope.subnets.registry.free_addresses: 4 in 10.60.0.0/29, which has 3 at most; "
        "state those that are free [NET-2]",
    ),
    "free addresses declared for a subnet of the stack": (
        [("10.60.0.0/24, purpose: private_endpoints}", "10.60.0.0/24, free_addresses: 9} # here")],
        "networks.westeurope.subnets.registry.free_addresses: 9 is for networks made elsewhere (with an id); remove it",
    ),
    "security rules on a network made elsewhere": (
        [
            OUTSIDE,
            (
                WEST_SUBNET,
                "registry: {free_addresses: 9, security_rules: {r: {priority: 100, direction: Inbound, access: Deny, "
                "source: '*', destination: '*', destination_ports: ['*']}}} # here",
            ),
        ],
        "networks.westeurope.subnets.registry.security_rules: the network is made elsewhere (it has an id) and is not changed",
    ),
    "two security rules of one priority": (
        [
            (
                "10.60.0.0/24, purpose: private_endpoints}",
                "10.60.0.0/24, security_rules: {a: &r {priority: 100, direction: Inbound, access: Deny, source: '*', "
                "destination: '*', destination_ports: ['*']}, b: *r}} # here",
            )
        ],
        "networks.westeurope.subnets.registry.security_rules.b.priority: 100 is used by a, also Inbound; give each rule its own",
    ),
    "a security rule's name": (
        [
            (
                "10.60.0.0/24, purpose: private_endpoints}",
                "10.60.0.0/24, security_rules: {a b: {priority: 100, direction: Inbound, access: Deny, source: '*', "
                "destination: '*', destination_ports: ['*']}}} # here",
            )
        ],
        "networks.westeurope.subnets.registry.security_rules.a b: 'a b' is not a name for a security rule: 1 to 80 characters",
    ),
    "an id that is no virtual network's": (
        [("address_space: [10.60.0.0/16]", "id: /subscriptions/s # here")],
        "networks.westeurope.id: '/subscriptions/s' is not the ARM id of a resource; write one of the form "
        "/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/… [ARM-ID]",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_it_is_refused_with_culprit_place_and_remedy(files: Files, case: str) -> None:
    changes, report = REFUSALS[case]
    text = changed(*changes)
    lines = files.refusals(text)
    assert [line for line in lines if line.startswith(f"{FILE}:{line_here(text)} {report}")], lines
