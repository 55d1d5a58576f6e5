"""Changes one field of a stack file as text, so that comments and layout stay, and the opposite change restores every byte."""

from __future__ import annotations

from collections.abc import Sequence

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_DESCRIPTION = ("config", "moorings:stack")
_FIELD = "drained"


class NotEditableError(Exception):
    """A stack file has no place for the field; the message says what to write by hand."""


def drained(text: str) -> list[str]:
    """Return `registry.drained` as a stack file states it; empty if it does not."""
    registry = _value(_stack(text), "registry")
    found = _value(registry, _FIELD) if isinstance(registry, MappingNode) else None
    return [str(each.value) for each in found.value] if isinstance(found, SequenceNode) else []


def with_drained(text: str, regions: Sequence[str]) -> str:
    """Return a stack file that states these drained regions, and none if there are none.

    Raises:
        NotEditableError: the file has no mapping `moorings:stack` that could hold a registry.
    """
    stack = _stack(text)
    registry = _value(stack, "registry")
    shown = f"[{', '.join(regions)}]"
    if isinstance(registry, MappingNode):
        found = _value(registry, _FIELD)
        if found is None:
            return _inserted(text, registry, f"{_FIELD}: {shown}") if regions else text
        if regions:
            return text[: found.start_mark.index] + shown + text[_end(text, found) :]
        if len(registry.value) == 1 and not registry.flow_style:
            return _removed(text, stack, "registry")
        return _removed(text, registry, _FIELD)
    if not regions:
        return text
    if registry is not None:
        raise NotEditableError(f"registry is not a mapping here; write registry: {{drained: {shown}}}")
    indent = " " * stack.value[0][0].start_mark.column
    return _inserted(text, stack, f"registry:\n{indent}  {_FIELD}: {shown}")


def _stack(text: str) -> MappingNode:
    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    for key in _DESCRIPTION:
        node = _value(node, key) if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode) or not node.value:
        raise NotEditableError(f"the file has no mapping at {' > '.join(_DESCRIPTION)}")
    return node


def _value(mapping: MappingNode | None, key: str) -> Node | None:
    pairs = mapping.value if mapping is not None else ()
    return next((value for name, value in pairs if isinstance(name, ScalarNode) and name.value == key), None)


def _inserted(text: str, mapping: MappingNode, entry: str) -> str:
    """Put an entry in front of all others: on a line of its own, or within the braces."""
    if mapping.flow_style:
        at = mapping.start_mark.index + 1
        return f"{text[:at]}{entry}{', ' if mapping.value else ''}{text[at:]}"
    first = mapping.value[0][0].start_mark
    return f"{text[: first.index]}{entry}\n{' ' * first.column}{text[first.index :]}"


def _removed(text: str, mapping: MappingNode, key: str) -> str:
    """Take an entry out with what separates it from the next, or from the one before if it is the last."""
    names = [name.value for name, _ in mapping.value]
    at = names.index(key)
    name, value = mapping.value[at]
    begin, end = name.start_mark.index, _end(text, value)
    if mapping.flow_style:
        if at + 1 < len(names):
            end = mapping.value[at + 1][0].start_mark.index
        elif at:
            begin = _end(text, mapping.value[at - 1][1])
        return text[:begin] + text[end:]
    line = text.rfind("\n", 0, begin) + 1
    following = text.find("\n", end)
    return text[:line] + (text[following + 1 :] if following >= 0 else "")


def _end(text: str, node: Node) -> int:
    """Index after a node; of one in lines after its last value, since its own end includes comments that follow."""
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _end(text, node.value[-1])
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return _end(text, node.value[-1][1])
    return node.start_mark.index + len(text[node.start_mark.index : node.end_mark.index].rstrip())
