"""How a component looks from outside: its inputs and outputs, read from its constructor and its class.

A component takes a spec and wiring. In the package the fields of the spec are plain inputs, beside the arguments of the
constructor: those that are `pulumi.Input` take outputs of other resources. A field of the spec that names another section of
a stack file is left out, because the wiring takes the id of what it names.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import pulumi
from pydantic import BaseModel, TypeAdapter, ValidationError

from components.interfaces.spec import LoggingResourceSpec
from package.casing import Node, as_specs_take_it, camel, camel_path, pascal
from package.output_texts import output_texts
from package.reading import noting
from package.refusals import RefusedError, refuse_unknown
from package.spec_types import ANY, Types, spec_schema
from package.values import plain
from stacks.document import Document
from stacks.messages import problems_of

_KNOWN_HERE = frozenset(
    {"self", "name", "spec", "opts", "hooks", "after", "patience", "ties", "replaced_with", "zone_id", "link_names"}
)
"""Parameters that no program in another language states."""

_FORWARD: Mapping[str, Any] = {**vars(pulumi), "T": TypeVar("T")}
"""What the SDK's own type of inputs refers to."""

_NO_EFFECT = "has no effect on this component alone; remove it, or use moorings:platform:Platform, which has all fields"

_ELSEWHERE = frozenset({"id", *LoggingResourceSpec.model_fields}) - {"tags"}
"""Fields of a spec that components do not read: for what is made elsewhere, and interfaces, which a platform makes."""


_ARGUMENT = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)
"""An argument in a docstring, and its text."""

