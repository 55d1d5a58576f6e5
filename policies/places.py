"""Where a finding has to be fixed: the line of the stack file that made the resource, or the line of the program.

A stack file's line comes from `stacks.origins`: the start of a resource's logical name leads to the path that made it, and a
property leads further down that path. For other programs, the line is the source position that the engine keeps in the state
and in previews; the engine does not pass it to policy packs [PULUMI-ANALYZER].
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from planning.problems import Path as Keys
from policies import stack_file
from policies.model import Finding, Graph, Resource, Undetermined
from policies.report import Report
from stacks.document import Document
from stacks.origins import PROPERTIES, ROOT, origins

_STACK: Final = "pulumi:pulumi:Stack"
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass
class Places:
    """Places of findings in one program's files.

    Attributes:
        file: path of the stack file, None where there is none.
        document: its content with lines; None where it cannot be read.
        origins: path in the stack file, by the start of the logical names that it makes.
        graph: the resources that findings are about.
        repository: folder that paths are relative to: the root of the repository, or the program's folder without one.
        program: folder of the program.
    """

    file: Path | None = None
    document: Document | None = None
    origins: Mapping[str, Keys] = field(default_factory=dict)
    graph: Graph = field(default_factory=lambda: Graph(()))
    repository: Path = Path()
    program: Path = Path()
    _found: dict[tuple[str, str], tuple[str, int] | None] = field(default_factory=dict)

    def of(self, finding: Finding) -> tuple[str, int] | None:
        """Return file and line of a finding, or None where neither is known."""
        if finding.source:
            return self.relative(*finding.source)
        key = (finding.urn, finding.path or "")
        if key not in self._found:
            self._found[key] = self._find(finding)
        return self._found[key]

    def relative(self, path: Path, line: int) -> tuple[str, int] | None:
        """Return a file's path from the repository, and the line; None for a file outside it."""
        file, folder = path.resolve(), self.repository.resolve()
        return (file.relative_to(folder).as_posix(), line) if file.is_relative_to(folder) else None

    def _find(self, finding: Finding) -> tuple[str, int] | None:
        resource = self.graph.get(finding.urn)
        keys = self._origin(resource) if resource else None
        if keys and resource and self.document and self.file:
            place = self.document.place(self._narrowed(keys, finding.path or "", resource))
            if place:
                return self.relative(self.file.parent / place.file, place.line)
        # The position of the program as a whole is a line of the SDK.
        if resource and resource.source and resource.token != _STACK:
            file, _, line = resource.source.rpartition("#")
            return self.relative(self.program / file, int(line))
        return self.relative(self.file, 1) if self.file else None

    def _origin(self, resource: Resource) -> Keys | None:
        """Return the path that made a resource: that of the longest start of its logical name."""
        name = resource.name
        while name:
            found = self.origins.get(name)
            if found:
                return found if found != ROOT else None
            name = name.rpartition("-")[0]
        return None

    def _narrowed(self, keys: Keys, path: str, resource: Resource) -> Keys:
        """Follow the parts of a property's path as far as the stack file states them; an element of a list is its name."""
        stated = self.document.places if self.document else {}
        walked: list[str] = []
        for part in path.split("."):
            walked.append(part)
            word = PROPERTIES.get(part) or _WORD.sub("_", part).lower()
            if part.isdigit():
                try:
                    word = str(resource.value(".".join((*walked, "name")), ""))
                except Undetermined:
                    break
            if (*keys, word) in stated:
                keys = (*keys, word)
        return keys


def of_program(program: Path, stack: str, graph: Graph) -> Places:
    """Return the places in a program's folder, which may have no stack file.

    Args:
        program: folder of Pulumi.yaml.
        stack: name of the stack.
        graph: the resources.
    """
    repository, found = _repository(program), stack_file.find(program, stack)
    if found is None:
        return Places(graph=graph, repository=repository, program=program)
    made = origins(found.document) if found.document else {}
    return Places(found.path, found.document, made, graph, repository, program)


def _repository(program: Path) -> Path:
    """Return the folder of the repository that a program is in; the program's own where it is in none."""
    folder = program.resolve()
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), program)


def placed(report: Report, places: Places) -> Report:
    """Return a report whose failures, undetermined verdicts and exemptions have file and line."""
    findings = []
    for each in report.findings:
        file, line = (places.of(each) if each.loud else None) or (None, None)
        findings.append(dataclasses.replace(each, source=None, file=file, line=line) if each.loud else each)
    excuses = []
    for excuse in report.excuses:
        file, line = (places.relative(*excuse.source) if excuse.source else None) or (None, None)
        excuses.append(dataclasses.replace(excuse, source=None, file=file, line=line))
    return dataclasses.replace(report, findings=tuple(findings), excuses=tuple(excuses))
