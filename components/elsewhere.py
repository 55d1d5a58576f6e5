"""Resources made elsewhere: a field takes the ARM id of one, or an output of another stack that holds the id.

An output is resolved where the description is read by the engine. Where no engine runs, it is represented by its text, such as
``output zones.registry of stack contoso/hub/prod``, and what depends on the id is undetermined.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import ValidationInfo, with_info_before_validator_function

from planning.resource_ids import ResourceId, problem

OUTPUTS = "outputs"
"""Key of the validation context that holds a `ReadOutputs`; without it, outputs stay unresolved."""

ReadOutputs = Callable[[str], Mapping[str, Any]]
"""Returns the outputs of a stack by its full name; raises ValueError with one line for a stack that cannot be read."""

_UNRESOLVED = re.compile(r"output (\S+) of stack (\S+)")


@dataclass(frozen=True, slots=True)
class MadeElsewhere:
    """The annotation of a text field whose value is the ARM id of a resource made elsewhere.

    Attributes:
        type: the resource type, such as ``Microsoft.Network/privateDnsZones``.
        only: whether nothing but an id is taken; else a text that is no id, such as a key, is taken as well.
    """

    type: str
    only: bool = True

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the field, which resolves an output and checks an id."""
        return with_info_before_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema of the field: an id, or an output of another stack."""
        text = {**handler(core_schema), **({"pattern": "^/subscriptions/"} if self.only else {})}
        return {"anyOf": [text, _OUTPUT_SCHEMA], "x-resource-type": self.type}

    def _checked(self, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, Mapping):
            value = _resolved(value, (info.context or {}).get(OUTPUTS))
        if isinstance(value, str) and (self.only or value.startswith("/")) and not _UNRESOLVED.fullmatch(value):
            wrong = problem(value, self.type)
            if wrong:
                raise ValueError(wrong)
        return value


_OUTPUT_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["stack", "output"],
    "properties": {
        "stack": {"type": "string", "description": "Full name of the stack: organization/project/stack."},
        "output": {"type": "string", "description": "Output of the stack that holds the id, such as zones.registry."},
    },
}


def is_elsewhere(text: str) -> bool:
    """Return whether a text names something made elsewhere: it is an id, or an output that is not resolved."""
    return text.startswith("/") or _UNRESOLVED.fullmatch(text) is not None


def parsed(text: str | None) -> ResourceId | None:
    """Return the parts of an id; None for an output that is not resolved, and for no text."""
    return ResourceId.parse(text) if text else None


def output_of(text: str, stack: str) -> str | None:
    """Return the path of an output that is not resolved, of a stack by the last part of its full name; None for another text."""
    found = _UNRESOLVED.fullmatch(text)
    return found.group(1) if found and found.group(2).rpartition("/")[2] == stack else None


def name_of(text: str) -> str:
    """Return what something made elsewhere is called: the name in its id, or the last word of the output."""
    found = ResourceId.parse(text)
    unresolved = _UNRESOLVED.fullmatch(text)
    if found:
        return found.name
    return unresolved.group(1).rpartition(".")[2] if unresolved else text


def _resolved(value: Mapping[Any, Any], read: ReadOutputs | None) -> str:
    stack, output = value.get("stack"), value.get("output")
    if set(value) != {"stack", "output"} or not isinstance(stack, str) or not isinstance(output, str):
        raise ValueError(
            "expected an ARM id, or an output of another stack: {stack: contoso/hub/prod, output: zones.registry}"
        )
    if len(stack.split("/")) != 3 or not all(stack.split("/")):
        raise ValueError(f"{stack!r} is not the full name of a stack; write organization/project/stack [PUL-OUTPUTS]")
    if read is None:
        return f"output {output} of stack {stack}"
    found: Any = read(stack)
    for key in output.split("."):
        known = [str(each) for each in found] if isinstance(found, Mapping) else []
        if key not in known:
            raise ValueError(
                f"stack {stack} has no output {output}: {key} is none of {', '.join(known) or 'nothing'}; "
                "write one that it has, or update that stack first [PUL-OUTPUTS]"
            )
        found = found[key]
    if not isinstance(found, str):
        raise ValueError(f"output {output} of stack {stack} is not text; write the path of one id in it [PUL-OUTPUTS]")
    return found
