"""A Container Apps environment with its diagnostic settings.

It owns the environment and its diagnostic settings. It deliberately does not own what runs in it (apps and jobs change
daily, an environment rarely), its subnet, its private endpoints or the workspace. Logs are sent by Azure Monitor, so
that no workspace key is read. [CAE-1, CAE-5, CAE-15, CAE-16]
"""

from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.container_apps.spec import DiagnosticsSpec, EnvironmentSpec, ProfileSpec, TelemetrySpec
from components.stable import stable
from planning.container_apps import CONSUMPTION

REPLACING = ("vnetConfiguration",)
"""azure-native replaces an environment whose subnet changes, but updates one that gains or loses it: Azure refuses
[CAE-5]."""

_ARM_DESTINATIONS = {"application_insights": "appInsights", "datadog": "dataDog"}


class Environment(pulumi.ComponentResource):
    """One environment.

    Makes Microsoft.App/managedEnvironments and Microsoft.Insights/diagnosticSettings. With ``spec.id`` the environment is made
    elsewhere: nothing is made here, and its domain and address are read. ``resource`` is the environment itself, for
    ``replace_with`` of resources that refer to its id; None for one made elsewhere.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    default_domain: pulumi.Output[str]
    """Domain of the apps' host names."""
    static_ip: pulumi.Output[str]
    """IP address of the environment's ingress."""

    def __init__(
        self,
        name: str,
        spec: EnvironmentSpec,
        *,
        environment_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        subnet_id: pulumi.Input[str] | None,
        workspace_id: pulumi.Input[str] | None,
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the environment.

        Args:
            name: logical name; children's names start with it.
            spec: the environment; its apps, jobs, routes and private endpoints belong to other components.
            environment_name: physical name.
            location: region.
            resource_group_name: where it goes, or where one made elsewhere is.
            subnet_id: its own subnet; None where Azure manages the network.
            workspace_id: workspace of its logs, or None.
            tags: set on the environment.
            opts: options of the component itself.
        """
        super().__init__("moorings:container_apps:Environment", name, None, opts)
        place = {"location": location, "resource_group_name": resource_group_name, "tags": tags}
        self.resource: pulumi.Resource | None = None
        if spec.id is not None:
            self.id = pulumi.Output.from_input(spec.id)
            found = azure_native.app.get_managed_environment_output(
                environment_name=environment_name,
                resource_group_name=resource_group_name,
                opts=pulumi.InvokeOutputOptions(parent=self),
            )
            self.name, self.default_domain, self.static_ip = found.name, found.default_domain, found.static_ip
        else:
            made = self._environment(environment_name, _body(spec, location, subnet_id), spec.protect, place)
            self.resource, self.id, self.name = made, made.id, made.name
            self.default_domain = stable(made, "defaultDomain", made.default_domain)
            self.static_ip = stable(made, "staticIp", made.static_ip)
            if spec.diagnostics and workspace_id is not None:
                self._diagnostics(spec.diagnostics, made, workspace_id)
        self.register_outputs(
            {"id": self.id, "name": self.name, "default_domain": self.default_domain, "static_ip": self.static_ip}
        )

    def _environment(
        self, environment_name: str, body: dict[str, Any], protect: bool, place: dict[str, Any]
    ) -> azure_native.app.ManagedEnvironment:
        return azure_native.app.ManagedEnvironment(
            f"{self.pulumi_resource_name}-environment",
            environment_name=environment_name,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=protect,
                replace_on_changes=list(REPLACING),
                # Names are fixed, so the old environment is deleted before the new one is created.
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create="60m", update="60m", delete="60m"),
            ),
            **place,
            **body,
        )

    def _diagnostics(
        self,
        spec: DiagnosticsSpec,
        environment: azure_native.app.ManagedEnvironment,
        workspace_id: pulumi.Input[str],
    ) -> None:
        azure_native.monitor.DiagnosticSetting(
            f"{self.pulumi_resource_name}-diagnostics",
            name="workspace",
            resource_uri=environment.id,
            workspace_id=workspace_id,
            log_analytics_destination_type="Dedicated",
            logs=[{"category": category, "enabled": True} for category in spec.categories],
            metrics=[{"category": "AllMetrics", "enabled": True}] if spec.metrics else None,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _body(spec: EnvironmentSpec, location: str, subnet_id: pulumi.Input[str] | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "zone_redundant": spec.is_zone_redundant(location),
        "infrastructure_resource_group": spec.infrastructure_resource_group,
        "app_logs_configuration": {"destination": "azure-monitor"} if spec.diagnostics else None,
        "peer_authentication": {"mtls": {"enabled": spec.mtls}},
        "peer_traffic_configuration": {"encryption": {"enabled": spec.mtls}},
    }
    if subnet_id is not None:
        body["vnet_configuration"] = {"infrastructure_subnet_id": subnet_id, "internal": spec.is_internal}
    if spec.kind == "workload_profiles":
        body["public_network_access"] = spec.public_access
        consumption = {"name": CONSUMPTION, "workload_profile_type": CONSUMPTION}
        body["workload_profiles"] = [consumption, *(_profile(key, profile) for key, profile in spec.profiles.items())]
    if spec.telemetry:
        body |= _telemetry(spec.telemetry)
    return body


def _profile(key: str, spec: ProfileSpec) -> dict[str, Any]:
    profile: dict[str, Any] = {"name": key, "workload_profile_type": spec.type}
    if spec.has_nodes:
        profile |= {"minimum_count": spec.least, "maximum_count": spec.most}
    if spec.fips:
        profile["enable_fips"] = True
    return profile


def _telemetry(spec: TelemetrySpec) -> dict[str, Any]:
    destinations: dict[str, Any] = {}
    if spec.datadog:
        key = pulumi.Output.secret(spec.datadog.key.get_secret_value())
        destinations["data_dog_configuration"] = {"site": spec.datadog.site, "key": key}
    if spec.otlp:
        destinations["otlp_configurations"] = [
            {
                "name": name,
                "endpoint": otlp.endpoint,
                "insecure": otlp.insecure,
                "headers": [
                    {"key": header, "value": pulumi.Output.secret(value.get_secret_value())}
                    for header, value in otlp.headers.items()
                ],
            }
            for name, otlp in spec.otlp.items()
        ]
    found: dict[str, Any] = {
        "open_telemetry_configuration": {
            "destinations_configuration": destinations or None,
            "traces_configuration": _signal(spec.traces, include_dapr=spec.dapr_traces),
            "logs_configuration": _signal(spec.logs),
            "metrics_configuration": _signal(spec.metrics, include_keda=spec.keda_metrics),
        }
    }
    if spec.application_insights:
        secret = pulumi.Output.secret(spec.application_insights.get_secret_value())
        found["app_insights_configuration"] = {"connection_string": secret}
    return found


def _signal(destinations: list[str], **more: bool) -> dict[str, Any] | None:
    """Destinations of one signal, in ARM's names; None if there are none."""
    if not destinations:
        return None
    return {"destinations": [_ARM_DESTINATIONS.get(key, key) for key in destinations], **more}
