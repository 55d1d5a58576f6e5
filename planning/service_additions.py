"""Values that services add to a resource, and how a program avoids drift at a refresh.

A property that a service sets is stated with the service's value, or ignored. Otherwise the next update removes it, or
a refresh reports drift.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planning.agent_pools import SPOT_LABEL, SPOT_TAINT


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing that a service adds.

    Attributes:
        type: class of the resource in the SDK.
        member: where it is added, in ARM's names; below a list, each entry of it.
        when: members that a resource has where the service adds it.
        handling: ``stated`` with its value, or ``ignored``: a difference there is none.
        value: what is added, where it is always the same.
        source: id of the fact.
    """

    type: str
    member: str
    when: Mapping[str, Any]
    handling: Literal["stated", "ignored"]
    value: Any = None
    source: str = ""


ADDITIONS = (
    Addition("AgentPool", "nodeLabels", {"scaleSetPriority": "Spot"}, "stated", dict([SPOT_LABEL]), "AKS-SPOT"),
    Addition("AgentPool", "nodeTaints", {"scaleSetPriority": "Spot"}, "stated", [SPOT_TAINT], "AKS-SPOT"),
    Addition("AgentPool", "count", {"enableAutoScaling": True}, "ignored", source="AKS-6"),
    Addition("PrivateEndpoint", "customDnsConfigs", {}, "ignored", source="PE-3"),
    Addition(
        "ManagedEnvironment",
        "workloadProfiles",
        {"vnetConfiguration.internal": True},
        "stated",
        [{"name": "Consumption", "workloadProfileType": "Consumption"}],
        "CAE-4",
    ),
    Addition("ContainerGroup", "ipAddress.ip", {"ipAddress.type": "Private"}, "ignored", source="ACI-8"),
    Addition("Registry", "zoneRedundancy", {}, "ignored", source="ACR-9"),
    Addition("Replication", "zoneRedundancy", {}, "ignored", source="ACR-9"),
)
"""What is known to be added [AKS-SPOT, AKS-6, PE-3, CAE-4, ACI-8, ACR-9]."""
