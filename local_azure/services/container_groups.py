"""Container groups: sizes, what Spot and a subnet exclude, what an update cannot change, and addresses that change."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any, ClassVar

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.container_instance import CONTAINER_GROUPS
from local_azure.operations import Lifecycle, Style, Transition
from local_azure.refusals import reference_not_found
from local_azure.resource_id import ResourceId
from local_azure.services import addresses, image_pulls, occupancy, vault_secrets
from local_azure.services.cloud import Answer, Cloud, Json, Request, ResourceType
from local_azure.services.identities import assigned, users
from local_azure.services.regions import ZONELESS
from local_azure.store import Resource

LARGEST = {"Standard": (31, 240), "Confidential": (31, 180)}
"""vCPUs and GB of the largest group of each SKU [ACI-1]."""

_CREATE = Transition(Style.STATUS, 201, "Pending", 20.0)
_UPDATE = Transition(Style.STATUS, 200, "Pending", 20.0)
_DELETE = Transition(Style.RESULT, 202, "Deleting", 10.0, empty=True)
_MEMBER = "address0"


class ContainerGroups(ResourceType):
    """Microsoft.ContainerInstance/containerGroups."""

    name = CONTAINER_GROUPS
    patched = frozenset({"tags"})
    kept = ("location", "tags", "zones")
    pattern = r"(?!.*--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

    lifecycle = Lifecycle(_CREATE, _UPDATE, _DELETE)
    """Asynchronous by Azure-AsyncOperation; a delete is polled by Location (durations chosen)."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Fill in defaults and refuse what Azure does not run."""
        sent = request.stated
        properties = {"sku": "Standard", "restartPolicy": "Always", "osType": "Linux", "priority": "Regular", **sent}
        _refuse_size(request, properties)
        _refuse_zones(request)
        _refuse_spot(properties)
        subnet = _subnet(cloud, request, properties)
        identity = assigned(cloud, request.id, request.body.get("identity"))
        _refuse_identity(request, properties, identity)
        _refuse_images(cloud, request, properties, identity)
        _refuse_secrets(cloud, request, properties, identity)
        if existing is not None:
            _refuse_update(request, existing, properties)
        properties["containers"] = [_hidden(container) for container in properties["containers"]]
        _hide(properties)
        resource = self.result(request, existing, properties, **identity)
        resource.state["subnet"] = subnet.id if subnet else ""
        resource.state.setdefault("running", True)
        return resource

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Give a new group its address; a group that is updated keeps the one it has (chosen) [ACI-8]."""
        if not addresses.held(cloud, resource.id):
            give_address(cloud, resource)

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the address, and whether the containers run."""
        running = bool(resource.state.get("running"))
        shown: Json = {"instanceView": {"events": [], "state": "Running" if running else "Stopped"}}
        stated = resource.properties.get("ipAddress")
        if stated:
            address = addresses.held(cloud, resource.id).get(_MEMBER)
            # An address that a body states has no effect in a subnet (chosen) [ACI-8].
            kept = {k: v for k, v in stated.items() if k != "ip"}
            shown["ipAddress"] = {**kept, **({"ip": address} if address else {})}
        return shown

    actions: ClassVar = {}


def give_address(cloud: Cloud, group: Resource) -> None:
    """Give a group in a subnet the address after the one that was given last there, so that it differs each time (chosen).

    Raises SubnetFullError when the subnet has no address left.
    """
    subnet = cloud.get(group.state.get("subnet") or "")
    if subnet is None:
        return
    occupancy.vacate(cloud, group.id)
    last = int(subnet.state.get("last_given", 0))
    used = addresses.taken(cloud, subnet)
    free = [number for number in addresses.usable(subnet) if number not in used]
    if not free:
        raise addresses.SubnetFullError(subnet, 1)
    number = next((n for n in free if n > last), free[0])
    addresses.allocate(cloud, subnet, group.id, [_MEMBER], {_MEMBER: str(IPv4Address(number))})
    subnet.state["last_given"] = number
    cloud.store.update(subnet)


def _stop(cloud: Cloud, request: Request, group: Resource) -> Answer:
    """Stop the containers; the address goes back to the subnet."""
    occupancy.vacate(cloud, group.id)
    group.state["running"] = False
    cloud.update(group)
    return Answer(204)


