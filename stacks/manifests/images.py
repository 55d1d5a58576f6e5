"""Which images a cluster may run, told to whatever watches its admissions."""

from __future__ import annotations

from typing import Any

from planning.kubernetes import ALLOWED_IMAGES_POLICY, image_patterns
from stacks.manifests.view import View


def patterns(view: View) -> list[str]:
    """Return the expressions of the images that a cluster may run: its own replica's, and what the description adds."""
    policy = view.stack.spec.image_policy
    hosts = [view.image_host(), *([view.global_host()] if policy.global_host else [])]
    return image_patterns(hosts, policy.further)


def constraint(view: View) -> dict[str, Any]:
    """Return what the template of the constraint takes."""
    policy = view.stack.spec.image_policy
    return {"effect": policy.effect, "excluded_namespaces": policy.excluded_namespaces, "images": patterns(view)}


def assignment(view: View) -> dict[str, Any]:
    """Return the body of an assignment of Azure's own policy, to be made at the cluster [K8S-1]."""
    policy = view.stack.spec.image_policy
    return {
        "properties": {
            "displayName": f"Images of cluster {view.key} come from the replica beside it",
            "policyDefinitionId": f"/providers/Microsoft.Authorization/policyDefinitions/{ALLOWED_IMAGES_POLICY}",
            "parameters": {
                "allowedContainerImagesRegex": {"value": "|".join(patterns(view))},
                "excludedNamespaces": {"value": policy.excluded_namespaces},
                "effect": {"value": policy.effect.capitalize()},
            },
        }
    }
