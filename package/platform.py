"""A whole stack description as one resource."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pulumi
from typing_extensions import override

from package.casing import Node, as_specs_take_it, camel_path
from package.face import Face, Wire
from package.refusals import RefusedError, refuse_unknown
from package.spec_types import ANY, Types
from package.values import plain
from planning.problems import Path, SpecError
from stacks.document import Document
from stacks.expansion import expanded
from stacks.loader import checked
from stacks.platform import Platform
from stacks.program import made, session
from stacks.schema import ADDRESS_SPACE, SIZES
from stacks.stamps import REGIONS, STAMP

_SUBNET = "SubnetSpec"
_SHORT_FORMS: Mapping[str, str] = {
    REGIONS: "The regions, by name, that have what the stamp describes, each with what differs in it.",
    STAMP: "The description of one region, in the sections of this resource. `<region>` stands for the region's name.",
}


@dataclass(frozen=True)
class _PlatformFace(Face):
    """The platform takes a description in which regions and subnets may be stated in short."""

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of a description, with its short forms."""
        whole = super().schema
        definitions = whole["$defs"]
        subnet = definitions[_SUBNET]
        subnet["properties"] |= SIZES
        subnet["required"] = [each for each in subnet.get("required", ()) if each != "prefix"]
        return whole

    @cached_property
    def wiring(self) -> dict[str, Wire]:
        """Nothing beside the description."""
        return {}

    @cached_property
    def fields(self) -> dict[str, Node]:
        """All fields: references name other sections of the description."""
        return dict(self.schema["properties"])

    @override
    def resource(self, types: Types) -> dict[str, Any]:
        """Return the schema of the resource; what a stamp states is checked when it is constructed."""
        made = super().resource(types)
        for name, text in _SHORT_FORMS.items():
            made["inputProperties"][name] = {
                "type": "object",
                "additionalProperties": {**ANY, "plain": True},
                "description": text,
                "plain": True,
            }
        return made

    def description(self, stated: Mapping[str, Any]) -> Document:
        """Return what a program states as the description that a stack file would hold, with everything written out.

        Args:
            stated: the inputs, as plain data.

        Raises:
            RefusedError: what cannot be written out.
        """
        schema, definitions = self.schema, self.schema["$defs"]
        region: Node = {"properties": {**schema["properties"], ADDRESS_SPACE: {}}}
        forms: Mapping[str, Node] = {STAMP: region, REGIONS: {"additionalProperties": region}}
        data = as_specs_take_it({key: value for key, value in stated.items() if key not in forms}, schema, definitions)
        for key, node in forms.items():
            if key in stated:
                data[key] = as_specs_take_it(stated[key], node, definitions, stating_defaults=True)
        try:
            return expanded(Document.without_file(data))
        except SpecError as error:
            raise RefusedError.of(error.problems, schema) from None

    def _path(self, path: Path) -> str:
        return camel_path(path, self.schema, self.schema["$defs"])

    @override
    def build(
        self, name: str, stated: Mapping[str, Any], opts: pulumi.ResourceOptions | None
    ) -> pulumi.ComponentResource:
        """Make what a description states; its problems are those of a stack file.

        Args:
            name: logical name, and prefix of all others.
            stated: its inputs by their names in the package.
            opts: options of the component itself.

        Raises:
            RefusedError: what is stated is not valid, by the paths of the package.
        """
        document = self.description(plain(stated))
        refuse_unknown(document.data, self._path)
        try:
            stack = checked(document, session())
        except SpecError as error:
            raise RefusedError.of(error.problems, self.schema) from None
        return made(name, stack, os.environ, hooks=f"-{name}", opts=opts)[0]


PLATFORM = _PlatformFace("moorings:platform:Platform", Platform)
