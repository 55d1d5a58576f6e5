"""Rules on resources of all types: location, tags, role assignments, secrets and API versions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from planning.agents import VERSION as AGENT_VERSION
from planning.regions import normalise
from planning.sandboxes import CONTRACTS
from planning.secret_names import is_sensitive
from policies import tokens
from policies.model import (
    EVERYWHERE,
    OPT_IN,
    Graph,
    Resource,
    Rule,
    RuleConfig,
    Undetermined,
    Verdict,
    fail,
    not_applicable,
    undetermined,
)
from policies.rules import types as t
from policies.rules.forms import configured, each

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
"""Types that do not support tags."""


class Regions(RuleConfig):
    """Allowed regions; by default all regions."""

    regions: tuple[str, ...] = ()


class Tags(RuleConfig):
    """Required tags, and further types that need none."""

    required: tuple[str, ...] = ()
    except_types: tuple[str, ...] = ()


class Types(RuleConfig):
    """Allowed ARM types; by default all types."""

    types: tuple[str, ...] = ()


class Preview(BaseModel):
    """A preview API version that is approved."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    api_version: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d-\w+$")]
    reason: Annotated[str, Field(min_length=10)]
    review: datetime.date


_ENDPOINTS = "no stable version has regional endpoints and dual stack"
_TASKS = "no stable version has credentials of tasks in ABAC mode"


class Previews(RuleConfig):
    """Approved preview API versions, each with a reason and a review date."""

    allowed: tuple[Preview, ...] = (
        *(
            Preview(type=kind, api_version="2026-03-01-preview", reason=_ENDPOINTS, review=datetime.date(2027, 6, 30))
            for kind in (t.REGISTRY, t.REPLICATION, t.CACHE_RULE, t.CREDENTIAL_SET)
        ),
        Preview(type=t.TASK, api_version="2025-03-01-preview", reason=_TASKS, review=datetime.date(2027, 6, 30)),
        Preview(
            type=t.SESSION_POOL,
            api_version="2025-10-02-preview",
            reason="no stable version has the MCP server of session pools",
            review=datetime.date(2027, 6, 30),
        ),
        *(
            Preview(
                type=kind,
                api_version=contract.api_version,
                reason="no stable version has defaults and networks of sandbox groups",
                review=datetime.date(2027, 6, 30),
            )
            for kind in (t.SANDBOX_GROUP, t.SANDBOX_CONNECTION)
            for contract in CONTRACTS.values()
            if contract.api_version.endswith("-preview")
        ),
        *(
            Preview(
                type=kind,
                api_version="2026-05-01-preview",
                reason="no stable version has workers in sandboxes of Durable Task schedulers",
                review=datetime.date(2027, 6, 30),
            )
            for kind in (t.SCHEDULER, f"{t.SCHEDULER}/taskHubs")
        ),
        Preview(
            type=t.AGENT,
            api_version=AGENT_VERSION,
            reason="no stable version has network and egress of SRE agents",
            review=datetime.date(2027, 6, 30),
        ),
        Preview(
            type=t.DIAGNOSTIC_SETTING,
            api_version="2021-05-01-preview",
            reason="no stable version has category groups",
            review=datetime.date(2027, 6, 30),
        ),
    )


def of_azure(graph: Graph) -> list[Resource]:
    """Return the Azure resources that the program creates."""
    return [each for each in graph.resources if each.type and not each.external]


def _placed(resource: Resource, graph: Graph, config: Regions) -> Iterator[Verdict]:
    allowed = {normalise(region) for region in config.regions} | {"global", ""}
    for one in of_azure(graph):
        try:
            region = graph.location(one)
        except Undetermined as unknown:
            yield undetermined(f"location of {one.name} is not known yet", unknown.path, one)
            continue
        if region not in allowed:
            yield fail(f"location is {region}, expected one of {', '.join(config.regions)}", "location", one)


def _tagged(resource: Resource, graph: Graph, config: Tags) -> Iterator[Verdict]:
    without = _UNTAGGED | {kind.lower() for kind in config.except_types}
    for one in of_azure(graph):
        if one.type.lower() in without:
            continue
        try:
            missing = [tag for tag in config.required if one.value(f"tags.{tag}" if "." not in tag else "tags") is None]
        except Undetermined as unknown:
            yield undetermined(f"tags of {one.name} are not known yet", unknown.path, one)
            continue
        if missing:
            yield fail(f"tags lack {', '.join(missing)}, expected {', '.join(config.required)}", "tags", one)


