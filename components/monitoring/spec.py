"""The shape of monitoring: Log Analytics workspaces for logs, and Azure Monitor workspaces for clusters' metrics."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from components.elsewhere import MadeElsewhere
from components.spec import Region, Spec, held_to, refuse, settings_of_others
from planning import names
from planning.resource_ids import METRICS_WORKSPACE, WORKSPACE


class WorkspaceSpec(Spec):
    """One Log Analytics workspace [LAW-1].

    With ``id`` the workspace is made elsewhere: logs are sent to it, and it is not changed.
    """

    id: Annotated[
        Annotated[str, MadeElsewhere(WORKSPACE)] | None,
        Field(description="A workspace made elsewhere, in any subscription."),
    ] = None
    name: Annotated[
        Annotated[str, held_to(names.WORKSPACE.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another workspace."),
    ] = None
    location: Annotated[Region | None, Field(description="Default: the stack's home location.")] = None
    retention_days: Annotated[int, Field(ge=30, le=730, description="Retention of logs.")] = 30
    daily_cap_gb: Annotated[
        float | None, Field(gt=0, description="Daily ingestion cap in gigabytes. Default: no cap.")
    ] = None
    shared_keys: Annotated[
        bool, Field(description="Whether the workspace accepts shared keys; container groups send by key only.")
    ] = False

    @model_validator(mode="after")
    def _is_ours_or_made_elsewhere(self) -> Self:
        refuse(settings_of_others(self, except_for=("id", "location", "shared_keys")))
        return self


class MetricsWorkspaceSpec(Spec):
    """One Azure Monitor workspace, which stores Prometheus metrics [AMW-1].

    With ``id`` the workspace is made elsewhere, in the region that ``location`` states.
    """

    id: Annotated[
        Annotated[str, MadeElsewhere(METRICS_WORKSPACE)] | None,
        Field(description="A workspace made elsewhere, in any subscription."),
    ] = None
    name: Annotated[
        Annotated[str, held_to(names.AZURE_MONITOR_WORKSPACE.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another workspace."),
    ] = None
    location: Annotated[
        Region | None, Field(description="Default: the stack's home location. A change loses the metrics.")
    ] = None


class MonitoringSpec(Spec):
    """Workspaces for logs and metrics; clusters and environments name one by its key."""

    workspaces: Annotated[dict[str, WorkspaceSpec], Field(description="Log Analytics workspaces by key.")] = {}
    metrics_workspaces: Annotated[
        dict[str, MetricsWorkspaceSpec], Field(description="Azure Monitor workspaces by key, for clusters' metrics.")
    ] = {}
