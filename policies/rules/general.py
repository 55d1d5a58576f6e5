"""Rules that hold for resources of every kind: where they lie, how they are tagged, who rules them, what they give away."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from planning.regions import normalise
from policies import tokens
from policies.model import Graph, Resource, Rule, RuleConfig, Undetermined, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.forms import EVERYWHERE, OPT_IN, configured, declare, each, same
from policies.rules.relations import principals, role_of

_WIDE = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}

_UNTAGGED = frozenset(
    kind.lower()
    for kind in (
        t.SUBNET,
        t.PEERING,
        t.SECURITY_RULE,
        t.ZONE_GROUP,
        t.ROLE_ASSIGNMENT,
        t.LOCK,
        t.DIAGNOSTIC_SETTING,
        t.CACHE_RULE,
        t.CREDENTIAL_SET,
        t.TOKEN,
        f"{t.REGISTRY}/scopeMaps",
        t.AGENT_POOL,
        t.MAINTENANCE,
        t.AUTH_CONFIG,
        t.PRICING,
        t.RULE_COLLECTION_GROUP,
        t.SANDBOX_CONNECTION,
        "Microsoft.Authorization/roleDefinitions",
        "Microsoft.Authorization/policyAssignments",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "Microsoft.App/managedEnvironments/storages",
        "Microsoft.App/managedEnvironments/daprComponents",
        "Microsoft.App/managedEnvironments/httpRouteConfigs",
        "Microsoft.Insights/dataCollectionRuleAssociations",
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        "Microsoft.Storage/storageAccounts/fileServices/shares",
        "Microsoft.DurableTask/schedulers/taskHubs",
        "Microsoft.DurableTask/schedulers/retentionPolicies",
    )
)
"""Types that have no tags."""


class Regions(RuleConfig):
    """Regions that resources may lie in; none stated leaves the choice free."""

    regions: tuple[str, ...] = ()


class Tags(RuleConfig):
    """Tags that must be there, and types that need none beside those that cannot have any."""

    required: tuple[str, ...] = ()
    except_types: tuple[str, ...] = ()


class Types(RuleConfig):
    """ARM types that may be used; none stated leaves the choice free."""

    types: tuple[str, ...] = ()


class Preview(BaseModel):
    """A preview version that somebody took on purpose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    api_version: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d-\w+$")]
    reason: Annotated[str, Field(min_length=10)]
    review: datetime.date


_ENDPOINTS = "regional endpoints and dual stack exist in no stable version"
_TASKS = "credentials of tasks in ABAC mode exist in no stable version"


class Previews(RuleConfig):
    """Preview versions in use, each with a reason and the day on which somebody looks again."""

    allowed: tuple[Preview, ...] = (
        *(
            Preview(type=kind, api_version="2026-03-01-preview", reason=_ENDPOINTS, review=datetime.date(2027, 6, 30))
            for kind in (t.REGISTRY, t.REPLICATION, t.CACHE_RULE, t.CREDENTIAL_SET)
        ),
        Preview(type=t.TASK, api_version="2025-03-01-preview", reason=_TASKS, review=datetime.date(2027, 6, 30)),
        Preview(
            type=t.SESSION_POOL,
            api_version="2025-10-02-preview",
            reason="the MCP server of session pools exists in no stable version",
            review=datetime.date(2027, 6, 30),
        ),
        *(
            Preview(
                type=kind,
                api_version="2026-02-01-preview",
                reason="defaults and networks of sandbox groups exist in no stable version",
                review=datetime.date(2027, 6, 30),
            )
            for kind in (t.SANDBOX_GROUP, t.SANDBOX_CONNECTION)
        ),
        Preview(
            type=t.DIAGNOSTIC_SETTING,
            api_version="2021-05-01-preview",
            reason="there is no stable version with category groups",
            review=datetime.date(2027, 6, 30),
        ),
    )


def of_azure(graph: Graph) -> list[Resource]:
    """Return the resources that are Azure's and that the program makes."""
    return [each for each in graph.resources if each.type and not each.external]


def _placed(resource: Resource, graph: Graph, config: Regions) -> Iterator[Verdict]:
    allowed = {normalise(region) for region in config.regions} | {"global", ""}
    for one in of_azure(graph):
        try:
            region = graph.location(one)
        except Undetermined as unknown:
            yield undetermined(f"the region of {one.name} is not known yet", unknown.path, one)
            continue
        if region not in allowed:
            yield fail(f"location is {region}, allowed is {', '.join(config.regions)}", "location", one)