_PRIMITIVES: Mapping[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


@dataclass(frozen=True)
class Wire:
    """One argument of a constructor beside the spec.

    Attributes:
        annotation: its type. description: its text. required: whether it has to be stated.
        eventual: whether it takes outputs, itself or as values of a map. empty: its value where nothing is stated.
    """

    annotation: Any
    description: str
    required: bool
    eventual: bool
    empty: Any = None


@dataclass(frozen=True)
class Face:
    """One component of the package.

    Attributes:
        token: its type token.
        make: the component, or a function that makes it; its docstring documents the arguments.
        kind: the component that a function makes.
        hidden: fields of its spec that are of no use in the package.
        replaced: further fields that are left out, because arguments of other names give the ids of what they name.
        outputs_of: what to put out of a component, where that is not what its class declares, by the class's names.
        renamed: names of outputs that an input of another type has already, by the class's names.
        output_texts: descriptions of outputs that the class does not document, by the class's names.
    """

    token: str
    make: Callable[..., pulumi.ComponentResource]
    kind: type[pulumi.ComponentResource] | None = None
    hidden: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    outputs_of: Mapping[str, Callable[[Any], pulumi.Output[Any]]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    output_texts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def component(self) -> type[pulumi.ComponentResource]:
        """The class of the component."""
        made = self.kind or self.make
        assert isinstance(made, type)
        return made

    @cached_property
    def _hints(self) -> dict[str, Any]:
        made = self.make.__init__ if isinstance(self.make, type) else self.make
        return get_type_hints(made, localns=dict(_FORWARD), include_extras=True)

    @cached_property
    def spec(self) -> type[BaseModel] | None:
        """The model of its spec."""
        return self._hints.get("spec")

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of its spec; that of an empty object without one."""
        return spec_schema(self.spec) if self.spec else {"properties": {}}

    @cached_property
    def wiring(self) -> dict[str, Wire]:
        """The arguments of the constructor that a program states, by name."""
        made = self.make.__init__ if isinstance(self.make, type) else self.make
        texts = argument_texts(made)
        return {
            name: Wire(
                annotation := self._hints[name],
                texts.get(name, ""),
                parameter.default is parameter.empty and not _may_be_left_out(annotation),
                _takes_outputs(annotation),
                {} if parameter.default is parameter.empty and _is_map(annotation) else _default(parameter),
            )
            for name, parameter in inspect.signature(made).parameters.items()
            if name not in _KNOWN_HERE
        }

    @cached_property
    def fields(self) -> dict[str, Node]:
        """The fields of the spec that are inputs, by name."""
        return {
            name: node
            for name, node in self.schema["properties"].items()
            if name not in {*self.hidden, *self.replaced, *_ELSEWHERE, *self.wiring}
            and not self._is_wired(name, self.wiring)
        }

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """The type of each output, by the name of the attribute."""
        found: dict[str, Any] = {}
        for each in reversed(self.component.__mro__):
            if issubclass(each, pulumi.ComponentResource) and each.__module__.partition(".")[0] != "pulumi":
                hints = get_type_hints(each, localns=dict(_FORWARD))
                found |= {name: hints[name] for name in inspect.get_annotations(each)}
        return {name: hint for name, hint in found.items() if not name.startswith("_")}

    def state(self, component: pulumi.ComponentResource) -> dict[str, Any]:
        """Return the outputs of a component by their names in the package."""
        return {self.output_name(name): self._output(component, name) for name in self.outputs}

    def _output(self, component: pulumi.ComponentResource, name: str) -> Any:
        value = self.outputs_of[name](component) if name in self.outputs_of else getattr(component, name)
        if output_schema(self.outputs[name]).get("type") != "object" or value is None:
            return value
        # `Output.all` of nothing is an empty list, and SDKs of typed languages refuse a list for a map.
        return pulumi.Output.from_input(value).apply(lambda found: {} if found == [] else found)

    def output_name(self, attribute: str) -> str:
        """Return the name of an output; ``id`` belongs to the engine, so that of a registry is ``registryId``."""
        if attribute in self.renamed:
            return self.renamed[attribute]
        noun = self.token.rpartition(":")[2]
        return f"{noun[0].lower()}{noun[1:]}Id" if attribute == "id" else camel(attribute)

    def build(
        self, name: str, stated: Mapping[str, Any], opts: pulumi.ResourceOptions | None
    ) -> pulumi.ComponentResource:
        """Make the component.

        Args:
            name: logical name.
            stated: its inputs by their names in the package; what the engine does not know yet is `Unknown`.
            opts: options of the component itself.

        Raises:
            RefusedError: inputs that are not valid, by their paths.
        """
        wired = {camel(name): name for name in self.wiring}
        arguments = {name: wire.empty for name, wire in self.wiring.items() if not wire.required}
        arguments |= {wired[key]: self._argument(wired[key], value) for key, value in stated.items() if key in wired}
        if self.spec is None:
            return self.make(name, **arguments, opts=opts)
        read: set[str] = set()
        definitions = self.schema.get("$defs", {})
        fields = {key: plain(value) for key, value in stated.items() if key not in wired}
        described = as_specs_take_it(fields, self.schema, definitions)
        refuse_unknown(described, lambda path: camel_path(path, self.schema, definitions))
        spec = self._spec(described, arguments, noting(self.spec, read))
        # What its validators read decides whether a spec is accepted, and not what is made.
        read.clear()
        made = self.make(name, spec=spec, **arguments, opts=opts)
        unread = [camel(each) for each in described if each not in read]
        if unread:
            raise RefusedError([(path, _NO_EFFECT) for path in unread])
        return made

    def _argument(self, name: str, value: Any) -> Any:
        wire = self.wiring[name]
        if wire.eventual:
            return value
        adapter = TypeAdapter(wire.annotation)
        schema = adapter.json_schema()
        stated = as_specs_take_it(plain(value), schema, schema.get("$defs", {}))
        refuse_unknown({camel(name): stated})
        try:
            return adapter.validate_python(stated)
        except ValidationError as error:
            raise RefusedError([(camel(name), detail["msg"]) for detail in error.errors()]) from None

    def _spec(self, stated: Mapping[str, Any], arguments: Mapping[str, Any], model: type[BaseModel]) -> BaseModel:
        try:
            return model.model_validate({**self._placeholders(arguments), **stated})
        except ValidationError as error:
            found = problems_of(error, model, Document.without_file(dict(stated)))
            raise RefusedError.of(found, self.schema) from None

    def _placeholders(self, arguments: Mapping[str, Any]) -> dict[str, str]:
        """Keys for the sections that the wiring gives ids of, which a spec may require: the name of the field."""
        return {
            name: name
            for name, node in self.schema["properties"].items()
            if "x-reference" in str(node) and name not in self.fields and self._is_wired(name, arguments)
        }

    def _is_wired(self, name: str, wiring: Mapping[str, Any]) -> bool:
        """Whether the wiring has an id in place of a key."""
        if name in self.replaced:
            return True
        subnet = wiring.get("subnet_id") is not None
        return wiring.get(f"{name}_id") is not None or (name in {"network", "subnet"} and subnet)

    def resource(self, types: Types) -> dict[str, Any]:
        """Return the schema of the resource.

        Args:
            types: takes the types that it refers to.
        """
        definitions = self.schema.get("$defs", {})
        owner = self.schema.get("x-token", self.token)
        inputs = types.properties({"properties": self.fields}, definitions, owner)
        inputs |= {
            camel(name): _wire_schema(wire, types, f"{self.token}{pascal(name)}") for name, wire in self.wiring.items()
        }
        required = [name for name in self.schema.get("required", ()) if name in self.fields]
        required += [name for name, wire in self.wiring.items() if wire.required]
        texts = {**output_texts(self.component), **self.output_texts}
        described = {
            self.output_name(name): {**output_schema(hint), "description": texts[name]}
            for name, hint in self.outputs.items()
        }
        return {
            "isComponent": True,
            "description": _for_every_language(inspect.getdoc(self.component) or ""),
            "inputProperties": inputs,
            "requiredInputs": sorted(map(camel, required)),
            "properties": described,
            "required": sorted(self.output_name(name) for name, hint in self.outputs.items() if not _is_optional(hint)),
        }


def argument_texts(made: Callable[..., Any]) -> dict[str, str]:
    """Return the texts of the arguments in a docstring, by name, each with a capital letter."""
    found = {name: " ".join(text.split()) for name, text in _ARGUMENT.findall(inspect.getdoc(made) or "")}
    return {name: f"{text[:1].upper()}{text[1:]}" for name, text in found.items()}


def _default(parameter: inspect.Parameter) -> Any:
    return None if parameter.default is parameter.empty else parameter.default


def _for_every_language(text: str) -> str:
    """A docstring without the sentences that name parts of a Python program."""
    paragraphs = (" ".join(each.split()) for each in text.split("\n\n"))
    kept = (" ".join(one for one in re.split(r"(?<=\.) ", each) if "``" not in one) for each in paragraphs)
    return "\n\n".join(filter(None, kept))


def _may_be_left_out(annotation: Any) -> bool:
    return NoneType in get_args(annotation) or _is_map(annotation)


def _is_map(annotation: Any) -> bool:
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _takes_outputs(annotation: Any) -> bool:
    return (
        annotation is pulumi.Output
        or get_origin(annotation) is pulumi.Output
        or any(_takes_outputs(each) for each in get_args(annotation))
    )


def _wire_schema(wire: Wire, types: Types, name: str) -> dict[str, Any]:
    if wire.eventual:
        return {**output_schema(wire.annotation), "description": wire.description}
    node = TypeAdapter(wire.annotation).json_schema()
    stated = {"description": wire.description, **({} if wire.required else {"default": wire.empty})}
    return types.property({**node, **stated}, node.get("$defs", {}), name)


def _is_optional(hint: Any) -> bool:
    return NoneType in get_args(hint) or any(
        _is_optional(each) for each in get_args(hint) if get_origin(hint) is pulumi.Output
    )


def output_schema(hint: Any) -> dict[str, Any]:
    """Return the schema of the type of an output, or of an input that takes one.

    Raises:
        ValueError: the package has no such type.
    """
    if hint in _PRIMITIVES:
        return {"type": _PRIMITIVES[hint]}
    if hint in (object, Any):
        return {**ANY}
    arguments = [each for each in get_args(hint) if each is not NoneType]
    origin = get_origin(hint)
    if origin is pulumi.Output:
        return output_schema(arguments[0])
    if origin is list:
        return {"type": "array", "items": output_schema(arguments[0])}
    if _is_map(hint):
        return {"type": "object", "additionalProperties": output_schema(arguments[1])}
    if arguments:
        # A union: of a value and an output of it, or of a value and None.
        return output_schema(arguments[0])
    raise ValueError(f"the package has no type for {hint}")
