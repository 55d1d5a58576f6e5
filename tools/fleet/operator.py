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
LONGEST_NAME: Final = 42
"""Longest name of a Stack whose pod can be created: the pod has a label of 63 characters at most with the name of its
StatefulSet, which adds `-workspace`, and a hyphen and 10 characters [PKO-WORKSPACE] [K8S-SET]."""
DRIFT: Final = "-drift"
"""Suffix of the Stack that looks for drift and changes nothing."""

_USE_IDENTITY: Final = {"azure.workload.identity/use": "true"}
_KEEP: Final = {"kustomize.toolkit.fluxcd.io/prune": "disabled"}
"""Annotation by which Flux does not delete a Stack whose file is gone [FLUX-PRUNE]."""


def resources(order: Order, project: str, settings: Settings, commit: str | None = None) -> dict[str, list[Json]]:
    """Return the resources of a fleet by file, the kustomization first, and the stacks in order.

    Args:
        order: the stacks in order.
        project: name of the Pulumi project.
        settings: the settings, with a repository.
        commit: the commit to deploy; None for the newest of the branch.

    Raises:
        SpecError: two stacks would have the same name in Kubernetes.
    """
    names = resource_names(order, settings)
    files: dict[str, list[Json]] = {"namespace.yaml": [_namespace(settings)], "access.yaml": list(_access(settings))}
    if settings.source == "flux":
        files["source.yaml"] = [_flux(settings)]
    for name in order.names:
        files[f"stacks/{names[name]}.yaml"] = list(_stacks(name, names, order.needs[name], project, settings, commit))
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": settings.namespace,
        "resources": list(files),
    }
    return {"kustomization.yaml": [kustomization], **files}


def resource_names(order: Order, settings: Settings) -> dict[str, str]:
    """Return the name of the Stack of each stack: lower-case letters, digits and hyphens.

    Raises:
        SpecError: two stacks would have the same name, or a name is too long.
    """
    names = {stack: re.sub(r"[^a-z0-9]+", "-", stack.lower()).strip("-") for stack in order.names}
    added = DRIFT if settings.reports_drift else ""
    longest = LONGEST_NAME - len(added)
    taken: dict[str, str] = {}
    problems: list[Problem] = []
    for stack, name in names.items():
        place = (f"stacks/Pulumi.{stack}.yaml", None)
        for each in dict.fromkeys((name, name + added)):
            other = taken.setdefault(each, stack)
            if other != stack:
                message = f"stacks {other} and {stack} would both be the Stack {each} in Kubernetes; rename one of them"
                problems.append(Problem((), f"{message} [K8S-6]", place=place))
        if not 0 < len(name) <= longest:
            message = f"{stack!r} makes no name of 1 to {longest} characters in Kubernetes; rename the stack"
            problems.append(Problem((), f"{message} [PKO-WORKSPACE] [K8S-SET]", place=place))
    if problems:
        raise SpecError(problems)
    return names


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
    secret = {"secretRef": {"name": settings.repository_secret}} if settings.repository_secret else {}
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": ACCOUNT},
        "spec": {"interval": "1m0s", "url": settings.repository, "ref": {"branch": settings.branch}, **secret},
    }


def _stacks(
    name: str, names: Mapping[str, str], needs: Sequence[str], project: str, settings: Settings, commit: str | None
) -> Iterator[Json]:
    """The Stack that deploys, and the one that looks for drift if it is to be reported."""
    deployed: Json = {
        "stack": f"{settings.organization}/{project}/{name}",
        "serviceAccountName": ACCOUNT,
        **_source(settings, commit),
        "workspaceReclaimPolicy": "Delete",
        "workspaceTemplate": {"spec": _workspace(settings)},
        **_configuration(name, settings),
    }
    every = {"continueResyncOnCommitMatch": True, "resyncFrequencySeconds": settings.resync_minutes * 60}
    spec = {**deployed, "destroyOnFinalize": False}
    if not settings.reports_drift:
        spec |= {"refresh": True, **(every if settings.resync_minutes else {})}
    if needs:
        spec["prerequisites"] = [{"name": names[need]} for need in needs]
    if settings.secrets_provider:
        spec["secretsProvider"] = settings.secrets_provider
    yield _resource(names[name], spec)
    if settings.reports_drift:
        # A preview that expects no changes: the operator has no other operation that reports drift [PKO-NO-CHANGES].
        look = {"preview": True, "refresh": True, **every, "updateTemplate": {"spec": {"expectNoChanges": True}}}
        existing = {"useLocalStackOnly": True, "prerequisites": [{"name": names[name]}]}
        yield _resource(names[name] + DRIFT, {**deployed, **look, **existing})


def _resource(name: str, spec: Json) -> Json:
    metadata: Json = {"name": name, "annotations": dict(_KEEP)}
    return {"apiVersion": "pulumi.com/v1", "kind": "Stack", "metadata": metadata, "spec": spec}


def _configuration(name: str, settings: Settings) -> Json:
    found: Json = {}
    if settings.environments:
        found["environment"] = [each.replace("{stack}", name) for each in settings.environments]
    if settings.config:
        found["config"] = dict(settings.config)
    if variables := _variables(settings):
        found["envRefs"] = variables
    if settings.backend:
        found["backend"] = settings.backend
    return found


def _source(settings: Settings, commit: str | None) -> Json:
    if settings.source == "flux":
        reference = {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "name": ACCOUNT}
        return {"fluxSource": {"sourceRef": reference, **({"dir": settings.folder} if settings.folder else {})}}
    revision = {"commit": commit} if commit else {"branch": settings.branch}
    folder = {"repoDir": settings.folder} if settings.folder else {}
    return {"projectRepo": settings.repository, **revision, "shallow": True, **folder, **_git_secret(settings)}


def _git_secret(settings: Settings) -> Json:
    """How the operator signs in to a private repository: by a private key for SSH, and by a token for HTTPS [PKO-STACK]."""
    if settings.repository_secret is None:
        return {}
    ssh = settings.repository.startswith("ssh://")
    key = "sshPrivateKey" if ssh else "accessToken"
    value = {key: {"type": "Secret", "secret": {"name": settings.repository_secret, "key": key}}}
    return {"gitAuth": {"sshAuth": value} if ssh else value}


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
