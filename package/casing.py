"""Names of properties: snake_case in specs and components, camelCase in the package, as in other Pulumi packages.

Only names of fields change. Keys of maps, such as regions, belong to the person who states them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.output import Unknown
from pydantic import SecretStr

from planning.problems import Path

SECURE = "secure"
"""The one key of a secret in a stack file."""

Node = Mapping[str, Any]
"""A JSON schema, or a part of one."""


def camel(name: str) -> str:
    """Return a name such as ``regional_endpoints`` as ``regionalEndpoints``."""
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def pascal(name: str) -> str:
    """Return a name such as ``regional_endpoints`` as ``RegionalEndpoints``."""
    text = camel(name)
    return text[:1].upper() + text[1:]


def as_specs_take_it(value: Any, node: Node, definitions: Mapping[str, Node], *, stating_defaults: bool = False) -> Any:
    """Return a value of the package as a spec takes it: fields in snake_case, whole numbers as integers, secrets concealed.

    A value that equals the default of its field is left out, because SDKs send defaults, and specs tell what is stated from
    what is not.

    Args:
        value: plain data.
        node: JSON schema of the spec.
        definitions: the definitions that it refers to.
        stating_defaults: keep values that equal the default of their field.
    """
    if isinstance(value, Mapping):
        return _mapping(value, node, definitions, stating_defaults)
    if isinstance(value, list):
        items = next((each["items"] for each in alternatives(node, definitions) if "items" in each), {})
        return [as_specs_take_it(each, items, definitions, stating_defaults=stating_defaults) for each in value]
    if isinstance(value, str | Unknown) and is_secret(node, definitions):
        # A preview may not know a secret, and what is made does not depend on it.
        return SecretStr(value if isinstance(value, str) else "")
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole else value


def is_secret(node: Node, definitions: Mapping[str, Node]) -> bool:
    """Return whether a text that a field takes is a secret."""
    choices = list(alternatives(node, definitions))
    texts = any(each.get("type") == "string" for each in choices)
    return not texts and any(SECURE in each.get("properties", ()) for each in choices)


def _mapping(
    value: Mapping[str, Any], node: Node, definitions: Mapping[str, Node], stating_defaults: bool
) -> dict[str, Any]:
    fields = _fields(node, definitions)
    of_maps = next(
        (each["additionalProperties"] for each in alternatives(node, definitions) if each.get("additionalProperties")),
        {},
    )
    named = {camel(name): name for name in fields}
    taken = {}
    # The protocol of the engine does not keep the order of maps, and what is made must not depend on chance.
    for key, item in sorted(value.items()):
        name = named.get(key, key)
        below = fields.get(name, of_maps)
        converted = as_specs_take_it(item, below, definitions, stating_defaults=stating_defaults)
        if stating_defaults or name not in fields or not _is_default(converted, fields[name]):
            taken[name] = converted
    return taken


def _is_default(value: Any, node: Node) -> bool:
    default = node.get("default")
    return default is not None and not isinstance(default, list | dict) and value == default


def camel_path(path: Path, node: Node, definitions: Mapping[str, Node]) -> str:
    """Return the path of a problem of a spec as a path of the package: ``containerApps.shop.minReplicas``."""
    steps = []
    for key in path:
        fields = _fields(node, definitions)
        steps.append(camel(key) if key in fields else key)
        below = (each.get("additionalProperties") or each.get("items") for each in alternatives(node, definitions))
        node = fields.get(key) or next((each for each in below if isinstance(each, Mapping)), {})
    return ".".join(steps)


def alternatives(node: Node, definitions: Mapping[str, Node]) -> Iterator[Node]:
    """Yield the schemas of which a value satisfies one, with references followed."""
    if "$ref" in node:
        yield from alternatives(definitions[node["$ref"].rpartition("/")[2]], definitions)
    elif "anyOf" in node:
        for each in node["anyOf"]:
            yield from alternatives(each, definitions)
    else:
        yield node


def _fields(node: Node, definitions: Mapping[str, Node]) -> dict[str, Node]:
    return {
        name: field for each in alternatives(node, definitions) for name, field in each.get("properties", {}).items()
    }
