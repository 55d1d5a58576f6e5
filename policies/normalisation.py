"""Converts resources of the engine to the form that rules use: one shape for every form of type token.

Values come in the form of state, previews and analyzer calls: unknown values are reserved strings, secrets are objects with a
signature [PULUMI-WIRE].
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from policies import tokens
from policies.resource import UNKNOWN, PartlyUnknown, Resource

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWNS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_HIDDEN = "[secret]"
_PATH_INPUTS = ("resourceProviderNamespace", "parentResourcePath", "resourceType", "resourceName", "apiVersion")
_GENERIC_INPUTS = frozenset(
    {
        *("extendedLocation", "identity", "kind", "location", "managedBy", "plan", "properties", "resourceGroupName"),
        *("sku", "tags", "zones", *_PATH_INPUTS),
    }
)


def plain(value: Any, secrets: set[str] | None = None, path: str = "") -> Any:
    """Return a value of the engine as plain data, with `UNKNOWN` for unknown values.

    Args:
        value: JSON data; other mappings and sequences become dicts and lists.
        secrets: receives the dotted path of each secret.
        path: dotted path of the value.
    """
    if isinstance(value, str):
        if value == _HIDDEN:
            _note(secrets, path)
        return UNKNOWN if value == _HIDDEN or value in _UNKNOWNS else value
    if isinstance(value, Mapping):
        if _SIGNATURE in value:
            return _signed(value, secrets, path)
        below = f"{path}." if path else ""
        return {key: plain(inner, secrets, f"{below}{key}") for key, inner in value.items() if key[:2] != "__"}
    if isinstance(value, Sequence):
        return [plain(inner, secrets, f"{path}.{position}") for position, inner in enumerate(value)]
    whole = isinstance(value, float) and value.is_integer()  # the protocol has no integers
    return int(value) if whole else value


def _note(secrets: set[str] | None, path: str) -> None:
    if secrets is not None:
        secrets.add(path)


def _signed(value: Mapping[str, Any], secrets: set[str] | None, path: str) -> Any:
    kind = value[_SIGNATURE]
    if kind == _OUTPUT:
        if value.get("secret"):
            _note(secrets, path)
        return plain(value["value"], secrets, path) if "value" in value else UNKNOWN
    if kind != _SECRET:
        return {}  # an asset or a resource reference, which no rule reads
    _note(secrets, path)
    if "value" in value:
        return plain(value["value"], secrets, path)
    if "plaintext" in value:
        return plain(json.loads(value["plaintext"]), secrets, path)
    return UNKNOWN


def is_generic(token: str) -> bool:
    """Return whether a type token is that of the generic resource, whose body is in `properties`."""
    parsed = tokens.parse(token)
    return parsed is not None and parsed.key == tokens.GENERIC


def resource(
    token: str,
    urn: str,
    name: str,
    inputs: Mapping[str, Any],
    *,
    dependencies: Mapping[str, Iterable[str]] | None = None,
    parent: str | None = None,
    protect: bool = False,
    arm_id: str | None = None,
    external: bool = False,
    source: str | None = None,
) -> Resource:
    """Return the resource in the form that rules use.

    Args:
        token: the type token.
        urn: URN.
        name: logical name.
        inputs: its inputs, in the form of the engine.
        dependencies: URNs that a property depends on, by property; explicit dependencies under "".
        parent: URN of the parent.
        protect: whether it is protected.
        arm_id: ARM id where it is known.
        external: whether the program only reads it.
        source: `file#line` of its registration.
    """
    secrets: set[str] = set()
    properties: dict[str, Any] = plain(inputs, secrets)
    edges = {key: tuple(urns) for key, urns in (dependencies or {}).items()}
    arm_type, version = _type_and_version(token, properties)
    # Rules read every resource in the flattened form of the SDK, whichever form the program used.
    if is_generic(token):
        properties = _lifted(arm_type, properties)
        secrets = {path.removeprefix("properties.") for path in secrets}
        edges = _moved(arm_type, properties, edges)
    elif arm_type and "properties" in properties:
        properties = _opened(properties)
        secrets = {path.removeprefix("properties.") for path in secrets}
        edges = _opened_edges(properties, edges)
    return Resource(
        urn=urn,
        name=name,
        token=token,
        type=arm_type,
        api_version=version,
        properties=properties,
        parent=parent or None,
        dependencies=edges,
        protect=protect,
        id=arm_id or None,
        secrets=frozenset(secrets),
        external=external,
        source=source,
    )


def _type_and_version(token: str, properties: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return ARM type and API version; the type is empty for other providers."""
    parsed = tokens.parse(token)
    if parsed is None:
        return "", None
    if parsed.key == tokens.GENERIC:
        given = properties.get("apiVersion")
        return tokens.generic_type(properties), given if isinstance(given, str) else None
    arm_type = tokens.shape_of_class(parsed.key).type
    if "{" in arm_type:
        kind = properties.get("recordType")
        arm_type = arm_type.replace("{recordType}", kind if isinstance(kind, str) else "?")
    return arm_type, parsed.api_version


