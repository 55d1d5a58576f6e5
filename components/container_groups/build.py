"""Make every container group of a description."""

import pulumi
import pulumi_azure_native as azure_native

from components.container_groups.container_group import ContainerGroup, LogTarget
from components.container_groups.spec import ContainerGroupSpec
from components.monitoring.workspace import Workspace
from components.surroundings import Made, Surroundings
from planning.container_instances import RESOURCE_GROUP_ROLE
from stacks.spec import StackSpec


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make the groups of section ``container_groups`` and return what each tells, by key."""
    return {key: _group(around, key, group) for key, group in spec.container_groups.items()}


def _group(around: Surroundings, key: str, spec: ContainerGroupSpec) -> Made:
    location = around.locations[spec.network] if spec.network else spec.location or around.location
    holder = around.resource_group(RESOURCE_GROUP_ROLE, location, spec.network or location)
    made = ContainerGroup(
        f"{around.name}-container-group-{key}",
        spec,
        group_name=key,
        location=location,
        resource_group_name=holder.name,
        subnet_id=around.subnet_id(spec.network, spec.subnet) if spec.network and spec.subnet else None,
        image_host=around.registry.host(location),
        identity_id=around.identities[spec.identity or ""].id,
        logs=_logs(around.workspaces[spec.workspace]) if spec.workspace else None,
        tags=around.tags,
        opts=around.options(after_pull_access=True),
    )
    return {"id": made.id, "name": made.name, "address": made.address}


def _logs(workspace: Workspace) -> LogTarget:
    keys = azure_native.operationalinsights.get_workspace_shared_keys_output(
        workspace_name=workspace.name, resource_group_name=workspace.id.apply(lambda arm_id: arm_id.split("/")[4])
    )
    key = keys.apply(lambda found: str(found.primary_shared_key))
    return LogTarget(workspace.customer_id, pulumi.Output.secret(key))
