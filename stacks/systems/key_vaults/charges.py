"""What key vaults are billed for: keys in hardware, rotations, private endpoints and their zone."""

from __future__ import annotations

from collections.abc import Iterator

from components.key_vaults.spec import KeySpec, KeyVaultSpec
from planning import meters
from planning.charges import Item, NotKnown, charge
from planning.clouds import CLOUDS
from planning.problems import Path
from stacks.billing import endpoint, zone
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.usage import Usage

_SMALL = 2048
_DAYS_OF_A_YEAR, _MONTHS_OF_A_YEAR = 365, 12


def charges(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    """Yield the charges of the vaults that this stack makes [COST-TABLE]."""
    shared = False
    for key, vault in spec.key_vaults.items():
        if vault.id is not None:
            continue
        path = ("key_vaults", key)
        region = plan.sites[path].location
        yield NotKnown(path, region, "operations", "depends on how often secrets and keys are read [COST-TABLE]")
        for name, stated in vault.keys.items():
            yield from _key((*path, "keys", name), region, vault, stated)
        for name, private in vault.private_endpoints.items():
            there = (*path, "private_endpoints", name)
            yield from endpoint(there, plan.sites["networks", private.network].location, usage)
            shared = shared or not private.dns_zone
    if shared and spec.dns.managed == "stack":
        yield zone(("key_vaults",), spec.location, CLOUDS[spec.cloud].vault_zone)


def _key(path: Path, region: str, vault: KeyVaultSpec, key: KeySpec) -> Iterator[Item]:
    if key.type == "RSA-HSM":
        meter = meters.HSM_KEY if key.size == _SMALL else meters.ADVANCED_HSM_KEY
        yield charge(path, region, "key in hardware", meter, 1)
    if key.rotation is not None:
        rotations = _DAYS_OF_A_YEAR / _MONTHS_OF_A_YEAR / key.rotation.rotate_after_days
        yield charge(path, region, "key rotation", meters.KEY_ROTATION[vault.sku], rotations)
