"""The shape of monitoring: Log Analytics workspaces for logs, and Azure Monitor workspaces for metrics of clusters."""

from typing import Annotated

from pydantic import Field

from components.spec import Region, Spec


class WorkspaceSpec(Spec):
    """One Log Analytics workspace [LAW-1]."""

    location: Annotated[Region | None, Field(description="Left out, the stack's home location.")] = None
    retention_days: Annotated[int, Field(ge=30, le=730, description="Days for which logs are kept.")] = 30
    daily_cap_gb: Annotated[
        float | None, Field(gt=0, description="Gigabytes a day after which nothing more is taken. Left out: no cap.")
    ] = None
    shared_keys: Annotated[
        bool, Field(description="Whether logs are taken from whoever has a key; container groups send by key only.")
    ] = False


class MetricsWorkspaceSpec(Spec):
    """One Azure Monitor workspace, which keeps Prometheus metrics [AMW-1]."""

    location: Annotated[
        Region | None, Field(description="Left out, the stack's home location. Another one loses the metrics.")
    ] = None


class MonitoringSpec(Spec):
    """Where the environment's logs and metrics go; clusters and environments name a workspace by its key."""

    workspaces: Annotated[dict[str, WorkspaceSpec], Field(description="Log Analytics workspaces by key.")] = {}
    metrics_workspaces: Annotated[
        dict[str, MetricsWorkspaceSpec], Field(description="Azure Monitor workspaces by key, for clusters' metrics.")
    ] = {}