def _start(cloud: Cloud, request: Request, group: Resource) -> Answer:
    """Start the containers, or start them again, with another address [ACI-8]."""
    give_address(cloud, group)
    group.state["running"] = True
    cloud.update(group)
    return Answer(204)


ContainerGroups.actions = {("POST", "stop"): _stop, ("POST", "start"): _start, ("POST", "restart"): _start}


def _requests(container: Json) -> Json:
    return (container.get("properties") or {}).get("resources", {}).get("requests") or {}


def _refuse_size(request: Request, properties: Json) -> None:
    """Raise ArmError for a group without containers, with two of one name, or above its SKU's size [ACI-1, ACI-3]."""
    containers = properties.get("containers") or []
    names = [container["name"] for container in containers]
    if not 1 <= len(containers) <= 60 or len(set(names)) < len(names):
        message = f"The container group '{request.id.name}' must have 1 to 60 containers, each with a name of its own."
        raise bad_request("InvalidContainerGroup", message)
    unsized = [container["name"] for container in containers if not _requests(container)]
    if unsized:
        message = (
            f"The resource requests of container '{unsized[0]}' in container group '{request.id.name}' are required."
        )
        raise bad_request("ResourceRequestsNotSpecified", message)
    most = LARGEST.get(properties["sku"], LARGEST["Standard"])
    asked = [sum(float(_requests(c).get(what, 0)) for c in containers) for what in ("cpu", "memoryInGB")]
    if asked[0] > most[0] or asked[1] > most[1]:
        message = (
            f"The requested resource with '{asked[0]:g}' CPU and '{asked[1]:g}' GB memory is not available in the location "
            f"'{request.body.get('location')}' at this moment. The maximum is '{most[0]}' CPU and '{most[1]}' GB."
        )
        raise bad_request("ResourceRequestsNotSupported", message)


def _refuse_zones(request: Request) -> None:
    """Raise ArmError for a zone where the region has none, and for more than one (codes chosen) [ZONES, ACI-ZONE]."""
    zones = request.body.get("zones") or []
    if zones and request.body.get("location") in ZONELESS:
        message = f"Availability zones are not supported in the location '{request.body['location']}'."
        raise bad_request("AvailabilityZoneNotSupported", message)
    if len(zones) > 1:
        raise bad_request("InvalidZones", f"The container group '{request.id.name}' must be in one zone.")


def _refuse_spot(properties: Json) -> None:
    """Raise ArmError for what a Spot group cannot be [ACI-4]."""
    if properties["priority"] not in {"Regular", "Spot"}:
        raise bad_request("PriorityNotSpecified", "The 'Priority' must be one of 'Regular,Spot'.")
    if properties["priority"] == "Regular":
        return
    if properties.get("ipAddress") or properties.get("subnetIds"):
        message = "Spot Priority is not supported for container groups with inbound connectivity."
        raise bad_request("SpotPriorityContainerGroupNotSupportedForInboundConnectivity", message)
    if properties["sku"] != "Standard":
        message = f"Spot Priority Container Group is not supported in '{properties['sku']}' Sku."
        raise bad_request("SpotPriorityContainerGroupNotSupportedInSku", message)


def _subnet(cloud: Cloud, request: Request, properties: Json) -> Resource | None:
    """Return the subnet that the group joins; raises ArmError unless it can [ACI-2]."""
    stated = properties.get("subnetIds") or []
    kind = (properties.get("ipAddress") or {}).get("type")
    if not stated:
        if kind == "Private":
            raise bad_request("SubnetIdNotSpecified", "A private IP address needs a subnet in 'subnetIds' (chosen).")
        return None
    if len(stated) > 1 or kind == "Public":
        message = "A container group joins one subnet, and has no public IP address there."
        raise bad_request("InvalidSubnetIds", message)
    subnet = occupancy.require_subnet(cloud, stated[0].get("id"), str(request.id), delegated_to=CONTAINER_GROUPS)
    network = cloud.require(ResourceId.parse(subnet.id).parent or request.id)
    if network.location != request.body.get("location"):
        raise reference_not_found(subnet.id, request.id)
    return subnet


