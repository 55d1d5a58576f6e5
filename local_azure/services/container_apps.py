"""Container apps and jobs: their environment, their images and secrets, their revisions and host names."""

from __future__ import annotations

import hashlib
import re
from typing import Any, ClassVar, NoReturn

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_apps import APPS, ENVIRONMENTS, JOBS
from local_azure.operations import Operation, long_running
from local_azure.services import app_actions, app_secrets, image_pulls, vault_secrets
from local_azure.services.addresses import SubnetFullError
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, deleting, without_nulls
from local_azure.services.identities import assigned, users
from local_azure.services.managed_environments import (
    CONSUMPTION,
    POLLS,
    environment_id,
    least_replicas,
    occupy,
    tenants,
    without_secrets,
)
from local_azure.store import Resource, dumps

_NAME = re.compile(r"[a-z](?:-?[a-z0-9])*")
_LONGEST = 32
MOST_REPLICAS = 1000
"""Replicas that a scale may state [CAE-SCALE]."""
_STEP = 0.25
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)Gi", re.IGNORECASE)


class Workloads(ResourceType):
    """What apps and jobs have in common."""

    noun = ""
    kept = ("location", "tags", "kind", "managedBy", "extendedLocation")
    polls = POLLS

    lifecycle = long_running(("InProgress", "InProgress"), (20.0, 20.0, 10.0), retry_after=15)
    """201 and 200 InProgress with Azure-AsyncOperation, deletes by Location [REC-ACA]; durations chosen."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check name, environment, identities, images, secrets and sizes; then let the type fill in its own."""
        _refuse_name(request, self.noun)
        sent = request.stated
        environment = _environment(cloud, request, sent, existing)
        profile = _profile(environment, sent)
        identity = assigned(cloud, request.id, request.body.get("identity"))
        _refuse_template(sent)
        _refuse_secrets(cloud, environment, sent, identity)
        _refuse_images(cloud, sent, identity)
        if profile in {None, CONSUMPTION}:
            _refuse_sizes(sent)
        resource = existing or self.new(request)
        properties = {
            **sent,
            "environmentId": environment.id,
            "workloadProfileName": profile,
            "outboundIpAddresses": [environment.properties["staticIp"]],
            "eventStreamEndpoint": f"{environment.properties['eventStreamEndpoint']}/{request.id.name}",
            **self.own(cloud, sent, resource.body.get("properties"), environment, resource),
        }
        return self.result(request, resource, properties, **(identity or {"identity": {"type": "None"}}))

    def own(self, cloud: Cloud, sent: Json, before: Json | None, environment: Resource, resource: Resource) -> Json:
        """Return the properties that only this type has, with the service's defaults."""
        raise NotImplementedError

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show everything but the values of secrets."""
        shown = super().view(cloud, resource, api_version)
        shown["properties"] = without_secrets(resource.properties)
        return shown

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Delete it and give its addresses back."""
        environment = cloud.get(environment_id(resource.properties))
        super().remove(cloud, resource)
        if environment is not None:
            occupy(cloud, environment)


