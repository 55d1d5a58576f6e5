"""What a registry contains besides images: tokens with their scope maps, webhooks, tasks and agent pools."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from local_azure.loading.listings import Listed
from planning.registry_tasks import SYSTEM
from planning.scope_maps import SYSTEM_MAPS
from tools.adopt.estate import REGISTRY, Estate, Json, dig, stated

SCOPE_MAPS: Final = f"{REGISTRY}/scopeMaps"
TOKENS: Final = f"{REGISTRY}/tokens"
WEBHOOKS: Final = f"{REGISTRY}/webhooks"
TASKS: Final = f"{REGISTRY}/tasks"
POOLS: Final = f"{REGISTRY}/agentPools"
_ACTIONS: Final = ("content/read", "content/write", "content/delete", "metadata/read", "metadata/write")


def read(estate: Estate) -> Json:
    """Return the fields of section `registry` for the content of the registry; networks and identities come first."""
    _webhooks(estate)
    maps = _scope_maps(estate)
    return stated(scope_maps=maps, tokens=_tokens(estate, maps), agent_pools=_agent_pools(estate), tasks=_tasks(estate))


def _of(estate: Estate, kind: str) -> list[Listed]:
    return estate.listing.below(estate.registry.id, kind)


def _webhooks(estate: Estate) -> None:
    """Azure shows neither the address of a webhook nor its headers, without which a stack makes none."""
    for each in _of(estate, WEBHOOKS):
        path = f"registry.webhooks.{each.name}.service_uri"
        reason = f"is not shown by Azure; state the webhook with pulumi config set --secret --path ({path}), then adopt --keep"
        estate.remark(each, "serviceUri", reason)


def _scope_maps(estate: Estate) -> Json:
    """Scope maps that somebody made, with their actions by repository."""
    found: Json = {}
    for each in _of(estate, SCOPE_MAPS):
        if each.name in SYSTEM_MAPS or each.properties.get("type") == "SystemDefined":
            continue
        repositories: dict[str, list[str]] = defaultdict(list)
        for text in each.properties.get("actions") or ():
            name, action = _action(str(text))
            repositories[name].append(action)
        others = {action for actions in repositories.values() for action in actions} - set(_ACTIONS)
        if others or "" in repositories:
            reason = f"{', '.join(sorted(others))} is no action on repositories that a scope map of a stack has"
            estate.remark(each, "actions", reason)
            continue
        found[each.name] = stated(
            description=each.properties.get("description") or None, repositories=dict(repositories)
        )
    return found


def _action(text: str) -> tuple[str, str]:
    """Repository and action of ARM's form `repositories/NAME/content/read`; without a repository for another one."""
    parts = text.split("/")
    if parts[0] != "repositories" or len(parts) < 4:
        return "", text
    return "/".join(parts[1:-2]), "/".join(parts[-2:])


def _tokens(estate: Estate, maps: Json) -> Json:
    found: Json = {}
    for each in _of(estate, TOKENS):
        scope_map = str(each.properties.get("scopeMapId") or "").rpartition("/")[2]
        if scope_map not in maps and scope_map not in SYSTEM_MAPS:
            estate.remark(each, "scopeMapId", f"{scope_map} is not described; the token stays as it is")
            continue
        found[each.name] = {"scope_map": scope_map, "enabled": each.properties.get("status") != "disabled"}
    return found


def _agent_pools(estate: Estate) -> Json:
    found: Json = {}
    for each in _of(estate, POOLS):
        shown = each.properties
        subnet = str(shown.get("virtualNetworkSubnetResourceId") or "")
        network = estate.key(subnet.rpartition("/subnets/")[0]) if subnet else None
        if subnet and network is None:
            estate.remark(each, "virtualNetworkSubnetResourceId", f"{subnet} is in a network made elsewhere")
            continue
        found[each.name] = stated(
            tier=shown.get("tier"),
            count=shown.get("count"),
            network=network,
            subnet=subnet.rpartition("/")[2] or None,
        )
    return found


def _tasks(estate: Estate) -> Json:
    found: Json = {}
    for each in _of(estate, TASKS):
        problem = _problem(estate, each)
        if problem:
            name, reason = problem
            estate.remark(each, name, f"{reason}; the task stays as it is")
            continue
        found[each.name] = _task(estate, each)
    return found


def _problem(estate: Estate, task: Listed) -> tuple[str, str] | None:
    """What a task has that a description does not express: a property, and why."""
    shown = task.properties
    step, trigger = shown.get("step") or {}, shown.get("trigger") or {}
    users = list(dig(task.body, "identity", "userAssignedIdentities") or {})
    kind = step.get("type")
    secret = any(one.get("isSecret") for one in step.get("arguments") or ())
    foreign = len(users) > 1 or any(estate.key(user) is None for user in users)
    checks = (
        (trigger.get("sourceTriggers"), "trigger.sourceTriggers", "a task of a stack is not started by commits"),
        (kind not in ("Docker", "EncodedTask"), "step.type", f"a task of a stack has no step of type {kind}"),
        (kind == "EncodedTask" and _steps(step) is None, "step.encodedTaskContent", "is not the Base64 of a text"),
        (secret, "step.arguments", "are secret, and Azure does not show their values"),
        (foreign, "identity", f"{', '.join(users)}: a task of a stack has one identity of the stack"),
        (shown.get("isSystemTask"), "isSystemTask", "is a task that Azure makes for a quick build"),
    )
    return next(((name, reason) for found, name, reason in checks if found), None)


def _steps(step: Mapping[str, Any]) -> str | None:
    try:
        return base64.b64decode(str(step.get("encodedTaskContent") or ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _task(estate: Estate, task: Listed) -> Json:
    shown = task.properties
    step, trigger = shown.get("step") or {}, shown.get("trigger") or {}
    identity: Any = task.body.get("identity") or {}
    user = next(iter(identity.get("userAssignedIdentities") or {}), None)
    builds = step.get("type") == "Docker"
    return stated(
        identity=estate.key(user) if user else SYSTEM if identity.get("principalId") else None,
        build=_build(step) if builds else None,
        steps=None if builds else _steps(step),
        timers={str(one["name"]): one.get("schedule") for one in trigger.get("timerTriggers") or ()},
        base_images=dig(trigger, "baseImageTrigger", "baseImageTriggerType"),
        agent_pool=shown.get("agentPoolName") or None,
        os=dig(shown, "platform", "os"),
        architecture=dig(shown, "platform", "architecture"),
        timeout_minutes=(shown.get("timeout") or 3600) // 60,
        enabled=shown.get("status") != "Disabled",
    )


def _build(step: Mapping[str, Any]) -> Json:
    return stated(
        context=step.get("contextPath"),
        dockerfile=step.get("dockerFilePath"),
        images=list(step.get("imageNames") or ()),
        arguments={str(one["name"]): one.get("value") for one in step.get("arguments") or ()},
        target=step.get("target") or None,
        push=step.get("isPushEnabled", True),
    )
