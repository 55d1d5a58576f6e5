"""Tasks of a registry, and the agent pools that they run on [ACR-TASKS, ACR-POOL]."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.container_registry import AGENT_POOLS, TASKS
from local_azure.operations import SYNC, Lifecycle, Style, Transition
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick
from local_azure.services.identities import assigned
from local_azure.services.registry_endpoints import POLLS
from local_azure.services.registry_rules import creation_date
from local_azure.services.subnets import SUBNETS
from local_azure.store import Resource

_TIERS: Final = frozenset({"S1", "S2", "S3", "I6"})


class AgentPools(ResourceType):
    """Microsoft.ContainerRegistry/registries/agentPools."""

    name = AGENT_POOLS
    pattern = r"[a-zA-Z0-9-]{3,20}"
    lifecycle = Lifecycle(
        Transition(Style.STATUS, 201, "Creating", 60.0),
        Transition(Style.STATUS, 200, "Updating", 30.0),
        Transition(Style.RESULT, 202, "Deleting", 30.0, empty=True),
        Transition(Style.STATUS, 201, "Updating", 30.0),
    )
    """Pool operations take several minutes in Azure; the durations are chosen [ACR-POOL]."""
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check SKU, protocol, region, tier and subnet (codes chosen)."""
        registry = cloud.require(request.id.parent or request.id)
        sent = request.stated
        if registry.body["sku"]["name"] != "Premium":
            sku = registry.body["sku"]["name"]
            raise bad_request("AgentPoolNotSupported", f"Agent pools are not supported on SKU {sku}; it needs Premium.")
        _refuse_place(registry, request, "agent pool")
        tier = str(sent.get("tier") or "S1")
        if tier not in _TIERS:
            raise bad_request(
                "InvalidAgentPoolTier", f"The tier '{tier}' is not one of S1, S2, S3, I6.", "properties.tier"
            )
        subnet = sent.get("virtualNetworkSubnetResourceId")
        if subnet:
            message = f"The subnet '{subnet}' of agent pool '{request.id.name}' was not found."
            cloud.named(subnet, SUBNETS, "SubnetNotFound", message)
        properties = {
            "count": 1,
            "os": "Linux",
            **pick(sent, "count", "os", "virtualNetworkSubnetResourceId"),
            "tier": tier,
        }
        return self.result(request, existing, properties)


class Tasks(ResourceType):
    """Microsoft.ContainerRegistry/registries/tasks; nothing is ever run (chosen)."""

    name = TASKS
    pattern = r"[a-zA-Z0-9_-]{5,50}"
    lifecycle = SYNC

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check protocol, region, agent pool and the identity that signs in to the registry (codes chosen)."""
        registry = cloud.require(request.id.parent or request.id)
        _refuse_place(registry, request, "task")
        sent = request.stated
        pool = sent.get("agentPoolName")
        if pool and cloud.get(f"{registry.id}/agentPools/{pool}") is None:
            message = f"The agent pool '{pool}' of task '{request.id.name}' was not found."
            raise bad_request("AgentPoolNotFound", message, "properties.agentPoolName")
        identity = assigned(cloud, request.id, request.body.get("identity"))
        _check_sign_in(request, sent, identity)
        members = (
            "status",
            "platform",
            "agentConfiguration",
            "agentPoolName",
            "timeout",
            "trigger",
            "credentials",
            "logTemplate",
        )
        step = {name: value for name, value in (sent.get("step") or {}).items() if name != "contextAccessToken"}
        properties = {
            "status": "Enabled",
            "timeout": 3600,
            "isSystemTask": False,
            **pick(sent, *members),
            "step": step,
            "creationDate": creation_date(cloud, existing),
        }
        return self.result(request, existing, properties, **identity)


def _refuse_place(registry: Resource, request: Request, noun: str) -> None:
    """Raise ArmError outside the home region, and on a registry with dual-stack endpoints [ACR-TASKS-IPV6]."""
    if registry.properties["endpointProtocol"] == "IPv4AndIPv6":
        message = f"The {noun} '{request.id.name}' is not supported on a registry with dual stack endpoints."
        raise bad_request("TasksNotSupportedWithDualStack", message)
    if request.body["location"] != registry.location:
        message = f"The {noun} '{request.id.name}' must be in '{registry.location}', the location of its registry."
        raise bad_request("InvalidLocation", message, "location")


def _check_sign_in(request: Request, sent: Json, identity: Json) -> None:
    """Raise ArmError where a task signs in with an identity that it does not have [ACR-TASKS-ABAC]."""
    stated = ((sent.get("credentials") or {}).get("sourceRegistry") or {}).get("identity")
    if stated in {None, "none"}:
        return
    held = identity.get("identity") or {}
    known = {user.get("clientId") for user in (held.get("userAssignedIdentities") or {}).values()}
    known |= {"[system]"} if held.get("principalId") else set()
    if stated not in known:
        message = f"The identity '{stated}' of the source registry is not assigned to task '{request.id.name}'."
        raise bad_request("TaskIdentityNotFound", message, "properties.credentials.sourceRegistry.identity")


TYPES: Final = (AgentPools(), Tasks())
