"""The stacks of a project as resources of the Pulumi Kubernetes Operator 2, in an order that the operator keeps [PKO-STACK].

The folder is ready for kustomize: a service account, the source, one Stack for each stack, and a kustomization with all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from planning.problems import Problem, SpecError
from stacks.order import Order
from tools.fleet.settings import Settings

Json = dict[str, Any]

ACCOUNT: Final = "moorings"
"""Name of the service account of all workspaces, and of the Flux source."""
TOKEN_FILE: Final = "/var/run/secrets/azure/tokens/azure-identity-token"
"""Where the webhook of workload identity mounts the token of a pod with the label [AKS-WI-POD]."""
LONGEST_NAME: Final = 63
"""Length of a DNS label, so that the name of a Stack also is a valid value of a label [K8S-6]."""

_USE_IDENTITY: Final = {"azure.workload.identity/use": "true"}
_KEEP: Final = {"kustomize.toolkit.fluxcd.io/prune": "disabled"}
"""Annotation by which Flux does not delete a Stack whose file is gone [FLUX-PRUNE]."""


def resources(order: Order, project: str, settings: Settings) -> dict[str, list[Json]]:
    """Return the resources of a fleet by file, the kustomization first, and the stacks in order.

    Args:
        order: the stacks in order.
        project: name of the Pulumi project.
        settings: the settings, with a repository.

    Raises:
        SpecError: two stacks would have the same name in Kubernetes.
    """
    names = resource_names(order)
    files: dict[str, list[Json]] = {"namespace.yaml": [_namespace(settings)], "access.yaml": list(_access(settings))}
    if settings.source == "flux":
        files["source.yaml"] = [_flux(settings)]
    for name in order.names:
        files[f"stacks/{names[name]}.yaml"] = [_stack(name, names, order.needs[name], project, settings)]
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": settings.namespace,
        "resources": list(files),
    }
    return {"kustomization.yaml": [kustomization], **files}


def resource_names(order: Order) -> dict[str, str]:
    """Return the name of the Stack of each stack: lower-case letters, digits and hyphens.

    Raises:
        SpecError: two stacks would have the same name, or a name is too long.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for stack in order.names:
        name = re.sub(r"[^a-z0-9]+", "-", stack.lower()).strip("-")
        place = (f"stacks/Pulumi.{stack}.yaml", None)
        other = next((each for each, taken in found.items() if taken == name), None)
        if other is not None:
            message = f"stacks {other} and {stack} would both be the Stack {name} in Kubernetes; rename one of them"
            problems.append(Problem((), f"{message} [K8S-6]", place=place))
        elif not name or len(name) > LONGEST_NAME:
            message = f"the name {stack!r} makes no DNS label of 1 to {LONGEST_NAME} characters; rename the stack"
            problems.append(Problem((), f"{message} [K8S-6]", place=place))
        found[stack] = name
    if problems:
        raise SpecError(problems)
    return found


def _namespace(settings: Settings) -> Json:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": settings.namespace}}


def _access(settings: Settings) -> Iterator[Json]:
    """The service account of the workspaces, which authenticate the operator by the role [PKO-ACCOUNT]."""
    annotations = {
        **({"azure.workload.identity/client-id": settings.client_id} if settings.client_id else {}),
        **({"azure.workload.identity/tenant-id": settings.tenant_id} if settings.tenant_id else {}),
    }
    metadata: Json = {"name": ACCOUNT, **({"annotations": annotations} if annotations else {})}
    yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
    yield {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": f"{settings.namespace}:{ACCOUNT}:system:auth-delegator"},
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": "system:auth-delegator",
        },
        "subjects": [{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": settings.namespace}],
    }


def _flux(settings: Settings) -> Json:
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": ACCOUNT},
        "spec": {"interval": "1m0s", "url": settings.repository, "ref": {"branch": settings.branch}},
    }


def _stack(name: str, names: Mapping[str, str], needs: Sequence[str], project: str, settings: Settings) -> Json:
    spec: Json = {
        "stack": f"{settings.organization}/{project}/{name}",
        "serviceAccountName": ACCOUNT,
        **_source(settings),
        # A refresh finds drift; the stack stays if its Stack is deleted.
        "refresh": True,
        "destroyOnFinalize": False,
        "retryOnUpdateConflict": True,
        "workspaceReclaimPolicy": "Delete",
        "workspaceTemplate": {"spec": _workspace(settings)},
    }
    if needs:
        spec["prerequisites"] = [{"name": names[need]} for need in needs]
    if settings.resync_minutes:
        spec["continueResyncOnCommitMatch"] = True
        spec["resyncFrequencySeconds"] = settings.resync_minutes * 60
    if settings.drift == "report":
        spec["expectNoRefreshChanges"] = True
    if settings.environments:
        spec["environment"] = [each.replace("{stack}", name) for each in settings.environments]
    if settings.config:
        spec["config"] = dict(settings.config)
    variables = _variables(settings)
    if variables:
        spec["envRefs"] = variables
    if settings.backend:
        spec["backend"] = settings.backend
    metadata: Json = {"name": names[name], "annotations": dict(_KEEP)}
    return {"apiVersion": "pulumi.com/v1", "kind": "Stack", "metadata": metadata, "spec": spec}


def _source(settings: Settings) -> Json:
    if settings.source == "flux":
        reference = {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "name": ACCOUNT}
        return {"fluxSource": {"sourceRef": reference, **({"dir": settings.folder} if settings.folder else {})}}
    folder = {"repoDir": settings.folder} if settings.folder else {}
    return {"projectRepo": settings.repository, "branch": settings.branch, "shallow": True, **folder}


def _workspace(settings: Settings) -> Json:
    pod: Json = {"spec": {"terminationGracePeriodSeconds": 3600, "containers": []}}
    if settings.client_id:
        pod["metadata"] = {"labels": dict(_USE_IDENTITY)}
    image = {"image": settings.image} if settings.image else {}
    return {"securityProfile": "restricted", **image, "podTemplate": pod}


def _variables(settings: Settings) -> Json:
    """Environment variables of the engine: the token of Pulumi Cloud, and the identity as azure-native reads it [AN-OIDC]."""
    found: Json = {}
    if settings.backend is None:
        found["PULUMI_ACCESS_TOKEN"] = {
            "type": "Secret",
            "secret": {"name": settings.access_token, "key": "accessToken"},
        }
    values: dict[str, str | None] = {
        "AZURE_STORAGE_ACCOUNT": settings.storage_account,
        "ARM_SUBSCRIPTION_ID": settings.subscription_id,
    }
    if settings.client_id:
        values |= {
            "ARM_USE_OIDC": "true",
            "ARM_CLIENT_ID": settings.client_id,
            "ARM_TENANT_ID": settings.tenant_id,
            "ARM_OIDC_TOKEN_FILE_PATH": TOKEN_FILE,
        }
    found |= {name: {"type": "Literal", "literal": {"value": value}} for name, value in values.items() if value}
    return found
