"""Builds the gateways of a stack, with the role assignments of their controllers."""

import pulumi

from components.aks.reference import ClusterReference
from components.gateways.gateway import Gateway, Wiring
from components.gateways.spec import GatewaySpec
from components.permissions import Permission, Permissions
from planning import names
from planning.aks import NETWORK_CONTRIBUTOR
from planning.gateways import CONFIGURATION_MANAGER
from planning.roles import ROLES
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.spec import StackSpec


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``gateways``, and report id, host names and firewall of each."""
    reports: dict[str, Report] = {}
    for key, gateway in spec.gateways.items():
        site = plan.sites["gateways", key]
        subnet_id = context.subnet_id(spec.clusters[gateway.cluster].network, gateway.subnet)
        built = Gateway(
            f"{context.name}-gateway-{key}",
            gateway,
            Wiring(
                controller_name=site.name,
                firewall_name=site.named(names.FIREWALL_POLICY),
                subnet_id=subnet_id,
                workspace_id=context.workspace(gateway.workspace).id if gateway.workspace else None,
            ),
            opts=context.options(),
            **context.placement(site),
        )
        _permit(context, f"{spec.namespace}/gateways/{key}", f"gateway-{key}", gateway, built, subnet_id)
        reports[key] = {
            "id": built.id,
            "hosts": built.hosts,
            "firewall_id": built.firewall_id,
            "location": site.location,
        }
    # Outside the loop: the gateways of one cluster share this assignment, which must be unique [ROLE-7].
    _permit_nodes(spec, context)
    return Built(reports)


def _permit(
    context: BuildContext, namespace: str, name: str, spec: GatewaySpec, gateway: Gateway, subnet_id: pulumi.Input[str]
) -> None:
    """Roles on the gateway's resource group, on the subnet, and on the firewall policy [AGC-7]."""
    if spec.identity is None:
        return
    principal = context.identity(spec.identity).principal_id
    group_id = gateway.id.apply(lambda arm_id: arm_id.partition("/providers/")[0])
    permissions = {
        "gateway": Permission(CONFIGURATION_MANAGER, group_id, principal),
        "subnet": Permission(NETWORK_CONTRIBUTOR, subnet_id, principal),
    }
    if spec.firewall is not None:
        firewall_id = gateway.firewall_id.apply(lambda arm_id: arm_id or "")
        permissions["firewall"] = Permission(NETWORK_CONTRIBUTOR, firewall_id, principal)
    opts = pulumi.ResourceOptions(parent=gateway)
    Permissions(f"{context.name}-{name}-permissions", permissions, namespace=namespace, opts=opts)


def _permit_nodes(spec: StackSpec, context: BuildContext) -> None:
    """Roles on the node resource groups, one for each pair of identity and cluster [AGC-7]."""
    clusters = context.resources.of(ClusterReference)
    permissions = {
        f"{gateway.identity}-{gateway.cluster}": Permission(
            ROLES["Reader"],
            clusters[gateway.cluster].node_resource_group_id,
            context.identity(gateway.identity).principal_id,
        )
        for gateway in spec.gateways.values()
        if gateway.identity is not None
    }
    if permissions:
        namespace = f"{spec.namespace}/gateways"
        Permissions(f"{context.name}-gateways-nodes", permissions, namespace=namespace, opts=context.options())
