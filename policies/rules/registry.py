"""Rules on a container registry alone: who gets in, from where, and what the service does with content."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from planning.names import REGISTRY as NAME_RULE
from planning.regions import normalise
from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.forms import (
    EVERYWHERE,
    OPT_IN,
    REGULATED,
    Pattern,
    configured,
    declare,
    follows_convention,
    must_be,
    must_not_be,
    must_satisfy,
    name_is,
    only_if,
    put,
    unless,
)
from policies.rules.relations import region_of

_ACR = "container-registry/container-registry-"
_registry = partial(declare, types=(t.REGISTRY,))
_premium = only_if("sku.name", "Premium", reason="only Premium has it")


class Skus(RuleConfig):
    """Tiers that a registry may have."""

    skus: tuple[str, ...] = ("Premium",)


class Regions(RuleConfig):
    """Regions that content may lie in; none stated leaves the choice free."""

    regions: tuple[str, ...] = ()


class Upstreams(RuleConfig):
    """Hosts that may be cached, each with everything below it: `mcr.microsoft.com`, `docker.io/library`."""

    upstreams: tuple[str, ...] = ("mcr.microsoft.com", "docker.io/library", "ghcr.io", "quay.io", "registry.k8s.io")


def _replica_in_place(resource: Resource, graph: Graph, config: Regions) -> Iterator[Verdict]:
    region, allowed = region_of(graph, resource), {normalise(each) for each in config.regions}
    if region not in allowed:
        yield fail(f"location is {region}, allowed is {', '.join(sorted(allowed))}", "location")


def _upstream(resource: Resource, graph: Graph, config: Upstreams) -> Iterator[Verdict]:
    source = str(resource.value("sourceRepository", ""))
    if "azurecr." in source.partition("/")[0]:
        return  # a registry of one's own is judged by its identity, not by its host
    if not any(source == host or source.startswith(f"{host}/") for host in config.upstreams):
        yield fail(f"sourceRepository is {source}, allowed is below {', '.join(config.upstreams)}", "sourceRepository")


RULES: tuple[Rule, ...] = (
    _registry(
        must_not_be("adminUserEnabled", True),
        id="MOOR-ACR-001",
        title="Registry has an admin user",
        severity="critical",
        what="A registry has no admin user.",
        why="The admin user is one password for everybody, with every right; nobody can tell who used it, and it stays valid.",
        remedy="set adminUserEnabled: false and grant roles to identities",
        docs=f"{_ACR}authentication",
        covers=("1.1#1", "AZR-000005", "CKV_AZURE_137", "AZP-dc921057", "AZP-79fdfe03", "RC-A02.02"),
        frameworks=("MCSB IM-1",),
        profiles=EVERYWHERE,
        remediate=put("adminUserEnabled", False),
    ),
    _registry(
        must_not_be("anonymousPullEnabled", True),
        id="MOOR-ACR-002",
        title="Anybody can pull from the registry",
        severity="high",
        what="A registry lets nobody pull without signing in.",
        why="Anonymous pull opens every repository to whoever reaches the host, and makes its owner pay for the traffic.",
        remedy="set anonymousPullEnabled: false",
        docs=f"{_ACR}anonymous-pull-access",
        covers=("1.1#2", "AZR-000401", "CKV_AZURE_138", "AZP-9f2dea28", "AZP-cced2946", "RC-A02.04", "APRL-03f4a7d8"),
        frameworks=("MCSB IM-1",),
        profiles=EVERYWHERE,
        where=(unless("sku.name", "Basic", reason="Basic has no anonymous pull"),),
        remediate=put("anonymousPullEnabled", False),
    ),
    _registry(
        must_be("publicNetworkAccess", "Disabled", default="Enabled"),
        id="MOOR-ACR-003",
        title="Registry is reachable from the internet",
        severity="high",
        what="A registry is not reachable from public addresses.",
        why="A private endpoint replaces the way over the internet only once that way is closed. Dual stack has no private "
        "way for IPv6: a registry that needs it states so by an exemption and keeps MOOR-ACR-004.",
        remedy="set publicNetworkAccess: Disabled and reach it by private endpoints",
        docs=f"{_ACR}private-endpoints",
        covers=("1.1#3", "CKV_AZURE_139", "AZP-0fdf0491", "AZP-a3701552", "RC-A04.02"),
        frameworks=("MCSB NS-2",),
        where=(_premium,),
    ),
    _registry(
        must_be("networkRuleSet.defaultAction", "Deny", default="Allow"),
        id="MOOR-ACR-004",
        title="Public registry admits every address",
        severity="high",
        what="A registry with public access admits only the addresses that it names.",
        why="Without rules a leaked token works from anywhere.",
        remedy="set networkRuleSet.defaultAction: Deny and name the addresses in ipRules",
        docs=f"{_ACR}access-selected-networks",
        covers=("1.1#4", "AZR-000402", "AZP-d0793b48"),
        frameworks=("MCSB NS-2",),
        where=(_premium, unless("publicNetworkAccess", "Disabled", default="Enabled")),
    ),
    _registry(
        must_be("policies.exportPolicy.status", "disabled", default="enabled"),
        id="MOOR-ACR-005",
        title="Artifacts can be exported",
        severity="medium",
        what="A registry does not let artifacts be exported.",
        why="Import and transfer pipelines move whole repositories to another tenant in one call. Switching export off breaks "
        "copies between one's own registries too, hence in profile regulated only.",
        remedy="set policies.exportPolicy.status: disabled, with publicNetworkAccess: Disabled",
        docs="container-registry/data-loss-prevention",
        covers=("1.1#5", "PSR-ACR.ExportPolicy", "AZP-524b0254", "RC-A01.01"),
        profiles=REGULATED,
        where=(_premium,),
        remediate=put("policies.exportPolicy", {"status": "disabled"}),
    ),
    _registry(
        must_satisfy("sku.name", lambda sku, config: sku in config.skus, "one of {skus}"),
        id="MOOR-ACR-008",
        title="Registry's tier is too low",
        severity="high",
        pillar="reliability",
        what="A registry has one of the tiers meant for production.",
        why="Replicas, private endpoints, network rules and retention exist in Premium only, and its limits are those that "
        "a cluster's start-up meets.",
        remedy="set sku.name: Premium, or configure skus for this environment",
        docs=f"{_ACR}skus",
        covers=("1.1#8", "AZR-000006", "AZP-bd560fc0", "APRL-eb005943", "RC-A04.03"),
        config=Skus,
    ),
    declare(
        _replica_in_place,
        types=(t.REPLICATION,),
        id="MOOR-ACR-010",
        title="Replica lies in a region that is not allowed",
        severity="high",
        what="Replicas lie in allowed regions.",
        why="A replica holds every layer of every image: it is a copy of the data in that jurisdiction.",
        remedy="remove the replica, or allow its region",
        docs=f"{_ACR}geo-replication",
        covers=("1.1#10", "AZR-000494"),
        config=Regions,
        where=(configured("regions"),),
    ),
    _registry(
        must_be("dataEndpointEnabled", True, default=False),
        id="MOOR-ACR-012",
        title="Layers come from shared storage hosts",
        severity="medium",
        what="Layers are served by the registry's own data hosts.",
        why="Without them a firewall must admit `*.blob.core.windows.net`, which is everybody's storage.",
        remedy="open R.<region>.data.azurecr.io for every region first, then set dataEndpointEnabled: true",
        docs=f"{_ACR}dedicated-data-endpoints",
        covers=("1.1#12", "CKV_AZURE_237"),
        frameworks=("MCSB NS-2",),
        where=(_premium,),
    ),
    _registry(
        must_be("policies.quarantinePolicy.status", "enabled", default="disabled"),
        id="MOOR-ACR-013",
        title="Images are served before they are scanned",
        severity="low",
        what="New images stay in quarantine until a scanner releases them.",
        why="Only for who runs a scanner that releases: without one nothing can be pulled. Off unless named.",
        remedy="set policies.quarantinePolicy.status: enabled once a scanner releases images",
        docs="container-registry/container-registry-faq",
        covers=("1.1#13", "AZR-000008", "CKV_AZURE_166"),
        profiles=OPT_IN,
        where=(_premium,),
    ),
    _registry(
        must_be("policies.retentionPolicy.status", "enabled", default="disabled"),
        id="MOOR-ACR-015",
        title="Untagged manifests are kept for ever",
        severity="low",
        pillar="cost",
        what="A registry removes untagged manifests after a while.",
        why="Every build that moves a tag leaves the old layers behind, stored and billed once per replica.",
        remedy="set policies.retentionPolicy to status: enabled and days",
        docs=f"{_ACR}retention-policy",
        covers=("1.1#15", "AZR-000010", "CKV_AZURE_167"),
        profiles=REGULATED,
        where=(_premium, unless("policies.softDeletePolicy.status", "enabled", reason="soft delete excludes it")),
    ),
    _registry(
        must_be("encryption.status", "enabled", default="disabled"),
        id="MOOR-ACR-017",
        title="Registry is encrypted with Microsoft's key",
        severity="low",
        what="A registry is encrypted with a key of one's own.",
        why="Asked for by some regulations; it cannot be switched on later, and losing the key loses the registry.",
        remedy="make the registry with encryption.status: enabled and keyVaultProperties",
        docs="container-registry/tutorial-enable-customer-managed-keys",
        covers=("1.1#17", "AZP-5b9159ae", "RC-A01.04"),
        frameworks=("MCSB DP-5",),
        profiles=OPT_IN,
        where=(_premium,),
    ),
    declare(
        must_be("status", "disabled", default="enabled"),
        types=(t.TOKEN,),
        id="MOOR-ACR-019",
        title="Repository-scoped token is in use",
        severity="medium",
        what="No token with a password of its own is in use.",
        why="A token's password is a shared secret outside Entra ID: no conditional access, no sign-in log, no expiry.",
        remedy="set status: disabled and grant a role to an identity instead",
        docs="container-registry/container-registry-repository-scoped-permissions",
        covers=("1.1#19", "AZP-ff05e24e", "AZP-a9b426fe", "RC-A02.05"),
        frameworks=("MCSB IM-1",),
        remediate=put("status", "disabled"),
    ),
    declare(
        _upstream,
        types=(t.CACHE_RULE,),
        id="MOOR-ACR-020",
        title="Cache rule fetches from a host that is not allowed",
        severity="medium",
        what="Cache rules fetch from allowed hosts.",
        why="A cache rule makes a foreign repository look like one's own: whoever may push there decides what runs here.",
        remedy="take an allowed upstream, or add the host to upstreams",
        docs="container-registry/artifact-cache-overview",
        covers=("1.1#20", "AZP-84497762"),
        config=Upstreams,
    ),
    _registry(
        name_is(NAME_RULE),
        id="MOOR-ACR-024",
        title="Registry's name is none that Azure takes",
        severity="medium",
        pillar="operations",
        what="A registry's name has 5 to 50 letters and digits.",
        why="The service refuses others, late and after other resources exist.",
        remedy="take another name",
        docs="azure-resource-manager/management/resource-name-rules",
        covers=("1.1#24", "AZR-000007"),
        profiles=EVERYWHERE,
    ),
    _registry(
        follows_convention,
        id="MOOR-ACR-025",
        title="Registry's name breaks the convention",
        severity="low",
        pillar="operations",
        what="A registry's name follows the convention, where one is configured.",
        why="The name is a public host name; the convention tells whose it is.",
        remedy="rename it before it is made, or change pattern",
        covers=("1.1#25", "PSR-ACR.Naming"),
        docs="cloud-adoption-framework/ready/azure-best-practices/resource-naming",
        config=Pattern,
        where=(configured("pattern"),),
    ),
    declare(
        must_satisfy("serviceUri", lambda uri, config: str(uri).lower().startswith("https://"), "an https:// address"),
        types=(t.WEBHOOK,),
        id="MOOR-ACR-027",
        title="Webhook calls over plain HTTP",
        severity="high",
        what="Webhooks call over HTTPS.",
        why="The call names repositories and tags, and may carry credentials in custom headers.",
        remedy="write a serviceUri that starts with https://",
        docs="container-registry/container-registry-webhook",
        covers=("1.1#27", "CKV2_AZURE_30"),
        frameworks=("MCSB DP-3",),
        profiles=EVERYWHERE,
    ),
)
