"""Rules on storage accounts: the settings that CIS and the Microsoft cloud security benchmark ask for [STORAGE-3]."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import EVERYWHERE, REGULATED, Graph, Problems, Resource, Rule, Verdict, fail
from policies.rules import types as t
from policies.rules.forms import must_be, must_not_be, put, same, shown, unless

_account = partial(Rule, types=(t.STORAGE_ACCOUNT,))
_OLD_VERSIONS = ("TLS1_0", "TLS1_1")


def _either(typed: str, arm: str, expected: Any, default: Any) -> Problems:
    """Find a value that the SDK and ARM name differently."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        path = arm if resource.value(arm) is not None else typed
        value = resource.value(path, default)
        if not same(value, expected):
            yield fail(f"{path} is {shown(value)}, expected {shown(expected)}", path)

    return check


RULES: tuple[Rule, ...] = (
    _account(
        _either("enableHttpsTrafficOnly", "supportsHttpsTrafficOnly", expected=True, default=True),
        id="MOOR-STO-001",
        title="Secure transfer is not required",
        severity="high",
        what="A storage account requires secure transfer.",
        why="Requests over HTTP send keys and data in clear text.",
        remedy="set enableHttpsTrafficOnly: true",
        docs="storage/common/storage-require-secure-transfer",
        covers=("CKV_AZURE_3", "AZP-404c3081", "PSR-Storage.SecureTransfer"),
        frameworks=("MCSB DP-3",),
        profiles=EVERYWHERE,
        remediate=put("enableHttpsTrafficOnly", True),
    ),
    _account(
        must_not_be("minimumTlsVersion", *_OLD_VERSIONS, expected="TLS1_2"),
        id="MOOR-STO-002",
        title="Minimum TLS version is lower than 1.2",
        severity="high",
        what="The minimum TLS version of a storage account is 1.2.",
        why="TLS 1.0 and 1.1 are retired, and Azure Storage refuses them. A lower value misleads readers and fails audits.",
        remedy="set minimumTlsVersion: TLS1_2",
        docs="storage/common/transport-layer-security-configure-minimum-version",
        covers=("CKV_AZURE_44", "AZP-fe83a0eb", "PSR-Storage.MinTLS"),
        frameworks=("MCSB DP-3",),
        profiles=EVERYWHERE,
        remediate=put("minimumTlsVersion", "TLS1_2"),
    ),
    _account(
        must_not_be("allowBlobPublicAccess", True),
        id="MOOR-STO-003",
        title="Anonymous blob access is allowed",
        severity="high",
        what="A storage account does not allow anonymous access to blobs.",
        why="Otherwise one container setting publishes its content to the internet.",
        remedy="set allowBlobPublicAccess: false",
        docs="storage/blobs/anonymous-read-access-prevent",
        covers=("CKV_AZURE_190", "AZP-4fa4b6c0", "PSR-Storage.BlobPublicAccess"),
        frameworks=("MCSB NS-2",),
        profiles=EVERYWHERE,
        remediate=put("allowBlobPublicAccess", False),
    ),
    _account(
        must_be("allowSharedKeyAccess", False, default=True),
        id="MOOR-STO-004",
        title="Shared key access is enabled",
        severity="medium",
        what="A storage account accepts Microsoft Entra ID tokens only.",
        why="An account key has full permissions, does not expire, and cannot be traced to a person.",
        remedy="set allowSharedKeyAccess: false, and assign roles to identities",
        docs="storage/common/shared-key-authorization-prevent",
        covers=("CKV2_AZURE_40", "AZP-8c6a50c6"),
        frameworks=("MCSB IM-1",),
    ),
    _account(
        must_be("publicNetworkAccess", "Disabled", "SecuredByPerimeter", default="Enabled"),
        id="MOOR-STO-005",
        title="Public network access to the storage account is enabled",
        severity="medium",
        what="Public network access to a storage account is disabled.",
        why="A private endpoint replaces access over the internet only when public network access is disabled.",
        remedy="set publicNetworkAccess: Disabled and connect by private endpoints",
        docs="storage/common/storage-network-security",
        covers=("CKV_AZURE_59", "AZP-b2982f36"),
        frameworks=("MCSB NS-2",),
        profiles=REGULATED,
    ),
    _account(
        _either("networkRuleSet.defaultAction", "networkAcls.defaultAction", expected="Deny", default="Allow"),
        id="MOOR-STO-006",
        title="Default network rule of the storage account is Allow",
        severity="high",
        what="A storage account with public network access admits only listed networks.",
        why="Without network rules, a leaked key or token works from any address.",
        remedy="set networkRuleSet.defaultAction: Deny and list the networks",
        docs="storage/common/storage-network-security",
        covers=("CKV_AZURE_35", "AZP-34c877ad", "PSR-Storage.Firewall"),
        frameworks=("MCSB NS-2",),
        where=(unless("publicNetworkAccess", "Disabled", "SecuredByPerimeter", default="Enabled"),),
    ),
    _account(
        must_not_be("allowCrossTenantReplication", True),
        id="MOOR-STO-007",
        title="Cross-tenant replication is allowed",
        severity="medium",
        what="A storage account does not replicate objects to other tenants.",
        why="Otherwise data can be copied to an account of another organization.",
        remedy="set allowCrossTenantReplication: false",
        docs="storage/blobs/object-replication-prevent-cross-tenant-policies",
        covers=("AZP-92a89a79",),
        frameworks=("MCSB DP-2",),
        remediate=put("allowCrossTenantReplication", False),
    ),
)
