"""Builds the gateways of a stack, and lets the controllers in the clusters tell each what to route."""

import pulumi

from components.gateways.gateway import Gateway, Wiring
from components.gateways.spec import GatewaySpec
from components.permissions import Permission, Permissions
from planning import names
from planning.aks import NETWORK_CONTRIBUTOR
from planning.gateways import CONFIGURATION_MANAGER
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
        _permit(context, f"{spec.registry.name}/gateways/{key}", f"gateway-{key}", gateway, built, subnet_id)
        reports[key] = {
            "id": built.id,
            "hosts": built.hosts,
            "firewall_id": built.firewall_id,
            "location": site.location,
        }
    return Built(reports)


def _permit(
    context: BuildContext, namespace: str, name: str, spec: GatewaySpec, gateway: Gateway, subnet_id: pulumi.Input[str]
) -> None:
    """On the gateway's own group, as the controller reads there what it changes, and on the subnet [AGC-7]."""
    if spec.identity is None:
        return
    principal = context.identity(spec.identity).principal_id
    group_id = gateway.id.apply(lambda arm_id: arm_id.partition("/providers/")[0])
    Permissions(
        f"{context.name}-{name}-permissions",
        {
            "gateway": Permission(CONFIGURATION_MANAGER, group_id, principal),
            "subnet": Permission(NETWORK_CONTRIBUTOR, subnet_id, principal),
        },
        namespace=namespace,
        opts=pulumi.ResourceOptions(parent=gateway),
    )
