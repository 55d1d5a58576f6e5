"""Container Apps environments: their subnet, what is fixed after creation, and what has to go before they do."""

from __future__ import annotations

import hashlib
import re
from math import ceil
from typing import Any, ClassVar

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_apps import APPS, CONNECTIONS, ENVIRONMENTS, JOBS, SESSION_POOLS
from local_azure.operations import Lifecycle, Polls, Style, Transition
from local_azure.resource_id import ResourceId
from local_azure.services import addresses, app_secrets, occupancy
from local_azure.services.cloud import Cloud, Json, Request, deleting, pick, without_nulls
from local_azure.services.identities import assigned
from local_azure.services.private_links import Member, PrivateLinkTarget
from local_azure.services.regions import ZONELESS
from local_azure.services.registry_connections import RegistryConnections
from local_azure.store import Resource

_AT = "{subscription}/providers/{namespace}/locations/{region}"
POLLS = Polls(
    f"{_AT}/managedEnvironmentOperationStatuses/{{guid}}", f"{_AT}/managedEnvironmentOperationResults/{{guid}}"
)
"""Where operations of environments are polled; clients look for these words [CAE-POLL]."""

DELEGATION = "Microsoft.App/environments"
CONSUMPTION = "Consumption"

INFRASTRUCTURE = 14 - addresses.RESERVED_FIRST - addresses.RESERVED_LAST
CONSUMPTION_ONLY_INFRASTRUCTURE = 60
REPLICAS_PER_ADDRESS = 10
"""Addresses of an environment before anything runs in it, and replicas that share one [CAE-2, CAE-3]."""

_DEDICATED = re.compile(r"(D|E|DC)\d+|NC\d+-A100")
_KNOWN = re.compile(rf"{CONSUMPTION}|Flex|Consumption-GPU-(NC24-A100|NC8as-T4)|{_DEDICATED.pattern}")
_SET_ONCE = ("vnetConfiguration", "zoneRedundant", "infrastructureResourceGroup")


class ManagedEnvironments(PrivateLinkTarget):
    """Microsoft.App/managedEnvironments."""

    name = ENVIRONMENTS
    kept = ("location", "tags", "kind")
    pattern = r"[a-z](?:[a-z0-9-]{0,58}[a-z0-9])"
    groups = ("managedEnvironments",)
    actions: ClassVar = {("POST", "getauthtoken"): app_secrets.auth_token}
    connections = CONNECTIONS
    polls = POLLS

    lifecycle = Lifecycle(
        Transition(Style.STATUS, 201, "Waiting", 120.0, retry_after=15),
        Transition(Style.STATUS, 201, "Waiting", 30.0, retry_after=15),
        Transition(Style.RESULT, 202, "ScheduledForDelete", 240.0, retry_after=15, empty=True),
        Transition(Style.RESULT, 202, "Waiting", 30.0, retry_after=15),
    )
    """201 Waiting with Azure-AsyncOperation and Retry-After 15 [REC-ACA]; deletes by Location, durations chosen."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check subnet, profiles and logs; what is fixed after creation must not change [CAE-5]."""
        sent = request.stated
        profiles = _profiles(sent, existing)
        subnet = _subnet(cloud, request, sent, with_profiles=bool(profiles))
        _refuse_logs(sent)
        if existing is not None:
            _refuse_changes(cloud, existing, sent, profiles)
        internal = bool((sent.get("vnetConfiguration") or {}).get("internal"))
        access = sent.get("publicNetworkAccess") or ("Disabled" if internal else "Enabled")
        if access == "Enabled" and internal:
            message = "PublicNetworkAccess cannot be Enabled for an internal managed environment."
            raise bad_request("ManagedEnvironmentInvalidNetworkConfiguration", message)
        resource = existing or self.new(request)
        resource.state["subnet"] = subnet.key if subnet else ""
        properties = {
            **_ABSENT,
            **sent,
            "zoneRedundant": bool(sent.get("zoneRedundant")),
            "workloadProfiles": profiles or None,
            "publicNetworkAccess": access if profiles else None,
            **_assigned_by_azure(resource, request.body["location"]),
        }
        return self.result(request, resource, properties, **assigned(cloud, request.id, request.body.get("identity")))

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Take the addresses of the infrastructure and of the nodes that always run."""
        occupy(cloud, resource)
        if (resource.properties.get("vnetConfiguration") or {}).get("internal"):
            resource.properties["staticIp"] = next(iter(addresses.held(cloud, resource.id).values()))
            cloud.update(resource)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while something runs in it (code chosen) [CAE-DELETE]."""
        inside = [*tenants(cloud, resource.id), *_pools(cloud, resource.id)]
        if inside:
            message = (
                f"Managed environment {resource.name} cannot be deleted: it has {len(inside)} resources in it, such as "
                f"{inside[0].id}. Delete them first."
            )
            raise ArmError(409, "ManagedEnvironmentHasChildResources", message)

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show everything but secrets, which are never shown again [CAE-SECRET]."""
        shown = super().view(cloud, resource, api_version)
        properties = shown["properties"] = _without_secrets(resource.properties)
        properties["privateEndpointConnections"] = cloud.shown(resource.id, CONNECTIONS, api_version) or None
        return shown

    @override
    def members(self, cloud: Cloud, resource: Resource, group: str) -> list[Member]:
        """Return the one member behind a private endpoint: all names below the default domain [CAE-9]."""
        domain = resource.properties["defaultDomain"]
        return [Member("managedEnvironments", (domain, f"*.{domain}"))]

    @override
    def refuse_endpoint(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while public access is on, and in an environment without workload profiles [CAE-9]."""
        if resource.properties["publicNetworkAccess"] != "Disabled":
            message = (
                f"Managed environment {resource.name} takes a private endpoint only with PublicNetworkAccess Disabled."
            )
            raise bad_request("ManagedEnvironmentPublicNetworkAccessEnabled", message)


