"""Containers, secrets, identities and scale rules in the form that apps, jobs and pools send.

Pure functions; nothing is registered here. [CAE-7, CAE-8, CAE-11]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.container_apps.workload_spec import (
    ContainerSpec,
    ProbeSpec,
    ScaleRuleSpec,
    SecretVariableSpec,
    WorkloadSpec,
)
from components.images import reference

Json = dict[str, Any]


@dataclass(frozen=True)
class Pull:
    """How a workload pulls its images.

    Attributes:
        host: registry host of the co-located replica.
        identity_ids: ARM ids of all identities that workloads name, by key.
        after: resources that must exist before anything is pulled.
    """

    host: pulumi.Input[str]
    identity_ids: Mapping[str, pulumi.Input[str]]
    after: tuple[pulumi.Resource, ...] = ()


Variables = Mapping[str, pulumi.Input[str]]
"""Environment variables beside those of the container, by name."""


def containers(
    specs: Mapping[str, ContainerSpec], pull: Pull, *, probed: bool = True, env: Variables | None = None
) -> list[Json]:
    """Return containers in ARM's form, with the variables of ``env``; init containers are not ``probed``."""
    return [_container(name, spec, pull, env or {}, probed=probed) for name, spec in specs.items()]


def _container(name: str, spec: ContainerSpec, pull: Pull, env: Variables, *, probed: bool) -> Json:
    given = [*variables(spec.env), *({"name": variable, "value": value} for variable, value in env.items())]
    shown: Json = {
        "name": name,
        "image": reference(spec.image, pull.host),
        "command": spec.command or None,
        "args": spec.args or None,
        "env": given or None,
        "resources": {"cpu": spec.cpu, "memory": memory(spec.memory_gib)},
    }
    if probed:
        shown["probes"] = [_probe(kind, probe) for kind, probe in spec.probes.items()] or None
    return shown


def memory(gib: float) -> str:
    """Return an amount of memory as Container Apps writes it."""
    return f"{gib:g}Gi"


def variables(env: Mapping[str, str | SecretVariableSpec]) -> list[Json]:
    """Return environment variables in ARM's form."""
    return [
        {"name": name, "secret_ref": value.secret}
        if isinstance(value, SecretVariableSpec)
        else {"name": name, "value": value}
        for name, value in env.items()
    ]


def _probe(kind: str, spec: ProbeSpec) -> Json:
    shown: Json = {
        "type": kind.capitalize(),
        "initial_delay_seconds": spec.initial_delay_seconds,
        "period_seconds": spec.period_seconds,
        "timeout_seconds": spec.timeout_seconds,
        "failure_threshold": spec.failure_threshold,
    }
    if spec.path is None:
        return {**shown, "tcp_socket": {"port": spec.port}}
    return {**shown, "http_get": {"path": spec.path, "port": spec.port, "scheme": spec.scheme}}


def identity(spec: WorkloadSpec, pull: Pull) -> Json:
    """Return the identity block: every identity of the workload."""
    ids = [pull.identity_ids[key] for key in spec.all_identities]
    return {"type": "UserAssigned", "user_assigned_identities": ids}


def identity_settings(spec: WorkloadSpec, pull: Pull) -> list[Json] | None:
    """Return the identity settings: an identity that only pulls is not available to the code [CAE-11]."""
    if spec.identity in spec.identities:
        return None
    return [{"identity": pull.identity_ids[spec.identity], "lifecycle": "None"}]


def registries(spec: WorkloadSpec, pull: Pull) -> list[Json]:
    """Return the registry with the identity that pulls from it; never with a password."""
    return [{"server": pull.host, "identity": pull.identity_ids[spec.identity]}]


def secrets(spec: WorkloadSpec, pull: Pull) -> list[Json] | None:
    """Return the references to Key Vault."""
    return [
        {
            "name": name,
            "key_vault_url": secret.key_vault_url,
            "identity": pull.identity_ids[secret.identity or spec.identity],
        }
        for name, secret in spec.secrets.items()
    ] or None


def scale_rule(name: str, spec: ScaleRuleSpec, pull: Pull) -> Json:
    """Return an app's scale rule."""
    if spec.http_concurrent_requests is not None:
        return {"name": name, "http": {**_rule(spec, pull, concurrentRequests=spec.http_concurrent_requests)}}
    if spec.tcp_concurrent_connections is not None:
        return {"name": name, "tcp": {**_rule(spec, pull, concurrentConnections=spec.tcp_concurrent_connections)}}
    return {"name": name, "custom": {"type": spec.type, **_rule(spec, pull)}}


def job_rule(name: str, spec: ScaleRuleSpec, pull: Pull) -> Json:
    """Return a job's scale rule, which is always one of KEDA's scalers."""
    return {"name": name, "type": spec.type, **_rule(spec, pull)}


def _rule(spec: ScaleRuleSpec, pull: Pull, **more: int) -> Json:
    metadata = {**spec.metadata, **{key: str(value) for key, value in more.items()}}
    auth = [{"trigger_parameter": parameter, "secret_ref": secret} for parameter, secret in spec.auth.items()]
    return {
        "metadata": metadata or None,
        "auth": auth or None,
        "identity": pull.identity_ids[spec.identity] if spec.identity else None,
    }
