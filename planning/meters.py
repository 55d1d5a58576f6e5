"""The meters that Azure bills what a stack makes by, in the words of the Azure Retail Prices API [COST-API].

The region, the unit and the names of a meter are those of the API's answers [COST-TABLE], so that a price is found by a filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from planning.regions import is_known

EVERYWHERE: Final = "Global"
"""Region of the meters that have one price for all regions [COST-WORKSHEET]."""

VIRTUAL_MACHINES: Final = "Virtual Machines"


@dataclass(frozen=True, slots=True, order=True)
class Meter:
    """One meter. What is empty is not compared, such as the product of a virtual machine, whose size says it.

    Attributes:
        service: `serviceName`.
        product: `productName`.
        sku: `skuName`.
        name: `meterName`.
        unit: `unitOfMeasure`, in which quantities are stated.
        size: `armSkuName` of a virtual machine.
        windows: whether the price includes a license for Windows.
        region: region of a meter that has one price for all regions; empty for the region of the resource.
    """

    service: str
    product: str
    sku: str
    name: str
    unit: str
    size: str = ""
    windows: bool = False
    region: str = ""

    def __str__(self) -> str:
        if self.size:
            return f"{self.service}, {self.size}" + (", Windows" if self.windows else "")
        return f"{self.product}, {self.name}" + ("" if self.sku in self.name else f" ({self.sku})")

    def billed_in(self, region: str) -> str:
        """Return the region whose price applies to a resource in a region."""
        return region if is_of_another_cloud(region) else self.region or region


def is_of_another_cloud(region: str) -> bool:
    """Return whether a region is not of the public cloud, whose price for all regions does not apply there."""
    return is_known(region, "usgovernment") or is_known(region, "china")


def _registry(sku: str, name: str, unit: str) -> Meter:
    return Meter("Container Registry", "Container Registry", sku, name, unit)


REGISTRY: Final = {sku: _registry(sku, f"{sku} Registry Unit", "1/Day") for sku in ("Basic", "Standard", "Premium")}
"""A registry, by SKU."""

REGISTRY_STORAGE: Final = {sku: _registry(sku, "Data Stored", "1 GB/Month") for sku in REGISTRY}
"""Content of a registry beyond the included storage, by SKU."""

REPLICA: Final = _registry("Premium", "Premium Registry Replication Unit", "1/Day")
REPLICA_STORAGE: Final = _registry("Premium", "Premium GB Registry Replication Data Stored", "1 GB/Month")

INCLUDED_GIB: Final = {"Basic": 10, "Standard": 100, "Premium": 500}
"""Storage that the price of a registry includes, in GiB [COST-ACR]."""

_LINK = ("Virtual Network", "Virtual Network Private Link", "Standard")
PRIVATE_ENDPOINT: Final = Meter(*_LINK, "Standard Private Endpoint", "1 Hour", region=EVERYWHERE)
ENDPOINT_DATA: Final = Meter(*_LINK, "Standard Data Processed - Ingress", "1 GB", region=EVERYWHERE)

PUBLIC_ADDRESS: Final = Meter("Virtual Network", "IP Addresses", "Standard", "Standard IPv4 Static Public IP", "1 Hour")
PREFIX_ADDRESS: Final = Meter(
    "Virtual Network", "Public IP Prefix", "Standard", "Standard Static IP Addresses", "1 Hour"
)

NAT_GATEWAY: Final = Meter("NAT Gateway", "NAT Gateway", "Standard", "Standard Gateway", "1 Hour", region=EVERYWHERE)
NAT_DATA: Final = Meter("NAT Gateway", "NAT Gateway", "Standard", "Standard Data Processed", "1 GB", region=EVERYWHERE)

ZONE: Final = Meter("Azure DNS", "Azure DNS", "", "Private Zone", "", region=EVERYWHERE)
"""A private DNS zone for a month; the price is that of the first 25 zones [COST-ENDPOINTS]."""


def _firewall(tier: str, name: str, unit: str) -> Meter:
    return Meter("Azure Firewall", "Azure Firewall", tier, f"{tier} {name}", unit)


FIREWALL: Final = {tier: _firewall(tier, "Deployment", "1 Hour") for tier in ("Standard", "Premium")}
FIREWALL_DATA: Final = {tier: _firewall(tier, "Data Processed", "1 GB") for tier in FIREWALL}


def _bastion(tier: str, name: str) -> Meter:
    return Meter("Azure Bastion", "Azure Bastion", tier, f"{tier} {name}", "1 Hour")


BASTION: Final = {tier: _bastion(tier, "Gateway") for tier in ("Basic", "Standard", "Premium")}
BASTION_UNIT: Final = {tier: _bastion(tier, "Additional Gateway") for tier in ("Standard", "Premium")}
"""Each scale unit beyond the two that the price of the gateway includes [COST-BASTION]."""


def _kubernetes(name: str) -> Meter:
    return Meter("Azure Kubernetes Service", "Azure Kubernetes Service", "Standard", name, "1 Hour")


CONTROL_PLANE: Final = {
    "Standard": _kubernetes("Standard Uptime SLA"),
    "Premium": _kubernetes("Standard Long Term Support"),
}
"""The control plane of a cluster, by tier [COST-AKS]."""


DEFENDER: Final = Meter(
    "Microsoft Defender for Cloud",
    "Microsoft Defender for Containers",
    "Standard vCore",
    "Standard vCore vCore Pack",
    "1/Hour",
)
"""Microsoft Defender for Containers, for each vCPU of the nodes of a cluster [COST-TABLE]."""


def machine(size: str, *, windows: bool = False) -> Meter:
    """Return the meter of a virtual machine of a size, such as ``Standard_D4ds_v5``, that is not a Spot machine."""
    return Meter(VIRTUAL_MACHINES, "", "", "", "1 Hour", size=size, windows=windows)


_PREMIUM_DISKS = {32: "P4", 64: "P6", 128: "P10", 256: "P15", 512: "P20", 1024: "P30", 2048: "P40"}
_STANDARD_DISKS = {32: "E4", 64: "E6", 128: "E10", 256: "E15", 512: "E20", 1024: "E30", 2048: "E40"}


def disk(gib: int, *, premium: bool) -> Meter:
    """Return the meter of a locally redundant SSD: that of the smallest one that has so many GiB [COST-DISKS].

    Args:
        gib: size of the disk, 2,048 at most.
        premium: whether it is a Premium SSD, not a Standard SSD.
    """
    sizes = _PREMIUM_DISKS if premium else _STANDARD_DISKS
    name = sizes[min(size for size in sizes if size >= gib)]
    product = f"{'Premium' if premium else 'Standard'} SSD Managed Disks"
    return Meter("Storage", product, f"{name} LRS", f"{name} LRS Disk", "1/Month")


def _apps(sku: str, name: str, unit: str) -> Meter:
    return Meter("Azure Container Apps", "Azure Container Apps", sku, f"{sku} {name}", unit)


APP_CORES: Final = _apps("Standard", "vCPU Active Usage", "1 Second")
APP_IDLE_CORES: Final = _apps("Standard", "vCPU Idle Usage", "1 Second")
APP_MEMORY: Final = _apps("Standard", "Memory Active Usage", "1 GiB Second")
APP_IDLE_MEMORY: Final = _apps("Standard", "Memory Idle Usage", "1 GiB Second")
APP_GPU: Final = {
    "Consumption-GPU-NC24-A100": _apps("Standard", "NC A100 v4 GPU Usage", "1 Second"),
    "Consumption-GPU-NC8as-T4": _apps("Standard", "NC T4 v3 GPU Usage", "1 Second"),
}
"""The GPU of a replica, by the type of its workload profile."""

PLAN_MANAGEMENT: Final = _apps("Dedicated", "Plan Management", "1 Hour")
NODE_CORES: Final = _apps("Dedicated", "vCPU Usage", "1 Hour")
NODE_MEMORY: Final = _apps("Dedicated", "Memory Usage", "1 Hour")
NODE_GPU: Final = _apps("Dedicated", "GPU Usage", "1 Hour")
SESSIONS: Final = Meter(
    "Azure Container Apps", "Azure Container Apps", "Dynamic Sessions", "Dynamic Sessions", "1 Hour"
)


def _instances(sku: str, name: str, unit: str) -> Meter:
    return Meter("Container Instances", "Container Instances", sku, f"{sku} {name}", unit)


_INSTANCE_SKUS = {"Regular": "Standard", "Spot": "Standard Spot", "Confidential": "Confidential containers ACI"}
INSTANCE_CORES: Final = {kind: _instances(sku, "vCPU Duration", "1 Hour") for kind, sku in _INSTANCE_SKUS.items()}
INSTANCE_MEMORY: Final = {kind: _instances(sku, "Memory Duration", "1 GB Hour") for kind, sku in _INSTANCE_SKUS.items()}

HSM_KEY: Final = Meter("Key Vault", "Key Vault", "Premium", "Premium HSM-protected RSA 2048-bit key", "1")
ADVANCED_HSM_KEY: Final = Meter("Key Vault", "Key Vault", "Premium", "Premium HSM-protected Advanced Key", "1")
KEY_ROTATION: Final = {
    sku.lower(): Meter("Key Vault", "Key Vault", sku, "Automated Key Rotation", "1 Rotation")
    for sku in ("Standard", "Premium")
}

LOGS: Final = Meter("Log Analytics", "Log Analytics", "Analytics Logs", "Analytics Logs Data Ingestion", "1 GB")
LOG_RETENTION: Final = Meter(
    "Log Analytics", "Log Analytics", "Analytics Logs", "Analytics Logs Data Retention", "1 GB/Month"
)
FREE_RETENTION_DAYS: Final = 31
"""Days for which logs are kept without a charge [COST-LOGS]."""


def _gateway(part: str, *, firewall: bool) -> Meter:
    product = "Application Gateway for Containers" + (" WAF" if firewall else "")
    return Meter("Application Gateway", product, "Standard", f"Standard {part}", "1 Hour")


GATEWAY: Final = {firewall: _gateway("AGC", firewall=firewall) for firewall in (False, True)}
"""An Application Gateway for Containers, without and with a web application firewall."""
GATEWAY_FRONTEND: Final = {firewall: _gateway("Frontend", firewall=firewall) for firewall in (False, True)}
GATEWAY_ASSOCIATION: Final = {firewall: _gateway("Association", firewall=firewall) for firewall in (False, True)}

NAMED: Final[tuple[Meter, ...]] = (
    *REGISTRY.values(),
    *REGISTRY_STORAGE.values(),
    REPLICA,
    REPLICA_STORAGE,
    PRIVATE_ENDPOINT,
    ENDPOINT_DATA,
    PUBLIC_ADDRESS,
    PREFIX_ADDRESS,
    NAT_GATEWAY,
    NAT_DATA,
    ZONE,
    *FIREWALL.values(),
    *FIREWALL_DATA.values(),
    *BASTION.values(),
    *BASTION_UNIT.values(),
    *CONTROL_PLANE.values(),
    DEFENDER,
    *(disk(gib, premium=True) for gib in _PREMIUM_DISKS),
    *(disk(gib, premium=False) for gib in _STANDARD_DISKS),
    APP_CORES,
    APP_IDLE_CORES,
    APP_MEMORY,
    APP_IDLE_MEMORY,
    *APP_GPU.values(),
    PLAN_MANAGEMENT,
    NODE_CORES,
    NODE_MEMORY,
    NODE_GPU,
    SESSIONS,
    *INSTANCE_CORES.values(),
    *INSTANCE_MEMORY.values(),
    HSM_KEY,
    ADVANCED_HSM_KEY,
    *KEY_ROTATION.values(),
    LOGS,
    LOG_RETENTION,
    *GATEWAY.values(),
    *GATEWAY_FRONTEND.values(),
    *GATEWAY_ASSOCIATION.values(),
)
"""All meters but those of virtual machines, which are made of their sizes."""
