"""Names in Azure that a description states, for `planning.names`, which makes all others of keys."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.spec import StackSpec

Kind = tuple[str, ...]


def stated_names(spec: StackSpec) -> dict[Kind, str]:
    """Return the stated names by the kind of name and the keys that it is otherwise made of."""
    return {kind: name for kind, name in _stated(spec) if name is not None}


def _stated(spec: StackSpec) -> Iterator[tuple[Kind, str | None]]:
    for key, network in spec.networks.items():
        yield ("vnet", key), network.name
        for name, subnet in network.subnets.items():
            yield ("nsg", key, name), subnet.security_group_name
    for key, endpoint in spec.private_endpoints.items():
        registry = spec.registry.name if spec.registry else ""
        yield ("pe", registry, key), endpoint.name
        yield ("nic", registry, key), endpoint.network_interface_name
    for key, identity in spec.identities.items():
        yield ("id", key), identity.name
    for key, workspace in spec.monitoring.workspaces.items():
        yield ("log", key), workspace.name
    for key, metrics in spec.monitoring.metrics_workspaces.items():
        yield ("amw", key), metrics.name
    for key, group in (spec.alerts.action_groups if spec.alerts else {}).items():
        yield ("ag", key), group.name
    for key, table in spec.route_tables.items():
        yield ("rt", key), table.name
    for key, gateway in spec.nat_gateways.items():
        yield ("ng", key), gateway.name
    yield from _of_compute(spec)


def _of_compute(spec: StackSpec) -> Iterator[tuple[Kind, str | None]]:
    for key, cluster in spec.clusters.items():
        yield ("aks", key), cluster.name
        yield ("rg-nodes", key), cluster.node_resource_group
    for key, environment in spec.container_apps.items():
        yield ("cae", key), environment.name
    for key, pool in spec.session_pools.items():
        yield ("sessions", key), pool.name
    for key, group in spec.sandbox_groups.items():
        yield ("sbx", key), group.name
