"""Builds key vaults with their keys and private endpoints, and assigns roles to who reads a secret or uses a key."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.dns.zone import Zone
from components.identity.identity import UserAssignedIdentity
from components.key_vaults.private_endpoint import VaultEndpoint
from components.key_vaults.vault import Vault
from components.network.network import Network
from components.permissions import Permission, Permissions
from planning.clouds import CLOUDS
from planning.key_vaults import ENCRYPTION_USER, READER, key_url
from stacks.context import BuildContext, Built, ResourceGroups, Resources
from stacks.plan import Plan
from stacks.sites import Group
from stacks.spec import StackSpec
from stacks.systems.key_vaults.system import SECTION, readers, zones_group


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``key_vaults``: private endpoints, and one grant for each pair of vault and identity."""
    _endpoints(spec, plan, context)
    permissions = {
        f"{reader.vault}-{reader.identity}": Permission(
            READER,
            context.vault_id(reader.vault, spec.key_vaults[reader.vault]),
            context.identity(reader.identity).principal_id,
        )
        for reader in readers(spec)
        if reader.vault in spec.key_vaults
    }
    report = {
        key: {"id": vault.id, "uri": vault.uri, "keys": vault.key_urls}
        for key, vault in context.resources.of(Vault).items()
    }
    if not permissions:
        return Built(report)
    namespace = f"{spec.namespace}/key-vaults"
    name = f"{context.name}-key-vaults"
    return Built(report, {SECTION: Permissions(name, permissions, namespace=namespace, opts=context.options())})


def vaults(name: str, spec: StackSpec, plan: Plan, groups: ResourceGroups) -> dict[str, Vault]:
    """Return the vaults that a stack makes, which come before the registry that is encrypted with a key of one."""
    return {
        key: Vault(
            f"{name}-key-vault-{key}",
            vault,
            vault_name=key,
            opts=groups.options(None),
            **groups.placement(plan.sites[SECTION, key]),
        )
        for key, vault in spec.key_vaults.items()
        if vault.id is None
    }


@dataclass(frozen=True)
class Encryption:
    """How the registry is encrypted with a customer-managed key.

    Attributes:
        wiring: the arguments of the registry.
        grant: the role of the identity on the vault, which the creation of the registry needs.
    """

    wiring: Mapping[str, pulumi.Input[str]]
    grant: pulumi.Resource


def encryption(name: str, spec: StackSpec, resources: Resources, groups: ResourceGroups) -> Encryption | None:
    """Return how the registry is encrypted, with the grant that comes before it; None without a customer-managed key."""
    stated = spec.registry.customer_managed_key if spec.registry else None
    if stated is None:
        return None
    identity = resources.of(UserAssignedIdentity)[stated.identity]
    vault_id = spec.key_vaults[stated.key_vault].id or resources.of(Vault)[stated.key_vault].id
    permission = Permission(ENCRYPTION_USER, vault_id, identity.principal_id)
    grant = Permissions(
        f"{name}-registry-encryption",
        {stated.key_vault: permission},
        namespace=f"{spec.namespace}/registry-encryption",
        opts=groups.options(None),
    )
    made = resources.of(Vault).get(stated.key_vault)
    url: pulumi.Input[str] = key_url(
        stated.key_vault, CLOUDS[spec.cloud].vault_suffix, stated.key_name, stated.key_version
    )
    if made is not None and stated.key_version is None:
        url = made.key_urls.apply(lambda urls: urls[stated.key_name])
    wiring = {"key_identifier": url, "key_identity_id": identity.id, "key_client_id": identity.client_id}
    return Encryption(wiring, grant)


def _endpoints(spec: StackSpec, plan: Plan, context: BuildContext) -> None:
    """Private endpoints, which feed the zone that they name, else one that all vaults share."""
    shared = _zone(spec, plan, context)
    zones = context.resources.of(Zone)
    for key, vault in context.resources.of(Vault).items():
        for name, endpoint in spec.key_vaults[key].private_endpoints.items():
            site = plan.sites[SECTION, key, "private_endpoints", name]
            zone = zones[endpoint.dns_zone] if endpoint.dns_zone else shared
            made = VaultEndpoint(
                f"{context.name}-key-vault-{key}-endpoint-{name}",
                endpoint_name=site.name,
                interface_name=plan.names.network_interface(key, name),
                service_id=vault.id,
                subnet_id=context.subnet_id(endpoint.network, endpoint.subnet),
                zone_id=zone.id if zone else None,
                replaced_with=[vault.resource],
                opts=context.options(site=site, after=context.resources.before(endpoint)),
                **context.placement(site),
            )
            context.resources.took(endpoint, made)


def _zone(spec: StackSpec, plan: Plan, context: BuildContext) -> Zone | None:
    """The zone of the endpoints that name none, linked to their networks; None where others write the records."""
    linked = {
        endpoint.network
        for vault in spec.key_vaults.values()
        for endpoint in vault.private_endpoints.values()
        if not endpoint.dns_zone
    }
    if not linked or spec.dns.managed != "stack":
        return None
    networks = context.resources.of(Network)
    group: Group = zones_group(plan.sites)
    return Zone(
        f"{context.name}-key-vaults-zone",
        zone_name=CLOUDS[spec.cloud].vault_zone,
        networks={key: networks[key].id for key in sorted(linked)},
        replaced_with={key: networks[key].resource for key in sorted(linked)},
        resource_group_name=context.groups.name_of(group),
        tags=context.tags,
        opts=context.options(),
    )
