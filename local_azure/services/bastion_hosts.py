"""Azure Bastion: hosts in the subnet that is kept for them."""

from __future__ import annotations

from ipaddress import ip_network

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.network_security import BASTIONS
from local_azure.services import occupancy
from local_azure.services.cloud import Cloud, Json, Request
from local_azure.services.subnets import NetworkResource, require_reference, written_prefixes
from local_azure.store import Resource

SUBNET = "AzureBastionSubnet"
LONGEST_PREFIX = 26
"""Name and longest prefix of the subnet that a host takes [BASTION-SUBNET]."""

_RANKS = ("Basic", "Standard", "Premium")
_SCALES = range(2, 51)


class BastionHosts(NetworkResource):
    """Microsoft.Network/bastionHosts with a subnet of their own; tier Developer, which has none, is not served."""

    name = BASTIONS
    kept = ("location", "tags", "zones", "sku")

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check tier, subnet and public address [BASTION-TIERS, BASTION-SUBNET]."""
        sent = request.properties
        tier = str((request.body.get("sku") or {}).get("name") or "Basic")
        if tier not in _RANKS:
            raise bad_request(
                "InvalidBastionSku", f"Bastion host {request.id.name} has sku {tier}; use {', '.join(_RANKS)}."
            )
        before = str((existing.body.get("sku") or {}).get("name")) if existing else tier
        if _RANKS.index(tier) < _RANKS.index(before):
            message = f"Bastion host {request.id.name} cannot be changed from sku {before} to {tier}."
            raise bad_request("BastionHostSkuDowngradeNotAllowed", message)
        _refuse_features(request, tier)
        configurations = [self._configuration(cloud, request, each) for each in sent.get("ipConfigurations") or []]
        if len(configurations) != 1:
            message = f"Bastion host {request.id.name} must have exactly one IP configuration."
            raise bad_request("BastionHostIpConfigurationRequired", message)
        made = {"dnsName": f"bst-{request.id.name}.bastion.azure.com", "ipConfigurations": configurations}
        return self.result(request, existing, {"scaleUnits": 2, **sent, **made}, sku={"name": tier})

    def _configuration(self, cloud: Cloud, request: Request, sent: Json) -> Json:
        properties = dict(sent.get("properties") or {})
        subnet = occupancy.require_subnet(cloud, (properties.get("subnet") or {}).get("id"), str(request.id))
        if subnet.name.lower() != SUBNET.lower():
            message = f"Bastion host {request.id.name} must be in a subnet named {SUBNET}, not {subnet.name}."
            raise bad_request("BastionHostSubnetNameInvalid", message)
        if any(ip_network(prefix).prefixlen > LONGEST_PREFIX for prefix in written_prefixes(subnet.properties)):
            message = f"Subnet {subnet.id} of Bastion host {request.id.name} must be /{LONGEST_PREFIX} or larger."
            raise bad_request("BastionHostSubnetTooSmall", message)
        require_reference(cloud, str(request.id), "", properties.get("publicIPAddress"))
        units = int(request.properties.get("scaleUnits") or 2)
        occupancy.occupy(cloud, subnet, str(request.id), units, alone=True)
        name = str(sent.get("name") or "")
        return {
            "id": f"{request.id}/bastionHostIpConfigurations/{name}",
            "name": name,
            "type": f"{BASTIONS}/bastionHostIpConfigurations",
            "properties": {"privateIPAllocationMethod": "Dynamic", **properties, "provisioningState": "Succeeded"},
        }


def _refuse_features(request: Request, tier: str) -> None:
    sent = request.properties
    units = sent.get("scaleUnits", 2)
    if units not in _SCALES or (tier == "Basic" and units != 2):
        message = f"Bastion host {request.id.name} of sku {tier} cannot have {units} scale units."
        raise bad_request("BastionHostScaleUnitsInvalid", message)
    for member in ("enableTunneling", "enableIpConnect", "enableShareableLink", "enableFileCopy"):
        if tier == "Basic" and sent.get(member):
            message = f"Bastion host {request.id.name} of sku Basic does not support {member}."
            raise bad_request("BastionHostFeatureNotSupported", message)


TYPES = (BastionHosts(),)