def _tagged(resource: Resource, graph: Graph, config: Tags) -> Iterator[Verdict]:
    without = _UNTAGGED | {kind.lower() for kind in config.except_types}
    for one in of_azure(graph):
        if one.type.lower() in without:
            continue
        try:
            missing = [tag for tag in config.required if one.value(f"tags.{tag}" if "." not in tag else "tags") is None]
        except Undetermined as unknown:
            yield undetermined(f"the tags of {one.name} are not known yet", unknown.path, one)
            continue
        if missing:
            yield fail(f"tags lack {', '.join(missing)}, allowed has {', '.join(config.required)}", "tags", one)


def _plain_secrets(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for one in of_azure(graph):
        for path in _credentials(one.properties, ""):
            if not one.is_secret(path):
                yield fail(f"{path} is plain text, allowed is a Pulumi secret or a reference to a vault", path, one)


def _credentials(value: Any, path: str) -> Iterator[str]:
    """Yield the paths of texts whose member name says that they are credentials."""
    if isinstance(value, dict):
        for key, inner in value.items():
            place = f"{path}.{key}" if path else str(key)
            if isinstance(inner, str):
                if inner and _is_credential(str(key)):
                    yield place
            else:
                yield from _credentials(inner, place)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _credentials(inner, f"{path}.{at}")


_NAMED = (
    "password",
    "sharedkey",
    "accountkey",
    "primarykey",
    "secondarykey",
    "secret",
    "connectionstring",
    "securevalue",
)


def _is_credential(name: str) -> bool:
    return name.lower().endswith(_NAMED)


def _least(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    role = role_of(resource)
    if role not in _WIDE:
        return
    scope = str(resource.value("scope", "")) if not resource.has_unknown("scope") else ""
    targets = graph.references(resource, "scope")
    narrow = [each for each in targets if each.type and each.type != t.RESOURCE_GROUP]
    if narrow or (scope.count("/") > 4 and not targets):
        return  # one resource; on a registry its own rule judges it
    wide = targets[0].name if targets else scope or "what its scope is made from"
    yield fail(
        f"{_WIDE[role]} on {wide}, allowed is a role that names what is done, on one resource", "roleDefinitionId"
    )


def _groups(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    kind = resource.value("principalType")
    if kind is None and principals(graph, resource):
        yield fail(
            "principalType is not stated and reads User, allowed is ServicePrincipal for an identity", "principalType"
        )
    elif same(kind, "User"):
        yield fail("principalType is User, allowed is Group or ServicePrincipal", "principalType")


def _allowed_types(resource: Resource, graph: Graph, config: Types) -> Iterator[Verdict]:
    allowed = {kind.lower() for kind in config.types}
    for one in of_azure(graph):
        if one.type.lower() not in allowed:
            yield fail(f"type {one.type} is not among the allowed ones", None, one)


def _previews(resource: Resource, graph: Graph, config: Previews) -> Iterator[Verdict]:
    allowed = {(each.type.lower(), each.api_version): each for each in config.allowed}
    found = False
    for one in of_azure(graph):
        if not one.api_version or "-preview" not in one.api_version:
            continue
        found = True
        entry = allowed.get((one.type.lower(), one.api_version))
        if entry is None:
            yield fail(f"{one.type} speaks {one.api_version}, which nobody listed with a reason", None, one)
        elif entry.review < datetime.datetime.now(tz=datetime.UTC).date():
            yield fail(f"{one.type} at {one.api_version} was to be looked at again on {entry.review}", None, one)
    if not found:
        yield not_applicable("no preview version is named")


def _unknown_types(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for one in graph.resources:
        parsed = tokens.parse(one.token)
        if parsed and not one.type and not one.external:
            yield fail(f"no ARM type can be told from its token {one.token}, so that no rule looks at it", None, one)


def _allow_list(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    text = str(resource.value(path))
    if text.endswith("/0") or text in {"*", "0.0.0.0", "::"}:
        yield fail(f"{path} is {text}, allowed are ranges that somebody owns", path)


RULES: tuple[Rule, ...] = (
    declare(
        _placed,
        id="MOOR-GEN-009",
        title="Resource lies in a region that is not allowed",
        severity="high",
        what="Resources lie in allowed regions.",
        why="Where data lies is a promise to customers.",
        remedy="move it, or allow the region in regions",
        docs="governance/policy/samples/built-in-policies",
        covers=("1.6#9", "AZR-000167", "AZP-e56962a6", "AZP-e765b5de", "AZP-0a914e76"),
        config=Regions,
        where=(configured("regions"),),
    ),
    declare(
        _tagged,
        id="MOOR-GEN-010",
        title="Resource lacks a required tag",
        severity="low",
        pillar="operations",
        what="Resources that can have tags have the required ones.",
        why="They tell who pays and whom to call.",
        remedy="state the tags, or leave the type out in except_types",
        docs="azure-resource-manager/management/tag-resources",
        covers=("1.6#10", "PSR-Resource.RequiredTags", "PSR-Group.RequiredTags"),
        config=Tags,
        where=(configured("required"),),
    ),
    declare(
        _plain_secrets,
        id="MOOR-GEN-011",
        title="Credential is plain text",
        severity="critical",
        what="Credentials are Pulumi secrets, or references to a vault.",
        why="A plain input stands readable in state, previews and logs, for ever.",
        remedy="wrap it by pulumi.Output.secret, or refer to a vault",
        docs="https://www.pulumi.com/docs/iac/concepts/secrets/",
        covers=(
            "1.6#11",
            "PSR-Deployment.SecureValue",
            "PSR-Deployment.SecretLeak",
            "PSR-Deployment.OutputSecretValue",
        ),
        frameworks=("MCSB IM-8",),
        profiles=EVERYWHERE,
    ),
    declare(
        _least,
        types=(t.ROLE_ASSIGNMENT,),
        id="MOOR-GEN-012",
        title="Somebody rules a whole group or subscription",
        severity="high",
        what="Nobody is Owner or Contributor of more than one resource.",
        why="What the identity of a workload may do, whoever breaks into the workload may do.",
        remedy="assign a narrower role on the resource",
        docs="role-based-access-control/best-practices",
        covers=("1.6#12", "PSR-RBAC", "TRV-AZU-0030", "TRV-AZU-0052"),
        frameworks=("MCSB PA-7",),
    ),
    declare(
        _groups,
        types=(t.ROLE_ASSIGNMENT,),
        id="MOOR-GEN-112",
        title="Role is assigned to a single person",
        severity="medium",
        what="Roles are assigned to groups and identities.",
        why="A person's own assignment outlives their job. Left out, the type reads User, and a new identity is not found.",
        remedy="assign to a group, or state principalType: ServicePrincipal",
        docs="role-based-access-control/best-practices",
        covers=("1.6#12", "PSR-RBAC.UseGroups"),
        frameworks=("MCSB PA-7",),
    ),
    declare(
        _allowed_types,
        id="MOOR-GEN-013",
        title="Type is not allowed",
        severity="low",
        pillar="operations",
        what="Only allowed types are used, where a list is configured.",
        why="A platform supports what it lists.",
        remedy="take another type, or add it to types",
        docs="governance/policy/samples/built-in-policies",
        covers=("1.6#13", "AZP-a08ec900", "AZP-6c112d4e"),
        config=Types,
        where=(configured("types"),),
        profiles=OPT_IN,
    ),
    declare(
        each("ipAllowlist", _allow_list),
        types=(t.SCHEDULER,),
        id="MOOR-GEN-015",
        title="Durable Task scheduler admits every address",
        severity="high",
        what="A Durable Task scheduler admits named addresses only.",
        why="It starts work on behalf of whoever reaches it with a token.",
        remedy="name the ranges in ipAllowlist",
        docs="durable-task/scheduler/durable-task-scheduler",
        covers=("1.6#15", "AZP-d82527a7"),
        frameworks=("MCSB NS-2",),
    ),
    declare(
        _previews,
        id="MOOR-DOM-029",
        title="Preview version that nobody listed",
        severity="low",
        pillar="operations",
        what="Every preview version is listed, with a reason and a day to look again.",
        why="Preview versions vanish. Forbidding all of them forbids regional endpoints too, hence a list.",
        remedy="take a stable version, or add type, api_version, reason and review to allowed",
        docs="container-registry/container-registry-regional-endpoints",
        covers=("D29", "1.6#13", "PUL-disallowPreviewResource"),
        config=Previews,
    ),
    declare(
        _unknown_types,
        id="MOOR-DOM-030",
        title="Resource that no rule looks at",
        severity="medium",
        pillar="operations",
        what="The ARM type of every Azure resource can be told.",
        why="A pack that matches one spelling of a type checks nothing and says nothing.",
        remedy="state resourceType and resourceProviderNamespace as plain values",
        docs="azure-resource-manager/management/resource-providers-and-types",
        covers=("D30",),
    ),
)
