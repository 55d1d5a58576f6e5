"""Make the address-drift fixer of a description, with the zones that it writes."""

import pulumi

from components.address_drift.address_drift import AddressDrift, Spoke
from components.address_drift.host import HostNames
from components.address_drift.spec import AddressDriftSpec, SpokeSpec
from components.address_drift.telemetry import Telemetry
from components.dns.zone import Zone
from components.surroundings import Made, Surroundings
from planning.container_instances import RESOURCE_GROUP_ROLE, reverse_zone
from stacks.spec import StackSpec

ROLE = "drift"
"""Role of the fixer's resource group, and part of its names."""


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make what section ``address_drift`` asks for and return what it tells, under ``fixer``."""
    stated = spec.address_drift
    if stated is None:
        return {}
    location = stated.location or around.location
    group = around.resource_group(ROLE, location)
    made = AddressDrift(
        f"{around.name}-address-drift",
        stated,
        names=_names(around, stated),
        location=location,
        resource_group_name=group.name,
        spokes={key: _spoke(around, spec, key, spoke) for key, spoke in stated.spokes.items()},
        telemetry=_telemetry(around, spec, stated, group.name),
        tags=around.tags,
        opts=around.options(),
    )
    return {"fixer": {"id": made.id, "name": made.name, "principal_id": made.principal_id, "deploy": made.deploy}}


def _names(around: Surroundings, spec: AddressDriftSpec) -> HostNames:
    return HostNames(
        app=spec.function_app or around.names.function_app(ROLE),
        plan=around.names.app_service_plan(ROLE),
        storage_account=spec.storage_account or around.names.storage_account(ROLE),
    )


def _spoke(around: Surroundings, spec: StackSpec, key: str, spoke: SpokeSpec) -> Spoke:
    location = around.locations[key]
    group = around.resource_group(RESOURCE_GROUP_ROLE, location, key)
    links: dict[str, pulumi.Input[str]] = {link: around.networks[link].id for link in spoke.links or [key]}

    def zone(logical: str, name: str) -> Zone:
        return Zone(
            f"{around.name}-address-drift-zone-{key}-{logical}",
            zone_name=name,
            networks=links,
            resource_group_name=group.name,
            tags=around.tags,
            opts=around.options(),
        )

    prefixes = [
        spec.networks[key].subnets[its.subnet].prefix
        for its in spec.container_groups.values()
        if its.network == key and its.subnet
    ]
    reverse = dict.fromkeys(reverse_zone(prefix) for prefix in prefixes if prefix is not None)
    return Spoke(
        topic_name=around.names.system_topic(key),
        group_id=group.id,
        group_name=group.name,
        forward_id=zone("forward", spoke.zone).id,
        reverse_ids={name: zone(name, name).id for name in reverse},
    )


def _telemetry(
    around: Surroundings, spec: StackSpec, stated: AddressDriftSpec, group_name: pulumi.Input[str]
) -> Telemetry | None:
    if stated.workspace is None:
        return None
    workspace = around.workspaces[stated.workspace]
    return Telemetry(
        f"{around.name}-address-drift-telemetry",
        endpoint_name=around.names.data_collection_endpoint(ROLE),
        rule_name=around.names.data_collection_rule(ROLE),
        component_name=around.names.application_insights(ROLE),
        location=spec.monitoring.workspaces[stated.workspace].location or around.location,
        resource_group_name=group_name,
        workspace_id=workspace.id,
        workspace_name=workspace.name,
        tags=around.tags,
        opts=around.options(),
    )
