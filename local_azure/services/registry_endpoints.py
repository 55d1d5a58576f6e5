"""Host names of a registry: global, regional and data, and the private link members behind them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence

from local_azure.facts.container_registry import REGISTRIES
from local_azure.operations import Polls
from local_azure.resource_id import ResourceId
from local_azure.services.cloud import Cloud
from local_azure.services.private_links import Member
from local_azure.store import Resource

REPLICATIONS = f"{REGISTRIES}/replications"
CONNECTIONS = f"{REGISTRIES}/privateEndpointConnections"
_SUFFIXES = (".azurecr.io", ".azurecr.us", ".azurecr.cn")
"""What ends the hosts of registries, by cloud [CLOUD-1]."""
POLLS = Polls("{id}/operationStatuses/{kind}-{guid}", repeats=True)
"""Where operations of registries and their children are polled [REC-ACR-REPL]."""


def system_data(now: str, kind: str) -> dict[str, str]:
    """Return the `systemData` of a registry or a replica that is created now."""
    return {
        "createdBy": "local",
        "createdByType": kind,
        "createdAt": now,
        "lastModifiedBy": "local",
        "lastModifiedByType": kind,
        "lastModifiedAt": now,
    }


def label(registry_id: ResourceId, scope: str, tenant: str) -> str:
    """Return the first label of the login server: the name, with a hash when a domain-name-label scope is set.

    What the hash covers follows from the scope's name; its 16 characters look like the service's [DNL], their value
    is ours (chosen).
    """
    name = registry_id.name.lower()
    covered = {
        "TenantReuse": (tenant,),
        "SubscriptionReuse": (tenant, registry_id.subscription),
        "ResourceGroupReuse": (tenant, registry_id.subscription, registry_id.resource_group),
        "NoReuse": (tenant, str(registry_id)),
    }.get(scope)
    if covered is None:
        return name
    digest = hashlib.sha256("/".join((name, *covered)).lower().encode()).digest()
    return f"{name}-{base64.b32encode(digest).decode().lower()[:16]}"


def split(host: str) -> tuple[str, str]:
    """Return what is before the suffix of a registry's host, and the suffix; that is empty for any other host."""
    lowered = host.lower()
    suffix = next((each for each in _SUFFIXES if lowered.endswith(each)), "")
    return lowered.removesuffix(suffix), suffix


def regions(cloud: Cloud, registry: Resource) -> list[str]:
    """Return the regions that serve: home and every replica that is there, ordered by name [REC-ACR-DATA]."""
    return serving(registry, cloud.store.children(registry.id, REPLICATIONS))


def serving(registry: Resource, replicas: Iterable[Resource]) -> list[str]:
    """Return the regions that serve, of a registry's own replicas."""
    return sorted({registry.location, *(r.location for r in replicas if r.state.get("serving"))})


def data_endpoints(registry: Resource) -> bool:
    """Tell whether dedicated data endpoints serve: switched on, or by the first private endpoint [ACR-PE]."""
    return registry.properties["dataEndpointEnabled"] or bool(registry.state.get("data_endpoints"))


def host_names(cloud: Cloud, registry: Resource) -> tuple[list[str], list[str]]:
    """Return the data and the regional host names, empty where the feature is off [REC-ACR-DATA], [REC-ACR-REGIONAL]."""
    return named(registry, regions(cloud, registry))


def named(registry: Resource, places: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the data and the regional host names of a registry that serves in some regions."""
    first, suffix = split(registry.properties["loginServer"])
    data = [f"{first}.{r}.data{suffix}" for r in places] if data_endpoints(registry) else []
    on = registry.properties["regionalEndpoints"] == "Enabled"
    return data, [f"{first}.{r}.geo{suffix}" for r in places] if on else []


def members(cloud: Cloud, registry: Resource) -> list[Member]:
    """Return the members behind a private endpoint: 1 + N data, + N regional when switched on [ACR-7]."""
    login = registry.properties["loginServer"]
    first, suffix = split(login)
    places = regions(cloud, registry)
    found = [Member("registry", (login,))]
    found += [Member(f"registry_data_{r}", (f"{first}.{r}.data{suffix}",)) for r in places]
    if registry.properties["regionalEndpoints"] == "Enabled":
        found += [Member(f"registry_{r}", (f"{first}.{r}.geo{suffix}",)) for r in places]
    return found
