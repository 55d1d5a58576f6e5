"""Builds address drift of a stack, with the zones that it writes."""

import pulumi

from components.address_drift.address_drift import AddressDrift, Spoke
from components.address_drift.host import HostNames
from components.address_drift.spec import AddressDriftSpec, SpokeSpec
from components.address_drift.telemetry import Telemetry
from components.dns.zone import Zone
from components.network.network import Network
from planning import names
from planning.container_instances import reverse_zone
from stacks.context import BuildContext, Built
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.address_drift.system import ROLE, SECTION


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``address_drift``, and report the function app under ``fixer``."""
    stated = spec.address_drift
    if stated is None:
        return Built({})
    site = plan.sites[SECTION,]
    fixer = AddressDrift(
        f"{context.name}-address-drift",
        stated,
        names=HostNames(
            app=site.name,
            plan=plan.names.app_service_plan(ROLE),
            storage_account=site.named(names.STORAGE_ACCOUNT),
        ),
        spokes={key: _spoke(spec, plan, context, key, spoke) for key, spoke in stated.spokes.items()},
        telemetry=_telemetry(plan, context, stated),
        opts=context.options(),
        **context.placement(site),
    )
    report = {"id": fixer.id, "name": fixer.name, "principal_id": fixer.principal_id, "deploy": fixer.deploy}
    return Built({"fixer": report})


def _spoke(spec: StackSpec, plan: Plan, context: BuildContext, key: str, spoke: SpokeSpec) -> Spoke:
    site = plan.sites[SECTION, "spokes", key]
    group_name = context.groups.name_of(site.group)
    networks = context.resources.of(Network)
    links: dict[str, pulumi.Input[str]] = {link: networks[link].id for link in spoke.links or [key]}

    def zone(logical: str, name: str) -> Zone:
        return Zone(
            f"{context.name}-address-drift-zone-{key}-{logical}",
            zone_name=name,
            networks=links,
            resource_group_name=group_name,
            tags=context.tags,
            opts=context.options(),
        )

    prefixes = [
        spec.networks[key].subnets[followed.subnet].prefix
        for followed in spec.container_groups.values()
        if followed.network == key and followed.subnet
    ]
    reverse = dict.fromkeys(reverse_zone(prefix) for prefix in prefixes if prefix is not None)
    return Spoke(
        topic_name=site.name,
        group_id=context.groups.id_of(site.group),
        group_name=group_name,
        forward_id=zone("forward", spoke.zone).id,
        reverse_ids={name: zone(name, name).id for name in reverse},
    )


def _telemetry(plan: Plan, context: BuildContext, spec: AddressDriftSpec) -> Telemetry | None:
    """Telemetry, in the region of its workspace."""
    if spec.workspace is None:
        return None
    workspace = context.workspace(spec.workspace)
    return Telemetry(
        f"{context.name}-address-drift-telemetry",
        endpoint_name=plan.names.data_collection_endpoint(ROLE),
        rule_name=plan.names.data_collection_rule(ROLE),
        component_name=plan.names.application_insights(ROLE),
        location=plan.sites["monitoring", "workspaces", spec.workspace].location,
        resource_group_name=context.groups.name_of(plan.sites[SECTION,].group),
        workspace_id=workspace.id,
        workspace_name=workspace.name,
        tags=context.tags,
        opts=context.options(),
    )
