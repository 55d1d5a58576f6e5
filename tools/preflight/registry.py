"""Checks the registry in Azure: its name, its replicas, and its private endpoints in any subscription.

A replica adds addresses to every private endpoint of the registry, including those that other teams created in their own
networks. If one subnet has too few addresses, Azure rolls the replica back [ACR-5], so every subnet is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from components.elsewhere import parsed
from components.registry.spec import RegistrySpec
from stacks.loader import Stack
from tools.preflight.arm import Arm, DeniedError, MissingError
from tools.preflight.findings import Finding, unreadable
from tools.preflight.shape import differences

REGISTRY_VERSION, NETWORK_VERSION, DNS_VERSION = "2025-11-01", "2024-05-01", "2024-06-01"
SHAPE_VERSION = "2026-01-01-preview"
"""Version that shows whether replicas have host names of their own [ACR-2026]."""

MOST_STORAGE_PERCENT = 90
"""Share of the storage limit above which preflight fails (chosen)."""


@dataclass(frozen=True)
class Connection:
    """A private endpoint of the registry.

    Attributes:
        endpoint: its ARM id.
        subnet: ARM id of its subnet.
        addresses: address by host name.
        members: number of its addresses.
    """

    endpoint: str
    subnet: str
    addresses: dict[str, str]
    members: int

    @property
    def name(self) -> str:
        """Name of the endpoint."""
        return self.endpoint.rpartition("/")[2]


class Registry:
    """The registry of a stack in Azure. Every property raises DeniedError and UnreachableError like `Arm.get`."""

    def __init__(self, spec: RegistrySpec, stack: Stack, arm: Arm) -> None:
        """Create the registry without reading it.

        Args:
            spec: the registry of the stack.
            stack: the stack.
            arm: the subscription to read.
        """
        self._spec = spec
        self._stack = stack
        self._arm = arm
        site = stack.plan.sites["registry",]
        group = f"{arm.scope}/resourceGroups/{site.group.name}"
        self.id = spec.id or f"{group}/providers/Microsoft.ContainerRegistry/registries/{site.name}"

    @cached_property
    def body(self) -> dict[str, Any] | None:
        """The registry; None if it does not exist, or if its id is not known."""
        if not self.id.startswith("/"):
            return None
        try:
            return self._arm.get(self.id, REGISTRY_VERSION)
        except MissingError:
            return None

    def name(self) -> Iterator[Finding]:
        """Check whether the globally unique name is available, or whether a registry made elsewhere exists."""
        if self._spec.id is not None:
            yield self._found()
            return
        if self.body is not None:
            yield Finding(
                "names", "passed", self.id, f"registry {self._name} exists in the resource group of this stack"
            )
            return
        question = {"name": self._name, "type": "Microsoft.ContainerRegistry/registries"}
        path = f"{self._arm.scope}/providers/Microsoft.ContainerRegistry/checkNameAvailability"
        answer = self._arm.ask(path, REGISTRY_VERSION, question)
        if answer.get("nameAvailable"):
            yield Finding("names", "passed", self._name, f"the registry name {self._name} is available")
        else:
            message = (
                f"the registry name {self._name} is not available: {answer.get('message')}; state another registry.name"
            )
            yield Finding("names", "failed", self._name, message)

    def _found(self) -> Finding:
        """Return whether a registry made elsewhere exists."""
        if parsed(self.id) is None:
            message = (
                f"the registry is {self.id}, which only a run of the stack can resolve: state its id to check it here"
            )
            return Finding("names", "undetermined", self.id, message)
        if self.body is None:
            message = f"{self.id} does not exist: correct registry.id, or create the registry first"
            return Finding("names", "failed", self.id, message)
        return Finding("names", "passed", self.id, f"registry {self._name} exists")

    def shape(self) -> Iterator[Finding]:
        """Compare the stated properties of a registry made elsewhere with the registry in Azure."""
        if self._spec.id is None or self.body is None:
            return
        replicas = self._arm.every(f"{self.id}/replications", REGISTRY_VERSION)
        regions = [str(each.get("location")) for each in replicas]
        body = self._arm.get(self.id, SHAPE_VERSION)
        yield from differences(self._spec, self._stack.spec.registry_home, body, regions)

    def replicas(self) -> Iterator[Finding]:
        """Check that all replicas are ready; otherwise the service accepts no change of the registry [ACR-5]."""
        if self.body is None:
            return
        for replica in self._arm.every(f"{self.id}/replications", REGISTRY_VERSION):
            state = (replica.get("properties") or {}).get("provisioningState")
            where = f"the replica in {replica.get('location')} is {state}"
            if state == "Succeeded":
                yield Finding("replicas", "passed", str(replica["id"]), where)
                continue
            message = f"{where}: wait until it is Succeeded; if it does not change, delete it before you add it again"
            yield Finding("replicas", "failed", str(replica["id"]), message)

    def storage(self) -> Iterator[Finding]:
        """Compare the stored size of the registry with its limit [ACR-SKU]."""
        if self.body is None:
            return
        rows = {str(row["name"]): row for row in self._arm.every(f"{self.id}/listUsages", REGISTRY_VERSION)}
        limit = int((rows.get("MaximumStorageCapacity") or {}).get("limit") or 0)
        used = int((rows.get("Size") or {}).get("currentValue") or 0)
        if not limit:
            return
        share = 100 * used / limit
        room = f"registry {self._name} stores {used / 2**40:.1f} of {limit / 2**40:.0f} TiB ({share:.0f} %)"
        if share <= MOST_STORAGE_PERCENT:
            yield Finding("storage", "passed", self.id, room)
        else:
            advice = "delete artifacts, or state policies.retention, before pushes fail"
            yield Finding("storage", "failed", self.id, f"{room}, above {MOST_STORAGE_PERCENT} %: {advice}")

    def addresses(self) -> Iterator[Finding]:
        """Compare the free addresses of every subnet with an endpoint of this registry with the additional addresses."""
        growth: dict[str, list[tuple[str, int]]] = {}
        for connection in self.connections:
            if isinstance(connection, Finding):
                yield connection
            else:
                more = max(0, self._wanted - connection.members)
                growth.setdefault(connection.subnet, []).append((connection.name, more))
        for subnet, endpoints in growth.items():
            try:
                yield self._room(subnet, endpoints)
            except DeniedError as error:
                yield unreadable("addresses", subnet, f"the free addresses of {subnet}", error.permission)

    def feeding(self) -> Iterator[tuple[str, str]]:
        """Yield name of the endpoint and id of the zone for every zone made elsewhere that the description writes."""
        plan = self._stack.plan
        for key, zones in plan.fed.items():
            for zone in (plan.zones[each] for each in zones if each in plan.zones):
                if parsed(zone.id) is not None:
                    yield plan.sites["registry", "private_endpoints", key].name, str(zone.id)

    @cached_property
    def connections(self) -> tuple[Connection | Finding, ...]:
        """Every private endpoint of the registry, or a finding for one that cannot be read or is not connected."""
        return tuple(self._connections())

    def _connections(self) -> Iterator[Connection | Finding]:
        for each in (self.body or {}).get("properties", {}).get("privateEndpointConnections") or ():
            properties = each.get("properties") or {}
            endpoint = str((properties.get("privateEndpoint") or {}).get("id"))
            status = (properties.get("privateLinkServiceConnectionState") or {}).get("status")
            if status != "Approved":
                message = f"the connection of {endpoint} is {status}: approve it, or delete it and the endpoint"
                yield Finding("addresses", "failed", endpoint, message)
                continue
            try:
                yield self._connection(endpoint)
            except DeniedError as error:
                yield unreadable("addresses", endpoint, f"private endpoint {endpoint} and its subnet", error.permission)
            except MissingError:
                message = f"{endpoint} no longer exists, but its connection does: delete the connection of the registry"
                yield Finding("addresses", "failed", endpoint, message)

    @property
    def _name(self) -> str:
        return self._stack.plan.sites["registry",].name

    @cached_property
    def _wanted(self) -> int:
        """Number of addresses that every private endpoint of this stack has [ACR-7]."""
        regions = len({self._stack.spec.registry_home, *self._spec.replicas})
        return 1 + regions * (2 if self._spec.regional_endpoints else 1)

    def _connection(self, endpoint: str) -> Connection:
        properties = self._arm.get(endpoint, NETWORK_VERSION)["properties"]
        addresses: dict[str, str] = {}
        members = 0
        # The list customDnsConfigs of an endpoint is empty once it has a zone group; its network interface shows all members.
        for interface in properties.get("networkInterfaces") or ():
            shown = self._arm.get(str(interface["id"]), NETWORK_VERSION)["properties"]
            for configuration in shown.get("ipConfigurations") or ():
                members += 1
                inner = configuration["properties"]
                names = (inner.get("privateLinkConnectionProperties") or {}).get("fqdns") or ()
                addresses |= dict.fromkeys(names, str(inner.get("privateIPAddress")))
        return Connection(endpoint, str(properties["subnet"]["id"]), addresses, members)

    def _room(self, subnet: str, endpoints: list[tuple[str, int]]) -> Finding:
        network = subnet.rpartition("/subnets/")[0]
        usages = self._arm.every(f"{network}/usages", NETWORK_VERSION)
        usage = next((each for each in usages if str(each["id"]).lower() == subnet.lower()), None)
        if usage is None:
            raise MissingError(subnet)
        free, more = int(usage["limit"] - usage["currentValue"]), sum(count for _, count in endpoints)
        who = ", ".join(name for name, _ in endpoints)
        room = f"{subnet} has {free} free addresses, and the private endpoints in it ({who}) take {more} more"
        if more <= free:
            return Finding("addresses", "passed", subnet, room)
        advice = "Azure would roll the change back; free addresses, or move an endpoint to a larger subnet"
        return Finding("addresses", "failed", subnet, f"{room}: {more - free} short; {advice} [ACR-5]")
