"""Names of environment variables in Container Apps, Azure Container Instances and Kubernetes."""

from __future__ import annotations

import re

_CONTAINER_APPS = re.compile(r"[-._A-Za-z][-._A-Za-z0-9]*")
_CONTAINER_INSTANCES = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")
_KUBERNETES = re.compile(r"[ -<>-~]+")


def container_apps_problem(name: str) -> str | None:
    """Return the problem with the name of a variable of an app, a job or a session in one line, or None [CAE-23]."""
    if _CONTAINER_APPS.fullmatch(name):
        return None
    hint = f"; write {name.replace(':', '__')}" if ":" in name else ""
    return f"{name!r} is not an environment variable name: letters, digits, '_', '.' and '-', no digit first{hint} [CAE-23]"


def container_instances_problem(name: str) -> str | None:
    """Return the problem with the name of a variable of a container group in one line, or None [ACI-12]."""
    if _CONTAINER_INSTANCES.fullmatch(name):
        return None
    return f"{name!r} is not an environment variable name: letters, digits and '_', no digit first [ACI-12]"


def kubernetes_problem(name: str) -> str | None:
    """Return the problem with the name of a variable of a pod in one line, or None [K8S-7]."""
    if _KUBERNETES.fullmatch(name):
        return None
    return f"{name!r} is not an environment variable name: printable ASCII characters without '=' [K8S-7]"