_ABSENT: Json = dict.fromkeys(
    (
        "daprAIInstrumentationKey",
        "daprAIConnectionString",
        "vnetConfiguration",
        "appLogsConfiguration",
        "appInsightsConfiguration",
        "openTelemetryConfiguration",
        "customDomainConfiguration",
        "infrastructureResourceGroup",
        "diskEncryptionConfiguration",
    )
)
"""Members that the service spells out as null when they are not set [REC-ACA]."""


def _assigned_by_azure(resource: Resource, location: str) -> Json:
    """The names and addresses that Azure assigns, always the same for one id (chosen)."""
    digest = hashlib.sha256(resource.key.encode()).hexdigest()
    octets = (int(digest[at : at + 2], 16) for at in (0, 2, 4))
    return {
        "defaultDomain": f"local-{digest[:8]}.{location}.azurecontainerapps.io",
        "staticIp": ".".join(("20", *(str(octet) for octet in octets))),
        "eventStreamEndpoint": f"https://{location}.azurecontainerapps.dev{resource.id}/eventstream",
        "kedaConfiguration": {"version": "2.17.2"},
        "daprConfiguration": {"version": "1.16.4-msft.1"},
        **pick(resource.body.get("properties") or {}, "staticIp"),
    }


def _profiles(sent: Json, existing: Resource | None) -> list[Json]:
    """Return the workload profiles, Consumption among them; none makes a consumption-only environment [CAE-1]."""
    profiles = [without_nulls(profile) for profile in sent.get("workloadProfiles") or []]
    if not profiles:
        return []
    names = [str(profile["name"]).lower() for profile in profiles]
    if len(set(names)) < len(names):
        raise bad_request("WorkloadProfileDuplicateName", "Every workload profile needs a name of its own.")
    for profile in profiles:
        kind = str(profile["workloadProfileType"])
        if not _KNOWN.fullmatch(kind):
            message = f"The workload profile type '{kind}' is not supported."
            raise bad_request("WorkloadProfileTypeNotSupported", message)
        counted = "minimumCount" in profile and "maximumCount" in profile
        if _DEDICATED.fullmatch(kind) and not (counted and profile["minimumCount"] <= profile["maximumCount"]):
            message = f"Workload profile {profile['name']} needs a minimumCount that is not above its maximumCount."
            raise bad_request("WorkloadProfileInvalidCount", message)
        new = existing is not None and not any(p["name"] == profile["name"] for p in _had(existing))
        if new and kind.startswith("NC"):
            message = (
                f"Workload profile {profile['name']} of type {kind} can be added only while the environment is created."
            )
            raise bad_request("WorkloadProfileCannotBeAdded", message)
    if CONSUMPTION.lower() not in names:
        profiles.append({"name": CONSUMPTION, "workloadProfileType": CONSUMPTION})
    return profiles


