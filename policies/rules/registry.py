"""Rules on Azure Container Registry: authentication, network access, policies and names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from planning.artifact_cache import KUBERNETES, needs_credentials, upstream
from planning.egress import MICROSOFT_REGISTRY
from planning.names import REGISTRY as NAME_RULE
from planning.regions import normalise
from policies.model import EVERYWHERE, OPT_IN, REGULATED, Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.forms import (
    configured,
    must_be,
    must_not_be,
    must_satisfy,
    name_is,
    naming_convention,
    only_if,
    put,
    same,
    unless,
    valid_name,
)
from policies.rules.relations import region_of

_ACR = "container-registry/container-registry-"
_registry = partial(Rule, types=(t.REGISTRY,))
_premium = only_if("sku.name", "Premium", reason="it requires the Premium SKU")


class Skus(RuleConfig):
    """Allowed SKUs."""

    skus: tuple[str, ...] = ("Premium",)


class Regions(RuleConfig):
    """Allowed regions of content; by default all regions."""

    regions: tuple[str, ...] = ()


class Upstreams(RuleConfig):
    """Allowed upstreams, each with everything below it: `mcr.microsoft.com`, `docker.io/library`."""

    upstreams: tuple[str, ...] = (MICROSOFT_REGISTRY, "docker.io/library", "ghcr.io", "quay.io", KUBERNETES)


def _replica_in_place(resource: Resource, graph: Graph, config: Regions) -> Iterator[Verdict]:
    region, expected = region_of(graph, resource), {normalise(each) for each in config.regions}
    if region not in expected:
        yield fail(f"location is {region}, expected one of {', '.join(sorted(expected))}", "location")


def _upstream(resource: Resource, graph: Graph, config: Upstreams) -> Iterator[Verdict]:
    source = str(resource.value("sourceRepository", ""))
    if "azurecr." in source.partition("/")[0]:
        return  # MOOR-DOM-013 judges an upstream in Azure by its identity
    if not any(source == host or source.startswith(f"{host}/") for host in config.upstreams):
        yield fail(
            f"sourceRepository is {source}, expected one below {', '.join(config.upstreams)}", "sourceRepository"
        )


def _is_encrypted(uri: str) -> bool:
    """Whether an address starts with https://, or is the placeholder of a secret, which has no scheme."""
    scheme, separator, _ = uri.partition("://")
    return not separator or scheme.lower() == "https"


def _signs_in(resource: Resource, graph: Graph, config: RuleConfig) -> Iterator[Verdict]:
    source = str(resource.value("sourceRepository", ""))
    if needs_credentials(upstream(source)) and resource.value("credentialSetResourceId") is None:
        yield fail(f"sourceRepository is {source}, and credentialSetResourceId is not set", "credentialSetResourceId")


def _fills(resource: Resource, graph: Graph, config: RuleConfig) -> Iterator[Verdict]:
    closed = same(resource.value("publicNetworkAccess", "Enabled"), "Disabled")
    ruled = same(resource.value("networkRuleSet.defaultAction", "Allow"), "Deny")
    if (closed or ruled) and same(resource.value("networkRuleBypassOptions", "AzureServices"), "None"):
        yield fail("networkRuleBypassOptions is None while the registry has cache rules", "networkRuleBypassOptions")


def _caches(resource: Resource, graph: Graph, config: RuleConfig) -> str | None:
    return None if graph.children(resource, t.CACHE_RULE) else "it has no cache rules"


