"""Address drift: events of container groups trigger a function that corrects their DNS records.

Event Grid system topic of a resource group → event subscriptions, filtered on the subject → function app → private DNS
A and PTR. It owns the app, its rights, and the topics. It deliberately does not own the container groups nor the zones.
[DRIFT-1, DRIFT-4, DRIFT-5]
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from components.address_drift.host import FunctionHost, HostNames
from components.address_drift.spec import AddressDriftSpec
from components.address_drift.telemetry import STREAM, Telemetry
from components.role_assignment import assign
from planning import address_drift as rules
from planning.roles import Role, assignment_name

FUNCTIONS = ("reconcile", "track")
"""Functions of the app: the writer and the observer; each receives every event."""


@dataclass(frozen=True)
class Spoke:
    """A network whose container groups are followed.

    Attributes:
        topic_name: physical name of its system topic.
        group_id: ARM id of the resource group of its container groups.
        group_name: name of that resource group.
        forward_id: ARM id of the forward zone.
        reverse_ids: ARM ids of the reverse zones, by their names.
    """

    topic_name: str
    group_id: pulumi.Output[str]
    group_name: pulumi.Output[str]
    forward_id: pulumi.Output[str]
    reverse_ids: Mapping[str, pulumi.Output[str]]


class AddressDrift(pulumi.ComponentResource):
    """Makes a function app, its role assignments, and Microsoft.EventGrid/systemTopics with subscriptions."""

    id: pulumi.Output[str]
    name: str
    principal_id: pulumi.Output[str]
    deploy: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: AddressDriftSpec,
        *,
        names: HostNames,
        location: str,
        resource_group_name: pulumi.Output[str],
        spokes: Mapping[str, Spoke],
        telemetry: Telemetry | None,
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the function app, its role assignments and the topics.

        Args:
            name: logical name; children's names start with it.
            spec: networks to follow, and settings.
            names: physical names of app, plan and account.
            location: region of the app.
            resource_group_name: where the app goes; each topic goes to the resource group that it reports on.
            spokes: zones and resource group of each network, by the network's key.
            telemetry: where traces and sightings go; None for nowhere.
            tags: set on every resource that takes tags.
            opts: options of the component itself.
        """
        super().__init__("moorings:address_drift:AddressDrift", name, None, opts)
        self._name, self._spec, self._app_name, self._tags = name, spec, names.app, tags
        host = FunctionHost(
            f"{name}-host",
            names=names,
            location=location,
            resource_group_name=resource_group_name,
            settings={"DRIFT_ZONES": self._zones(spokes), **_ways(telemetry)},
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        grants = self._grants(host, spokes, telemetry)
        for key, spoke in spokes.items():
            self._topic(key, spoke, host, grants)
        self.id = host.id
        self.name = names.app
        self.principal_id = host.principal_id
        self.deploy = resource_group_name.apply(lambda group: _deployment(group, names.app))
        self.register_outputs(
            {"id": self.id, "name": self.name, "principal_id": self.principal_id, "deploy": self.deploy}
        )

    def _zones(self, spokes: Mapping[str, Spoke]) -> pulumi.Output[str]:
        """The app's map of resource groups to zones, as JSON; sorted, so that the order of keys changes nothing."""
        stated = [
            pulumi.Output.all(spoke.group_name, spoke.forward_id, list(spoke.reverse_ids.values()))
            for spoke in spokes.values()
        ]
        ttl = self._spec.ttl_seconds

        def text(found: list[list[str | list[str]]]) -> str:
            groups = {
                str(group).lower(): {"forward": forward, "reverse": reverse, "ttl": ttl}
                for group, forward, reverse in found
            }
            return json.dumps(groups, sort_keys=True, separators=(",", ":"))

        return pulumi.Output.all(*stated).apply(text)

    def _grants(
        self, host: FunctionHost, spokes: Mapping[str, Spoke], telemetry: Telemetry | None
    ) -> list[pulumi.Resource]:
        grants = [self._grant("storage", rules.STORAGE, host.storage_account_id, host)]
        for key, spoke in spokes.items():
            grants.append(self._grant(f"groups-{key}", rules.GROUPS, spoke.group_id, host))
            grants.append(self._grant(f"forward-{key}", rules.ZONES, spoke.forward_id, host))
            grants += [
                self._grant(f"reverse-{key}-{zone}", rules.ZONES, zone_id, host)
                for zone, zone_id in spoke.reverse_ids.items()
            ]
        if telemetry is not None:
            grants.append(self._grant("rule", rules.TELEMETRY, telemetry.rule_id, host))
            grants.append(self._grant("insights", rules.TELEMETRY, telemetry.component_id, host))
        return grants

    def _grant(self, key: str, role: Role, scope: pulumi.Output[str], host: FunctionHost) -> pulumi.Resource:
        return assign(
            f"{self._name}-role-{key}",
            role,
            assignment_name=assignment_name(self._app_name, key, role),
            scope=scope,
            principal_id=host.principal_id,
            parent=self,
        )

    def _topic(self, key: str, spoke: Spoke, host: FunctionHost, grants: list[pulumi.Resource]) -> None:
        topic = azure_native.eventgrid.SystemTopic(
            f"{self._name}-topic-{key}",
            system_topic_name=spoke.topic_name,
            resource_group_name=spoke.group_name,
            # The events of a resource group are global.
            location="global",
            source=spoke.group_id,
            topic_type="Microsoft.Resources.ResourceGroups",
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        for function in FUNCTIONS if self._spec.deployed else ():
            self._subscription(f"{key}-{function}", function, topic, spoke, host, grants)

    def _subscription(
        self,
        key: str,
        function: str,
        topic: azure_native.eventgrid.SystemTopic,
        spoke: Spoke,
        host: FunctionHost,
        grants: list[pulumi.Resource],
    ) -> None:
        azure_native.eventgrid.SystemTopicEventSubscription(
            f"{self._name}-events-{key}",
            event_subscription_name=function,
            system_topic_name=topic.name,
            resource_group_name=spoke.group_name,
            event_delivery_schema="EventGridSchema",
            # The SDK does not translate the names of a dictionary where several kinds of destination are possible.
            destination=azure_native.eventgrid.AzureFunctionEventSubscriptionDestinationArgs(
                endpoint_type="AzureFunction",
                resource_id=pulumi.Output.concat(host.id, "/functions/", function),
                max_events_per_batch=1,
                preferred_batch_size_in_kilobytes=64,
            ),
            filter={
                "included_event_types": rules.event_types(actions=self._spec.actions),
                "subject_begins_with": spoke.group_id.apply(rules.subject_prefix),
                "is_subject_case_sensitive": False,
            },
            retry_policy={"max_delivery_attempts": 30, "event_time_to_live_in_minutes": 1440},
            # An event that arrives before the role assignments fails, and is handled at its next delivery.
            opts=pulumi.ResourceOptions(parent=self, depends_on=grants),
        )


def _ways(telemetry: Telemetry | None) -> dict[str, pulumi.Input[str]]:
    """The app's settings for traces and sightings."""
    if telemetry is None:
        return {}
    return {
        "APPLICATIONINSIGHTS_CONNECTION_STRING": telemetry.connection_string,
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "Authorization=AAD",
        "DRIFT_ENDPOINT": telemetry.endpoint,
        "DRIFT_RULE": telemetry.rule_immutable_id,
        "DRIFT_STREAM": STREAM,
    }


def _deployment(group: str, app: str) -> str:
    """The commands that deploy the package, for a person to run."""
    return (
        "python -m components.address_drift.package address-drift.zip && az functionapp deployment source config-zip "
        f"--resource-group {group} --name {app} --src address-drift.zip --build-remote true"
    )