def with_dependencies(found: Resource, dependencies: Mapping[str, Iterable[str]]) -> Resource:
    """Return a resource with its dependencies, which the engine may report later than its inputs."""
    edges = {key: tuple(urns) for key, urns in dependencies.items()}
    if is_generic(found.token):
        edges = _moved(found.type, found.properties, edges)
    elif "properties" in edges and "properties" not in found.properties:
        edges = _opened_edges(found.properties, edges)
    return replace(found, dependencies=edges)


def _opened(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Move the members of `properties` to the top level, for typed classes that keep the container, such as key vaults."""
    body = inputs["properties"]
    opened: dict[str, Any] = PartlyUnknown() if body is UNKNOWN else {}
    opened |= {key: value for key, value in inputs.items() if key != "properties"}
    return {**opened, **body} if isinstance(body, Mapping) else opened


def _opened_edges(opened: Mapping[str, Any], edges: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the dependencies under the keys of `_opened`."""
    lifted = dict.fromkeys((key for key in opened if key not in edges), edges.get("properties", ()))
    return {key: urns for key, urns in (lifted | dict(edges)).items() if key != "properties" and urns}


def _lifted(arm_type: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of a generic resource in the shape of the typed class: names, and members of `properties` at the top."""
    body = inputs.get("properties")
    lifted: dict[str, Any] = PartlyUnknown() if body is UNKNOWN else {}
    lifted.update({key: value for key, value in inputs.items() if key != "properties" and key not in _PATH_INPUTS})
    lifted.update(body if isinstance(body, Mapping) else {})
    lifted.update(_path_names(_names(arm_type), inputs))
    return lifted


def _moved(
    arm_type: str, lifted: Mapping[str, Any], edges: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the dependencies under the keys of `_lifted`."""
    names = _names(arm_type)
    body = edges.get("properties", ())
    moved = {key: urns for key, urns in edges.items() if key not in _PATH_INPUTS}
    moved |= {key: body for key in lifted if key not in _GENERIC_INPUTS and key not in names}
    moved |= dict.fromkeys(names[:-1], edges.get("parentResourcePath", ()))
    moved[names[-1]] = edges.get("resourceName", ())
    return {key: urns for key, urns in moved.items() if urns}


def _names(arm_type: str) -> tuple[str, ...]:
    shape = tokens.shape_of_type(arm_type)
    return (shape.names if shape else ()) or ("resourceName",)


def _path_names(names: Sequence[str], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names in a generic resource's path under the inputs of the typed class."""
    above, name = inputs.get("parentResourcePath"), inputs.get("resourceName")
    found: dict[str, Any] = {}
    if above is UNKNOWN:
        found = dict.fromkeys(names[:-1], UNKNOWN)
    elif above:
        found = tokens.names_along(str(above).strip("/").split("/"), names[:-1])
    elif isinstance(name, str) and "/" in name:
        *outer, name = name.split("/")
        found = dict(zip(names, outer, strict=False))
    if name is not None:
        found[names[-1]] = name
    return found
