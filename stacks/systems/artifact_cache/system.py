"""The artifact cache where it meets key vaults: whether credential sets are granted their secrets."""

from __future__ import annotations

from collections.abc import Iterator

from planning.key_vaults import READER
from planning.problems import Problem
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System

SECTION = "artifact_cache"


def granted(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Secrets that nothing of the stack lets a credential set read [KV-READ]."""
    for key, vault in spec.artifact_cache.vaults if spec.artifact_cache else ():
        if vault not in spec.key_vaults:
            message = (
                f"reads secrets of key vault {vault}, and nothing here grants it that, so that nothing is cached until its own "
                f"identity has the role {READER.name} on the vault: state key_vaults.{vault}.id, or assign the role after up"
            )
            yield Problem((SECTION, "credential_sets", key), f"{message} [KV-READ]", "warning")


ARTIFACT_CACHE = System(section=SECTION, checks=(granted,), builder="stacks.systems.artifact_cache.build")
