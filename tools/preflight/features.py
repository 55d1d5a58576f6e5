"""Checks features that a subscription registers before it can use them."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.loader import Stack
from tools.preflight.arm import Arm, MissingError
from tools.preflight.findings import Finding

VERSION = "2021-07-01"
ENCRYPTION_AT_HOST = "Microsoft.Compute/EncryptionAtHost"


def needed(stack: Stack) -> dict[str, str]:
    """Return the features that the stack needs, each with the path of one entry that needs it [VM-HOST-ENCRYPTION]."""
    encrypted = [
        f"clusters.{key}.pools.{name}"
        for key, cluster in stack.spec.own_clusters.items()
        for name, pool in cluster.pools.items()
        if pool.encryption_at_host
    ]
    return {ENCRYPTION_AT_HOST: encrypted[0]} if encrypted else {}


def registered(stack: Stack, arm: Arm) -> Iterator[Finding]:
    """Yield one finding for each feature that the stack needs; raises the errors of `Arm.get`."""
    for feature, path in needed(stack).items():
        namespace, _, name = feature.partition("/")
        try:
            shown = arm.get(f"{arm.scope}/providers/Microsoft.Features/providers/{namespace}/features/{name}", VERSION)
            state = (shown.get("properties") or {}).get("state")
        except MissingError:
            state = "not known to the subscription"
        message = f"feature {feature}, which {path} needs, is {state}"
        if state == "Registered":
            yield Finding("features", "passed", feature, message)
        else:
            command = f"az feature register --namespace {namespace} --name {name} --subscription {arm.subscription}"
            advice = f"run {command}, wait until it is Registered, and register {namespace} again"
            yield Finding("features", "failed", feature, f"{message}; {advice}")
