"""The network of a managed cluster: what Azure fills in, which ranges it refuses, and what it adds at the end."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from local_azure.errors import bad_request
from local_azure.services.cloud import Cloud, Json, without_nulls
from local_azure.services.peerings import address_space, peers
from local_azure.services.subnets import SUBNETS, overlap, written_prefixes
from local_azure.store import Resource

RESERVED = ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
"""Ranges that no pod and no service of a cluster may have [AKS-5]."""

WIDEST_SERVICES = 12
"""A range of services is smaller than this prefix length [AKS-5]."""

_OVERLAY_BY_DEFAULT = 30
_SPACE = uuid.UUID("5e0f2f0c-5a3c-4b0e-9e6f-2f6d1c6b7a44")


def with_defaults(sent: Json, before: Json, version: str) -> Json:
    """Return a network profile with what the service fills in [AKS-NETWORK], [AKS-DEFAULT-NETWORK].

    Args:
        sent: the profile of the request.
        before: the profile of the cluster that is there, or nothing.
        version: full Kubernetes version; from 1.30 on a cluster that names no plugin is an overlay.
    """
    stated = without_nulls(sent)
    if not (stated.get("networkPlugin") or before.get("networkPlugin")):
        overlay = int(version.split(".")[1]) >= _OVERLAY_BY_DEFAULT
        stated |= (
            {"networkPlugin": "azure", "networkPluginMode": "overlay"} if overlay else {"networkPlugin": "kubenet"}
        )
    defaults: Json = {
        "serviceCidr": "10.0.0.0/16",
        "dnsServiceIP": "10.0.0.10",
        "outboundType": "loadBalancer",
        "loadBalancerSku": "standard",
        "ipFamilies": ["IPv4"],
    }
    profile = {**defaults, **before, **stated}
    if pods_have_a_range(profile):
        profile.setdefault("podCidr", "10.244.0.0/16")
    return profile


def pods_have_a_range(profile: Json) -> bool:
    """Tell whether pods take their addresses from a range of the cluster's own, not from a subnet."""
    return profile.get("networkPluginMode") == "overlay" or profile["networkPlugin"] == "kubenet"


def refuse_profile(profile: Json) -> None:
    """Raise ArmError for a profile that contradicts itself [AKS-5], [AKS-11]."""
    if profile.get("networkDataplane") == "cilium" and profile.get("networkPolicy") not in (None, "cilium"):
        raise bad_request("BadRequest", "Cilium dataplane requires network policy cilium.")
    service = _range(profile, "serviceCidr")
    if service.prefixlen <= WIDEST_SERVICES:
        message = f"Service CIDR {service} is too large; it must be smaller than /{WIDEST_SERVICES}."
        raise bad_request("InvalidParameter", message, "networkProfile.serviceCidr")
    if profile.get("podCidr") and overlap(service, _range(profile, "podCidr")):
        message = f"Pod CIDR {profile['podCidr']} overlaps with service CIDR {service}."
        raise bad_request("InvalidParameter", message, "networkProfile.podCidr")
    try:
        server = ip_address(profile["dnsServiceIP"])
    except ValueError:
        server = None
    if server is None or server not in service or server == service[1]:
        message = f"DNS service IP {profile['dnsServiceIP']} is not a usable address of service CIDR {service}."
        raise bad_request("InvalidDNSServiceIP", message, "networkProfile.dnsServiceIP")


def _range(profile: Json, member: str) -> IPv4Network | IPv6Network:
    try:
        found = ip_network(profile[member])
    except ValueError as error:
        message = f"The value of parameter networkProfile.{member} is invalid: '{profile[member]}' is no CIDR range."
        raise bad_request("InvalidParameter", message, f"networkProfile.{member}") from error
    for text in RESERVED:
        if overlap(found, ip_network(text)):
            message = f"The range {found} of networkProfile.{member} overlaps with {text}, which AKS reserves."
            raise bad_request("InvalidParameter", message, f"networkProfile.{member}")
    return found


def refuse_overlaps(cloud: Cloud, profile: Json, subnets: Sequence[Resource]) -> None:
    """Raise ArmError when a range of the cluster meets its network, or one that is peered with it [AKS-CIDR].

    Args:
        cloud: where the networks are.
        profile: the cluster's network profile.
        subnets: the subnets that its pools name.
    """
    checked = [("service", "ServiceCidrOverlapExistingSubnetsCidr", ip_network(profile["serviceCidr"]))]
    if profile.get("podCidr") and pods_have_a_range(profile):
        checked.append(("pod", "PodCidrOverlapExistingSubnetsCidr", ip_network(profile["podCidr"])))
    for what, code, mine in checked:
        for theirs in _around(cloud, subnets):
            if overlap(mine, ip_network(theirs)):
                message = (
                    f"The specified {what} CIDR {mine} is conflicted with an existing subnet CIDR {theirs}. Please see "
                    f"https://aka.ms/aks/{what}cidroverlap for how to fix the error."
                )
                raise bad_request(code, message, f"networkProfile.{what}CIDR")


def _around(cloud: Cloud, subnets: Sequence[Resource]) -> Iterator[str]:
    """Yield the prefixes of the subnets' networks, subnet by subnet, and the spaces of what is peered with them."""
    homes = dict.fromkeys(subnet.id.rpartition("/subnets/")[0] for subnet in subnets)
    for home in homes:
        for subnet in cloud.store.children(home, SUBNETS):
            yield from written_prefixes(subnet.properties)
        vnet = cloud.get(home)
        for remote in peers(cloud, vnet) if vnet else ():
            yield from address_space(remote)


def added(profile: Json, node_group: str) -> Json:
    """Return the members that a profile has once the cluster is there [AKS-ADDED].

    Args:
        profile: what was asked for, with defaults.
        node_group: id of the nodes' resource group, in which the outbound address lies.
    """
    shown: Json = {"serviceCidrs": profile.get("serviceCidrs") or [profile["serviceCidr"]]}
    if profile.get("podCidr"):
        shown["podCidrs"] = profile.get("podCidrs") or [profile["podCidr"]]
    if profile["outboundType"] == "loadBalancer":
        address = f"{node_group}/providers/Microsoft.Network/publicIPAddresses/{uuid.uuid5(_SPACE, node_group)}"
        balancer = profile.get("loadBalancerProfile") or {}
        if not balancer.get("outboundIPs") and not balancer.get("outboundIPPrefixes"):
            balancer = {"managedOutboundIPs": {"count": 1}, **balancer}
        shown["loadBalancerProfile"] = {
            "backendPoolType": "NodeIPConfiguration",
            **balancer,
            "effectiveOutboundIPs": [{"id": address}],
        }
    return shown
