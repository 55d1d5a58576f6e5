"""Program max states every field of a registry and of what surrounds it, but for those that exclude something else of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from components.spec import Spec
from stacks.loader import load

PACKAGES = ("alerts", "artifact_cache", "interfaces", "key_vaults", "private_endpoint", "registry")
_ELSEWHERE = "is for what is made elsewhere, which program enterprise has"
_NAMES = "program by_hand of the adoption has names of its own"
_OF_ENDPOINTS = "is an interface of each resource; registry, vault, network and identity state it"
REASONS: Mapping[str, Mapping[str, str]] = {
    "ActionGroupSpec": {"id": _ELSEWHERE, "webhooks": "is secret; program container_apps states it"},
    "CacheRuleSpec": {"upstream_id": "needs another registry, which a test of the cache in tests/local_azure has"},
    "CustomerManagedKeySpec": {"key_version": "excludes the rotation of the key, which max states"},
    "KeyVaultSpec": {
        "id": _ELSEWHERE,
        "default_action": "is without effect while public access is off, as it is by default",
        "ip_rules": "is without effect while public access is off, as it is by default",
        "public_network_access": "Enabled is a finding of the policies",
        "purge_protection": "false is refused beside a customer-managed key",
        "trusted_services_bypass": "false is refused beside a customer-managed key",
        "protect": "is on by default",
        "role_assignments": _OF_ENDPOINTS,
    },
    "ManagedIdentitiesSpec": {"user_assigned_resource_ids": "is made of the identity of the customer-managed key"},
    "PoliciesSpec": {
        "export": "false excludes public network access",
        "soft_delete": "excludes replicas, a retention policy and artifact cache",
    },
    "PrivateEndpointSpec": {
        "connection_name": _NAMES,
        "name": _NAMES,
        "network_interface_name": _NAMES,
        "lock": _OF_ENDPOINTS,
        "role_assignments": _OF_ENDPOINTS,
        "tags": _OF_ENDPOINTS,
    },
    "RegistrySpec": {
        "id": _ELSEWHERE,
        "location": _ELSEWHERE,
        "admin_user": "true is a finding of the policies",
        "anonymous_pull": "true is a finding of the policies",
        "agent_pools": "excludes dual stack; program waf_aligned states it",
        "tasks": "excludes dual stack; program waf_aligned states it",
        "tasks_bypass": "is for tasks",
        "grants_for_both_modes": "is for the time in which the mode changes",
        "protect": "is on by default",
        "workspace": "is the same as a diagnostic setting with this workspace, which max states",
    },
    "RoleAssignmentSpec": {"condition": "is for roles on content, which are stated under access"},
    "VaultEndpointSpec": {
        "dns_zone": "is for a zone of others; max has the one that vaults share",
        "lock": _OF_ENDPOINTS,
        "role_assignments": _OF_ENDPOINTS,
        "tags": _OF_ENDPOINTS,
    },
}
"""Why max does not state a field, by section."""


def _stated(value: Any) -> Iterator[tuple[type[Spec], str]]:
    """Every section below a value, with each field that is stated."""
    if isinstance(value, Spec):
        yield from ((type(value), name) for name in value.model_fields_set)
        yield from (each for name in value.model_fields_set for each in _stated(getattr(value, name)))
    elif isinstance(value, Mapping):
        yield from (each for item in value.values() for each in _stated(item))
    elif isinstance(value, list | tuple):
        yield from (each for item in value for each in _stated(item))


def test_every_field_is_stated_or_has_a_reason() -> None:
    stated: dict[type[Spec], set[str]] = defaultdict(set)
    for spec, name in _stated(load("test", directory=Path(__file__).parent / "max" / "stacks").spec):
        stated[spec].add(name)
    missing = {
        spec.__name__: set(spec.model_fields) - names
        for spec, names in stated.items()
        if spec.__module__.split(".")[1] in PACKAGES and set(spec.model_fields) - names
    }
    assert missing == {name: set(reasons) for name, reasons in REASONS.items()}
