"""Rules on Azure Key Vault: vaults, keys and secrets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from planning import names, private_link
from policies.model import EVERYWHERE, OPT_IN, REGULATED, Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.diagnostics import AUDIT, keeps_logs
from policies.rules.forms import (
    each,
    must_be,
    must_be_set,
    must_not_be,
    name_is,
    only_if,
    same,
    shown,
    stated,
    unless,
    valid_name,
)
from policies.rules.relations import connections_to, is_outside, zones_fed_by

_vault = partial(Rule, types=(t.VAULT,))
_key = partial(Rule, types=(t.KEY,))
_secret = partial(Rule, types=(t.SECRET,))


class Keys(RuleConfig):
    """Allowed types, sizes and curves of keys."""

    types: tuple[str, ...] = ("RSA", "RSA-HSM", "EC", "EC-HSM")
    smallest_rsa: int = 2048
    curves: tuple[str, ...] = ("P-256", "P-384", "P-521")


class Validity(RuleConfig):
    """Longest validity period of a key or secret, in days."""

    longest_days: int = 365


def _policy(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    for kind in ("keys", "secrets", "certificates", "storage"):
        place = f"{path}.permissions.{kind}"
        wide = [each for _, each in resource.each(place) if str(each).lower() in {"all", "purge"}]
        if wide:
            yield fail(f"{place} contains {shown(wide)}, expected neither all nor purge", place)


def _private(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    reaching = [each for each in connections_to(graph, resource) if "vault" in each.groups]
    if not reaching:
        yield fail("it has no private endpoint with groupIds: [vault], expected at least one")
    for link in reaching:
        zones = [str(zone.value("privateZoneName", "")) for zone in zones_fed_by(graph, link.endpoint)]
        groups = graph.children(link.endpoint, t.ZONE_GROUP)
        outside = any(is_outside(graph, group, "privateDnsZoneConfigs", t.ZONE) for group in groups)
        if not outside and not any(private_link.serves(zone, "vault") for zone in zones):
            found, expected = shown(zones), private_link.zone_of("vault")
            yield fail(f"private DNS zones of {link.endpoint.name}: {found}, expected {expected}")


def _rotation(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    actions = [
        str(resource.value(f"{place}.action.type", "")) for place, _ in resource.each("rotationPolicy.lifetimeActions")
    ]
    expires = stated(resource, "attributes.expires") or stated(resource, "attributes.exp")
    if not expires and not any(same(each, "rotate") for each in actions):
        yield fail("attributes.expires is not set and rotationPolicy does not rotate, expected one of them")


def _made_of(resource: Resource, graph: Graph, config: Keys) -> Iterator[Verdict]:
    kind = str(resource.value("kty", "RSA"))
    if kind not in config.types:
        yield fail(f"kty is {kind}, expected one of {', '.join(config.types)}", "kty")
    elif kind.startswith("RSA"):
        size = resource.value("keySize", 2048)
        if size < config.smallest_rsa:
            yield fail(f"keySize is {size}, expected {config.smallest_rsa} or more", "keySize")
    elif resource.value("curveName", "P-256") not in config.curves:
        yield fail(
            f"curveName is {resource.value('curveName')}, expected one of {', '.join(config.curves)}", "curveName"
        )


def _window(resource: Resource, graph: Graph, config: Validity) -> Iterator[Verdict]:
    start, end = resource.value("attributes.notBefore"), resource.value("attributes.expires")
    if start is None or end is None:
        yield fail("notBefore and expires are not both set, expected a validity period", "attributes")
    elif end - start > config.longest_days * 86_400:
        days = (end - start) // 86_400
        yield fail(f"it is valid for {days} days, expected {config.longest_days} at most", "attributes.expires")


def _of_vaults(resource: Resource, graph: Graph, config: Any) -> str | None:
    name = str(graph.arm_name(resource) or "")
    return None if same(name, "KeyVaults") else "it is the plan of another service"


RULES: tuple[Rule, ...] = (
    _vault(
        must_be("enablePurgeProtection", True, default=False),
        id="MOOR-KV-001",
        title="Purge protection is not enabled",
        severity="high",
        pillar="reliability",
        what="Purge protection of a key vault is enabled.",
        why="If a key is purged, everything that it encrypts is lost, including the secrets of Pulumi stacks.",
        remedy="set enablePurgeProtection: true, which cannot be reverted",
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
        title="Soft delete is disabled",
        severity="high",
        pillar="reliability",
        what="Soft delete of a key vault is enabled.",
        why="It is the default since 2020, and Azure refuses to disable it.",
        remedy="remove enableSoftDelete: false",
        docs="key-vault/general/soft-delete-overview",
        covers=("1.5#2", "AZR-000124", "CKV_AZURE_111", "AZP-1e66c121", "APRL-1cca00d2"),
        frameworks=("MCSB DP-8",),
        profiles=EVERYWHERE,
    ),
    _vault(
        must_be("enableRbacAuthorization", True, default=False),
        id="MOOR-KV-003",
        title="Azure RBAC authorization is not enabled for the key vault",
        severity="high",
        what="Access to the content of a key vault is granted by Azure role assignments.",
        why="Access policies apply to all keys, support no conditions, and allow a Contributor to grant itself full "
        "access.",
        remedy="set enableRbacAuthorization: true and assign roles",
        docs="key-vault/general/rbac-guide",
        covers=("1.5#3", "AZR-000388", "AZP-12d4fa5e"),
        frameworks=("MCSB PA-7",),
    ),
    _vault(
        each("accessPolicies", _policy, nothing="it has no access policies"),
        id="MOOR-KV-004",
        title="Access policy grants all permissions",
        severity="medium",
        what="Access policies list the permissions that are needed.",
        why="`all` includes purge, which daily operation does not need.",
        remedy="list the permissions in accessPolicies",
        docs="key-vault/general/assign-access-policy",
        covers=("1.5#4", "AZR-000118"),
        frameworks=("MCSB PA-7",),
        where=(unless("enableRbacAuthorization", True, reason="access policies do not count with Azure RBAC"),),
    ),
    _vault(
        must_be("networkAcls.defaultAction", "Deny", default="Allow"),
        id="MOOR-KV-005",
        title="Default network rule of the key vault is Allow",
        severity="high",
        what="A key vault with public network access admits only listed addresses.",
        why="Without network rules, a leaked token works from any address.",
        remedy="set networkAcls.defaultAction: Deny and list the addresses in ipRules",
        docs="key-vault/general/network-security",
        covers=("1.5#5", "AZR-000355", "CKV_AZURE_109", "AZP-55615ac9", "TRV-AZU-0013"),
        frameworks=("MCSB NS-2",),
        where=(unless("publicNetworkAccess", "Disabled", default="Enabled"),),
    ),
    _vault(
        must_be("publicNetworkAccess", "Disabled", default="Enabled"),
        id="MOOR-KV-006",
        title="Public network access to the key vault is enabled",
        severity="medium",
        what="Public network access to a key vault is disabled.",
        why="A private endpoint replaces access over the internet only when public network access is disabled.",
        remedy="set publicNetworkAccess: Disabled and connect by private endpoints",
        docs="key-vault/general/private-link-service",
        covers=("1.5#6", "CKV_AZURE_189", "AZP-405c5871"),
        frameworks=("MCSB NS-2",),
        profiles=REGULATED,
    ),
    _vault(
        _private,
        id="MOOR-KV-007",
        title="Key vault without public network access has no private endpoint",
        severity="medium",
        pillar="reliability",
        what="A key vault without public network access has a private endpoint with a private DNS zone.",
        why="Otherwise no client can read a secret.",
        remedy="create a private endpoint with groupIds: [vault] and a zone group for privatelink.vaultcore.azure.net",
        docs="key-vault/general/private-link-service",
        covers=("1.5#7", "CKV2_AZURE_32", "AZP-a6abeaec", "AZP-9d4fad1f", "AZP-ac673a9a"),
        frameworks=("MCSB NS-2",),
        where=(only_if("publicNetworkAccess", "Disabled", default="Enabled", reason="public access is on"),),
    ),
    _vault(
        keeps_logs("AuditEvent", group=AUDIT),
        id="MOOR-KV-008",
        title="Audit logs of the key vault are not collected",
        severity="medium",
        pillar="operations",
        what="A diagnostic setting collects the audit log of a key vault.",
        why="It is the only record of who read which secret.",
        remedy="add a diagnosticSettings resource with AuditEvent in logs",
        docs="key-vault/general/logging",
        covers=("1.5#8", "AZR-000119", "AZP-cf820ca0", "APRL-1dc0821d"),
        frameworks=("MCSB LT-3",),
        profiles=REGULATED,
    ),
    _key(
        _rotation,
        id="MOOR-KV-009",
        title="Key rotation is not configured",
        severity="medium",
        what="A key expires or is rotated.",
        why="A leaked key otherwise stays valid.",
        remedy="set rotationPolicy with an action Rotate, or attributes.expires",
        docs="key-vault/keys/how-to-configure-key-rotation",
        covers=("1.5#9", "AZR-000123", "CKV_AZURE_40", "AZP-152b15f7", "AZP-d8cf8476", "TRV-AZU-0014"),
        frameworks=("MCSB DP-6",),
        profiles=REGULATED,
    ),
    _key(
        _made_of,
        id="MOOR-KV-010",
        title="Key type or size is too weak",
        severity="low",
        what="Keys have an allowed type, size and curve.",
        why="RSA keys with fewer than 2,048 bits are not secure. HSM types are for workloads that require them.",
        remedy="create another key with kty, keySize or curveName from the configuration",
        docs="key-vault/keys/about-keys",
        covers=("1.5#10", "CKV_AZURE_112", "AZP-587c79fe", "AZP-75c4f823", "AZP-82067dbb", "AZP-ff25f3c8"),
        frameworks=("MCSB DP-6",),
        config=Keys,
    ),
    _secret(
        must_be_set("attributes.expires", "a date"),
        id="MOOR-KV-011",
        title="Secret has no expiration date",
        severity="low",
        what="Secrets have an expiration date.",
        why="The date triggers a reminder to rotate the secret.",
        remedy="set attributes.expires",
        docs="key-vault/secrets/secrets-best-practices",
        covers=("1.5#11", "CKV_AZURE_41", "AZP-98728c90", "TRV-AZU-0017"),
        frameworks=("MCSB IM-8",),
        profiles=REGULATED,
    ),
    _secret(
        must_be_set("contentType", "a description of the secret"),
        id="MOOR-KV-111",
        title="Secret has no content type",
        severity="low",
        pillar="operations",
        what="Secrets have a content type.",
        why="The content type describes what the secret is for. Opt-in.",
        remedy="set contentType",
        docs="key-vault/secrets/about-secrets",
        covers=("1.5#11", "CKV_AZURE_114", "AZP-75262d3e", "TRV-AZU-0015"),
        profiles=OPT_IN,
    ),
    Rule(
        _window,
        types=(t.KEY, t.SECRET),
        id="MOOR-KV-012",
        title="Validity period of a key or secret is too long",
        severity="low",
        what="Keys and secrets have a limited validity period.",
        why="Some regulations require it. Opt-in.",
        remedy="set attributes.notBefore and attributes.expires",
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
    valid_name(
        name_is(names.KEY_VAULT),
        types=(t.VAULT,),
        id="MOOR-KV-013",
        title="Key vault name is invalid",
        severity="low",
        what="The name of a key vault has 3 to 24 letters, digits and hyphens.",
        remedy="change vaultName to a valid name",
        covers=("1.5#13", "AZR-000120"),
    ),
    Rule(
        name_is(names.KEY_VAULT_OBJECT),
        types=(t.KEY, t.SECRET),
        id="MOOR-KV-113",
        title="Name of a key or secret is invalid",
        severity="low",
        pillar="operations",
        what="Names of keys and secrets have 1 to 127 letters, digits and hyphens.",
        why="Azure refuses other names.",
        remedy="change keyName or secretName to a valid name",
        docs="azure-resource-manager/management/resource-name-rules",
        covers=("1.5#13", "AZR-000121", "AZR-000122"),
    ),
    Rule(
        must_be("pricingTier", "Standard"),
        types=(t.PRICING,),
        id="MOOR-KV-014",
        title="Microsoft Defender for Key Vault is not enabled",
        severity="medium",
        what="Microsoft Defender for Key Vault is enabled where the program states the plan.",
        why="It detects unusual access to key vaults.",
        remedy="set pricingTier: Standard",
        docs="defender-for-cloud/defender-for-key-vault-introduction",
        covers=("1.5#14", "PSR-Defender.KeyVault", "CKV_AZURE_87"),
        frameworks=("MCSB LT-1",),
        where=(_of_vaults,),
    ),
)
