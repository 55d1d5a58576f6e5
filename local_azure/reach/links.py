"""The links of a pull that can break, and what is told of a broken one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HOST: Final = "host"
REGION: Final = "region"
DNS_SERVERS: Final = "dns_servers"
ZONE_LINK: Final = "zone_link"
RECORD: Final = "record"
CONNECTION: Final = "endpoint_connection"
PEERING: Final = "peering"
ROUTE: Final = "route"
FIREWALL: Final = "firewall"
SECURITY_RULE: Final = "security_rule"
PUBLIC_ACCESS: Final = "public_access"
IP_RULE: Final = "ip_rule"
TRUSTED_SERVICES: Final = "trusted_services"
CREDENTIALS: Final = "credentials"
IDENTITY: Final = "identity"
NODE_IMAGE: Final = "node_image"
ROLE: Final = "role"
CONDITION: Final = "condition"
SCOPE_MAP: Final = "scope_map"
CACHE_RULE: Final = "cache_rule"


@dataclass(frozen=True, slots=True)
class Break:
    """A link at which a pull ends.

    Attributes:
        link: one of the names above.
        resource: id of the resource to change.
        message: what is wrong, in one sentence without the resource's id.
        certain: False where the answer depends on something that the estate does not tell.
    """

    link: str
    resource: str
    message: str
    certain: bool = True
