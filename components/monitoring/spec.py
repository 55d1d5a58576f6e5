"""The shape of monitoring: Log Analytics workspaces for logs, and Azure Monitor workspaces for clusters' metrics."""

from typing import Annotated

from pydantic import Field

from components.spec import Region, Spec


class WorkspaceSpec(Spec):
    """One Log Analytics workspace [LAW-1]."""

    location: Annotated[Region | None, Field(description="Default: the stack's home location.")] = None
    retention_days: Annotated[int, Field(ge=30, le=730, description="Retention of logs.")] = 30
    daily_cap_gb: Annotated[
        float | None, Field(gt=0, description="Daily ingestion cap in gigabytes. Default: no cap.")
    ] = None
    shared_keys: Annotated[
        bool, Field(description="Whether the workspace accepts shared keys; container groups send by key only.")
    ] = False


class MetricsWorkspaceSpec(Spec):
    """One Azure Monitor workspace, which stores Prometheus metrics [AMW-1]."""

    location: Annotated[
        Region | None, Field(description="Default: the stack's home location. A change loses the metrics.")
    ] = None


class MonitoringSpec(Spec):
    """Workspaces for logs and metrics; clusters and environments name one by its key."""

    workspaces: Annotated[dict[str, WorkspaceSpec], Field(description="Log Analytics workspaces by key.")] = {}
    metrics_workspaces: Annotated[
        dict[str, MetricsWorkspaceSpec], Field(description="Azure Monitor workspaces by key, for clusters' metrics.")
    ] = {}
