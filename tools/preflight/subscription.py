"""Checks a subscription for registered resource providers, and for Kubernetes versions in the regions of clusters."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.loader import Stack
from tools.preflight.arm import Arm
from tools.preflight.findings import Finding
from tools.preflight.rights import namespaces


def providers(stack: Stack, arm: Arm) -> Iterator[Finding]:
    """Check whether every resource provider that the program uses is registered; raises the errors of `Arm.get`."""
    for namespace in namespaces(stack):
        state = arm.get(f"{arm.scope}/providers/{namespace}", "2021-04-01").get("registrationState")
        message = f"{namespace} is {state}"
        if state == "Registered":
            yield Finding("providers", "passed", namespace, message)
        else:
            advice = f"run az provider register --namespace {namespace} --subscription {arm.subscription}"
            yield Finding("providers", "failed", namespace, f"{message}; {advice}")


def kubernetes(stack: Stack, arm: Arm) -> Iterator[Finding]:
    """Check whether the version of each cluster is available in its region; raises the errors of `Arm.get`."""
    for key, cluster in stack.spec.own_clusters.items():
        if cluster.kubernetes_version is None:
            continue
        region = stack.plan.sites["clusters", key].location
        path = f"{arm.scope}/providers/Microsoft.ContainerService/locations/{region}/kubernetesVersions"
        rows = arm.get(path, "2025-09-01").get("values") or ()
        minors = [str(row["version"]) for row in rows]
        offered = {*minors, *(patch for row in rows for patch in row.get("patchVersions") or ())}
        where = f"clusters.{key}: Kubernetes {cluster.kubernetes_version}"
        if cluster.kubernetes_version in offered:
            yield Finding("kubernetes", "passed", key, f"{where} is offered in {region}")
        else:
            message = f"{where} is not offered in {region}, which offers {', '.join(sorted(minors))}; state one of them"
            yield Finding("kubernetes", "failed", key, message)
