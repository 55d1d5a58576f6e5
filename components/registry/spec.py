"""The shape of a container registry: one section of a stack file, one argument of a component."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, ip_network
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from components.elsewhere import MadeElsewhere, parsed
from components.interfaces.spec import LoggingResourceSpec
from components.private_endpoint.spec import PrivateEndpointSpec
from components.references import IdentityKey, KeyVaultKey, WorkspaceKey, dangling
from components.registry import task_spec, token_spec, webhook_spec
from components.registry.task_spec import AgentPoolSpec, TaskSpec
from components.registry.token_spec import ScopeMapSpec, TokenSpec
from components.registry.webhook_spec import WebhookSpec
from components.spec import Region, Spec, held_to, settings_of_others
from planning import names, networks
from planning.image_hosts import Rotation
from planning.problems import Path
from planning.resource_ids import REGISTRY, ResourceId

_GLOBAL_ROUTING = (
    "was renamed: write global_routing on a replica (whether it takes part in the global host name); "
    "regional_endpoints on the registry gives each replica a host name of its own [ACR-3]"
)
_ARTIFACT_CACHE = "is stated in the section artifact_cache, beside registry: rules and credential_sets [ACR-CACHE]"
_ZONE_REDUNDANCY = "is not configurable: registries are zone redundant where the region has zones; remove it [ACR-9]"


_KNOWN = (
    *(
        "id",
        "name",
        "location",
        "sku",
        "replicas",
        "drained",
        "fallbacks",
        "regional_endpoints",
        "dedicated_data_endpoints",
        "endpoint_protocol",
    ),
    *("public_network_access", "default_action", "trusted_services_bypass", "role_assignment_mode"),
    *("domain_name_label_scope", "private_endpoints", "headroom"),
)
"""Fields that say what a registry made elsewhere is like, or what this stack makes for it."""


def _ip_rule(text: str) -> str:
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is not an address or a range; write one such as 203.0.113.7 or 2001:db8::/48"
        ) from None
    if isinstance(network, IPv4Network) and any(network.subnet_of(private) for private in networks.PRIVATE):
        raise ValueError(f"{text!r} is a private range: IP rules of a registry apply to public addresses only [ACR-11]")
    return text


class ReplicaSpec(Spec):
    """One geo-replica, in the region that its key names."""

    retired_names: ClassVar[Mapping[str, str]] = {
        "region_endpoint_enabled": _GLOBAL_ROUTING,
        "regional_endpoint_enabled": _GLOBAL_ROUTING,
        "regionEndpointEnabled": _GLOBAL_ROUTING,
        "regional_endpoints": _GLOBAL_ROUTING,
        "zone_redundancy": _ZONE_REDUNDANCY,
        "zone_redundant": _ZONE_REDUNDANCY,
    }

    global_routing: Annotated[
        bool,
        Field(description="Whether the replica takes part in the global host name. Data is replicated either way."),
    ] = True


class RetentionSpec(Spec):
    """Retention of untagged manifests."""

    days: Annotated[int, Field(ge=0, le=365)]


class SoftDeleteSpec(Spec):
    """How long a deleted artifact can be restored."""

    days: Annotated[int, Field(ge=1, le=90)]


class PoliciesSpec(Spec):
    """Policies for the registry's content."""

    export: Annotated[bool, Field(description="Whether artifacts may be exported, by import or transfer.")] = True
    quarantine: bool = False
    retention: Annotated[RetentionSpec | None, Field(description="Retention policy for untagged manifests.")] = None
    soft_delete: SoftDeleteSpec | None = None
    azure_ad_authentication_as_arm: Annotated[
        bool, Field(description="Whether tokens for ARM are accepted; Container Apps pulls with such tokens.")
    ] = True


class ManagedIdentitiesSpec(Spec):
    """Identities of the registry itself."""

    system_assigned: bool = False
    user_assigned_resource_ids: list[str] = []