class ContainerApps(Workloads):
    """Microsoft.App/containerApps."""

    name = APPS
    noun = "ContainerApp"
    actions: ClassVar = {
        ("POST", "listsecrets"): app_secrets.list_secrets,
        ("POST", "getauthtoken"): app_secrets.auth_token,
        ("GET", "revisions"): app_actions.revisions,
        ("POST", "stop"): app_actions.stop,
        ("POST", "start"): app_actions.start,
    }

    @override
    def own(self, cloud: Cloud, sent: Json, before: Json | None, environment: Resource, resource: Resource) -> Json:
        """Fill in configuration and scale; a template that changes makes a revision [CAE-13]."""
        configuration = {
            "activeRevisionsMode": "Single",
            "maxInactiveRevisions": 100,
            **(sent.get("configuration") or {}),
        }
        ingress = configuration.get("ingress")
        if ingress:
            configuration["ingress"] = _ingress(ingress, resource.name, environment)
            _refuse_port(cloud, configuration["ingress"], environment, resource)
        template = dict(sent.get("template") or {})
        template["scale"] = {"minReplicas": None, "maxReplicas": 10, **(template.get("scale") or {})}
        revision = (before or {}).get("latestRevisionName")
        if revision is None or dumps((before or {}).get("template")) != dumps(template):
            suffix = template.get("revisionSuffix") or hashlib.sha256(dumps(template).encode()).hexdigest()[:7]
            revision = f"{resource.name}--{suffix}"
            resource.state["rolls"] = before is not None and configuration["activeRevisionsMode"] == "Single"
        return {
            "managedEnvironmentId": environment.id,
            "configuration": configuration,
            "template": template,
            "runningStatus": "Running",
            "latestRevisionName": revision,
            "latestReadyRevisionName": revision,
            "latestRevisionFqdn": f"{revision}.{_domain(ingress, environment)}" if ingress else "",
            "customDomainVerificationId": hashlib.sha256(resource.key.encode()).hexdigest().upper(),
        }

    @override
    def settle(self, cloud: Cloud, resource: Resource, operation: Operation) -> ArmError | None:
        """Start the revision: while it replaces one, both take addresses, and a full subnet is not named [CAE-2]."""
        environment = cloud.get(environment_id(resource.properties))
        if environment is None:
            return None
        beside = least_replicas(resource) if resource.state.pop("rolls", False) else 0
        try:
            with cloud.store.savepoint():
                occupy(cloud, environment, beside)
                occupy(cloud, environment)
        except SubnetFullError:
            message = (
                f"Failed to provision revision for container app '{resource.name}'. Error details: Operation expired."
            )
            return ArmError(400, "ContainerAppOperationError", message)
        finally:
            cloud.update(resource)
        return None


class Jobs(Workloads):
    """Microsoft.App/jobs."""

    name = JOBS
    noun = "Job"
    actions: ClassVar = {("POST", "listsecrets"): app_secrets.list_secrets}

    @override
    def own(self, cloud: Cloud, sent: Json, before: Json | None, environment: Resource, resource: Resource) -> Json:
        """Check that what starts the job fits its trigger, and fill in the rest [CAE-14]."""
        configuration = dict(sent.get("configuration") or {})
        trigger = configuration.setdefault("triggerType", "Manual")
        wanted = {"Manual": "manualTriggerConfig", "Schedule": "scheduleTriggerConfig", "Event": "eventTriggerConfig"}
        for kind, member in wanted.items():
            stated = configuration.get(member) is not None
            if stated != (kind == trigger) and not (kind == trigger == "Manual"):
                message = f"A job with trigger type {trigger} {'must not have' if stated else 'needs'} {member}."
                raise bad_request("JobInvalidTriggerConfiguration", message)
        cron = (configuration.get("scheduleTriggerConfig") or {}).get("cronExpression", "* * * * *")
        if len(str(cron).split()) != 5:
            raise bad_request("JobInvalidCronExpression", f"Cron expression '{cron}' is not valid.")
        return {"configuration": {"replicaRetryLimit": 0, **configuration}, "runningState": "Ready"}


def _refuse_name(request: Request, noun: str) -> None:
    name = request.id.name
    if not _NAME.fullmatch(name) or not 2 <= len(name) <= _LONGEST:
        message = (
            f"Invalid {noun} name '{name}'. A name must consist of lower case alphanumeric characters or '-', start with a "
            "letter, end with an alphanumeric character, and cannot have '--'. The length must be 2 to 32 characters."
        )
        raise bad_request(f"{noun}InvalidName", message)


def _environment(cloud: Cloud, request: Request, sent: Json, existing: Resource | None) -> Resource:
    """Return the environment, which is ready, in the same region, and cannot change."""
    wanted = environment_id(sent)
    message = f"The environment '{wanted}' does not exist."
    environment = cloud.named(wanted, ENVIRONMENTS, "ManagedEnvironmentNotFound", message)
    if existing is not None and environment_id(existing.properties).lower() != environment.key:
        message = f"The environment of {existing.id} cannot be changed after creation."
        raise ArmError(409, "PropertyChangeNotAllowed", message, target="properties.environmentId")
    if deleting(environment) or environment.properties["provisioningState"] != "Succeeded":
        message = f"The environment '{environment.name}' is not ready: {environment.properties['provisioningState']}."
        raise ArmError(409, "ManagedEnvironmentNotReadyForAppCreation", message)
    if environment.location != request.body["location"]:
        message = f"The location '{request.body['location']}' is not that of the environment, '{environment.location}'."
        raise bad_request("LocationMismatchWithEnvironment", message)
    return environment


