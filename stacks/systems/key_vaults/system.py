"""Key vaults where apps, jobs and container groups refer to their secrets: who reads what, and whether that is granted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planning.key_vaults import grant_command, vault_of
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.artifact_cache.system import vaults

SECTION = "key_vaults"


@dataclass(frozen=True, slots=True)
class Reader:
    """A reference to a secret.

    Attributes:
        path: where the description has it.
        vault: name of the vault.
        identity: key of the identity that reads it.
    """

    path: Path
    vault: str
    identity: str


def readers(spec: StackSpec) -> Iterator[Reader]:
    """Every reference to a secret of a key vault, under identities of the stack."""
    for key, environment in spec.container_apps.items():
        for place, workload in environment.workloads.items():
            for name, secret in workload.secrets.items():
                path = ("container_apps", key, *place, "secrets", name)
                yield Reader(path, vault_of(secret.key_vault_url), secret.identity or workload.identity)
    for key, group in spec.container_groups.items():
        for uri in group.vault_secrets if group.identity else ():
            yield Reader(("container_groups", key), vault_of(uri), group.identity or "")


def granted(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """References that nobody is known to be allowed to read, once for each identity and vault [KV-READ]."""
    asked: set[tuple[str, str]] = set()
    for reader in readers(spec):
        pair = (reader.vault, reader.identity)
        if reader.vault in spec.key_vaults or reader.identity not in spec.identities or pair in asked:
            continue
        asked.add(pair)
        site = plan.sites["identities", reader.identity]
        command = grant_command(site.group.name, site.name, reader.vault)
        message = (
            f"identity {reader.identity} reads secrets of key vault {reader.vault}, and nothing here grants it that, so that the "
            f"first up fails unless the identity exists and has the role: state key_vaults.{reader.vault}.id, or run {command}"
        )
        yield Problem(reader.path, f"{message} [KV-READ]", "warning")


def unused(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Vaults of which nothing reads a secret, and ids that are those of another vault."""
    read = {reader.vault for reader in readers(spec)} | {vault for _, vault in vaults(spec)}
    for key, vault in spec.key_vaults.items():
        if vault.id.rpartition("/")[2].lower() != key.lower():
            name = vault.id.rpartition("/")[2]
            yield Problem(
                (SECTION, key, "id"), f"is the id of vault {name}; write key_vaults.{name}, or the id of {key}"
            )
        elif key not in read:
            yield Problem((SECTION, key), "nothing of this stack refers to a secret of it; remove it", "warning")


KEY_VAULTS = System(section=SECTION, checks=(granted, unused), builder="stacks.systems.key_vaults.build")
