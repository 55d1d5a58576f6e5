"""Hosts, ports and service tags that compute must reach outside of its network: the table for firewalls, read 2026-11-29.

The registry's hosts follow from `planning.endpoints`. What Kubernetes clusters and Container Apps environments need besides is
published by their services, by cloud [AKS-EGRESS, CAE-EGRESS].
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from planning.clouds import CloudName
from planning.endpoints import Endpoints

MICROSOFT_REGISTRY = "mcr.microsoft.com"
"""Microsoft Artifact Registry, which system images come from [AKS-EGRESS]."""

Protocol = Literal["Https", "Http", "TCP", "UDP"]


@dataclass(frozen=True, slots=True, order=True)
class Destination:
    """Something that clients must reach.

    Attributes:
        name: a host, ``*.`` and a domain for every host below it, or the name of a service tag.
        protocol: ``Https`` or ``Http`` for a host, ``TCP`` or ``UDP`` for a service tag.
        port: destination port.
        purpose: what it is needed for, in a few words.
        source: id of the fact behind it.
        group: name of the rule collection group that admits it (chosen): what one change of the registry opens or closes is
            a group of its own.
    """

    name: str
    protocol: Protocol
    port: int
    purpose: str
    source: str
    group: str

    @property
    def is_service_tag(self) -> bool:
        """Whether it is a service tag, which network rules take, and not a host, which application rules take."""
        return self.protocol in ("TCP", "UDP")


@dataclass(frozen=True, slots=True)
class ClusterNeeds:
    """What decides the dependencies of a Kubernetes cluster.

    Attributes:
        region: where it is.
        private: whether its API server has a private address.
        windows: whether a pool runs Windows.
        ubuntu: whether a pool runs Ubuntu.
        gpus: whether a pool has GPUs.
        policy: whether Azure Policy is on.
        secrets: whether secrets of key vaults are mounted.
        defender: whether Defender for Containers is on.
        metrics: whether Prometheus metrics are sent to a workspace.
    """

    region: str
    private: bool
    windows: bool = False
    ubuntu: bool = False
    gpus: bool = False
    policy: bool = False
    secrets: bool = False
    defender: bool = False
    metrics: bool = False


@dataclass(frozen=True, slots=True)
class _Cloud:
    """Hosts of one cloud that the tables below differ in."""

    api_servers: tuple[str, ...]
    images: tuple[str, ...]
    resource_manager: str
    sign_in: str
    binaries: tuple[str, ...]
    monitor: str
    policy: str
    telemetry: str
    vaults: str


_CLOUDS: dict[CloudName, _Cloud] = {
    "public": _Cloud(
        api_servers=("*.hcp.{region}.azmk8s.io",),
        images=(MICROSOFT_REGISTRY, "*.data.mcr.microsoft.com", "mcr-0001.mcr-msedge.net"),
        resource_manager="management.azure.com",
        sign_in="login.microsoftonline.com",
        binaries=("packages.microsoft.com", "acs-mirror.azureedge.net", "packages.aks.azure.com"),
        monitor="azure.com",
        policy="policy.core.windows.net",
        telemetry="dc.services.visualstudio.com",
        vaults="*.vault.azure.net",
    ),
    "usgovernment": _Cloud(
        api_servers=("*.hcp.{region}.cx.aks.containerservice.azure.us",),
        images=(MICROSOFT_REGISTRY, "*.data.mcr.microsoft.com"),
        resource_manager="management.usgovcloudapi.net",
        sign_in="login.microsoftonline.us",
        binaries=("packages.microsoft.com", "acs-mirror.azureedge.net", "packages.aks.azure.com"),
        monitor="azure.us",
        policy="policy.azure.us",
        telemetry="dc.services.visualstudio.com",
        vaults="*.vault.usgovcloudapi.net",
    ),
    "china": _Cloud(
        api_servers=("*.hcp.{region}.cx.prod.service.azk8s.cn", "*.tun.{region}.cx.prod.service.azk8s.cn"),
        images=(MICROSOFT_REGISTRY, "*.data.mcr.microsoft.com", "mcr.azure.cn", "*.data.mcr.azure.cn"),
        resource_manager="management.chinacloudapi.cn",
        sign_in="login.chinacloudapi.cn",
        binaries=("packages.microsoft.com", "*.azk8s.cn"),
        monitor="azure.cn",
        policy="policy.azure.cn",
        telemetry="dc.services.visualstudio.com",
        vaults="*.vault.azure.cn",
    ),
}

_ENVIRONMENTS: dict[CloudName, tuple[tuple[str, str], ...]] = {
    "public": (
        (MICROSOFT_REGISTRY, "system images"),
        ("*.data.mcr.microsoft.com", "layers of system images"),
        ("packages.aks.azure.com", "Kubernetes binaries"),
        ("acs-mirror.azureedge.net", "Kubernetes binaries"),
        ("login.microsoft.com", "sign-in to the registry and to key vaults"),
        ("*.identity.azure.net", "managed identities"),
        ("login.microsoftonline.com", "managed identities"),
        ("*.login.microsoftonline.com", "managed identities"),
        ("*.login.microsoft.com", "managed identities"),
    ),
    "china": (
        ("mcr.azure.cn", "system images"),
        ("*.data.mcr.azure.cn", "layers of system images"),
        ("mcr.azk8s.cn", "system images"),
        ("mirror.azk8s.cn", "Kubernetes binaries"),
        ("*.identity.azure.cn", "managed identities"),
        ("login.chinacloudapi.cn", "managed identities"),
        ("*.login.chinacloudapi.cn", "managed identities"),
        ("management.chinacloudapi.cn", "Azure Resource Manager"),
        ("*.blob.core.chinacloudapi.cn", "storage accounts of the platform"),
        ("*.servicebus.chinacloudapi.cn", "monitoring of the platform"),
        ("mooncake.warmpath.chinacloudapi.cn", "monitoring of the platform"),
        ("*.chinacloudsites.cn", "control plane"),
        ("*.ext.azurecontainerapps-dev.cn", "control plane"),
    ),
}
"""Hosts of a Container Apps environment; none are published for Azure Government [CAE-EGRESS]."""


def registry_destinations(
    endpoints: Endpoints, region: str, routed: Collection[str], fallback: str | None = None
) -> tuple[Destination, ...]:
    """Return the hosts of a registry that clients in a region use [ACR-1, ACR-17].

    Layers come from the data host of the replica that answers: the region's own, or any that the global host is routed to.
    The hosts of a fallback are open before it is needed.

    Args:
        endpoints: the registry's hosts.
        region: where the clients are.
        routed: regions that take part in the global host name.
        fallback: region whose replica stands in for the clients' own, or None.
    """
    found = [(endpoints.global_, "registry, global host", "registry")]
    if region in endpoints.regional:
        found.append((endpoints.regional[region], "registry, own replica", f"registry-replica-{region}"))
    if fallback and fallback in endpoints.regional:
        found.append(
            (endpoints.regional[fallback], "registry, fallback of the own replica", f"registry-replica-{fallback}")
        )
    answering = sorted(
        {*routed, region, fallback or region} & set(endpoints.data), key=lambda each: (each != region, each)
    )
    found += [(endpoints.data[each], f"layers from {each}", f"registry-layers-{each}") for each in answering]
    if endpoints.storage:
        found.append((endpoints.storage, "layers, any storage account", "registry-storage"))
    return tuple(Destination(host, "Https", 443, purpose, "ACR-1", group) for host, purpose, group in found)


def mirror_destinations(endpoints: Endpoints, region: str, routed: Collection[str]) -> tuple[Destination, ...]:
    """Return the regional hosts that nodes in a region with a replica use as mirrors of the global host, besides their own.

    They are open whether or not a region is drained, since mirrors change with that [CTRD-1].

    Args:
        endpoints: the registry's hosts.
        region: where the nodes are.
        routed: regions that take part in the global host name.
    """
    if region not in endpoints.regional:
        return ()
    others = sorted({*routed} & set(endpoints.regional) - {region})
    return tuple(
        Destination(endpoints.regional[each], "Https", 443, f"mirror in {each}", "CTRD-1", f"registry-replica-{each}")
        for each in others
    )


def cluster_destinations(needs: ClusterNeeds, cloud: CloudName) -> tuple[Destination, ...]:
    """Return what a Kubernetes cluster needs besides its registry [AKS-EGRESS]."""
    return tuple(dict.fromkeys(_of_cluster(needs, _CLOUDS[cloud])))


def environment_destinations(cloud: CloudName, vault_hosts: Iterable[str] = ()) -> tuple[Destination, ...]:
    """Return what a Container Apps environment needs besides its registry; nothing where its service publishes no list.

    Args:
        cloud: the cloud.
        vault_hosts: hosts of the key vaults that its apps and jobs read secrets of.
    """
    published = _ENVIRONMENTS.get(cloud, ())
    vaults = [(host, "secrets") for host in vault_hosts]
    return tuple(
        Destination(host, "Https", 443, purpose, "CAE-EGRESS", "container-apps")
        for host, purpose in (*published, *vaults)
    )


def is_published(cloud: CloudName) -> bool:
    """Return whether the dependencies of Container Apps environments are published for a cloud [CAE-EGRESS]."""
    return cloud in _ENVIRONMENTS


def _of_cluster(needs: ClusterNeeds, cloud: _Cloud) -> Iterator[Destination]:
    if not needs.private:
        yield from _https(needs.region, cloud.api_servers, "API server")
        tag = f"AzureCloud.{needs.region}"
        yield Destination(tag, "UDP", 1194, "tunnel to the control plane", "AKS-EGRESS", "clusters")
        yield Destination(tag, "TCP", 9000, "tunnel to the control plane", "AKS-EGRESS", "clusters")
        yield Destination(tag, "TCP", 443, "pods that ask the API server", "AKS-EGRESS", "clusters")
    yield from _https(needs.region, cloud.images, "system images")
    yield from _https(needs.region, (cloud.resource_manager,), "Azure Resource Manager")
    yield from _https(needs.region, (cloud.sign_in,), "Microsoft Entra ID")
    yield from _https(needs.region, cloud.binaries, "packages and Kubernetes binaries")
    yield from _of_pools(needs)
    if needs.defender:
        yield from _https(needs.region, _logs(cloud), "Defender for Containers")
        if cloud.monitor == "azure.com":
            yield from _https(needs.region, ("*.cloud.defender.microsoft.com",), "Defender for Containers")
    if needs.metrics:
        control = tuple(f"{each}.handler.control.monitor.{cloud.monitor}" for each in ("global", needs.region))
        yield from _https(needs.region, (*control, f"*.metrics.ingest.monitor.{cloud.monitor}"), "Prometheus metrics")
    if needs.policy:
        hosts = (f"data.{cloud.policy}", f"store.{cloud.policy}", cloud.telemetry)
        yield from _https(needs.region, hosts, "Azure Policy")
    if needs.secrets:
        yield from _https(needs.region, (cloud.vaults,), "secrets of key vaults")


def _of_pools(needs: ClusterNeeds) -> Iterator[Destination]:
    if needs.ubuntu:
        for host in ("security.ubuntu.com", "azure.archive.ubuntu.com", "changelogs.ubuntu.com"):
            yield Destination(host, "Http", 80, "security updates of Ubuntu", "AKS-EGRESS", "clusters")
        yield from _https(needs.region, ("snapshot.ubuntu.com",), "security updates of Ubuntu")
    if needs.gpus:
        hosts = ("nvidia.github.io", "us.download.nvidia.com", "download.docker.com")
        yield from _https(needs.region, hosts, "drivers of GPUs")
    if needs.windows:
        yield from _https(needs.region, ("onegetcdn.azureedge.net", "go.microsoft.com"), "Windows binaries")
        for host in ("*.mp.microsoft.com", "www.msftconnecttest.com", "ctldl.windowsupdate.com"):
            yield Destination(host, "Http", 80, "Windows binaries", "AKS-EGRESS", "clusters")


def _logs(cloud: _Cloud) -> tuple[str, ...]:
    return tuple(f"*.{kind}.opinsights.{cloud.monitor}" for kind in ("ods", "oms"))


def _https(region: str, hosts: Iterable[str], purpose: str) -> Iterator[Destination]:
    for host in hosts:
        yield Destination(host.format(region=region), "Https", 443, purpose, "AKS-EGRESS", "clusters")
