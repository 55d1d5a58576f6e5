"""Private link: which private DNS zone the private endpoint of each service writes to [PE-ZONES].

A private endpoint names the part of a service that it reaches by a group id. Clients resolve the service's public name to the
endpoint's address only through the zone of that part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from planning.clouds import CLOUDS

PREFIX: Final = "privatelink."
"""What the name of every zone of private link starts with [PE-ZONES]."""

ZONES: Final[Mapping[str, str]] = {
    "registry": CLOUDS["public"].private_link_zone,
    "managedenvironments": "privatelink.{region}.azurecontainerapps.io",
    "management": "privatelink.{region}.azmk8s.io",
    "vault": "privatelink.vaultcore.azure.net",
    "blob": "privatelink.blob.core.windows.net",
    "file": "privatelink.file.core.windows.net",
    "queue": "privatelink.queue.core.windows.net",
    "table": "privatelink.table.core.windows.net",
    "dfs": "privatelink.dfs.core.windows.net",
    "web": "privatelink.web.core.windows.net",
    "sites": "privatelink.azurewebsites.net",
    "sqlserver": "privatelink.database.windows.net",
    "postgresqlserver": "privatelink.postgres.database.azure.com",
    "mysqlserver": "privatelink.mysql.database.azure.com",
    "sql": "privatelink.documents.azure.com",
    "rediscache": "privatelink.redis.cache.windows.net",
    "namespace": "privatelink.servicebus.windows.net",
    "topic": "privatelink.eventgrid.azure.net",
    "domain": "privatelink.eventgrid.azure.net",
    "configurationstores": "privatelink.azconfig.io",
    "azuremonitor": "privatelink.monitor.azure.com",
    "account": "privatelink.cognitiveservices.azure.com",
    "searchservice": "privatelink.search.windows.net",
    "mongodb": "privatelink.mongo.cosmos.azure.com",
    "cassandra": "privatelink.cassandra.cosmos.azure.com",
    "gremlin": "privatelink.gremlin.cosmos.azure.com",
    "redisenterprise": "privatelink.redisenterprise.cache.azure.net",
    "signalr": "privatelink.service.signalr.net",
    "webpubsub": "privatelink.webpubsub.azure.com",
    "datafactory": "privatelink.datafactory.azure.net",
    "iothub": "privatelink.azure-devices.net",
    "batchaccount": "privatelink.batch.azure.com",
    "grafana": "privatelink.grafana.azure.com",
    "amlworkspace": "privatelink.api.azureml.ms",
}
"""Zone by group id in lower case, in the public cloud; `{region}` stands for the region's name [PE-ZONES]."""

_SHARED: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("privatelink.openai.azure.com", "privatelink.services.ai.azure.com", "privatelink.purview.azure.com"),
    "sql": ("privatelink.sql.azuresynapse.net",),
    "table": ("privatelink.table.cosmos.azure.com",),
}
"""Zones of further services with the same group id [PE-ZONES]."""

_OTHER_CLOUDS: Final = (
    ".usgovcloudapi.net",
    ".azure.us",
    ".azurewebsites.us",
    ".chinacloudapi.cn",
    ".azure.cn",
    ".chinacloudsites.cn",
)
"""What the zones of Azure Government and of Azure in China end with [PE-ZONES]."""

_SUFFIXES: Final = tuple(f"{PREFIX}{cloud.registry_suffix}" for cloud in CLOUDS.values())


def zone_of(group: str, region: str = "") -> str | None:
    """Return the private DNS zone of a group id, or None for one that the table lacks; `*` for a region not given."""
    name = ZONES.get(group.lower())
    return name.replace("{region}", region or "*") if name else None


def serves(zone: str, group: str) -> bool:
    """Return whether a zone is the one of a group id, in any region and any cloud."""
    name = zone.lower().rstrip(".")
    wanted = ZONES.get(group.lower())
    if wanted is None:
        return name.startswith(PREFIX)
    if group.lower() == "registry":
        return name in _SUFFIXES
    if name in _SHARED.get(group.lower(), ()):
        return True
    if name.endswith(_OTHER_CLOUDS):
        return name.startswith(f"{wanted.rsplit('.', 2)[0]}.")
    start, region, end = wanted.partition("{region}")
    return (
        name == wanted if not region else name.startswith(start) and name.endswith(end) and len(name) > len(start + end)
    )


def is_registry_zone(zone: str) -> bool:
    """Return whether a zone is the one of registries' private endpoints, in any cloud [DNS-1]."""
    return zone.lower().rstrip(".") in _SUFFIXES


def is_private_link(zone: str) -> bool:
    """Return whether a zone belongs to Private Link."""
    return zone.lower().startswith(PREFIX)