def _plain_secrets(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for one in of_azure(graph):
        for path in _credentials(one.properties, ""):
            if not one.is_secret(path):
                yield fail(f"{path} is plain text, expected a Pulumi secret or a Key Vault reference", path, one)


def _credentials(value: Any, path: str) -> Iterator[str]:
    """Yield the paths of strings whose property name denotes a credential."""
    if isinstance(value, dict):
        for key, inner in value.items():
            place = f"{path}.{key}" if path else str(key)
            if isinstance(inner, str):
                # A switch is no secret, whatever its name, such as enableSecretRotation of an add-on.
                if inner and is_sensitive(str(key)) and inner.lower() not in {"true", "false"}:
                    yield place
            else:
                yield from _credentials(inner, place)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _credentials(inner, f"{path}.{at}")


def _allowed_types(resource: Resource, graph: Graph, config: Types) -> Iterator[Verdict]:
    allowed = {kind.lower() for kind in config.types}
    for one in of_azure(graph):
        if one.type.lower() not in allowed:
            yield fail(f"type {one.type} is not in types", None, one)


def _previews(resource: Resource, graph: Graph, config: Previews) -> Iterator[Verdict]:
    allowed = {(each.type.lower(), each.api_version): each for each in config.allowed}
    found = False
    for one in of_azure(graph):
        if not one.api_version or "-preview" not in one.api_version:
            continue
        found = True
        entry = allowed.get((one.type.lower(), one.api_version))
        if entry is None:
            yield fail(f"{one.type} uses {one.api_version}, which is not in allowed", None, one)
        elif entry.review < datetime.datetime.now(tz=datetime.UTC).date():
            yield fail(f"{one.type} uses {one.api_version}, whose review was due on {entry.review}", None, one)
    if not found:
        yield not_applicable("no preview API version is used")


def _unknown_types(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for one in graph.resources:
        parsed = tokens.parse(one.token)
        if parsed and not one.type and not one.external:
            yield fail(
                f"the ARM type cannot be determined from the token {one.token}, so that no rule checks it", None, one
            )


def _allow_list(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    text = str(resource.value(path))
    if text.endswith("/0") or text in {"*", "0.0.0.0", "::"}:
        yield fail(f"{path} is {text}, expected the ranges of known clients", path)


RULES: tuple[Rule, ...] = (
    Rule(
        _placed,
        id="MOOR-GEN-009",
        title="Resource is in a region that is not allowed",
        severity="high",
        what="Resources are in allowed regions.",
        why="The location of data is a commitment to customers.",
        remedy="change location, or add the region to regions",
        docs="governance/policy/samples/built-in-policies",
        covers=("1.6#9", "AZR-000167", "AZP-e56962a6", "AZP-e765b5de", "AZP-0a914e76"),
        config=Regions,
        where=(configured("regions"),),
    ),
    Rule(
        _tagged,
        id="MOOR-GEN-010",
        title="Required tag is missing",
        severity="low",
        pillar="operations",
        what="Resources that support tags have the required tags.",
        why="Tags identify the cost center and the owner.",
        remedy="add the tags, or list the type in except_types",
        docs="azure-resource-manager/management/tag-resources",
        covers=("1.6#10", "PSR-Resource.RequiredTags", "PSR-Group.RequiredTags"),
        config=Tags,
        where=(configured("required"),),
    ),
    Rule(
        _plain_secrets,
        id="MOOR-GEN-011",
        title="Credential is stored in plain text",
        severity="critical",
        what="Credentials are Pulumi secrets or Key Vault references.",
        why="A plain input can be read in state, previews and logs.",
        remedy="wrap the value in pulumi.Output.secret, or use a Key Vault reference",
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
    Rule(
        _allowed_types,
        id="MOOR-GEN-013",
        title="Resource type is not allowed",
        severity="low",
        pillar="operations",
        what="Only allowed resource types are used, where a list is configured.",
        why="A platform supports the types that it lists. Opt-in.",
        remedy="use another type, or add it to types",
        docs="governance/policy/samples/built-in-policies",
        covers=("1.6#13", "AZP-a08ec900", "AZP-6c112d4e"),
        config=Types,
        where=(configured("types"),),
        profiles=OPT_IN,
    ),
    Rule(
        each("ipAllowlist", _allow_list),
        types=(t.SCHEDULER,),
        id="MOOR-GEN-015",
        title="Durable Task scheduler allows all IP addresses",
        severity="high",
        what="A Durable Task scheduler allows only listed IP addresses.",
        why="It starts work for every client that has a token.",
        remedy="list the ranges in ipAllowlist",
        docs="durable-task/scheduler/durable-task-scheduler",
        covers=("1.6#15", "AZP-d82527a7"),
        frameworks=("MCSB NS-2",),
    ),
    Rule(
        _previews,
        id="MOOR-DOM-029",
        title="Preview API version is not approved",
        severity="low",
        pillar="operations",
        what="Every preview API version is approved, with a reason and a review date.",
        why="Preview versions are removed. A list is used because regional endpoints and other features exist in "
        "preview versions only.",
        remedy="use a stable version, or add type, api_version, reason and review to allowed",
        docs="container-registry/container-registry-regional-endpoints",
        covers=("D29", "1.6#13", "PUL-disallowPreviewResource"),
        config=Previews,
    ),
    Rule(
        _unknown_types,
        id="MOOR-DOM-030",
        title="ARM type of the resource is unknown",
        severity="medium",
        pillar="operations",
        what="The ARM type of every Azure resource can be determined.",
        why="A policy pack that compares type tokens in one form only checks nothing and reports nothing.",
        remedy="state resourceType and resourceProviderNamespace as plain values",
        docs="azure-resource-manager/management/resource-providers-and-types",
        covers=("D30",),
    ),
)
