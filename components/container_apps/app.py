"""A container app.

It owns the app. It deliberately does not own the environment, identities or their grants, nor secrets: those stay in
Key Vault and are referenced. Its images come from the host of the co-located replica. [CAE-7, CAE-11, CAE-12, CAE-13]
"""

from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.container_apps.containers import (
    Pull,
    Variables,
    containers,
    identity,
    identity_settings,
    registries,
    scale_rule,
    secrets,
)
from components.container_apps.ingress_spec import IngressSpec, TrafficSpec
from components.container_apps.workload_spec import AppSpec, DaprSpec


class App(pulumi.ComponentResource):
    """One app; makes Microsoft.App/containerApps."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    fqdn: pulumi.Output[str | None]

    def __init__(
        self,
        name: str,
        spec: AppSpec,
        *,
        app_name: str,
        environment_id: pulumi.Input[str],
        profile: str | None,
        location: str,
        resource_group_name: pulumi.Input[str],
        pull: Pull,
        env: Variables | None = None,
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the app.

        Args:
            name: logical name; the child's name starts with it.
            spec: containers, scale and ingress.
            app_name: physical name.
            environment_id: where it runs; another one replaces it.
            profile: workload profile; None in a Consumption-only environment.
            location: the environment's region.
            resource_group_name: where it goes.
            pull: the registry host of its images and the identity that pulls them.
            env: environment variables beside those of the containers.
            tags: set on the app.
            opts: options of the component itself.
        """
        super().__init__("moorings:container_apps:App", name, None, opts)
        app = azure_native.app.ContainerApp(
            f"{name}-app",
            container_app_name=app_name,
            resource_group_name=resource_group_name,
            location=location,
            environment_id=environment_id,
            workload_profile_name=profile,
            identity=identity(spec, pull),  # pyright: ignore[reportArgumentType] - plain data in the form of the SDK's types
            configuration=_configuration(spec, app_name, pull),
            template=_template(spec, pull, env),
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(pull.after), ignore_changes=spec.ignored),
        )
        self.id = app.id
        self.name = app.name
        # Azure assigns a host name only to an app with ingress.
        self.fqdn = app.configuration.apply(lambda found: found.ingress.fqdn if found and found.ingress else None)
        self.register_outputs({"id": self.id, "name": self.name, "fqdn": self.fqdn})


def _configuration(spec: AppSpec, app_name: str, pull: Pull) -> Any:
    return {
        "active_revisions_mode": spec.revisions,
        "max_inactive_revisions": spec.max_inactive_revisions,
        "registries": registries(spec, pull),
        "secrets": secrets(spec, pull),
        "identity_settings": identity_settings(spec, pull),
        "ingress": _ingress(spec.ingress, app_name, single=spec.revisions == "Single") if spec.ingress else None,
        "dapr": _dapr(spec.dapr) if spec.dapr else None,
    }


def _template(spec: AppSpec, pull: Pull, env: Variables | None) -> Any:
    scale = spec.scale
    return {
        "containers": containers(spec.containers, pull, env=env),
        "init_containers": containers(spec.init_containers, pull, probed=False) or None,
        "revision_suffix": spec.revision_suffix,
        "termination_grace_period_seconds": spec.termination_grace_seconds,
        "scale": {
            "min_replicas": scale.min_replicas,
            "max_replicas": scale.max_replicas,
            "cooldown_period": scale.cooldown_seconds,
            "polling_interval": scale.polling_interval_seconds,
            "rules": [scale_rule(key, rule, pull) for key, rule in scale.rules.items()] or None,
        },
    }


def _ingress(spec: IngressSpec, app_name: str, *, single: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "external": spec.external,
        "target_port": spec.target_port,
        "exposed_port": spec.exposed_port,
        "transport": spec.transport,
        "allow_insecure": spec.allow_insecure,
        "ip_security_restrictions": [
            {"name": name, "ip_address_range": rule.range, "action": rule.action}
            for name, rule in spec.ip_rules.items()
        ]
        or None,
    }
    # The spec refuses settings of HTTP only, and of single-revision mode only, where they would be omitted here.
    if spec.transport != "tcp":
        shown["client_certificate_mode"] = spec.client_certificates
        if single:
            shown["sticky_sessions"] = {"affinity": "sticky" if spec.sticky_sessions else "none"}
    shares = spec.traffic or [TrafficSpec(weight=100)]
    shown["traffic"] = [_share(share, app_name) for share in shares]
    return shown


def _share(spec: TrafficSpec, app_name: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"weight": spec.weight, "label": spec.label}
    if spec.revision is None:
        return {**shown, "latest_revision": True}
    return {**shown, "revision_name": f"{app_name}--{spec.revision}"}


def _dapr(spec: DaprSpec) -> dict[str, Any]:
    return {
        "enabled": True,
        "app_id": spec.app_id,
        "app_port": spec.app_port,
        "app_protocol": spec.protocol,
        "log_level": spec.log_level,
        "max_concurrency": spec.max_concurrency,
    }
