"""Resources made elsewhere in a whole description: entries for ids that fields name, and what cannot hold of such resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from components.elsewhere import parsed
from components.references import edges
from components.resource_groups.spec import ResourceGroupSpec
from planning import private_link
from planning.clouds import CLOUDS, CloudName
from planning.endpoints import GROUP_ID
from planning.problems import Path, Problem, unknown
from stacks.messages import model_at
from stacks.plan import Plan
from stacks.spec import StackSpec

Model = TypeVar("Model", bound=BaseModel)


def completed(spec: StackSpec) -> StackSpec:
    """Return the description with an entry for each id that a field names instead of a key; the id is the entry's key.

    A field such as ``workspace`` takes the key of a section or the ARM id of something made elsewhere. From here on both are
    keys of the section, so that nothing else has to tell them apart.
    """
    sections: dict[Path, dict[str, BaseModel]] = {}
    for edge in edges(spec):
        if edge.made_elsewhere and edge.section:
            kind = model_at(StackSpec, (*edge.section, edge.value))
            if kind is not None:
                sections.setdefault(edge.section, {})[edge.value] = kind.model_validate({"id": edge.value})
    for section, entries in sections.items():
        spec = _with(spec, section, entries)
    return spec


def _with(model: Model, path: Path, entries: Mapping[str, BaseModel]) -> Model:
    name, *rest = path
    value: Any = getattr(model, name)
    changed = _with(value, tuple(rest), entries) if rest else {**value, **entries}
    return model.model_copy(update={name: changed})


def uses_others(spec: StackSpec) -> bool:
    """Return whether anything that the description names lies in a subscription of its own: it states an id."""
    monitoring = spec.monitoring
    sections: tuple[Mapping[str, Any], ...] = (
        *(spec.resource_groups, spec.networks, spec.route_tables, spec.nat_gateways, spec.dns.zones, spec.identities),
        *(monitoring.workspaces, monitoring.metrics_workspaces, spec.container_apps, spec.clusters),
        spec.alerts.action_groups if spec.alerts else {},
    )
    entries = [*([spec.registry] if spec.registry else []), *(entry for each in sections for entry in each.values())]
    return any(entry.id is not None for entry in entries)


def resource_groups(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Stated resource groups: of a role that is used, in the subscription of what they hold, and one group for one name."""
    named: dict[str, tuple[str, ResourceGroupSpec]] = {}
    for role, group in spec.resource_groups.items():
        path = ("resource_groups", role)
        there = parsed(group.id)
        if role not in plan.sites.roles:
            yield Problem(path, unknown("role of a resource group", role, sorted(plan.sites.roles)))
        elif there and plan.subscription and there.subscription.lower() != plan.subscription.lower():
            message = (
                f"is in subscription {there.subscription}, and this stack works in {plan.subscription}; name a group of that "
                "subscription, or describe what the group holds in a stack of its own [ARM-ID]"
            )
            yield Problem((*path, "id"), message)
        if group.name is not None:
            other, same = named.setdefault(group.name.lower(), (role, group))
            if same != group:
                message = (
                    f"{group.name} is the group of {other} too, with other settings; write the same settings for both"
                )
                yield Problem((*path, "name"), message)


def shared_zones(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Zones that nobody states, linked to a network made elsewhere, which may have a zone of that name [DNS-4]."""
    for zone in plan.zones.values():
        for link in zone.links if zone.path[0] == "registry" else ():
            network = spec.networks.get(link)
            if network is not None and network.outside:
                message = (
                    f"makes zone {zone.name} and links it to {link}, which is made elsewhere: Azure refuses the link where "
                    f"{link} is linked to a zone of that name already, such as a central one or that of another environment; "
                    "name that zone's id under dns_zones, state dns.managed: policy, or state zone and links in dns.zones [DNS-4]"
                )
                yield Problem(zone.path, message, "warning")


def zone_names(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Zones whose names are not those that private endpoints of a service, or private clusters, write to [PE-ZONES]."""
    for path, key, group, region in _zones_of_endpoints(spec, plan):
        zone = plan.zones.get(key)
        unresolved = zone is not None and zone.id is not None and parsed(zone.id) is None
        if zone is None or unresolved or _is_zone_of(zone.name, group, spec.cloud):
            continue
        wanted = private_link.zone_of(group, region)
        message = f"{zone.name}, but the names of this service are in {wanted}; name a zone of that name"
        yield Problem(path, f"{message} [PE-ZONES]")


def _is_zone_of(name: str, group: str, cloud: CloudName) -> bool:
    """Whether names of a service are in a zone; those of registries also in zones below, those of clusters in zones above."""
    suffix = CLOUDS[cloud].private_link_zone
    if group == GROUP_ID:
        return name == suffix or name.endswith(f".{suffix}")
    return private_link.serves(name, group) or private_link.serves(name.partition(".")[2], group)


def _zones_of_endpoints(spec: StackSpec, plan: Plan) -> Iterator[tuple[Path, str, str, str]]:
    """Path, key, private-link group and region wherever a zone is named."""
    for key, endpoint in spec.private_endpoints.items():
        for index, zone in enumerate(endpoint.dns_zones or ()):
            yield ("registry", "private_endpoints", key, "dns_zones", str(index)), zone, GROUP_ID, ""
    for key, environment in spec.container_apps.items():
        for name, its in environment.private_endpoints.items():
            path = ("container_apps", key, "private_endpoints", name, "dns_zone")
            yield path, its.dns_zone or "", "managedEnvironments", plan.sites["container_apps", key].location
    for key, cluster in spec.own_clusters.items():
        path = ("clusters", key, "api_server", "private_dns_zone")
        yield path, cluster.api_server.private_dns_zone, "management", plan.sites["clusters", key].location


def dns_owners(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Zones that a private endpoint names although others write its records."""
    del plan
    for key, endpoint in spec.private_endpoints.items():
        if spec.dns.managed != "stack" and endpoint.dns_zones:
            message = (
                f"{', '.join(endpoint.dns_zones)}, but dns.managed is {spec.dns.managed}: this stack writes no records of "
                "private endpoints; remove dns_zones, or write dns.managed: stack [PE-DNS-POLICY]"
            )
            yield Problem(("registry", "private_endpoints", key, "dns_zones"), message)


def cached(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """An artifact cache of a registry made elsewhere, which is used and never changed."""
    del plan
    if spec.registry and spec.registry.id is not None and spec.artifact_cache is not None:
        message = (
            f"is part of registry {spec.registry.name}, which is made elsewhere and is not changed; state it in the stack that "
            "makes the registry, and remove it here"
        )
        yield Problem(("artifact_cache",), f"{message} [ACR-CACHE]")


def credentials(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Service accounts that act as an identity made elsewhere, which is used and never changed [MSI-2]."""
    for key, cluster in spec.clusters.items():
        for name, account in cluster.workload_identities.items():
            identity = spec.identities.get(account.identity)
            if identity is not None and identity.id is not None:
                site = plan.sites["identities", account.identity]
                message = (
                    f"{site.name} is made elsewhere and is not changed, and a service account needs a federated credential on "
                    "it; name an identity of this stack, or remove the account here and create the credential with az identity "
                    f"federated-credential create --identity-name {site.name} -g {site.group.name} --subject "
                    f"system:serviceaccount:{account.namespace}:{account.service_account} and the cluster's oidc_issuer_url"
                )
                yield Problem(("clusters", key, "workload_identities", name, "identity"), f"{message} [MSI-2]")
