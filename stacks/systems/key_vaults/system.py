"""Key vaults in a stack: the readers of their secrets, and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planning import names
from planning.addresses import Consumer
from planning.clouds import CLOUDS
from planning.key_vaults import grant_command, vault_of
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.previous import Previous
from stacks.sites import Group, Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.key_vaults.charges import charges

SECTION = "key_vaults"


@dataclass(frozen=True, slots=True)
class Reader:
    """A reference to a secret.

    Attributes:
        path: its path in the stack file.
        vault: name of the vault.
        identity: key of the identity that reads it.
    """

    path: Path
    vault: str
    identity: str


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """The vaults that this stack makes, and their private endpoints in the region of the network."""
    for key, vault in spec.key_vaults.items():
        if vault.id is not None:
            continue
        ours = sites.site((SECTION, key), (names.KEY_VAULT, key), group=("key-vaults",), stated=vault.location)
        yield ours
        for name, endpoint in vault.private_endpoints.items():
            there = sites.within("networks").get(endpoint.network)
            yield sites.site(
                (SECTION, key, "private_endpoints", name),
                (names.PRIVATE_ENDPOINT, sites.names.private_endpoint(key, name)),
                # An endpoint is in the subscription of its network [PE-SUBSCRIPTION].
                group=there.group if there and there.group.subscription else ours.group,
                follows=[("networks", endpoint.network)],
            )


def zones_group(sites: Sites) -> Group:
    """Return the resource group of the zone that vaults share: that of the vaults."""
    return sites.group(sites.home, "key-vaults")


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """The address of each private endpoint."""
    for key, vault in spec.key_vaults.items():
        for name, endpoint in vault.private_endpoints.items():
            subnet = (endpoint.network, endpoint.subnet)
            yield Consumer(
                subnet,
                f"private endpoint {name} of key vault {key}",
                1,
                "1 network interface",
                source="NET-2",
                is_endpoint=True,
            )


def readers(spec: StackSpec) -> Iterator[Reader]:
    """Every reference to a secret of a key vault, with its identity."""
    for key, environment in spec.container_apps.items():
        for place, workload in environment.workloads.items():
            for name, secret in workload.secrets.items():
                path = ("container_apps", key, *place, "secrets", name)
                yield Reader(path, vault_of(secret.key_vault_url), secret.identity or workload.identity)
    for key, group in spec.container_groups.items():
        for uri in group.vault_secrets if group.identity else ():
            yield Reader(("container_groups", key), vault_of(uri), group.identity or "")


def granted(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """References without a known role for reading them, one for each identity and vault [KV-READ]."""
    asked: set[tuple[str, str]] = set()
    for reader in readers(spec):
        pair = (reader.vault, reader.identity)
        if reader.vault in spec.key_vaults or reader.identity not in spec.identities or pair in asked:
            continue
        asked.add(pair)
        site = plan.sites["identities", reader.identity]
        command = grant_command(site.group.name, site.name, reader.vault)
        message = (
            f"identity {reader.identity} reads secrets of key vault {reader.vault}, but has no role here, so the "
            f"first up fails unless the identity exists and has the role: state key_vaults.{reader.vault}.id, or run {command}"
        )
        yield Problem(reader.path, f"{message} [KV-READ]", "warning")


def unused(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Vaults made elsewhere without readers, and ids of another vault."""
    read = {reader.vault for reader in readers(spec)}
    read |= {vault for _, vault in spec.artifact_cache.vaults} if spec.artifact_cache else set()
    read |= (
        {spec.registry.customer_managed_key.key_vault}
        if spec.registry and spec.registry.customer_managed_key
        else set()
    )
    for key, vault in spec.key_vaults.items():
        there = vault.id
        if there is None:
            continue
        if there.rpartition("/")[2].lower() != key.lower():
            name = there.rpartition("/")[2]
            yield Problem(
                (SECTION, key, "id"), f"is the id of vault {name}; write key_vaults.{name}, or the id of {key}"
            )
        elif key not in read:
            yield Problem((SECTION, key), "this stack does not reference its secrets; remove it", "warning")


