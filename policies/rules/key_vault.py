"""Rules on key vaults, their keys and secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from planning.names import NameRule
from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.diagnostics import AUDIT, keeps_logs
from policies.rules.forms import (
    EVERYWHERE,
    OPT_IN,
    REGULATED,
    declare,
    each,
    must_be,
    must_not_be,
    name_is,
    only_if,
    same,
    shown,
    stated,
    unless,
)
from policies.rules.relations import connections_to, is_outside, zones_fed_by

_vault = partial(declare, types=(t.VAULT,))
_key = partial(declare, types=(t.KEY,))
_secret = partial(declare, types=(t.SECRET,))

VAULT_NAME = NameRule(
    "key vault",
    re.compile(r"[a-zA-Z]([a-zA-Z0-9]|-(?!-))*[a-zA-Z0-9]"),
    3,
    24,
    "letters, digits and single '-', starting with a letter",
)
ITEM_NAME = NameRule("key or secret", re.compile(r"[a-zA-Z0-9-]+"), 1, 127, "letters, digits and '-'")


class Keys(RuleConfig):
    """What keys may be made of."""

    types: tuple[str, ...] = ("RSA", "RSA-HSM", "EC", "EC-HSM")
    smallest_rsa: int = 2048
    curves: tuple[str, ...] = ("P-256", "P-384", "P-521")


class Validity(RuleConfig):
    """Longest time that a key or secret is valid, in days."""

    longest_days: int = 365


def _policy(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    for kind in ("keys", "secrets", "certificates", "storage"):
        place = f"{path}.permissions.{kind}"
        wide = [each for _, each in resource.each(place) if str(each).lower() in {"all", "purge"}]
        if wide:
            yield fail(f"{place} holds {shown(wide)}, allowed is neither all nor purge", place)


def _private(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    reaching = [each for each in connections_to(graph, resource) if "vault" in each.groups]
    if not reaching:
        yield fail("no private endpoint with groupIds: [vault] reaches it, allowed is at least one")
    for link in reaching:
        names = [str(zone.value("privateZoneName", "")) for zone in zones_fed_by(graph, link.endpoint)]
        groups = graph.children(link.endpoint, t.ZONE_GROUP)
        outside = any(is_outside(graph, group, "privateDnsZoneConfigs", t.ZONE) for group in groups)
        if not outside and not any(name.startswith("privatelink.vaultcore.") for name in names):
            found = shown(names)
            yield fail(f"zones that {link.endpoint.name} writes: {found}, allowed is privatelink.vaultcore.azure.net")


def _rotation(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    actions = [
        str(resource.value(f"{place}.action.type", "")) for place, _ in resource.each("rotationPolicy.lifetimeActions")
    ]
    expires = stated(resource, "attributes.expires") or stated(resource, "attributes.exp")
    if not expires and not any(same(each, "rotate") for each in actions):
        yield fail("neither attributes.expires nor a rotationPolicy that rotates is stated, allowed is either")


def _made_of(resource: Resource, graph: Graph, config: Keys) -> Iterator[Verdict]:
    kind = str(resource.value("kty", "RSA"))
    if kind not in config.types:
        yield fail(f"kty is {kind}, allowed is one of {', '.join(config.types)}", "kty")
    elif kind.startswith("RSA"):
        size = resource.value("keySize", 2048)
        if size < config.smallest_rsa:
            yield fail(f"keySize is {size}, allowed is {config.smallest_rsa} or more", "keySize")
    elif resource.value("curveName", "P-256") not in config.curves:
        yield fail(
            f"curveName is {resource.value('curveName')}, allowed is one of {', '.join(config.curves)}", "curveName"
        )


def _expires(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if not stated(resource, "attributes.expires"):
        yield fail("attributes.expires is not stated, allowed is a date", "attributes.expires")


def _content_type(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if not stated(resource, "contentType"):
        yield fail("contentType is not stated, allowed is what the secret is", "contentType")


def _attribute(resource: Resource, name: str) -> Any:
    return resource.value(f"attributes.{name}", resource.value(f"attributes.{name}"))


def _window(resource: Resource, graph: Graph, config: Validity) -> Iterator[Verdict]:
    start, end = _attribute(resource, "notBefore"), _attribute(resource, "expires")
    if start is None or end is None:
        yield fail("notBefore and expires are not both stated, allowed is a window", "attributes")
    elif end - start > config.longest_days * 86_400:
        days = (end - start) // 86_400
        yield fail(f"it is valid for {days} days, allowed are {config.longest_days} at most", "attributes.expires")


def _of_vaults(resource: Resource, graph: Graph, config: Any) -> str | None:
    name = str(graph.arm_name(resource) or "")
    return None if same(name, "KeyVaults") else "it is the plan of another service"


RULES: tuple[Rule, ...] = (
    _vault(
        must_be("enablePurgeProtection", True, default=False),
        id="MOOR-KV-001",
        title="Vault can be purged",
        severity="high",
        pillar="reliability",
        what="A vault is protected from purging.",
        why="Whoever purges the key purges what it encrypts, and what Pulumi keeps secret with it.",
        remedy="set enablePurgeProtection: true; it cannot be taken back",
        docs="key-vault/general/soft-delete-overview",
        covers=(
            "1.5#1",
            "AZR-000125",
            "CKV_AZURE_110",
            "CKV_AZURE_42",
            "AZP-0b60c0b2",
            "TRV-AZU-0016",
            "APRL-70fcfe6d",
        ),
        frameworks=("MCSB DP-8",),
    ),
    _vault(
        must_not_be("enableSoftDelete", False),
        id="MOOR-KV-002",
        title="Vault forgets at once",
        severity="high",
        pillar="reliability",
        what="A vault keeps what is deleted.",
        why="It is the default since 2020, and refused by now when switched off.",
        remedy="remove enableSoftDelete: false",
        docs="key-vault/general/soft-delete-overview",
        covers=("1.5#2", "AZR-000124", "CKV_AZURE_111", "AZP-1e66c121", "APRL-1cca00d2"),
        frameworks=("MCSB DP-8",),
        profiles=EVERYWHERE,
    ),
    _vault(
        must_be("enableRbacAuthorization", True, default=False),
        id="MOOR-KV-003",
        title="Vault has access policies of its own",
        severity="high",
        what="Rights on a vault's content are Azure role assignments.",
        why="Access policies hold for all keys, know no conditions, and let a Contributor grant itself everything.",
        remedy="set enableRbacAuthorization: true and grant roles",
        docs="key-vault/general/rbac-guide",
        covers=("1.5#3", "AZR-000388", "AZP-12d4fa5e"),
        frameworks=("MCSB PA-7",),
    ),
    _vault(
        each("accessPolicies", _policy, nothing="it has no access policies"),
        id="MOOR-KV-004",
        title="Access policy gives everything",
        severity="medium",
        what="Access policies name the rights that are needed.",
        why="`all` holds purge, which nobody needs day by day.",
        remedy="name the rights",
        docs="key-vault/general/assign-access-policy",
        covers=("1.5#4", "AZR-000118"),
        frameworks=("MCSB PA-7",),
        where=(unless("enableRbacAuthorization", True, reason="access policies do not count with Azure RBAC"),),
    ),
    _vault(
        must_be("networkAcls.defaultAction", "Deny", default="Allow"),
        id="MOOR-KV-005",
        title="Public vault admits every address",
        severity="high",
        what="A vault with public access admits only the addresses that it names.",
        why="Without rules a leaked token works from anywhere.",
        remedy="set networkAcls.defaultAction: Deny and name the addresses",
        docs="key-vault/general/network-security",
        covers=("1.5#5", "AZR-000355", "CKV_AZURE_109", "AZP-55615ac9", "TRV-AZU-0013"),
        frameworks=("MCSB NS-2",),
        where=(unless("publicNetworkAccess", "Disabled", default="Enabled"),),
    ),
    _vault(
        must_be("publicNetworkAccess", "Disabled", default="Enabled"),
        id="MOOR-KV-006",
        title="Vault is reachable from the internet",
        severity="medium",
        what="A vault is not reachable from public addresses.",
        why="A private endpoint replaces the way over the internet only once that way is closed.",
        remedy="set publicNetworkAccess: Disabled and reach it by private endpoints",
        docs="key-vault/general/private-link-service",
        covers=("1.5#6", "CKV_AZURE_189", "AZP-405c5871"),
        frameworks=("MCSB NS-2",),
        profiles=REGULATED,
    ),
    _vault(
        _private,
        id="MOOR-KV-007",
        title="Closed vault has no private way in",
        severity="medium",
        pillar="reliability",
        what="A vault without public access is reached by a private endpoint that writes its zone.",
        why="Nobody reads a secret otherwise.",
        remedy="make a private endpoint with groupIds: [vault], and a zone group for privatelink.vaultcore.azure.net",
        docs="key-vault/general/private-link-service",
        covers=("1.5#7", "CKV2_AZURE_32", "AZP-a6abeaec", "AZP-9d4fad1f", "AZP-ac673a9a"),
        frameworks=("MCSB NS-2",),
        where=(only_if("publicNetworkAccess", "Disabled", default="Enabled", reason="public access is on"),),
    ),
    _vault(
        keeps_logs("AuditEvent", group=AUDIT),
        id="MOOR-KV-008",
        title="Nobody keeps the vault's audit log",
        severity="medium",
        pillar="operations",
        what="A vault's audit log is kept.",
        why="It is the only record of who read which secret.",
        remedy="add a diagnosticSettings resource that keeps AuditEvent",
        docs="key-vault/general/logging",
        covers=("1.5#8", "AZR-000119", "AZP-cf820ca0", "APRL-1dc0821d"),
        frameworks=("MCSB LT-3",),
        profiles=REGULATED,
    ),
    _key(
        _rotation,
        id="MOOR-KV-009",
        title="Key never changes",
        severity="medium",
        what="A key expires or rotates.",
        why="A key that leaked stays useful for ever.",
        remedy="state rotationPolicy with an action Rotate, or attributes.expires",
        docs="key-vault/keys/how-to-configure-key-rotation",
        covers=("1.5#9", "AZR-000123", "CKV_AZURE_40", "AZP-152b15f7", "AZP-d8cf8476", "TRV-AZU-0014"),
        frameworks=("MCSB DP-6",),
        profiles=REGULATED,
    ),
    _key(
        _made_of,
        id="MOOR-KV-010",
        title="Key is weak",
        severity="low",
        what="Keys have an allowed type, size and curve.",
        why="RSA below 2048 bits is broken by those who can pay; HSM types are for those who must.",
        remedy="make another key",
        docs="key-vault/keys/about-keys",
        covers=("1.5#10", "CKV_AZURE_112", "AZP-587c79fe", "AZP-75c4f823", "AZP-82067dbb", "AZP-ff25f3c8"),
        frameworks=("MCSB DP-6",),
        config=Keys,
    ),
    _secret(
        _expires,
        id="MOOR-KV-011",
        title="Secret never expires",
        severity="low",
        what="A secret expires.",
        why="The date is what reminds somebody to change it.",
        remedy="state attributes.expires",
        docs="key-vault/secrets/secrets-best-practices",
        covers=("1.5#11", "CKV_AZURE_41", "AZP-98728c90", "TRV-AZU-0017"),
        frameworks=("MCSB IM-8",),
        profiles=REGULATED,
    ),
    _secret(
        _content_type,
        id="MOOR-KV-111",
        title="Secret does not say what it is",
        severity="low",
        pillar="operations",
        what="A secret has a content type.",
        why="It tells who finds it what it opens.",
        remedy="state contentType",
        docs="key-vault/secrets/about-secrets",
        covers=("1.5#11", "CKV_AZURE_114", "AZP-75262d3e", "TRV-AZU-0015"),
        profiles=OPT_IN,
    ),
    declare(
        _window,
        types=(t.KEY, t.SECRET),
        id="MOOR-KV-012",
        title="Key or secret is valid for too long",
        severity="low",
        what="Keys and secrets are valid for a limited time.",
        why="For who must show it. Off unless named.",
        remedy="state notBefore and expires",
        docs="key-vault/policy-reference",
        covers=(
            "1.5#12",
            "AZP-342e8053",
            "AZP-b0eb591a",
            "AZP-e8d99835",
            "AZP-49a22571",
            "AZP-5ff38825",
            "AZP-c26e4b24",
        ),
        profiles=OPT_IN,
        config=Validity,
    ),
    _vault(
        name_is(VAULT_NAME),
        id="MOOR-KV-013",
        title="Vault's name is none that Azure takes",
        severity="low",
        pillar="operations",
        what="A vault's name has 3 to 24 letters, digits and '-'.",
        why="The service refuses others, late and after other resources exist.",
        remedy="take another name",
        docs="azure-resource-manager/management/resource-name-rules",
        covers=("1.5#13", "AZR-000120"),
    ),
    declare(
        name_is(ITEM_NAME),
        types=(t.KEY, t.SECRET),
        id="MOOR-KV-113",
        title="Name of a key or secret is none that Azure takes",
        severity="low",
        pillar="operations",
        what="Names of keys and secrets have 1 to 127 letters, digits and '-'.",
        why="The service refuses others.",
        remedy="take another name",
        docs="azure-resource-manager/management/resource-name-rules",
        covers=("1.5#13", "AZR-000121", "AZR-000122"),
    ),
    declare(
        must_be("pricingTier", "Standard"),
        types=(t.PRICING,),
        id="MOOR-KV-014",
        title="Nobody watches the vaults",
        severity="medium",
        what="Defender for Key Vault is on where the program states its plan.",
        why="It sees unusual readers.",
        remedy="set pricingTier: Standard",
        docs="defender-for-cloud/defender-for-key-vault-introduction",
        covers=("1.5#14", "PSR-Defender.KeyVault", "CKV_AZURE_87"),
        frameworks=("MCSB LT-1",),
        where=(_of_vaults,),
    ),
)