class CustomerManagedKeySpec(Spec):
    """The key with which the registry is encrypted, decided when it is created [ACR-CMK]."""

    retired_names: ClassVar[Mapping[str, str]] = {
        "key_vault_resource_id": "is called key_vault here: a key of key_vaults, which takes the id",
        "user_assigned_identity": "is called identity here: the key of an identity",
    }

    key_vault: Annotated[KeyVaultKey, Field(description="Key of the vault in key_vaults.")]
    key_name: Annotated[
        str, held_to(names.KEY_VAULT_OBJECT.problem), Field(description="Name of the key, RSA or RSA-HSM.")
    ]
    key_version: Annotated[
        str | None,
        Field(
            pattern="^[0-9a-f]{32}$", description="Fixed version. Default: the current one, followed within an hour."
        ),
    ] = None
    identity: Annotated[
        IdentityKey, Field(description="Key of the identity that uses the key; it is granted that on the vault.")
    ]


class RegistrySpec(LoggingResourceSpec):
    """A container registry with its home in the stack's ``location`` and a replica in each further region."""

    arm_type: ClassVar[str] = "Microsoft.ContainerRegistry/registries"

    retired_names: ClassVar[Mapping[str, str]] = {
        "cache_rules": _ARTIFACT_CACHE,
        "credential_sets": _ARTIFACT_CACHE,
        "region_endpoint_enabled": _GLOBAL_ROUTING,
        "regional_endpoint_enabled": _GLOBAL_ROUTING,
        "zone_redundancy": _ZONE_REDUNDANCY,
        "zone_redundant": _ZONE_REDUNDANCY,
    }

    id: Annotated[
        Annotated[str, MadeElsewhere(REGISTRY)] | None,
        Field(
            description="A registry made elsewhere, in any subscription; the rest of the section says what it is like."
        ),
    ] = None
    location: Annotated[
        Region | None, Field(description="With id: its home region. Default: the stack's location.")
    ] = None
    name: Annotated[
        str, held_to(names.REGISTRY.problem), Field(description="Unique in Azure; 5 to 50 letters and digits.")
    ]
    sku: Literal["Basic", "Standard", "Premium"] = "Premium"
    replicas: Annotated[
        dict[Region, ReplicaSpec], Field(description="Replicas by region, except the home region.")
    ] = {}
    drained: Annotated[
        list[Region],
        Field(
            description="Regions out of use, the home region among them: not in global routing, and their consumers pull from "
            "the fallback. `./moorings drain` writes it."
        ),
    ] = []
    fallbacks: Annotated[
        dict[Region, Region | Literal["global"]],
        Field(
            description="By region, where consumers that are pinned to it pull while it is drained: a region, or global, the "
            "default."
        ),
    ] = {}
    regional_endpoints: Annotated[bool, Field(description="Whether each replica has its own host name.")] = False
    dedicated_data_endpoints: Annotated[
        bool | None,
        Field(
            description="Whether layers are served by the registry's dedicated data hosts. Default: on for Premium. "
            "A private endpoint enables it."
        ),
    ] = None
    endpoint_protocol: Literal["IPv4", "IPv4AndIPv6"] = "IPv4"
    public_network_access: Literal["Enabled", "Disabled"] = "Disabled"
    default_action: Annotated[
        Literal["Allow", "Deny"], Field(description="Default action for public addresses without an IP rule.")
    ] = "Deny"
    ip_rules: Annotated[
        list[Annotated[str, AfterValidator(_ip_rule)]], Field(description="Public addresses that are allowed.")
    ] = []
    trusted_services_bypass: Annotated[
        bool, Field(description="Whether trusted Azure services bypass the network rules.")
    ] = True
    private_endpoints: Annotated[dict[str, PrivateEndpointSpec], Field(description="Private endpoints by key.")] = {}
    managed_identities: ManagedIdentitiesSpec = ManagedIdentitiesSpec()
    customer_managed_key: Annotated[
        CustomerManagedKeySpec | None,
        Field(
            description="Key of a key vault with which the registry is encrypted, from its creation on. Needs Premium."
        ),
    ] = None
    role_assignment_mode: Literal["LegacyRegistryPermissions", "AbacRepositoryPermissions"] = (
        "LegacyRegistryPermissions"
    )
    grants_for_both_modes: Annotated[
        bool,
        Field(
            description="Whether grants by action have a role assignment for each mode, while the mode changes: a registry "
            "ignores the roles of the other mode."
        ),
    ] = False
    domain_name_label_scope: Annotated[
        Literal["Unsecure", "TenantReuse", "SubscriptionReuse", "ResourceGroupReuse", "NoReuse"],
        Field(description="Scope of reuse of the host name; all but Unsecure add a hash to it. Fixed after creation."),
    ] = "Unsecure"
    admin_user: bool = False
    anonymous_pull: bool = False
    metadata_search: Annotated[
        bool,
        Field(
            description="Whether the metadata of artifacts is indexed, for queries over all repositories. In preview."
        ),
    ] = False
    policies: PoliciesSpec = PoliciesSpec()
    headroom: Annotated[int, Field(ge=0, le=50, description="Further replicas to reserve addresses for.")] = 1
    scope_maps: Annotated[
        dict[str, ScopeMapSpec], Field(description="Scope maps by name: what the tokens that name them allow.")
    ] = {}
    tokens: Annotated[
        dict[str, TokenSpec],
        Field(description="Tokens by name, for clients without a Microsoft Entra identity. Passwords are not stated."),
    ] = {}
    agent_pools: Annotated[
        dict[str, AgentPoolSpec], Field(description="Agent pools by name, in the home region, on which tasks run.")
    ] = {}
    tasks: Annotated[dict[str, TaskSpec], Field(description="Tasks by name, which run in the home region.")] = {}
    tasks_bypass: Annotated[
        bool,
        Field(
            description="Whether tasks with an identity of their own bypass the network rules, as trusted services do."
        ),
    ] = False
    webhooks: Annotated[
        dict[str, WebhookSpec], Field(description="Webhooks by name, each for the events of one replica.")
    ] = {}
    workspace: Annotated[
        WorkspaceKey | None,
        Field(description="Key of the workspace for logs of sign-ins, pushes, pulls and deletions."),
    ] = None
    protect: Annotated[
        bool,
        Field(
            description="Protect it from deletion and replacement. To replace it: set false, run up, then change it."
        ),
    ] = True

    @property
    def data_endpoints(self) -> bool:
        """Whether dedicated data endpoints are enabled: as stated, else on for Premium."""
        return self.sku == "Premium" if self.dedicated_data_endpoints is None else self.dedicated_data_endpoints

    @property
    def rotation(self) -> Rotation:
        """Which regions are drained, and where their consumers pull meanwhile."""
        return Rotation(frozenset(self.drained), self.fallbacks)

    @property
    def has_content(self) -> bool:
        """Whether something besides images is stated that the registry contains."""
        return bool(self.scope_maps or self.tokens or self.webhooks or self.agent_pools or self.tasks)

    @property
    def is_open(self) -> bool:
        """Whether any public address is admitted: public network access without network rules."""
        return self.public_network_access == "Enabled" and self.default_action == "Allow"

    @property
    def hashed(self) -> bool:
        """Whether the login server contains a hash that is known only after creation [ACR-6]."""
        return self.domain_name_label_scope != "Unsecure"

    @model_validator(mode="before")
    @classmethod
    def _is_named_by_its_id(cls, stated: Any) -> Any:
        """The id of a registry made elsewhere says its name."""
        if isinstance(stated, Mapping) and isinstance(stated.get("id"), str) and "name" not in stated:
            there = ResourceId.parse(stated["id"])
            return {**stated, "name": there.name} if there else stated
        return stated

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (
            *self._made_elsewhere(),
            *self._beyond_the_sku(),
            *self._switches_at_odds(),
            *self._policies_at_odds(),
            *self._fixed_addresses(),
            *token_spec.problems(self.scope_maps, self.tokens),
            *task_spec.problems(
                self.agent_pools, self.tasks, sku=self.sku, dual_stack=self.endpoint_protocol != "IPv4"
            ),
            *webhook_spec.problems(self.webhooks, sku=self.sku, quarantine=self.policies.quarantine),
            *dangling(self),
        )

    def _made_elsewhere(self) -> Iterator[tuple[Path, str]]:
        """Settings of a registry made elsewhere, which is not changed, and a name that is not the one of its id."""
        yield from settings_of_others(self, except_for=_KNOWN)
        there = parsed(self.id)
        if there and self.name.lower() != there.name.lower():
            yield ("name",), f"{self.name}, but the id is that of registry {there.name}; remove it"
        if self.location is not None and self.id is None:
            yield (
                ("location",),
                "is for a registry made elsewhere (with an id); remove it: its home is the stack's location",
            )

    def _beyond_the_sku(self) -> Iterator[tuple[Path, str]]:
        """Features that only Premium has."""
        premium_only: dict[Path, bool] = {
            ("replicas",): bool(self.replicas),
            ("regional_endpoints",): self.regional_endpoints,
            ("dedicated_data_endpoints",): self.data_endpoints,
            ("endpoint_protocol",): self.endpoint_protocol != "IPv4",
            ("private_endpoints",): bool(self.private_endpoints),
            ("public_network_access",): self.public_network_access == "Disabled",
            ("ip_rules",): bool(self.ip_rules),
            ("default_action",): self.default_action == "Deny" and "default_action" in self.model_fields_set,
            ("trusted_services_bypass",): not self.trusted_services_bypass,
            ("tasks_bypass",): self.tasks_bypass,
            ("policies", "retention"): self.policies.retention is not None,
            ("policies", "quarantine"): self.policies.quarantine,
            ("policies", "export"): not self.policies.export,
            ("customer_managed_key",): self.customer_managed_key is not None,
        }
        if self.sku != "Premium":
            for path, stated in premium_only.items():
                if stated:
                    yield (
                        path,
                        f"{self._stated(path)} needs sku Premium, the registry has {self.sku}; change one [ACR-10]",
                    )
        if self.anonymous_pull and self.sku == "Basic":
            yield ("anonymous_pull",), "true needs sku Standard or Premium, the registry has Basic [ACR-10]"

    def _stated(self, path: Path) -> str:
        value: object = self
        for key in path:
            value = getattr(value, key)
        return (
            ", ".join(value)
            if isinstance(value, dict | list)
            else str(value).lower()
            if value in (True, False)
            else str(value)
        )

    def _switches_at_odds(self) -> Iterator[tuple[Path, str]]:
        if self.endpoint_protocol == "IPv4AndIPv6" and not self.data_endpoints:
            message = "IPv4AndIPv6 needs dedicated_data_endpoints: true; enable them, or write IPv4 [ACR-12]"
            yield ("endpoint_protocol",), message
        if self.private_endpoints and self.dedicated_data_endpoints is False:
            message = (
                f"false beside private endpoints ({', '.join(self.private_endpoints)}): the service enables data "
                "endpoints with the first one; write true, or remove it [ACR-4]"
            )
            yield ("dedicated_data_endpoints",), message
        if self.public_network_access == "Disabled" and self.ip_rules:
            message = f"{', '.join(self.ip_rules)} without effect while public_network_access is Disabled; change one [ACR-11]"
            yield ("ip_rules",), message
        ranges = [each for each in self.ip_rules if ":" in each]
        if ranges and self.endpoint_protocol == "IPv4":
            message = f"{', '.join(ranges)} need endpoint_protocol IPv4AndIPv6; change one [ACR-12]"
            yield ("ip_rules",), message
        if self.tasks_bypass and not self.trusted_services_bypass:
            message = "true needs trusted_services_bypass: true, of which it is a part; change one [ACR-TASKS-BYPASS]"
            yield ("tasks_bypass",), message

    def _policies_at_odds(self) -> Iterator[tuple[Path, str]]:
        if not self.policies.export and self.public_network_access == "Enabled":
            yield ("policies", "export"), "false needs public_network_access: Disabled; change one [ACR-13]"
        if self.policies.soft_delete and self.replicas:
            message = f"does not work on a registry with replicas ({', '.join(self.replicas)}); remove one [ACR-14]"
            yield ("policies", "soft_delete"), message
        if self.policies.soft_delete and self.policies.retention:
            yield ("policies", "soft_delete"), "excludes policies.retention; keep one [ACR-14]"

    def _fixed_addresses(self) -> Iterator[tuple[Path, str]]:
        for key, endpoint in self.private_endpoints.items():
            if endpoint.static_addresses and self.headroom:
                message = (
                    f"static addresses while replicas may be added (headroom {self.headroom}): adding a replica fails on such "
                    "an endpoint; remove them, or set headroom: 0 [ACR-15]"
                )
                yield ("private_endpoints", key, "static_addresses"), message
