"""The shape of monitoring: Log Analytics workspaces for logs, and Azure Monitor workspaces for clusters' metrics."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from components.elsewhere import MadeElsewhere
from components.interfaces.spec import LoggingResourceSpec, ResourceSpec
from components.spec import Region, Spec, held_to, settings_of_others
from planning import names
from planning.problems import Path
from planning.resource_ids import METRICS_WORKSPACE, WORKSPACE


class WorkspaceSpec(LoggingResourceSpec):
    """One Log Analytics workspace [LAW-1].

    With ``id`` the workspace is made elsewhere: logs are sent to it, and it is not changed.
    """

    arm_type: ClassVar[str] = "Microsoft.OperationalInsights/workspaces"

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

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from settings_of_others(self, except_for=("id", "location", "shared_keys"))


class MetricsWorkspaceSpec(ResourceSpec):
    """One Azure Monitor workspace, which stores Prometheus metrics [AMW-1].

    With ``id`` the workspace is made elsewhere, in the region that ``location`` states.
    """

    arm_type: ClassVar[str] = "Microsoft.Monitor/accounts"

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
