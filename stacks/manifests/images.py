"""Image policies of a cluster, for its admission controller."""

from __future__ import annotations

from typing import Any

from planning.kubernetes import ALLOWED_IMAGES_POLICY, image_patterns
from stacks.cached_images import direct_hosts
from stacks.manifests.view import View


def patterns(view: View) -> list[str]:
    """Return the patterns of the allowed images of a cluster: those of its workloads' hosts, and those in the stack file.

    The host of its own replica is allowed while its region is drained, too: pods start with their former images until the
    new manifests are applied.
    """
    policy = view.stack.spec.image_policy
    hosts = [view.image_host(), *(view.host_of(workload) for workload in view.workloads.values())]
    own = view.own_host()
    if own and view.region in view.stack.spec.rotation.drained:
        hosts.append(own)
    if policy.global_host:
        hosts.append(view.global_host())
    direct = [host for each in view.workloads.values() for host in direct_hosts(each)]
    return image_patterns(list(dict.fromkeys(hosts)), [*policy.further, *direct])


def constraint(view: View) -> dict[str, Any]:
    """Return the template input of the constraint."""
    policy = view.stack.spec.image_policy
    return {"effect": policy.effect, "excluded_namespaces": policy.excluded_namespaces, "images": patterns(view)}


def assignment(view: View) -> dict[str, Any]:
    """Return the body of an assignment of the built-in Azure Policy definition, for the cluster's scope [K8S-1]."""
    policy = view.stack.spec.image_policy
    return {
        "properties": {
            "displayName": f"Images of cluster {view.key} come from the co-located replica",
            "policyDefinitionId": f"/providers/Microsoft.Authorization/policyDefinitions/{ALLOWED_IMAGES_POLICY}",
            "parameters": {
                "allowedContainerImagesRegex": {"value": "|".join(patterns(view))},
                "excludedNamespaces": {"value": policy.excluded_namespaces},
                "effect": {"value": policy.effect.capitalize()},
            },
        }
    }
