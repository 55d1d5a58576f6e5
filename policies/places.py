"""Where a finding is to be mended: the line of the stack file that states the resource, or the program's own line.

A finding that names its file and line itself, as one on an exemption does, is mended there.

A stack file describes what is wanted in keys (`networks.westeurope.subnets.registry`), a resource is known by the names
of its components (`contoso-prod-network-westeurope-nsg-registry`). The line is that of the path most of whose keys
occur in these names; a guess, which is why it only places a finding and never decides anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from planning.problems import SpecError
from policies.model import Finding, Graph, Resource
from stacks.document import Document, Place, layer, read
from stacks.files import BASE

_STACK: Final = "pulumi:pulumi:Stack"
_DEEPEST = 7


@dataclass
class Places:
    """Places of findings in one program's files.

    Attributes:
        file: the stack file's path from the program's folder, empty when there is none.
        document: what it states, with lines; None when it cannot be read.
        graph: the resources that findings are on.
        program: the program's folder, which all places are told from.
    """

    file: str = ""
    document: Document | None = None
    graph: Graph = field(default_factory=lambda: Graph(()))
    program: Path = Path()
    _paths: list[tuple[tuple[str, ...], Place]] = field(default_factory=list)
    _found: dict[tuple[str, str], tuple[str, int] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.document:
            self._paths = [
                (tuple(map(_plain, keys)), place)
                for path, place in self.document.places.items()
                if path[:1] == ("config",) and (keys := path[2:]) and len(keys) <= _DEEPEST
            ]

    def of(self, finding: Finding) -> tuple[str, int] | None:
        """Return file and line of a finding, or None when nothing tells."""
        if finding.place:
            return self.told(*finding.place)
        key = (finding.urn, finding.path or "")
        if key not in self._found:
            self._found[key] = self._find(finding)
        return self._found[key]

    def told(self, path: Path, line: int) -> tuple[str, int] | None:
        """Return a file's path from the program's folder, and the line; None for a file of somewhere else."""
        file, folder = path.resolve(), self.program.resolve()
        return (file.relative_to(folder).as_posix(), line) if file.is_relative_to(folder) else None

    def _find(self, finding: Finding) -> tuple[str, int] | None:
        resource = self.graph.get(finding.urn)
        words = _words(resource, self.graph, finding) if resource else frozenset[str]()
        order = [_plain(part) for part in resource.name.split("-")] if resource else []
        best, place = (0, True), None
        for keys, candidate in self._paths:
            shared = [key for key in keys if key in words]
            score = 3 * len(shared) - len(keys)
            if score < best[0]:
                continue
            rank = (score, _in_order(shared, order))
            if rank > best:
                best, place = rank, candidate
        if place:
            folder = self.file.rpartition("/")[0]
            return (f"{folder}/{place.file}" if folder else place.file), place.line
        # Of the program as a whole the engine names a line of the SDK's own.
        if resource and resource.source and resource.token != _STACK:
            file, _, line = resource.source.rpartition("#")
            return file, int(line)
        return (self.file, 1) if self.file else None


def _in_order(keys: Sequence[str], order: Sequence[str]) -> bool:
    """Say whether those of the keys that a name has stand in the name's own order."""
    at = [order.index(key) for key in keys if key in order]
    return at == sorted(at)


def of_program(program: Path, stack: str, graph: Graph) -> Places:
    """Return the places in a program's folder, which may have no stack file.

    Args:
        program: folder of Pulumi.yaml.
        stack: name of the stack.
        graph: the resources.
    """
    path = stack_file(program, stack)
    if path is None:
        return Places(graph=graph, program=program)
    try:
        document = read(path, path.name)
        base = path.parent / BASE
        if base.exists():
            document = layer(read(base, base.name), document)
    except SpecError:
        document = None
    return Places(path.relative_to(program).as_posix(), document, graph, program)


def stack_file(program: Path, stack: str) -> Path | None:
    """Return a stack's file, beside Pulumi.yaml or in the folder that it names; None where there is none."""
    project = program / "Pulumi.yaml"
    folder = program
    if project.exists():
        named = re.search(r"^stackConfigDir:\s*(\S+)", project.read_text(encoding="utf-8"), re.MULTILINE)
        folder = program / named[1].strip("\"'") if named else program
    path = folder / f"Pulumi.{stack}.yaml"
    return path if stack and path.exists() else None


def _words(resource: Resource, graph: Graph, finding: Finding) -> frozenset[str]:
    """Return the words that a resource is known by: of its name, its types up to the root, and the property meant."""
    texts: list[str] = [resource.name, *resource.name.split("-")]
    texts += resource.type.split("/")[1:]
    above = graph.get(resource.parent or "")
    while above and above.parent:
        texts += [*above.name.split("-"), *above.token.split(":")[1:]]
        above = graph.get(above.parent)
    texts += (finding.path or "").split(".")
    return frozenset(filter(None, map(_plain, texts)))


def _plain(text: str) -> str:
    """Return a key or a name as it is compared: lower case, without marks, in the singular."""
    word = re.sub(r"[^a-z0-9]", "", text.lower())
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