def _had(existing: Resource) -> list[Json]:
    return existing.properties.get("workloadProfiles") or []


def _subnet(cloud: Cloud, request: Request, sent: Json, *, with_profiles: bool) -> Resource | None:
    """Return the environment's subnet, checked for zones, delegation and size [CAE-1, CAE-ZONES]."""
    subnet_id = (sent.get("vnetConfiguration") or {}).get("infrastructureSubnetId")
    if not subnet_id:
        if (sent.get("vnetConfiguration") or {}).get("internal"):
            message = "An internal managed environment needs an infrastructureSubnetId."
            raise bad_request("ManagedEnvironmentInvalidNetworkConfiguration", message)
        if sent.get("zoneRedundant"):
            message = "Zone redundancy needs an environment with an infrastructure subnet."
            raise bad_request("ManagedEnvironmentInvalidZoneRedundancy", message)
        return None
    if sent.get("zoneRedundant") and request.body["location"] in ZONELESS:
        message = "Zone redundancy is not currently supported in this region."
        raise bad_request("ManagedEnvironmentZoneRedundantNotSupportedInRegion", message)
    subnet = occupancy.require_subnet(cloud, subnet_id, str(request.id))
    network = cloud.get(str(ResourceId.parse(subnet.id).parent))
    if network is None or network.location != request.body["location"]:
        message = f"Subnet {subnet.id} is not in the environment's location {request.body['location']}."
        raise bad_request("ManagedEnvironmentInvalidNetworkConfiguration", message)
    delegated = occupancy.delegations(subnet)
    if with_profiles and DELEGATION.lower() not in delegated:
        message = f"The subnet of the environment must be delegated to the service '{DELEGATION}'."
        raise bad_request("ManagedEnvironmentSubnetDelegationError", message)
    if delegated - {DELEGATION.lower()}:
        message = f"The subnet of the environment is delegated to {', '.join(sorted(delegated))}."
        raise bad_request("ManagedEnvironmentSubnetDelegationError", message)
    # A consumption-only environment takes a whole /23; one with workload profiles grows with its nodes.
    longest = 27 if with_profiles else 23
    if min(prefix.prefixlen for prefix in addresses.prefixes(subnet)) > longest:
        message = f"Subnet {subnet.name} is too small: at least /{longest} is needed."
        raise bad_request("ManagedEnvironmentInvalidSubnetSize", message)
    return subnet


def _refuse_logs(sent: Json) -> None:
    logs = sent.get("appLogsConfiguration") or {}
    destination = logs.get("destination")
    if destination not in {None, "", "none", "azure-monitor", "log-analytics"}:
        message = f"The destination '{destination}' of app logs is none of log-analytics, azure-monitor, none."
        raise bad_request("ManagedEnvironmentInvalidLogDestination", message)
    analytics = logs.get("logAnalyticsConfiguration") or {}
    if destination == "log-analytics" and not (analytics.get("customerId") and analytics.get("sharedKey")):
        message = "The destination log-analytics needs the customerId and the sharedKey of a workspace."
        raise bad_request("ManagedEnvironmentInvalidLogAnalyticsConfiguration", message)


