"""Make every gateway of a description."""

from components.gateways.gateway import Gateway, Wiring
from components.surroundings import Made, Surroundings
from stacks.spec import StackSpec


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make the gateways of section ``gateways`` and return what each tells, by key: id, host names, firewall."""
    made: dict[str, Made] = {}
    for key, gateway in spec.gateways.items():
        network = spec.clusters[gateway.cluster].network
        location = around.locations[network]
        built = Gateway(
            f"{around.name}-gateway-{key}",
            gateway,
            Wiring(
                controller_name=around.names.traffic_controller(key),
                firewall_name=around.names.firewall_policy(key),
                subnet_id=around.subnet_id(network, gateway.subnet),
                principal_id=around.identities[gateway.identity].principal_id if gateway.identity else None,
                workspace_id=around.workspaces[gateway.workspace].id if gateway.workspace else None,
                namespace=around.registry.name,
            ),
            location=location,
            resource_group_name=around.resource_group("gateway", location, key).name,
            tags=around.tags,
            opts=around.options(),
        )
        made[key] = {"id": built.id, "hosts": built.hosts, "firewall_id": built.firewall_id, "location": location}
    return made
