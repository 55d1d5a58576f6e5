"""The switches of a registry, each as a stack file and as ARM writes it, and the table of pairs that exclude each other.

The table is docs/reference/combinations.md. The check of stack files and the local Azure are tested against it separately.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

Json = dict[str, Any]

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "combinations.md"
_ROW = re.compile(r"\| `([^`]+)` \| `([^`]+)` \| (check|check, Azure|Azure) \| .+ \| ([A-Z0-9-]+) \|")

CHECK, AZURE = "check", "Azure"


@dataclass(frozen=True)
class Switch:
    """One switch that is not as it is by default.

    Attributes:
        name: as the table writes it.
        stack: what a stack file states, by section.
        arm: members of the registry's body.
        part: path and body of what is written after the registry; `{registry}` and `{name}` stand for its id and its name.
        least: other switches that it needs, by name; a pair may state them differently.
    """

    name: str
    stack: Json
    arm: Json = field(default_factory=dict)
    part: tuple[str, Json] | None = None
    least: tuple[str, ...] = ()


def _registry(name: str, value: Any, **properties: Any) -> Switch:
    """A field of section registry and the properties that it becomes."""
    shown = str(value).lower() if isinstance(value, bool) else value
    return Switch(f"{name}: {shown}", {"registry": {name: value}}, {"properties": properties})


def _policy(name: str, stated: Any, shown: str, least: tuple[str, ...] = (), **policy: Json) -> Switch:
    return Switch(shown, {"registry": {"policies": {name: stated}}}, {"properties": {"policies": policy}}, least=least)


def _ip_rule(shown: str, value: str, *least: str) -> Switch:
    arm = {"properties": {"networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"value": value}]}}}
    return Switch(shown, {"registry": {"ip_rules": [value]}}, arm, least=least)


def _sku(name: str) -> Switch:
    """A lower SKU, without the data endpoints that a Premium registry of a stack has."""
    return Switch(f"sku: {name}", {"registry": {"sku": name}}, {"sku": {"name": name}}, least=(_NO_DATA,))


_NO_DATA = "dedicated_data_endpoints: false"
_CLOSED = "public_network_access: Disabled"
_DUAL = "endpoint_protocol: IPv4AndIPv6"
_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers"
_SUBNET = f"{_GROUP}/Microsoft.Network/virtualNetworks/net/subnets/endpoints"
_NETWORK = {"address_space": ["10.0.0.0/16"], "subnets": {"endpoints": {"prefix": "10.0.0.0/24"}}}
_BUILD = {"context": "https://github.com/contoso/web.git#main", "images": ["web:1"], "push": False}
_STEP = {
    "type": "Docker",
    "contextPath": _BUILD["context"],
    "dockerFilePath": "Dockerfile",
    "imageNames": _BUILD["images"],
    "isPushEnabled": False,
}
_RULE = {"source": "mcr.microsoft.com/dotnet/*", "target": "dotnet/*"}
_IN = {"location": "eastus"}

SWITCHES: tuple[Switch, ...] = (
    _sku("Basic"),
    _sku("Standard"),
    Switch(
        "replicas",
        {"registry": {"replicas": {"northeurope": {}}}},
        part=("{registry}/replications/northeurope", {"location": "northeurope"}),
    ),
    _registry("regional_endpoints", True, regionalEndpoints="Enabled"),
    _registry("dedicated_data_endpoints", True, dataEndpointEnabled=True),
    _registry("dedicated_data_endpoints", False, dataEndpointEnabled=False),
    _registry("endpoint_protocol", "IPv4AndIPv6", endpointProtocol="IPv4AndIPv6"),
    _registry("endpoint_protocol", "IPv4", endpointProtocol="IPv4"),
    _registry("public_network_access", "Disabled", publicNetworkAccess="Disabled"),
    _registry("public_network_access", "Enabled", publicNetworkAccess="Enabled"),
    _registry("default_action", "Deny", networkRuleSet={"defaultAction": "Deny"}),
    _ip_rule("ip_rules (IPv4)", "203.0.113.7"),
    _ip_rule("ip_rules (IPv6)", "2001:db8::/48", _DUAL),
    Switch(
        "private_endpoints",
        {
            "networks": {"eastus": _NETWORK},
            "registry": {"private_endpoints": {"eastus": {"network": "eastus", "subnet": "endpoints"}}},
        },
        part=(
            f"{_GROUP}/Microsoft.Network/privateEndpoints/pe-{{name}}",
            {
                "location": "eastus",
                "properties": {
                    "subnet": {"id": _SUBNET},
                    "privateLinkServiceConnections": [
                        {"name": "c", "properties": {"privateLinkServiceId": "{registry}", "groupIds": ["registry"]}}
                    ],
                },
            },
        ),
    ),
    _registry("trusted_services_bypass", False, networkRuleBypassOptions="None"),
    _registry("tasks_bypass", True, networkRuleBypassAllowedForTasks=True),
    _registry("admin_user", True, adminUserEnabled=True),
    _registry("anonymous_pull", True, anonymousPullEnabled=True),
    _registry("role_assignment_mode", "AbacRepositoryPermissions", roleAssignmentMode="AbacRepositoryPermissions"),
    _registry("domain_name_label_scope", "TenantReuse", autoGeneratedDomainNameLabelScope="TenantReuse"),
    _registry("metadata_search", True, metadataSearch="Enabled"),
    _policy("export", False, "policies.export: false", (_CLOSED,), exportPolicy={"status": "disabled"}),
    _policy("quarantine", True, "policies.quarantine: true", quarantinePolicy={"status": "enabled"}),
    _policy("retention", {"days": 7}, "policies.retention", retentionPolicy={"status": "enabled", "days": 7}),
    _policy(
        "soft_delete", {"days": 7}, "policies.soft_delete", softDeletePolicy={"status": "enabled", "retentionDays": 7}
    ),
    Switch(
        "artifact_cache.rules",
        {"artifact_cache": {"rules": {"dotnet": _RULE}}},
        part=(
            "{registry}/cacheRules/dotnet",
            {"properties": {"sourceRepository": _RULE["source"], "targetRepository": _RULE["target"]}},
        ),
    ),
    Switch(
        "scope_maps",
        {"registry": {"scope_maps": {"readers": {"repositories": {"base": ["content/read"]}}}}},
        part=("{registry}/scopeMaps/readers", {"properties": {"actions": ["repositories/base/content/read"]}}),
    ),
    Switch(
        "agent_pools",
        {"registry": {"agent_pools": {"builders": {}}}},
        part=("{registry}/agentPools/builders", {**_IN, "properties": {"tier": "S1", "count": 1, "os": "Linux"}}),
    ),
    Switch(
        "tasks",
        {"registry": {"tasks": {"build": {"build": _BUILD, "identity": "system"}}}},
        part=(
            "{registry}/tasks/build",
            {
                **_IN,
                "identity": {"type": "SystemAssigned"},
                "properties": {"step": _STEP, "platform": {"os": "Linux", "architecture": "amd64"}},
            },
        ),
    ),
)
BASE = Switch(
    "base",
    {"registry": {"name": "contoso", "public_network_access": "Enabled", "default_action": "Allow", "headroom": 0}},
    {**_IN, "sku": {"name": "Premium"}, "properties": {"dataEndpointEnabled": True}},
)
"""A Premium registry with data endpoints and public access, to which each pair is added."""


_BY_NAME = {each.name: each for each in SWITCHES}


def fields(switches: Sequence[Switch]) -> Json:
    """Return the sections of a stack file with some switches, over what they need at least."""
    return joined(BASE.stack, *(each.stack for each in _with_least(switches)))


def body(switches: Sequence[Switch]) -> Json:
    """Return the body of a registry with some switches, over what they need at least."""
    return joined(BASE.arm, *(each.arm for each in _with_least(switches)))


def _with_least(switches: Sequence[Switch]) -> list[Switch]:
    return [*(_BY_NAME[name] for each in switches for name in each.least), *switches]


def pairs() -> Iterator[tuple[Switch, Switch]]:
    """Yield every pair of switches that state different things."""
    for one, other in combinations(SWITCHES, 2):
        if one.name.partition(":")[0].partition(" ")[0] != other.name.partition(":")[0].partition(" ")[0]:
            yield one, other


def joined(*parts: Mapping[str, Any]) -> Json:
    """Return mappings laid over one another."""
    found: Json = {}
    for part in parts:
        for key, value in part.items():
            below = found.get(key)
            found[key] = joined(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return found


def table() -> dict[frozenset[str], frozenset[str]]:
    """Return who refuses each pair of the table: the check, Azure, or both."""
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {frozenset((one, other)): frozenset(judges.split(", ")) for one, other, judges, _ in rows}


def sources() -> list[str]:
    """Return the source ids of the table's rows."""
    return [source for *_, source in _ROW.findall(PAGE.read_text(encoding="utf-8"))]
