"""Microsoft.ServiceNetworking: Application Gateway for Containers, and the firewall policy of the Network provider for it."""

from __future__ import annotations

from local_azure.arm_family import Family, Marks, TypeRow

CONTROLLERS = "Microsoft.ServiceNetworking/trafficControllers"
FRONTENDS = f"{CONTROLLERS}/frontends"
ASSOCIATIONS = f"{CONTROLLERS}/associations"
SECURITY_POLICIES = f"{CONTROLLERS}/securityPolicies"
FIREWALL_POLICIES = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies"

_CONTROLLER = ("trafficControllerName",)
_LOCATION = frozenset({"location"})

FAMILY = Family(
    types=(
        TypeRow(CONTROLLERS, "servicenetworking", "TrafficControllerInterface", _CONTROLLER),
        TypeRow(FRONTENDS, "servicenetworking", "FrontendsInterface", (*_CONTROLLER, "frontendName")),
        TypeRow(ASSOCIATIONS, "servicenetworking", "AssociationsInterface", (*_CONTROLLER, "associationName")),
        TypeRow(
            SECURITY_POLICIES, "servicenetworking", "SecurityPoliciesInterface", (*_CONTROLLER, "securityPolicyName")
        ),
        TypeRow(FIREWALL_POLICIES, "network", "WebApplicationFirewallPolicy", ("policyName",)),
    ),
    required={
        "servicenetworking/TrafficControllerInterface": _LOCATION,
        "servicenetworking/FrontendsInterface": _LOCATION,
        "servicenetworking/AssociationsInterface": _LOCATION,
        "servicenetworking/SecurityPoliciesInterface": _LOCATION,
    },
    marks={
        **dict.fromkeys(
            (CONTROLLERS, FRONTENDS, ASSOCIATIONS, SECURITY_POLICIES),
            Marks("azure-mgmt-servicenetworking 2.1.0 (2026-03-01)", _LOCATION),
        ),
        FIREWALL_POLICIES: Marks("azure-mgmt-network 33.1.0"),
    },
    # The one write that is no long-running operation [AGC-9].
    synchronous_put=frozenset({FIREWALL_POLICIES}),
)
