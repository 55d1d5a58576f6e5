"""Make every gateway of a description, and let the controllers in the clusters tell it what to route."""

import pulumi

from components.gateways.gateway import Gateway, Wiring
from components.gateways.spec import GatewaySpec
from components.permissions import Permission, Permissions
from components.surroundings import Made, Surroundings
from planning.aks import NETWORK_CONTRIBUTOR
from planning.gateways import CONFIGURATION_MANAGER
from stacks.spec import StackSpec


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make the gateways of section ``gateways`` and return what each tells, by key: id, host names, firewall."""
    made: dict[str, Made] = {}
    for key, gateway in spec.gateways.items():
        network = spec.clusters[gateway.cluster].network
        location = around.locations[network]
        subnet_id = around.subnet_id(network, gateway.subnet)
        built = Gateway(
            f"{around.name}-gateway-{key}",
            gateway,
            Wiring(
                controller_name=around.names.traffic_controller(key),
                firewall_name=around.names.firewall_policy(key),
                subnet_id=subnet_id,
                workspace_id=around.workspaces[gateway.workspace].id if gateway.workspace else None,
            ),
            location=location,
            resource_group_name=around.resource_group("gateway", location, key).name,
            tags=around.tags,
            opts=around.options(),
        )
        _permit(around, key, gateway, built, subnet_id)
        made[key] = {"id": built.id, "hosts": built.hosts, "firewall_id": built.firewall_id, "location": location}
    return made


def _permit(around: Surroundings, key: str, spec: GatewaySpec, gateway: Gateway, subnet_id: pulumi.Input[str]) -> None:
    """On the gateway's own group, as the controller reads there what it changes, and on the subnet [AGC-7]."""
    if spec.identity is None:
        return
    principal = around.identities[spec.identity].principal_id
    group_id = gateway.id.apply(lambda arm_id: arm_id.partition("/providers/")[0])
    Permissions(
        f"{around.name}-gateway-{key}-permissions",
        {
            "gateway": Permission(CONFIGURATION_MANAGER, group_id, principal),
            "subnet": Permission(NETWORK_CONTRIBUTOR, subnet_id, principal),
        },
        namespace=f"{around.registry.name}/gateways/{key}",
        opts=pulumi.ResourceOptions(parent=gateway),
    )
