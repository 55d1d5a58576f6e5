"""Builds the container groups of a stack."""

import pulumi
import pulumi_azure_native as azure_native

from components.container_groups.container_group import ContainerGroup, LogTarget
from components.container_groups.spec import ContainerGroupSpec
from components.monitoring.workspace import Workspace
from planning.image_hosts import Choice
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.sites import Site
from stacks.spec import StackSpec


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``container_groups``."""
    sites = plan.sites.within("container_groups")
    return Built(
        {
            key: _group(context, key, sites[key], group, spec.image_endpoint("container_groups", group.endpoint))
            for key, group in spec.container_groups.items()
        }
    )


def _group(context: BuildContext, key: str, site: Site, spec: ContainerGroupSpec, endpoint: Choice) -> Report:
    group = ContainerGroup(
        f"{context.name}-container-group-{key}",
        spec,
        group_name=site.name,
        subnet_id=context.subnet_id(spec.network, spec.subnet) if spec.network and spec.subnet else None,
        image_host=context.image_host(site.location, endpoint),
        identity_id=context.identity(spec.identity or "").id,
        logs=_logs(context.workspace(spec.workspace)) if spec.workspace else None,
        opts=context.options(after_pull_access=True, after=context.secret_access),
        **context.placement(site),
    )
    return {"id": group.id, "name": group.name, "address": group.address}


def _logs(workspace: Workspace) -> LogTarget:
    keys = azure_native.operationalinsights.get_workspace_shared_keys_output(
        workspace_name=workspace.name,
        resource_group_name=workspace.id.apply(lambda arm_id: arm_id.split("/")[4]),
        opts=pulumi.InvokeOutputOptions(parent=workspace),
    )
    key = keys.apply(lambda found: str(found.primary_shared_key))
    return LogTarget(workspace.customer_id, pulumi.Output.secret(key))
