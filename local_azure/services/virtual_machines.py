"""Virtual machines, each with a network interface of its own."""

from __future__ import annotations

import uuid
from typing import ClassVar

from typing_extensions import override

from local_azure.clock import timestamp
from local_azure.errors import ArmError, bad_request
from local_azure.facts.compute import MACHINES
from local_azure.resource_id import same
from local_azure.services import identities, usages
from local_azure.services.cloud import Cloud, Json, Request, ResourceType
from local_azure.services.private_links import INTERFACES
from local_azure.store import Resource

_FIXED = ("osProfile.adminUsername", "osProfile.computerName", "storageProfile.imageReference")
"""Members that an update cannot change [VM-FIXED]."""


class Machines(ResourceType):
    """Microsoft.Compute/virtualMachines."""

    name = MACHINES
    kept = ("location", "tags", "zones")
    patched = frozenset({"tags", "identity", "properties"})
    scoped: ClassVar = {("GET", "locations/usages"): usages.compute}

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check interfaces and what is fixed; a password or a key is needed [VM-SSH, VM-FIXED]."""
        sent = request.properties
        if existing is not None:
            _refuse_changes(request, existing)
        _refuse_without_key(request)
        for interface in _interfaces(cloud, request):
            owner = str((interface.properties.get("virtualMachine") or {}).get("id") or "")
            if owner and not same(owner, str(request.id)):
                message = f"Network interface {interface.id} is used by existing resource {owner}."
                raise bad_request("NetworkInterfaceInUse", message)
        before = existing.properties if existing else {}
        machine_id = before.get("vmId") or str(uuid.uuid4())
        created = before.get("timeCreated") or timestamp(cloud.clock.now())
        identity = identities.assigned(cloud, request.id, request.body.get("identity"))
        return self.result(request, existing, {**sent, "vmId": machine_id, "timeCreated": created}, **identity)

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Let the interfaces say whose they are."""
        for interface in _interfaces(cloud, request):
            interface.properties["virtualMachine"] = {"id": resource.id}
            cloud.update(interface)

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> ArmError | None:
        """Give the interfaces free."""
        for named in (resource.properties.get("networkProfile") or {}).get("networkInterfaces") or []:
            interface = cloud.get(str(named.get("id")))
            if interface is not None and interface.properties.pop("virtualMachine", None):
                cloud.update(interface)
        return super().remove(cloud, resource)


def _interfaces(cloud: Cloud, request: Request) -> list[Resource]:
    named = (request.properties.get("networkProfile") or {}).get("networkInterfaces") or []
    missing = f"Resource {{}} referenced by resource {request.id} was not found."
    found = [
        cloud.named(each.get("id"), INTERFACES, "InvalidResourceReference", missing.format(each.get("id")))
        for each in named
    ]
    if not found:
        message = f"Virtual machine {request.id.name} must have at least one network interface."
        raise bad_request("VirtualMachineMustHaveAtLeastOneNetworkInterface", message)
    return found


def _refuse_without_key(request: Request) -> None:
    profile = request.properties.get("osProfile") or {}
    linux: Json = profile.get("linuxConfiguration") or {}
    keys = (linux.get("ssh") or {}).get("publicKeys") or []
    if linux.get("disablePasswordAuthentication") and not keys:
        message = "Authentication using either SSH or by user name and password must be enabled in Linux profile."
        raise bad_request("InvalidParameter", message)


def _refuse_changes(request: Request, existing: Resource) -> None:
    for path in _FIXED:
        section, member = path.split(".")
        before = (existing.properties.get(section) or {}).get(member)
        after = (request.properties.get(section) or {}).get(member, before)
        if before != after:
            raise ArmError(409, "PropertyChangeNotAllowed", f"Changing property '{path}' is not allowed.")
    if (existing.body.get("zones") or []) != (request.body.get("zones") or []):
        raise ArmError(409, "PropertyChangeNotAllowed", "Changing property 'zones' is not allowed.")


TYPES = (Machines(),)