def _profile(environment: Resource, sent: Json) -> str | None:
    known = [profile["name"] for profile in environment.properties.get("workloadProfiles") or []]
    wanted = sent.get("workloadProfileName")
    if wanted and wanted not in known:
        message = f"Workload profile '{wanted}' is not in environment '{environment.name}'; it has: {', '.join(known)}."
        raise bad_request("WorkloadProfileNotFound", message)
    return wanted or (CONSUMPTION if known else None)


def containers(sent: Json) -> list[Json]:
    """Return all containers of a template, init containers first."""
    template = sent.get("template") or {}
    return [*(template.get("initContainers") or []), *(template.get("containers") or [])]


def _refuse_template(sent: Json) -> None:
    """Raise ArmError for containers of one name, and for a scale that cannot be (codes chosen) [CAE-SCALE]."""
    names = [str(container.get("name")) for container in containers(sent)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise bad_request("ContainerAppDuplicateContainerName", f"Container name '{twice}' is used more than once.")
    scale = (sent.get("template") or {}).get("scale") or {}
    least, most = scale.get("minReplicas") or 0, scale.get("maxReplicas", 10)
    if not 0 <= least <= most or not 1 <= most <= MOST_REPLICAS:
        message = f"minReplicas {least} and maxReplicas {most} are no bounds: 0 to {MOST_REPLICAS}, the least not above the most."
        raise bad_request("ContainerAppInvalidScaleSpec", message, "properties.template.scale")


def _refuse_secrets(cloud: Cloud, environment: Resource, sent: Json, identity: Json) -> None:
    """Refuse references to secrets that are not there, and to those of a vault that the identity does not read [VAULT-READ]."""
    secrets = (sent.get("configuration") or {}).get("secrets") or []
    known = {secret.get("name") for secret in secrets}
    subnet = str((environment.properties.get("vnetConfiguration") or {}).get("infrastructureSubnetId") or "")
    for secret in secrets:
        if secret.get("keyVaultUrl"):
            _require_assigned(secret.get("identity"), identity, f"secret '{secret.get('name')}'")
            name, wanted = secret.get("name"), secret.get("identity")
            principal = _principal(str(wanted), identity)
            if not vault_secrets.readable(cloud, str(secret["keyVaultUrl"]), principal, subnet):
                why = f"Unable to get value using Managed identity {wanted} for secret {name}. Error: unable to fetch secret"
                _refuse_field("configuration.secrets", f"\"{name}\": {why} '{name}' using Managed identity '{wanted}'")
        elif secret.get("value") is None:
            message = f"Secret '{secret.get('name')}' has neither a value nor a keyVaultUrl."
            raise bad_request("ContainerAppSecretInvalid", message)
    for container in containers(sent):
        for variable in container.get("env") or []:
            wanted = variable.get("secretRef")
            if wanted and wanted not in known:
                message = f"SecretRef '{wanted}' defined for container '{container.get('name')}' not found."
                raise bad_request("ContainerAppSecretRefNotFound", message)


def _principal(wanted: str, identity: Json) -> str:
    """Return the principal of an identity that is assigned: the system's own, or one by its id."""
    return (identity["identity"] if wanted.lower() == "system" else users(identity)[wanted.lower()])["principalId"]


def _require_assigned(wanted: Any, identity: Json, what: str) -> None:
    name = str(wanted or "").lower()
    if not ("principalId" in identity.get("identity", {}) if name == "system" else name in users(identity)):
        message = f"The identity '{wanted}' of {what} is not assigned to the resource."
        raise bad_request("ManagedIdentityNotAssigned", message)


def _refuse_images(cloud: Cloud, sent: Json, identity: Json) -> None:
    """Refuse images that the configured identity cannot pull, as the service does before it makes a revision [CAE-PULL]."""
    registries = (sent.get("configuration") or {}).get("registries") or []
    principals: dict[str, str] = {}
    for registry in registries:
        if registry.get("identity"):
            _require_assigned(registry["identity"], identity, f"registry '{registry.get('server')}'")
            principals[str(registry.get("server")).lower()] = _principal(str(registry["identity"]), identity)
        elif registry.get("username"):
            principals[str(registry.get("server")).lower()] = image_pulls.user(registry["username"])
    for container in containers(sent):
        refuse_image(cloud, container, principals)


def refuse_image(cloud: Cloud, container: Json, principals: dict[str, str]) -> None:
    """Raise ArmError when a container's image cannot be pulled under the principals configured by registry host."""
    image = str(container.get("image") or "")
    why = image_pulls.problem(cloud, image, principals)
    if why:
        _refuse_field(f"template.containers.{container.get('name')}.image", f'"{image}": {why}')


_PAIRS = [f"[cpu: {quarters / 4:g}, memory: {quarters / 2}Gi]" for quarters in range(1, 17)]


def _refuse_sizes(sent: Json) -> None:
    """Refuse replicas whose vCPUs and memory are no pair of the consumption profile [CAE-8]."""
    sizes = [container.get("resources") or {} for container in (sent.get("template") or {}).get("containers") or []]
    cores = sum(float(size.get("cpu") or 0.5) for size in sizes)
    memory = sum(_gibibytes(str(size.get("memory") or "1Gi")) for size in sizes)
    if sizes and (cores % _STEP or memory != 2 * cores or not _STEP <= cores <= 4):
        message = (
            f"The total requested CPU and memory resources for this application (CPU: {cores:g}, memory: {memory:g}) is invalid. "
            "Total CPU and memory for all containers defined in a Consumption Container App must add up to one of the following "
            f"CPU - Memory combinations: {'; '.join(_PAIRS)}"
        )
        raise bad_request("ContainerAppInvalidResourceTotal", message)


def _gibibytes(text: str) -> float:
    match = _MEMORY.fullmatch(text)
    if match is None:
        message = f"The memory '{text}' is not a number of Gi, such as 0.5Gi."
        raise bad_request("ContainerAppInvalidMemory", message)
    return float(match[1])


def _domain(ingress: Json, environment: Resource) -> str:
    inside = "" if ingress.get("external") else "internal."
    return f"{inside}{environment.properties['defaultDomain']}"


def _ingress(sent: Json, name: str, environment: Resource) -> Json:
    transport = str(sent.get("transport") or "auto")
    shown = {
        "exposedPort": 0,
        "allowInsecure": False,
        "traffic": [{"weight": 100, "latestRevision": True}],
        **without_nulls(sent),
        "external": bool(sent.get("external")),
        "transport": transport.capitalize(),
        "fqdn": f"{name}.{_domain(sent, environment)}",
    }
    total = sum(int(share.get("weight") or 0) for share in shown["traffic"])
    if total != 100:
        raise bad_request("ContainerAppInvalidTrafficWeight", f"Traffic weights must add up to 100, they are {total}.")
    return shown


def _exposed(ingress: Json) -> int | None:
    """Return the port at which clients of a tcp transport reach an app from outside the environment [CAE-PORT]."""
    if str(ingress.get("transport")).lower() != "tcp" or not ingress.get("external"):
        return None
    return int(ingress.get("exposedPort") or ingress.get("targetPort") or 0)


def _refuse_port(cloud: Cloud, ingress: Json, environment: Resource, app: Resource) -> None:
    """Raise ArmError for a port that HTTP ingress or another app of the environment has [CAE-PORT]."""
    port = _exposed(ingress)
    others = (each for each in tenants(cloud, environment.id) if each.type == APPS and each.key != app.key)
    taken = {_exposed((each.properties.get("configuration") or {}).get("ingress") or {}) for each in others}
    if port is not None and port in {80, 443, *taken}:
        _refuse_field("configuration.ingress.exposedPort", f"{port}: exposedPort already in use")


def _refuse_field(field: str, why: str) -> NoReturn:
    """Raise ArmError in the form of what the service finds wrong with the value of a field."""
    found = f"Field '{field}' is invalid with details: 'Invalid value: {why}';."
    message = f"The following field(s) are either invalid or missing. {found}"
    raise bad_request("InvalidParameterValueInContainerTemplate", message)


TYPES = (ContainerApps(), Jobs())