RULES: tuple[Rule, ...] = (
    _registry(
        must_not_be("adminUserEnabled", True),
        id="MOOR-ACR-001",
        title="Admin user is enabled",
        severity="critical",
        what="The admin user of a container registry is disabled.",
        why="The admin user is one shared password with full permissions. Its use cannot be traced to a person, and "
        "it does not expire.",
        remedy="set adminUserEnabled: false and assign roles to identities",
        docs=f"{_ACR}authentication",
        covers=("1.1#1", "AZR-000005", "CKV_AZURE_137", "AZP-dc921057", "AZP-79fdfe03", "RC-A02.02"),
        frameworks=("MCSB IM-1",),
        profiles=EVERYWHERE,
        remediate=put("adminUserEnabled", False),
    ),
    _registry(
        must_not_be("anonymousPullEnabled", True),
        id="MOOR-ACR-002",
        title="Anonymous pull is enabled",
        severity="high",
        what="Anonymous pull from a container registry is disabled.",
        why="Anonymous pull opens every repository to anyone who can reach the registry, and its owner pays for the "
        "traffic.",
        remedy="set anonymousPullEnabled: false",
        docs=f"{_ACR}anonymous-pull-access",
        covers=("1.1#2", "AZR-000401", "CKV_AZURE_138", "AZP-9f2dea28", "AZP-cced2946", "RC-A02.04", "APRL-03f4a7d8"),
        frameworks=("MCSB IM-1",),
        profiles=EVERYWHERE,
        where=(unless("sku.name", "Basic", reason="the Basic SKU has no anonymous pull"),),
        remediate=put("anonymousPullEnabled", False),
    ),
    _registry(
        must_be("publicNetworkAccess", "Disabled", default="Enabled"),
        id="MOOR-ACR-003",
        title="Public network access to the registry is enabled",
        severity="high",
        what="Public network access to a container registry is disabled.",
        why="A private endpoint replaces access over the internet only when public network access is disabled. Dual "
        "stack has no private path for IPv6: a registry that needs it has an exemption and keeps MOOR-ACR-004.",
        remedy="set publicNetworkAccess: Disabled and connect by private endpoints",
        docs=f"{_ACR}private-endpoints",
        covers=("1.1#3", "CKV_AZURE_139", "AZP-0fdf0491", "AZP-a3701552", "RC-A04.02"),
        frameworks=("MCSB NS-2",),
        where=(_premium,),
    ),
    _registry(
        must_be("networkRuleSet.defaultAction", "Deny", default="Allow"),
        id="MOOR-ACR-004",
        title="Default network rule of the registry is Allow",
        severity="high",
        what="A container registry with public network access admits only listed addresses.",
        why="Without network rules, a leaked token works from any address.",
        remedy="set networkRuleSet.defaultAction: Deny and list the addresses in ipRules",
        docs=f"{_ACR}access-selected-networks",
        covers=("1.1#4", "AZR-000402", "AZP-d0793b48"),
        frameworks=("MCSB NS-2",),
        where=(_premium, unless("publicNetworkAccess", "Disabled", default="Enabled")),
    ),
    _registry(
        must_be("policies.exportPolicy.status", "disabled", default="enabled"),
        id="MOOR-ACR-005",
        title="Export policy of the registry is enabled",
        severity="medium",
        what="Artifacts cannot be exported from a container registry.",
        why="Import and transfer pipelines can copy whole repositories to another tenant. Disabling export also "
        "blocks copies between your own registries, so the rule is in profile regulated only.",
        remedy="set policies.exportPolicy.status: disabled and publicNetworkAccess: Disabled",
        docs="container-registry/data-loss-prevention",
        covers=("1.1#5", "PSR-ACR.ExportPolicy", "AZP-524b0254", "RC-A01.01"),
        profiles=REGULATED,
        where=(_premium,),
        remediate=put("policies.exportPolicy", {"status": "disabled"}),
    ),
    _registry(
        must_satisfy("sku.name", lambda sku, config: sku in config.skus, "one of {skus}"),
        id="MOOR-ACR-008",
        title="Registry SKU is not Premium",
        severity="high",
        pillar="reliability",
        what="A container registry has a SKU for production.",
        why="Geo-replication, private endpoints, network rules and retention exist in Premium only, and its "
        "throughput limits are the ones that the start of a cluster needs.",
        remedy="set sku.name: Premium, or configure skus for this environment",
        docs=f"{_ACR}skus",
        covers=("1.1#8", "AZR-000006", "AZP-bd560fc0", "APRL-eb005943", "RC-A04.03"),
        config=Skus,
    ),
    Rule(
        _replica_in_place,
        types=(t.REPLICATION,),
        id="MOOR-ACR-010",
        title="Geo-replica is in a region that is not allowed",
        severity="high",
        what="Geo-replicas are in allowed regions.",
        why="A geo-replica stores every layer of every image, which is a copy of the data in that jurisdiction.",
        remedy="remove the replication, or add its location to regions",
        docs=f"{_ACR}geo-replication",
        covers=("1.1#10", "AZR-000494"),
        config=Regions,
        where=(configured("regions"),),
    ),
    _registry(
        must_be("dataEndpointEnabled", True, default=False),
        id="MOOR-ACR-012",
        title="Dedicated data endpoints are not enabled",
        severity="medium",
        what="Layers are served by dedicated data endpoints of the registry.",
        why="Without them, a firewall has to allow `*.blob.core.windows.net`, which is the storage of every Azure "
        "customer.",
        remedy="allow R.<region>.data.azurecr.io for every region first, then set dataEndpointEnabled: true",
        docs=f"{_ACR}dedicated-data-endpoints",
        covers=("1.1#12", "CKV_AZURE_237"),
        frameworks=("MCSB NS-2",),
        where=(_premium,),
    ),
    _registry(
        must_be("policies.quarantinePolicy.status", "enabled", default="disabled"),
        id="MOOR-ACR-013",
        title="Quarantine policy is not enabled",
        severity="low",
        what="New images stay in quarantine until a scanner releases them.",
        why="The policy is for registries with a scanner that releases images; without one, no image can be pulled. "
        "Opt-in.",
        remedy="set policies.quarantinePolicy.status: enabled when a scanner releases images",
        docs="container-registry/container-registry-faq",
        covers=("1.1#13", "AZR-000008", "CKV_AZURE_166"),
        profiles=OPT_IN,
        where=(_premium,),
    ),
    _registry(
        must_be("policies.retentionPolicy.status", "enabled", default="disabled"),
        id="MOOR-ACR-015",
        title="Retention policy for untagged manifests is not enabled",
        severity="low",
        pillar="cost",
        what="A container registry deletes untagged manifests after a number of days.",
        why="Every build that moves a tag leaves the previous layers, which are stored and billed once for each "
        "geo-replica.",
        remedy="set policies.retentionPolicy.status: enabled and days",
        docs=f"{_ACR}retention-policy",
        covers=("1.1#15", "AZR-000010", "CKV_AZURE_167"),
        profiles=REGULATED,
        where=(
            _premium,
            unless("policies.softDeletePolicy.status", "enabled", reason="soft delete excludes a retention policy"),
        ),
    ),
    _registry(
        must_be("encryption.status", "enabled", default="disabled"),
        id="MOOR-ACR-017",
        title="Customer-managed key is not configured for the registry",
        severity="low",
        what="A container registry is encrypted with a customer-managed key.",
        why="Some regulations require it. It cannot be enabled later, and the registry is lost with the key. Opt-in.",
        remedy="create the registry with encryption.status: enabled and keyVaultProperties",
        docs="container-registry/tutorial-enable-customer-managed-keys",
        covers=("1.1#17", "AZP-5b9159ae", "RC-A01.04"),
        frameworks=("MCSB DP-5",),
        profiles=OPT_IN,
        where=(_premium,),
    ),
    Rule(
        must_be("status", "disabled", default="enabled"),
        types=(t.TOKEN,),
        id="MOOR-ACR-019",
        title="Repository-scoped token is enabled",
        severity="medium",
        what="Repository-scoped tokens are disabled.",
        why="The password of a token is a shared secret outside Microsoft Entra ID: no conditional access, no sign-in"
        " log, no enforced expiry.",
        remedy="set status: disabled and assign a role to an identity",
        docs="container-registry/container-registry-repository-scoped-permissions",
        covers=("1.1#19", "AZP-ff05e24e", "AZP-a9b426fe", "RC-A02.05"),
        frameworks=("MCSB IM-1",),
        remediate=put("status", "disabled"),
    ),
    Rule(
        _upstream,
        types=(t.CACHE_RULE,),
        id="MOOR-ACR-020",
        title="Cache rule has an upstream that is not allowed",
        severity="medium",
        what="Cache rules fetch from allowed upstream registries.",
        why="A cache rule presents an external repository as one of your own, and an identity that can push to the "
        "external repository then decides what your workloads run.",
        remedy="set sourceRepository to an allowed upstream, or add the host to upstreams",
        docs="container-registry/artifact-cache-overview",
        covers=("1.1#20", "AZP-84497762"),
        config=Upstreams,
    ),
    Rule(
        _signs_in,
        types=(t.CACHE_RULE,),
        id="MOOR-ACR-032",
        title="Cache rule has no credential set that its upstream requires",
        severity="medium",
        pillar="reliability",
        what="Cache rules for upstreams with authenticated pulls only have a credential set.",
        why="Azure Container Registry caches images of Docker Hub, Docker Hardened Images, Google Artifact Registry and "
        "registry.redhat.io with authenticated pulls only.",
        remedy="set credentialSetResourceId to a credential set for the upstream",
        docs="container-registry/artifact-cache-overview",
    ),
    _registry(
        _fills,
        id="MOOR-ACR-033",
        title="Cache rules cannot fill the registry",
        severity="medium",
        pillar="reliability",
        what="Trusted services bypass the network rules of a registry that has cache rules.",
        why="Artifact cache writes to a registry with restricted network access as a trusted service. Without the bypass, "
        "pulls of images that are not cached yet fail.",
        remedy="set networkRuleBypassOptions: AzureServices",
        docs="container-registry/artifact-cache-cli",
        where=(_caches,),
    ),
    valid_name(
        name_is(NAME_RULE),
        types=(t.REGISTRY,),
        id="MOOR-ACR-024",
        title="Registry name is invalid",
        severity="medium",
        what="The name of a container registry has 5 to 50 letters and digits.",
        remedy="change registryName to a valid name",
        covers=("1.1#24", "AZR-000007"),
        profiles=EVERYWHERE,
    ),
    naming_convention(
        types=(t.REGISTRY,),
        id="MOOR-ACR-025",
        title="Registry name does not follow the naming convention",
        what="The name of a container registry follows the configured naming convention.",
        why="The name is a public host name, and the convention identifies its owner.",
        remedy="change registryName before the registry is created, or change pattern",
        covers=("1.1#25", "PSR-ACR.Naming"),
    ),
    Rule(
        must_satisfy("serviceUri", lambda uri, config: _is_encrypted(str(uri)), "an https:// address"),
        types=(t.WEBHOOK,),
        id="MOOR-ACR-027",
        title="Webhook does not use HTTPS",
        severity="high",
        what="Webhooks of a container registry use HTTPS.",
        why="A request names repositories and tags, and custom headers may contain credentials.",
        remedy="set serviceUri to an address that starts with https://",
        docs="container-registry/container-registry-webhook",
        covers=("1.1#27", "CKV2_AZURE_30"),
        frameworks=("MCSB DP-3",),
        profiles=EVERYWHERE,
    ),
)