def endpoints(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Zones of another name, and two endpoints of one vault that write one zone [PE-ZONES, PE-RECORDS]."""
    wanted = CLOUDS[spec.cloud].vault_zone
    for key, vault in spec.key_vaults.items():
        written: dict[str, str] = {}
        for name, endpoint in vault.private_endpoints.items() if spec.dns.managed == "stack" else ():
            path = (SECTION, key, "private_endpoints", name)
            zone = plan.zones.get(endpoint.dns_zone or "")
            if zone is not None and zone.name.lower() != wanted:
                message = f"{endpoint.dns_zone} is {zone.name}, and clients look a vault up in {wanted}; name that one"
                yield Problem((*path, "dns_zone"), f"{message} [PE-ZONES]")
            other = written.setdefault(endpoint.dns_zone or "", name)
            if other != name:
                message = f"writes the records of {key} into the zone of {other}, and the last one wins; give it another dns_zone"
                yield Problem(path, f"{message} [PE-RECORDS]")


def encryption(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """What the customer-managed key of the registry needs of its vault [ACR-CMK, ACR-CMK-VAULT]."""
    stated = spec.registry.customer_managed_key if spec.registry else None
    vault = spec.key_vaults.get(stated.key_vault) if stated else None
    if stated is None or vault is None or vault.id is not None:
        return
    path = (SECTION, stated.key_vault)
    if stated.key_name not in vault.keys:
        known = ", ".join(vault.keys) or "none"
        message = f"{stated.key_name} is not a key of {stated.key_vault} (keys: {known}); add it to key_vaults, or name another"
        yield Problem(("registry", "customer_managed_key", "key_name"), message)
    if not vault.purge_protection:
        message = "false, but the registry is encrypted with a key of the vault, and its content is lost with the key; write true"
        yield Problem((*path, "purge_protection"), f"{message} [ACR-CMK-VAULT]")
    closed = vault.public_network_access == "Disabled" or vault.default_action == "Deny"
    if closed and not vault.trusted_services_bypass:
        message = "false, and the network rules keep the registry from its key; write true [ACR-CMK-VAULT]"
        yield Problem((*path, "trusted_services_bypass"), message)


def fixed(name: str, spec: StackSpec, previous: Previous) -> Iterator[Problem]:
    """What Azure does not change once it is made: keys, and whether a registry is encrypted with one [KV-ARM, ACR-CMK].

    Args:
        name: prefix of logical names.
        spec: the stack's spec.
        previous: the previous state of the stack.
    """
    for key, vault in spec.key_vaults.items():
        held = previous.keys("Key", f"{name}-key-vault-{key}-key-", "")
        for each, stated in vault.keys.items():
            there = held[each].outputs if each in held else {}
            before, after = (there.get("kty"), there.get("keySize")), (stated.type, stated.size)
            if there and before != after:
                message = f"is {before[0]} of {before[1]} bits, and a key that exists is not changed; add a key of another name"
                yield Problem((SECTION, key, "keys", each), f"{message} [KV-ARM]")
    held = [each for each in previous.of_kind("Registry") if each.name == f"{name}-registry-registry"]
    if held and spec.registry and spec.registry.id is None:
        encrypted = (held[0].outputs.get("encryption") or {}).get("status") == "enabled"
        if encrypted != (spec.registry.customer_managed_key is not None):
            found, remedy = ("is", "keep it") if encrypted else ("is not", "remove it")
            message = (
                f"the registry {found} encrypted with a customer-managed key, which is decided when it is created; {remedy}, "
                "or create another registry and import the images"
            )
            yield Problem(("registry", "customer_managed_key"), f"{message} [ACR-CMK]")


KEY_VAULTS = System(
    section=SECTION,
    charges=charges,
    sites=sites_of,
    consumers=consumers,
    checks=(granted, unused, endpoints, encryption),
    builder="stacks.systems.key_vaults.build",
)
