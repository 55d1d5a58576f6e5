"""A whole stack description as one resource."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
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
from stacks.loader import Session, Stack, checked
from stacks.platform import Platform
from stacks.program import made, session
from stacks.schema import ADDRESS_SPACE, SIZES
from stacks.stamps import REGIONS, STAMP, stamped

_SHORT_FORMS: Mapping[str, str] = {
    REGIONS: "The regions, by name, that have what the stamp describes, each with what differs in it.",
    STAMP: "The description of one region, in the sections of this resource. `<region>` stands for the region's name.",
}


_NO_ORDER = (
    "the range of a subnet that states its size depends on the subnets before it, and the order of a map is not kept; state "
    "prefix, which moorings:planning:getSubnetRanges computes from a list"
)


def _sizes(data: Mapping[str, Any]) -> Iterator[Path]:
    """Yield the paths of subnets that state a size instead of their range."""
    for network, its in (data.get("networks") or {}).items():
        for subnet, stated in (its.get("subnets") or {}).items() if isinstance(its, Mapping) else ():
            if isinstance(stated, Mapping) and SIZES.keys() & stated.keys():
                yield ("networks", network, "subnets", subnet)


@dataclass(frozen=True)
class _PlatformFace(Face):
    """The platform takes a description in which regions may be stated in short."""

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
        """Return what a program states as the description that a stack file would hold, with stamps written out.

        Args:
            stated: the inputs, as plain data.

        Raises:
            RefusedError: a stamp cannot be written out, or a subnet states its size.
        """
        schema, definitions = self.schema, self.schema["$defs"]
        region: Node = {"properties": {**schema["properties"], ADDRESS_SPACE: {}}}
        forms: Mapping[str, Node] = {STAMP: region, REGIONS: {"additionalProperties": region}}
        data = as_specs_take_it({key: value for key, value in stated.items() if key not in forms}, schema, definitions)
        for key, node in forms.items():
            if key in stated:
                data[key] = as_specs_take_it(stated[key], node, definitions, stating_defaults=True)
        document = Document.without_file(data)
        try:
            written_out = expanded(document)
        except SpecError as error:
            raise RefusedError.of(error.problems, schema) from None
        refused = [(self._path(path), _NO_ORDER) for path in _sizes(stamped(document)[0].data)]
        if refused:
            raise RefusedError(refused)
        return written_out

    def described(self, stated: Mapping[str, Any], run: Session | None) -> Stack:
        """Return the checked description that a program states.

        Args:
            stated: the inputs by their names in the package.
            run: what is known during a run; without it, outputs of other stacks are not resolved.

        Raises:
            RefusedError: what is stated is not valid, by the paths of the package.
        """
        document = self.description(plain(stated))
        refuse_unknown(document.data, self._path)
        try:
            return checked(document, run)
        except SpecError as error:
            raise RefusedError.of(error.problems, self.schema) from None

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
        stack = self.described(stated, session())
        return made(name, stack, os.environ, hooks=f"-{name}", opts=opts)[0]


PLATFORM = _PlatformFace(
    "moorings:platform:Platform",
    Platform,
    renamed={
        "networks": "networkIds",
        "zones": "zoneIds",
        "workspaces": "workspaceIds",
        "identities": "identityIds",
    },
    output_texts={
        "registry_id": "ARM id of the registry, if the stack has one.",
        "registry_principal_id": "Principal of the registry's system-assigned identity, if it has one.",
        "replica_status": "Status of each replica as last written or refreshed, by region.",
        "endpoints": "Host names of the registry: global, regional and data, by region.",
        "addresses": "Private addresses of each private endpoint, by its key and member.",
        "ledger": "A row for each subnet, with the addresses that it has and needs.",
        "identities": "Ids of each identity, by its key: id, client_id and principal_id.",
        "compute": "What each compute section reports, by its key, such as host names.",
        "pulls": "Consumers that are not in Azure Resource Manager, as reach takes them.",
        "dns_records": "DNS records to write where zones are managed elsewhere.",
        "networks": "ARM ids of the networks, by their keys.",
        "zones": "ARM ids of the private DNS zones, by their keys.",
        "workspaces": "ARM ids of the Log Analytics workspaces, by their keys.",
        "security_rules": "Security rules that the stack file states, by network and subnet.",
    },
)