def _refuse_identity(request: Request, properties: Json, identity: Json) -> None:
    """Raise ArmError where an identity that pulls or reads secrets is not the group's own (code chosen) [ACI-5]."""
    own = users(identity)
    named = [c["identity"] for c in properties.get("imageRegistryCredentials") or [] if c.get("identity")]
    named += [reference["identity"] for reference in properties.get("secretReferences") or []]
    strange = [identity_id for identity_id in named if identity_id.lower() not in own]
    if strange:
        message = f"The identity '{strange[0]}' is not assigned to the container group '{request.id.name}'."
        raise bad_request("IdentityNotAssigned", message)


def _refuse_secrets(cloud: Cloud, request: Request, properties: Json, identity: Json) -> None:
    """Raise ArmError for a secret of a vault that the stated identity does not read (code chosen) [VAULT-READ]."""
    subnet = str(((properties.get("subnetIds") or [{}])[0]).get("id") or "")
    for reference in properties.get("secretReferences") or []:
        principal = str(users(identity)[str(reference["identity"]).lower()].get("principalId"))
        if not vault_secrets.readable(cloud, str(reference.get("secretReferenceUri")), principal, subnet):
            message = (
                f"The secret '{reference.get('name')}' of container group '{request.id.name}' is not accessible under the "
                f"identity '{reference['identity']}'."
            )
            raise bad_request("InaccessibleSecretReference", message)


def _refuse_images(cloud: Cloud, request: Request, properties: Json, identity: Json) -> None:
    """Raise ArmError for an image of a registry that is not there, or that the stated identity may not pull [ACI-6]."""
    own = users(identity)
    pulling = {
        credential["server"].lower(): str(own[credential["identity"].lower()].get("principalId"))
        if credential.get("identity")
        else image_pulls.user(credential["username"])
        for credential in properties.get("imageRegistryCredentials") or []
        if credential.get("identity") or credential.get("username")
    }
    for container in properties["containers"]:
        image = str((container.get("properties") or {}).get("image") or "")
        if image_pulls.problem(cloud, image, pulling):
            message = (
                f"The image '{image}' in container group '{request.id.name}' is not accessible. Please check the image and "
                "registry credential."
            )
            raise bad_request("InaccessibleImage", message)


def _fixed(properties: Json) -> list[Any]:
    """What an update cannot change, in a form that compares."""
    subnets = [str(subnet.get("id")).lower() for subnet in properties.get("subnetIds") or []]
    sizes = [
        (_requests(c), (c.get("properties") or {}).get("resources", {}).get("limits")) for c in properties["containers"]
    ]
    plain = [properties.get(name) for name in ("osType", "restartPolicy", "sku", "priority")]
    return [*plain, subnets, [repr(size) for size in sizes]]


def _refuse_update(request: Request, existing: Resource, properties: Json) -> None:
    """Raise ArmError for a change that needs the group to be deleted first [ACI-7]."""
    moved = (request.body.get("zones") or None) != existing.body.get("zones")
    if moved or _fixed(properties) != _fixed(existing.properties):
        message = (
            f"The updates on container group '{request.id.name}' are invalid. If you are going to update the os type, "
            "restart policy, network profile, CPU, memory or GPU resources for a container group, you must delete it "
            "first and then create a new one."
        )
        raise bad_request("InvalidContainerGroupUpdate", message)


def _hidden(container: Json) -> Json:
    """A container as a GET shows it: variables without secure values."""
    inner = container.get("properties") or {}
    variables = [
        {k: v for k, v in variable.items() if k != "secureValue"}
        for variable in inner.get("environmentVariables") or []
    ]
    return {**container, "properties": {**inner, **({"environmentVariables": variables} if variables else {})}}


def _hide(properties: Json) -> None:
    """Leave out of a group what a GET never shows: passwords, keys, and the content of secret volumes."""
    credentials = properties.get("imageRegistryCredentials")
    if credentials:
        properties["imageRegistryCredentials"] = [
            {k: v for k, v in credential.items() if k != "password"} for credential in credentials
        ]
    if properties.get("volumes"):
        properties["volumes"] = [
            {**volume, "secret": dict.fromkeys(volume["secret"], "")} if volume.get("secret") else volume
            for volume in properties["volumes"]
        ]
    analytics = (properties.get("diagnostics") or {}).get("logAnalytics")
    if analytics:
        shown = {k: v for k, v in analytics.items() if k != "workspaceKey"}
        properties["diagnostics"] = {**properties["diagnostics"], "logAnalytics": shown}


TYPES = (ContainerGroups(),)
