"""Key vaults in a stack: the readers of their secrets, and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planning.key_vaults import grant_command, vault_of
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System

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
    """Vaults without readers, and ids of another vault."""
    read = {reader.vault for reader in readers(spec)}
    read |= {vault for _, vault in spec.artifact_cache.vaults} if spec.artifact_cache else set()
    for key, vault in spec.key_vaults.items():
        if vault.id.rpartition("/")[2].lower() != key.lower():
            name = vault.id.rpartition("/")[2]
            yield Problem(
                (SECTION, key, "id"), f"is the id of vault {name}; write key_vaults.{name}, or the id of {key}"
            )
        elif key not in read:
            yield Problem((SECTION, key), "this stack does not reference its secrets; remove it", "warning")


KEY_VAULTS = System(section=SECTION, checks=(granted, unused), builder="stacks.systems.key_vaults.build")
