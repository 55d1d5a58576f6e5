"""A metric alert on one resource.

It owns the alert rule only. Names of metrics are checked in the description, not by Azure: Azure knows the metrics of a
resource only minutes after it was created, and refuses a rule before that. [MON-SKIP]
"""

from collections.abc import Sequence

import pulumi
import pulumi_azure_native as azure_native

from components.alerts.spec import CriterionSpec, MetricAlertSpec
from planning.alerts import METRICS, duration, storage_limit

_CRITERIA = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"


class MetricAlert(pulumi.ComponentResource):
    """One metric alert; makes Microsoft.Insights/metricAlerts."""

    id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: MetricAlertSpec,
        *,
        rule_name: str,
        subject: str,
        sku: str | None,
        resource_id: pulumi.Input[str],
        action_group_ids: Sequence[pulumi.Input[str]],
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the rule.

        Args:
            name: logical name; the child's name starts with it.
            spec: its conditions.
            rule_name: physical name.
            subject: the watched resource in words, for the description that notifications show.
            sku: SKU of the registry, whose storage limit a condition may name; None for other resources.
            resource_id: the watched resource.
            action_group_ids: who is notified.
            resource_group_name: where the rule goes.
            tags: set on the rule.
            opts: options of the component itself.
        """
        super().__init__("moorings:alerts:MetricAlert", name, None, opts)
        rule = azure_native.monitor.MetricAlert(
            f"{name}-rule",
            rule_name=rule_name,
            resource_group_name=resource_group_name,
            location="global",
            description=f"{' and '.join(_words(each) for each in spec.conditions)} ({subject})",
            severity=spec.severity,
            enabled=True,
            scopes=[resource_id],
            evaluation_frequency=duration(spec.frequency),
            window_size=duration(spec.window),
            # Of several kinds of criteria, the engine translates names of members in objects of their class only.
            criteria=azure_native.monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
                odata_type=_CRITERIA,
                all_of=[_criterion(spec, at, each, sku) for at, each in enumerate(spec.conditions, 1)],
            ),
            auto_mitigate=True,
            actions=[{"action_group_id": group} for group in action_group_ids],
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = rule.id
        self.register_outputs({"id": self.id})


def _criterion(
    spec: MetricAlertSpec, at: int, stated: CriterionSpec, sku: str | None
) -> "azure_native.monitor.MetricCriteriaArgs":
    aggregation = stated.aggregation or METRICS[spec.watches][stated.metric].aggregation
    return azure_native.monitor.MetricCriteriaArgs(
        criterion_type="StaticThresholdCriterion",
        name=f"condition{at}",
        metric_name=stated.metric,
        operator="LessThan" if stated.below is not None else "GreaterThan",
        threshold=threshold(stated, sku),
        time_aggregation=aggregation.capitalize(),
        dimensions=[
            azure_native.monitor.MetricDimensionArgs(name=name, operator="Include", values=values)
            for name, values in stated.dimensions.items()
        ],
        skip_metric_validation=True,
    )


def threshold(stated: CriterionSpec, sku: str | None) -> float:
    """Return the value that a condition compares with; a share of the storage limit is in bytes [ACR-SKU]."""
    if stated.above_percent is not None:
        return (storage_limit(sku or "") or 0) * stated.above_percent / 100
    return stated.below if stated.below is not None else stated.above or 0


def _words(stated: CriterionSpec) -> str:
    if stated.above_percent is not None:
        return f"{stated.metric} is above {stated.above_percent:g} % of the storage limit"
    if stated.below is not None:
        return f"{stated.metric} is below {stated.below:g}"
    return f"{stated.metric} is above {stated.above:g}"
