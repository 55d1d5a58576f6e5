"""Application Gateway for Containers: subnet, roles of the controller, and listeners of routes.

The gateway is an Azure resource. Kubernetes objects, which reference its id, configure its routes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from planning.addresses import Consumer, SubnetKey
from planning.role_actions import RESOURCE_GROUPS, Need
from planning.roles import Role

DELEGATION: Literal["Microsoft.ServiceNetworking/trafficControllers"] = "Microsoft.ServiceNetworking/trafficControllers"
"""Service to which the subnet of an association is delegated [AGC-1]."""

SUBNET_PREFIX = 24
"""Longest prefix that an association takes [AGC-1]."""

ADDRESSES = 250
"""Addresses that have to be free for the proxies, however many run [AGC-1]."""

CLASS_NAME = "azure-alb-external"
"""Name of the gateway class and of the ingress class by which the gateway is asked for [AGC-6]."""

CONFIGURATION_MANAGER = Role("AppGw for Containers Configuration Manager", "fbc52c3f-28ad-4303-a892-8a056630b8f1")
"""What the controller in the cluster needs on the gateway; on the subnet it needs Network Contributor [AGC-7]."""

NEEDS = (
    Need(
        "the controller of a gateway",
        "Microsoft.ServiceNetworking/trafficControllers",
        (
            "Microsoft.ServiceNetworking/trafficControllers/read",
            "Microsoft.ServiceNetworking/trafficControllers/frontends/read",
            "Microsoft.ServiceNetworking/trafficControllers/associations/read",
            "Microsoft.ServiceNetworking/trafficControllers/securityPolicies/read",
        ),
        tuple(
            f"Microsoft.ServiceNetworking/trafficControllers/serviceRoutingConfigurations/{verb}"
            for verb in ("read", "write", "delete")
        ),
    ),
    Need(
        "the controller of a gateway",
        "Microsoft.Network/virtualNetworks/subnets",
        ("Microsoft.Network/virtualNetworks/subnets/join/action",),
    ),
    Need(
        "the controller of a gateway",
        "Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies",
        ("Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/join/action",),
    ),
    Need("the controller of a gateway", RESOURCE_GROUPS, ("Microsoft.Resources/subscriptions/resourceGroups/read",)),
)
"""What the controller in the cluster does: configures, joins the subnet and the firewall, finds the cluster's nodes
[AGC-7]."""

CONTROLLER_NAMESPACE, CONTROLLER_ACCOUNT = "azure-alb-system", "alb-controller-sa"
"""Namespace and service account of the controller in the cluster, as its chart installs it [AGC-7]."""

CONTROLLER_CHART = "oci://mcr.microsoft.com/application-lb/charts/alb-controller"
"""Where the chart of the controller is published [AGC-7]."""

HIGHEST_WEIGHT = 1_000_000
"""Largest weight of a backend in the Gateway API [AGC-6]."""

LONGEST_HOST = 240
"""Characters of a host name, so that a listener's name, which holds it, keeps to 253 (chosen)."""

_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(\*\.)?{_LABEL}(\.{_LABEL})+")
_PATH = re.compile(r"/[A-Za-z0-9/_.~%!$&'()*+,;=:@-]*")


def consumer(subnet: SubnetKey, gateway: str) -> Consumer:
    """Return what a gateway takes from its subnet: nothing else may live there [AGC-1]."""
    return Consumer(
        subnet=subnet,
        name=f"gateway {gateway}",
        need=ADDRESSES,
        parts=f"{ADDRESSES} for proxies",
        longest_prefix=SUBNET_PREFIX,
        source="AGC-1",
    )


def host_problem(host: str) -> str | None:
    """Return the problem with a host name in one line, or None: lower case, dotted, ``*.`` at most in front."""
    if len(host) <= LONGEST_HOST and _HOST.fullmatch(host):
        return None
    return f"{host!r} is not a host name; write one such as app.contoso.com or *.contoso.com [AGC-6]"


def path_problem(path: str) -> str | None:
    """Return the problem with a path prefix in one line, or None: it starts with ``/``."""
    if _PATH.fullmatch(path) and "//" not in path:
        return None
    return f"{path!r} is not a path; write one that starts with /, such as /api [AGC-6]"


@dataclass(frozen=True, slots=True)
class Listener:
    """What a frontend listens to.

    Attributes:
        name: unique in the gateway; made of the host, so that it stays when others come and go.
        port: 80 or 443.
        host: the host name, None for any.
        secret: name of the secret with its certificate, None without TLS.
    """

    name: str
    port: Literal[80, 443]
    host: str | None
    secret: str | None


def listener(host: str | None, secret: str | None) -> Listener:
    """Return the listener for a host, with TLS where there is a certificate."""
    scheme = "https" if secret else "http"
    name = ".".join((scheme, host)).replace(".*", "-any") if host else scheme
    return Listener(name, 443 if secret else 80, host, secret)


def listeners(hosts: Iterable[str], secret: str | None) -> tuple[Listener, ...]:
    """Return the listeners of one route: one for each host, one for any where none is named."""
    return tuple(listener(host, secret) for host in hosts) or (listener(None, secret),)


def clashes(routes: Mapping[str, tuple[Listener, ...]]) -> Iterator[tuple[str, str, str]]:
    """Yield route, the earlier route and the host for which the two name different certificates.

    A listener has one certificate: the service would use one of two without an error.
    """
    seen: dict[str, tuple[str, str | None]] = {}
    for key, of_route in routes.items():
        for found in of_route:
            other, secret = seen.setdefault(found.name, (key, found.secret))
            if secret != found.secret:
                yield key, other, found.host or "any host"
