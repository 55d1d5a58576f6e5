"""Converts between the messages of the analyzer protocol and the types of the policies; no other module uses protobuf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from policies import normalisation
from policies.configuration import Active
from policies.model import Finding, Level, Resource, Rule, Severity

NAME: Final = "moorings"
"""Name of the policy pack."""

LEVELS: Final[Mapping[Level, Any]] = {
    "advisory": analyzer_pb2.ADVISORY,
    "mandatory": analyzer_pb2.MANDATORY,
    "remediate": analyzer_pb2.REMEDIATE,
    "disabled": analyzer_pb2.DISABLED,
}
_LEVEL_OF: Mapping[Any, Level] = {number: level for level, number in LEVELS.items()}
_SEVERITIES: Mapping[Severity, Any] = {
    "low": analyzer_pb2.POLICY_SEVERITY_LOW,
    "medium": analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    "high": analyzer_pb2.POLICY_SEVERITY_HIGH,
    "critical": analyzer_pb2.POLICY_SEVERITY_CRITICAL,
}


def plain_json(value: Any) -> Any:
    """Return a protobuf value as JSON data."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return struct_json(value.struct_value)
    if kind == "list_value":
        return [plain_json(each) for each in value.list_value.values]
    return None if kind in {None, "null_value"} else getattr(value, kind)


def struct_json(struct: Any) -> dict[str, Any]:
    """Return a protobuf struct as JSON data."""
    return {key: plain_json(value) for key, value in struct.fields.items()}


def dependencies_of(message: Any) -> dict[str, tuple[str, ...]]:
    """Return the URNs that an `AnalyzerResource` depends on, by property; explicit dependencies under ""."""
    found = {key: tuple(each.urns) for key, each in message.propertyDependencies.items()}
    of_properties = {urn for urns in found.values() for urn in urns}
    explicit = tuple(urn for urn in message.dependencies if urn not in of_properties)
    return {**found, "": explicit} if explicit else found


def resource_of(message: Any) -> Resource:
    """Return the resource of an `AnalyzeRequest` or an `AnalyzerResource`; only the latter contains dependencies."""
    stated = message.DESCRIPTOR.name == "AnalyzerResource"
    return normalisation.resource(
        message.type,
        message.urn,
        message.name,
        struct_json(message.properties),
        dependencies=dependencies_of(message) if stated else {},
        parent=message.options.parent,
        protect=message.options.protect,
    )


def policy_info(rule: Rule, active: Active | None) -> Any:
    """Return the description of a rule for the engine; a rule that is not enabled is disabled."""
    info = analyzer_pb2.PolicyInfo(
        name=rule.id,
        displayName=rule.title,
        description=rule.what,
        message=rule.what,
        enforcementLevel=LEVELS[active.level if active else "disabled"],
        severity=_SEVERITIES[rule.severity],
        policy_type=analyzer_pb2.POLICY_TYPE_STACK,
        remediation_steps=rule.remedy,
        url=rule.page,
        tags=[rule.pillar, *sorted(rule.profiles), *rule.covers],
    )
    if rule.frameworks:
        name, _, reference = rule.frameworks[0].partition(" ")
        info.framework.name, info.framework.reference = name, reference
    schema = rule.config.model_json_schema()
    if schema.get("properties"):
        flat = {key: _without_references(value, schema) for key, value in schema["properties"].items()}
        for each in flat.values():
            # The engine would send a default back as if it had been configured, which would override the settings.
            each.pop("default", None)
        json_format.ParseDict(flat, info.configSchema.properties)
    return info


def _without_references(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return a part of a JSON schema with its references replaced, because the engine does not resolve them."""
    if isinstance(value, Mapping):
        if "$ref" in value:
            return _without_references(schema["$defs"][value["$ref"].rpartition("/")[2]], schema)
        return {key: _without_references(inner, schema) for key, inner in value.items()}
    return [_without_references(inner, schema) for inner in value] if isinstance(value, list) else value


def diagnostic(finding: Finding, rule: Rule) -> Any:
    """Return a failure or an undetermined verdict for the engine; excused ones and those of the baseline are advisory."""
    quiet = finding.exemption is not None or finding.known
    text = finding.message
    if finding.status == "undetermined":
        text = f"undetermined: {text}"
    if finding.exemption:
        text = f"exempt: {finding.exemption}: {text}"
    elif finding.known:
        text = f"in the baseline: {text}"
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=rule.id,
        policyPackName=NAME,
        description=rule.what,
        message=f"{rule.title}\n{text}",
        enforcementLevel=analyzer_pb2.ADVISORY if quiet else LEVELS[finding.level],
        urn=finding.urn,
        severity=_SEVERITIES[finding.severity],
    )


def not_applicable(rule: str, reason: str) -> Any:
    """Return that a rule does not apply."""
    return analyzer_pb2.PolicyNotApplicable(policy_name=rule, reason=reason)


def overrides(request: Any) -> tuple[dict[str, Level], dict[str, dict[str, Any]]]:
    """Return levels and configurations by rule of a `ConfigureAnalyzerRequest`."""
    levels: dict[str, Level] = {name: _LEVEL_OF[each.enforcementLevel] for name, each in request.policyConfig.items()}
    configs = {name: normalisation.plain(struct_json(each.properties)) for name, each in request.policyConfig.items()}
    return levels, {name: config for name, config in configs.items() if config}


def remediated(request: Any, rule: Rule, changes: Mapping[str, Any]) -> Any:
    """Return the remediation that overrides members of a resource's properties and keeps all others."""
    properties = struct_pb2.Struct()
    properties.CopyFrom(request.properties)
    target: Any = properties
    if "properties" in properties:  # the generic class and key vaults have their body there
        target = properties["properties"]
    for key, value in changes.items():
        target[key] = value
    return analyzer_pb2.Remediation(
        policyName=rule.id, policyPackName=NAME, description=rule.title, properties=properties
    )
