"""The shape of alerts: action groups, the three sets of Service Health alerts, Resource Health alerts and metric alerts."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from components.elsewhere import MadeElsewhere
from components.references import Reference
from components.spec import Secret, Spec, held_to, is_insecure, settings_of_others
from planning import alerts
from planning.problems import Path, unknown
from planning.resource_ids import ACTION_GROUP

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_RECEIVERS = ("email", "sms", "webhooks", "roles")

ActionGroupKey = Annotated[str, Reference("alerts.action_groups", "action group", ACTION_GROUP)]
_Recipients = Annotated[list[ActionGroupKey], Field(description="Keys of the action groups that are notified.")]


def _email_problem(text: str) -> str | None:
    return None if _EMAIL.fullmatch(text) else f"{text!r} is not an email address; write one such as ops@contoso.com"


class SmsSpec(Spec):
    """A phone that receives text messages."""

    country_code: Annotated[str, Field(pattern=r"^[0-9]{1,4}$", description="Country code without +, such as 1.")]
    phone_number: Annotated[str, Field(pattern=r"^[0-9]{4,15}$", description="Number without the country code.")]


class ActionGroupSpec(Spec):
    """Who is notified when an alert fires [MON-ACTION].

    With ``id`` the group is made elsewhere, and alerts name it.
    """

    id: Annotated[
        Annotated[str, MadeElsewhere(ACTION_GROUP)] | None,
        Field(description="An action group made elsewhere, in the subscription of the stack."),
    ] = None
    name: Annotated[
        Annotated[str, held_to(alerts.ACTION_GROUP.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another group."),
    ] = None
    short_name: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=alerts.LONGEST_SHORT_NAME,
            description="Name that text messages and emails show. Default: the start of the key.",
        ),
    ] = None
    email: Annotated[
        dict[str, Annotated[str, held_to(_email_problem)]], Field(description="Email addresses by name.")
    ] = {}
    sms: Annotated[dict[str, SmsSpec], Field(description="Phones that receive text messages, by name.")] = {}
    webhooks: Annotated[
        dict[str, Secret],
        Field(
            description="Addresses of webhooks by name, such as of PagerDuty or ServiceNow; they hold a key, and are secret."
        ),
    ] = {}
    roles: Annotated[
        list[Literal["Owner", "Contributor", "Reader", "Monitoring Contributor", "Monitoring Reader"]],
        Field(description="Roles on the subscription whose members receive an email."),
    ] = []

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from settings_of_others(self, except_for=("id",))
        if self.id is None and not any(getattr(self, receivers) for receivers in _RECEIVERS):
            yield (), f"notifies nobody; state one of {', '.join(_RECEIVERS)}, or the id of a group made elsewhere"
        for key, address in self.webhooks.items():
            if is_insecure(address):
                yield ("webhooks", key), "is not an https address; the value is not shown, since it may hold a key"


class ServiceHealthSpec(Spec):
    """The three sets of Service Health alerts for the registry; a set without action groups is not made [ACR-HEALTH]."""

    critical: Annotated[
        list[ActionGroupKey],
        Field(description="Notified of service issues and security advisories in the regions of the registry."),
    ] = []
    maintenance: Annotated[
        list[ActionGroupKey], Field(description="Notified of planned maintenance, in any region.")
    ] = []
    comprehensive: Annotated[list[ActionGroupKey], Field(description="Notified of every event, in any region.")] = []

    @property
    def sets(self) -> Mapping[alerts.HealthSet, list[str]]:
        """The action groups of each set that has some."""
        stated: dict[alerts.HealthSet, list[str]] = {
            "critical": self.critical,
            "maintenance": self.maintenance,
            "comprehensive": self.comprehensive,
        }
        return {name: groups for name, groups in stated.items() if groups}


class CriterionSpec(Spec):
    """One condition on a metric."""

    metric: Annotated[str, Field(description="Name of the metric in Azure Monitor, such as StorageUsed.")]
    above: Annotated[float | None, Field(description="Value above which the condition is met.")] = None
    below: Annotated[float | None, Field(description="Value below which the condition is met.")] = None
    above_percent: Annotated[
        float | None,
        Field(gt=0, lt=100, description="Share of the storage limit of the registry; of metric StorageUsed only."),
    ] = None
    aggregation: Annotated[
        alerts.Aggregation | None,
        Field(description="How values in the window are combined. Default: the metric's own."),
    ] = None
    dimensions: Annotated[
        dict[str, list[str]], Field(description="Values of dimensions that count, by name. Default: all.")
    ] = {}

    def _problems(self) -> Iterator[tuple[Path, str]]:
        stated = [name for name in ("above", "below", "above_percent") if getattr(self, name) is not None]
        if len(stated) != 1:
            yield (), f"states {' and '.join(stated) or 'no threshold'}; write one of above, below and above_percent"
        if self.above_percent is not None and self.metric != alerts.STORAGE:
            yield ("above_percent",), f"is for {alerts.STORAGE}, not for {self.metric}; write above"


class MetricAlertSpec(Spec):
    """An alert that fires when all its conditions are met [MON-METRIC]."""

    watches: Annotated[
        alerts.Watched,
        Field(description="What is watched: the registry, every cluster, or every app of Container Apps."),
    ]
    conditions: Annotated[list[CriterionSpec], Field(min_length=1, max_length=5, description="All have to be met.")]
    severity: Annotated[int, Field(ge=0, le=4, description="0 is critical, 4 is verbose.")] = 2
    every_minutes: Annotated[
        Literal[1, 5, 15, 30, 60] | None,
        Field(description="How often conditions are evaluated. Default: 5, or as often as the metric has a value."),
    ] = None
    window_minutes: Annotated[
        Literal[1, 5, 15, 30, 60, 360, 720, 1440] | None,
        Field(description="Period whose values are combined. Default: 15, or what the metric needs for one value."),
    ] = None
    action_groups: _Recipients

    @property
    def frequency(self) -> int:
        """Minutes between two evaluations: as stated, else 5, or the time grain of a metric that has fewer values."""
        return self.every_minutes or max(5, self._grain)

    @property
    def window(self) -> int:
        """Minutes whose values are combined: as stated, else 15, or the time grain of a metric that has fewer values."""
        return self.window_minutes or max(15, self._grain)

    @property
    def _grain(self) -> int:
        known = alerts.METRICS[self.watches]
        return max((known[each.metric].grain for each in self.conditions if each.metric in known), default=1)

    def _problems(self) -> Iterator[tuple[Path, str]]:
        known = alerts.METRICS[self.watches]
        for index, condition in enumerate(self.conditions):
            path = ("conditions", str(index))
            metric = known.get(condition.metric)
            if metric is None:
                yield (*path, "metric"), f"{unknown('metric', condition.metric, sorted(known))} [MON-METRICS]"
                continue
            if metric.grain > self.window:
                message = f"{self.window}, but {condition.metric} has a value every {metric.grain} minutes"
                yield ("window_minutes",), f"{message}; write {metric.grain} or more [MON-METRICS]"
            for name in condition.dimensions:
                if name not in metric.dimensions:
                    yield (
                        (*path, "dimensions", name),
                        f"{unknown('dimension', name, metric.dimensions)} [MON-METRICS]",
                    )
        if self.frequency > self.window:
            message = f"{self.frequency}, which is longer than window_minutes ({self.window})"
            yield ("every_minutes",), f"{message}; write that or less [MON-METRIC]"


class AlertsSpec(Spec):
    """Alerts of the stack: who is notified of what."""

    action_groups: Annotated[dict[str, ActionGroupSpec], Field(description="Action groups by key.")] = {}
    service_health: Annotated[
        ServiceHealthSpec, Field(description="Service Health alerts for Azure Container Registry, in three sets.")
    ] = ServiceHealthSpec()
    resource_health: Annotated[
        list[ActionGroupKey],
        Field(
            description="Action groups that are notified when Resource Health reports the registry as not available."
        ),
    ] = []
    metrics: Annotated[dict[str, MetricAlertSpec], Field(description="Metric alerts by key.")] = {}