def _refuse_changes(cloud: Cloud, existing: Resource, sent: Json, profiles: list[Json]) -> None:
    for member in _SET_ONCE:
        if (sent.get(member) or None) != (existing.properties.get(member) or None):
            message = f"Property {member} of managed environment {existing.name} cannot be changed after creation."
            raise ArmError(409, "PropertyChangeNotAllowed", message, target=f"properties.{member}")
    if bool(profiles) != bool(_had(existing)):
        message = f"Managed environment {existing.name} cannot gain or lose its workload profiles after creation."
        raise ArmError(409, "PropertyChangeNotAllowed", message, target="properties.workloadProfiles")
    left = {profile["name"] for profile in profiles}
    for tenant in tenants(cloud, existing.id):
        used = tenant.properties.get("workloadProfileName")
        if used and used not in left:
            message = f"Workload profile {used} cannot be removed: {tenant.id} runs on it."
            raise ArmError(409, "WorkloadProfileInUse", message)


def _without_secrets(value: Any, owner: str = "") -> Any:
    """Return properties with the values of secrets taken out."""
    if isinstance(value, dict):
        return {
            member: None if (owner, member) in _SECRETS or ("", member) in _SECRETS else _without_secrets(item, member)
            for member, item in value.items()
        }
    return [_without_secrets(item, owner) for item in value] if isinstance(value, list) else value


_SECRETS = frozenset(
    {
        ("", "sharedKey"),
        ("", "daprAIInstrumentationKey"),
        ("", "daprAIConnectionString"),
        ("appInsightsConfiguration", "connectionString"),
        ("dataDogConfiguration", "key"),
        ("headers", "value"),
        ("secrets", "value"),
    }
)
"""Secret members, by the member that holds them."""


def without_secrets(properties: Json) -> Json:
    """Return an app's, job's or pool's properties with the values of secrets taken out."""
    return _without_secrets(properties)


def environment_id(properties: Json) -> str:
    """Return the environment that an app, job or pool names, by the newer or the older member."""
    return str(properties.get("environmentId") or properties.get("managedEnvironmentId") or "")


def tenants(cloud: Cloud, environment: str) -> list[Resource]:
    """Return the apps and jobs of an environment."""
    found = (*cloud.store.of_type(APPS), *cloud.store.of_type(JOBS))
    return [tenant for tenant in found if environment_id(tenant.properties).lower() == environment.lower()]


def _pools(cloud: Cloud, environment: str) -> list[Resource]:
    pools = cloud.store.of_type(SESSION_POOLS)
    return [pool for pool in pools if environment_id(pool.properties).lower() == environment.lower()]


def occupy(cloud: Cloud, environment: Resource, extra_replicas: int = 0) -> None:
    """Make an environment hold the addresses of what it runs now, and of replicas that come on top for a while.

    Replicas are the least that each app keeps, for no load is played here (chosen). Raises SubnetFullError.
    """
    subnet = cloud.get(environment.state["subnet"]) if environment.state.get("subnet") else None
    if subnet is None:
        return
    profiles = _had(environment)
    without_nodes = {p["name"] for p in profiles if not _DEDICATED.fullmatch(p["workloadProfileType"])}
    replicas = extra_replicas
    for tenant in tenants(cloud, environment.id):
        if not deleting(tenant) and (not profiles or tenant.properties.get("workloadProfileName") in without_nodes):
            replicas += least_replicas(tenant)
    nodes = sum(int(p["minimumCount"]) for p in profiles if _DEDICATED.fullmatch(p["workloadProfileType"]))
    infrastructure = INFRASTRUCTURE if profiles else CONSUMPTION_ONLY_INFRASTRUCTURE
    shared = ceil(replicas / REPLICAS_PER_ADDRESS) if profiles else replicas
    occupancy.occupy(cloud, subnet, environment.id, infrastructure + nodes + shared, alone=True)


def least_replicas(tenant: Resource) -> int:
    """Return the replicas that an app always keeps; a job keeps none."""
    scale = (tenant.properties.get("template") or {}).get("scale") or {}
    return int(scale.get("minReplicas") or 0) if tenant.type == APPS else 0


class EnvironmentConnections(RegistryConnections):
    """Microsoft.App/managedEnvironments/privateEndpointConnections."""

    name = CONNECTIONS
    polls = POLLS


TYPES = (ManagedEnvironments(), EnvironmentConnections())
