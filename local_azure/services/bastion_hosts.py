"""Azure Bastion: hosts in the subnet that is kept for them."""

from __future__ import annotations

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.network_security import BASTIONS
from local_azure.services import occupancy
from local_azure.services.cloud import Cloud, Json, Request
from local_azure.services.subnets import NetworkResource, require_reference
from local_azure.store import Resource

_SUBNET = occupancy.Reserved("AzureBastionSubnet", 26, "Bastion host", "BastionHost")
"""The subnet of a Bastion host [BASTION-SUBNET]."""

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
        subnet = _SUBNET.require(cloud, (properties.get("subnet") or {}).get("id"), request.id)
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
