"""Upgrades of a cluster: allowed steps of versions, pools that are upgraded separately [AKS-20], and dates without upgrades.

Azure accepts versions of pools in the body of a cluster only if the body contains all pools. Pools beside the first one
are separate resources, so one request upgrades the control plane of such a cluster, further requests upgrade those
pools, and the first pool keeps its version until it is upgraded with a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from planning.aks import minor_of


def _minor(version: str) -> int:
    return int(minor_of(version).partition(".")[2] or 0)


def step_problem(cluster: str, before: str, after: str) -> str | None:
    """Return why a control plane cannot go from one version to another, in one line, or None where it can [AKS-20].

    Args:
        cluster: the cluster's name.
        before: version that it runs or states, such as ``1.34`` or ``1.34.2``.
        after: version that is stated now.
    """
    step = _minor(after) - _minor(before)
    if step in (0, 1):
        return None
    if step < 0:
        message = f"{after} is older than the current {before}, and Azure does not downgrade; state {before}"
        return f"cluster {cluster}: {message} [AKS-20]"
    following = f"1.{_minor(before) + 1}"
    return (
        f"cluster {cluster}: {before} to {after} spans {step} minor versions, and Azure upgrades one at a time; state "
        f"{following} first [AKS-20]"
    )


def left_behind(before: str, after: str, pools: Mapping[str, str]) -> dict[str, str]:
    """Return the pools that are a minor version behind already where the control plane goes on by another one.

    Args:
        before: version of the control plane.
        after: version that is stated now.
        pools: versions of the pools that do not move with it, by name.
    """
    if _minor(after) <= _minor(before):
        return {}
    return {name: version for name, version in pools.items() if _minor(version) < _minor(before)}


def upgrade_command(resource_group: str, cluster: str, pool: str, version: str) -> str:
    """Return the command that brings a pool to a version."""
    return (
        f"az aks nodepool upgrade --resource-group {resource_group} --cluster-name {cluster} --name {pool} "
        f"--kubernetes-version {version}"
    )


def second_step_problem(cluster: str, resource_group: str, before: str, pools: Mapping[str, str]) -> str:
    """Return the problem of a further upgrade before all pools are upgraded, with commands [AKS-20]."""
    shown = ", ".join(f"{name} has {version}" for name, version in pools.items())
    commands = " && ".join(upgrade_command(resource_group, cluster, name, before) for name in pools)
    return (
        f"cluster {cluster}: the control plane has {before}, {shown}: bring them to {before} before the next version "
        f"({commands}), then pulumi refresh [AKS-20]"
    )


def staying_message(cluster: str, resource_group: str, after: str, pool: str, version: str) -> str:
    """Return what stays to be done once the control plane has another version [AKS-20]."""
    return (
        f"cluster {cluster}: the control plane and the pools beside {pool} go to {after}; {pool}, which is part of the cluster, "
        f"stays at {version} until you run {upgrade_command(resource_group, cluster, pool, after)} [AKS-20]"
    )


def date_problem(text: str) -> str | None:
    """Return the problem with a date of a maintenance window in one line, or None [AKS-10]."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return f"{text!r} is no date; write one such as 2026-12-20 [AKS-10]"
    return None
