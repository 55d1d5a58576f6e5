"""A job: containers that run to completion, started manually, on a schedule or by events.

It owns the job, not the environment, identities or secrets. [CAE-11, CAE-14]
"""

from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.container_apps.containers import (
    Pull,
    containers,
    identity,
    identity_settings,
    job_rule,
    registries,
    secrets,
)
from components.container_apps.workload_spec import JobSpec


class Job(pulumi.ComponentResource):
    """One job; makes Microsoft.App/jobs."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: JobSpec,
        *,
        job_name: str,
        environment_id: pulumi.Input[str],
        profile: str | None,
        location: str,
        resource_group_name: pulumi.Input[str],
        pull: Pull,
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the job.

        Args:
            name: logical name; the child's name starts with it.
            spec: containers and trigger.
            job_name: physical name.
            environment_id: where it runs; another one replaces it.
            profile: workload profile; None in a Consumption-only environment.
            location: the environment's region.
            resource_group_name: where it goes.
            pull: the registry host of its images and the identity that pulls them.
            tags: set on the job.
            opts: options of the component itself.
        """
        super().__init__("moorings:container_apps:Job", name, None, opts)
        job = azure_native.app.Job(
            f"{name}-job",
            job_name=job_name,
            resource_group_name=resource_group_name,
            location=location,
            environment_id=environment_id,
            workload_profile_name=profile,
            identity=identity(spec, pull),  # pyright: ignore[reportArgumentType] - plain data in the form of the SDK's types
            configuration=_configuration(spec, pull),
            template=_template(spec, pull),
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(pull.after), ignore_changes=spec.ignored),
        )
        self.id = job.id
        self.name = job.name
        self.register_outputs({"id": self.id, "name": self.name})


def _configuration(spec: JobSpec, pull: Pull) -> Any:
    shown: dict[str, Any] = {
        "trigger_type": spec.trigger,
        "replica_timeout": spec.timeout_seconds,
        "replica_retry_limit": spec.retries,
        "registries": registries(spec, pull),
        "secrets": secrets(spec, pull),
        "identity_settings": identity_settings(spec, pull),
    }
    runs = {"parallelism": spec.parallelism, "replica_completion_count": spec.completions}
    if spec.trigger == "Schedule":
        return {**shown, "schedule_trigger_config": {**runs, "cron_expression": spec.schedule}}
    if spec.trigger == "Event":
        scale = {
            "min_executions": 0,
            "max_executions": spec.max_executions,
            "polling_interval": spec.polling_interval_seconds,
            "rules": [job_rule(key, rule, pull) for key, rule in spec.events.items()],
        }
        return {**shown, "event_trigger_config": {**runs, "scale": scale}}
    return {**shown, "manual_trigger_config": runs}


def _template(spec: JobSpec, pull: Pull) -> Any:
    return {
        "containers": containers(spec.containers, pull),
        "init_containers": containers(spec.init_containers, pull, probed=False) or None,
    }
