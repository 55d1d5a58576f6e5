"""YAML files as plain data with the file and line of every key and value.

YAML 1.2 with ruamel's resolver. A value keeps its text: the engine and some parsers turn ``1.30`` into ``1.3``, so
messages quote the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from planning.problems import Path, Problem, SpecError
from planning.secret_names import is_sensitive, looks_secret
from stacks.files import CONFIG_KEY


@dataclass(frozen=True, slots=True)
class Origin:
    """What a value follows from that no file states at its own path.

    Attributes:
        path: path at which a file states it, such as ``stamp.clusters.<region>.subnet``.
        region: the region whose stamp it is part of; None for a value that follows from others in another way.
    """

    path: Path
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a value.

    Attributes:
        file: display name of the file.
        line: counted from 1.
        text: the value as written, for a scalar; None for a map or a list.
        quoted: whether a scalar is in quotes.
        origin: what it follows from; None where the file states it at its own path.
    """

    file: str
    line: int
    text: str | None = None
    quoted: bool = False
    origin: Origin | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Document:
    """Plain data with the place of each part.

    Attributes:
        data: maps, lists and scalars.
        places: place of every key, by path.
    """

    data: Any
    places: dict[Path, Place] = field(default_factory=dict)

    @classmethod
    def without_file(cls, data: Any) -> Document:
        """Return a document of plain data that a program states; its places have neither file nor line."""
        return cls(data, {path: Place("", 0) for path in _paths(data, ())})

    def place(self, path: Path) -> Place | None:
        """Return the place of a path, or of its nearest ancestor in a file; None if there is none."""
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place:
                return place
        return None

    def locate(self, path: Path) -> str:
        """Return ``file:line`` of a path, or of its nearest ancestor in a file."""
        return str(self.place(path) or "")

    def below(self, path: Path) -> Document:
        """Return the part of the document at a path, with paths counted from it; without data where there is none."""
        places = {each[len(path) :]: place for each, place in self.places.items() if each[: len(path)] == path}
        return Document(value_at(self.data, path), places)

    def lifted(self, path: Path) -> Document:
        """Return a document that holds this one at a path, and nothing else."""
        data = self.data
        for key in reversed(path):
            data = {key: data}
        return Document(data, {(*path, *each): place for each, place in self.places.items()})


def _paths(data: Any, path: Path) -> Iterator[Path]:
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, item in items:
        yield from _paths(item, (*path, str(key)))


def value_at(data: Any, path: Path) -> Any:
    """Return what plain data holds at a path of keys; None where there is nothing."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def read(path: FilePath, shown_as: str) -> Document:
    """Read one YAML file.

    Args:
        path: the file.
        shown_as: its name in messages.

    Raises:
        SpecError: the file cannot be read, is not YAML, has a duplicate key, or a malformed value.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"not UTF-8 text at byte {error.start}"
        raise SpecError([Problem((), f"cannot be read: {reason}", place=(shown_as, None))]) from None
    yaml = YAML(typ="safe", pure=True)
    try:
        return _Reader(shown_as, yaml).document(yaml.compose(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (shown_as, mark.line + 1 if mark else None)
        message = f"not YAML: {error.problem or error.context}; correct the line"
        raise SpecError([Problem((), message, place=place)]) from None
    except YAMLError as error:
        message = f"not YAML: {str(error).splitlines()[0]}; remove it"
        raise SpecError([Problem((), message, place=(shown_as, None))]) from None
    except RecursionError:
        message = "YAML nested too deeply; reduce the nesting"
        raise SpecError([Problem((), message, place=(shown_as, None))]) from None


MOST_VALUES = 200_000
"""Maximum values of a file, since aliases of aliases grow exponentially."""

_LONGEST_SHOWN = 200


class _Reader:
    """Converts nodes into data and records their places."""

    def __init__(self, file: str, yaml: YAML) -> None:
        self._file = file
        self._places: dict[Path, Place] = {}
        self._refused: list[Problem] = []
        self._open: list[Node] = []
        self._values = 0
        self._scalars = yaml.constructor

    def document(self, root: Node | None) -> Document:
        data = None if root is None else self._value((), root, root.start_mark.line)
        if self._refused:
            raise SpecError(self._refused)
        return Document(data, self._places)

    def _value(self, path: Path, node: Node, line: int) -> Any:
        self._values += 1
        if self._values > MOST_VALUES:
            message = f"more than {MOST_VALUES} values with aliases expanded; avoid aliases of aliases"
            raise SpecError([Problem(path, message, place=(self._file, line + 1))])
        if isinstance(node, ScalarNode):
            self._places[path] = Place(self._file, line + 1, node.value, node.style is not None)
            return self._scalar(path, node, line)
        self._places[path] = Place(self._file, line + 1)
        if any(node is container for container in self._open):
            self._refuse(path, line, "is an alias of a value that contains it; write the value out")
            return None
        self._open.append(node)
        value = self._container(path, node)
        self._open.pop()
        return value

    def _container(self, path: Path, node: Node) -> Any:
        if isinstance(node, MappingNode):
            return dict(self._entries(path, node))
        assert isinstance(node, SequenceNode)
        items = enumerate(node.value)
        return [self._value((*path, str(index)), item, item.start_mark.line) for index, item in items]

    def _scalar(self, path: Path, node: ScalarNode, line: int) -> Any:
        try:
            return self._scalars.construct_object(node)
        except (MarkedYAMLError, ValueError) as error:
            if len(node.value) > _LONGEST_SHOWN:
                self._refuse(path, line, f"a value of {len(node.value)} characters cannot be read; write a shorter one")
                return None
            if looks_secret(node.value) or any(is_sensitive(key) for key in path):
                self._refuse(path, line, "cannot be read; if it is text, quote it")
                return None
            reason = str(error.problem if isinstance(error, MarkedYAMLError) else error).splitlines()[0]
            self._refuse(path, line, f'{node.value} cannot be read: {reason}; if it is text, quote it: "{node.value}"')
            return None

    def _refuse(self, path: Path, line: int, message: str) -> None:
        # Shown relative to the description, as all paths are.
        path = path[2:] if path[:2] == ("config", CONFIG_KEY) else path
        self._refused.append(Problem(path, message, place=(self._file, line + 1)))

    def _entries(self, path: Path, node: MappingNode) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line
            if not isinstance(key_node, ScalarNode):
                self._refuse(path, line, "a key must be a scalar; write one")
                continue
            key = str(key_node.value)
            if not key:
                self._refuse(path, line, "the key is empty; write a name before the colon")
                continue
            if key == "<<" and key_node.style is None:
                self._refuse((*path, key), line, "merge keys are not supported; write the values out here")
                continue
            if not _is_key(self._scalar((*path, key), key_node, line), key):
                self._refuse(
                    (*path, key), line, f'{key} is not a string, and the engine reads another key; quote it: "{key}"'
                )
                continue
            if key in seen:
                self._refuse((*path, key), line, f"duplicate of line {seen[key]}; keep one")
                continue
            seen[key] = line + 1
            yield key, self._value((*path, key), value_node, line)


def _is_key(value: Any, text: str) -> bool:
    """Whether the engine reads a key as the same text; it rewrites numbers and dates."""
    if isinstance(value, bool):
        return text in {"true", "false"}
    return isinstance(value, str) or (isinstance(value, int) and str(value) == text)


def located(problems: Sequence[Problem], document: Document) -> list[Problem]:
    """Return problems with their places, by file and line; what is in no file comes first.

    A problem that the same line has for several regions is reported for the first, and names the others.
    """
    found: dict[tuple[object, ...], tuple[Problem, list[str]]] = {}
    for problem in problems:
        place = document.place(problem.path)
        placed = replace(problem, place=(place.file, place.line) if place else None)
        region = place.origin.region if place and place.origin else None
        key = (placed.place, problem.severity, *(_for_any(text, region) for text in (*problem.path, problem.message)))
        others = found.setdefault(key, (placed, []))[1]
        if region and placed is not found[key][0]:
            others.append(region)
    merged = [_for_others(problem, others) for problem, others in found.values()]
    return sorted(merged, key=lambda problem: problem.place or ("", 0))


def _for_any(text: str, region: str | None) -> str:
    return text.replace(region, "") if region else text


def _for_others(problem: Problem, regions: Sequence[str]) -> Problem:
    named = ", ".join(regions)
    return replace(problem, message=f"{problem.message} (and for {named})") if regions else problem


def layer(base: Document, over: Document) -> Document:
    """Merge one document over another: maps are merged, other values are replaced, ``null`` removes a key.

    A ``null`` without anything to remove stays, so that an empty entry is validated instead of silently dropped. The
    places of the result show which file set each value.
    """
    places: dict[Path, Place] = {}
    data = _join((), (base.data, base), (over.data, over), places)
    return Document(data, places)


_Part = tuple[Any, Document]
"""A value of a document at some path, and the document."""


def _join(path: Path, base: _Part, over: _Part, places: dict[Path, Place]) -> Any:
    below, above = base[0], over[0]
    places[path] = over[1].places.get(path) or base[1].places.get(path) or Place("", 0)
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return _taken(path, over, places)
    joined: dict[str, Any] = {}
    for key in (*below, *(key for key in above if key not in below)):
        child = (*path, key)
        if key in below and key in above and above[key] is None:
            continue
        if key in below and key in above:
            joined[key] = _join(child, (below[key], base[1]), (above[key], over[1]), places)
        else:
            joined[key] = _taken(child, (above[key], over[1]) if key in above else (below[key], base[1]), places)
    return joined


def _taken(path: Path, part: _Part, places: dict[Path, Place]) -> Any:
    """Return a value unchanged, after copying the places of the value and everything below it."""
    value, document = part
    place = document.places.get(path)
    if place is not None:
        places[path] = place
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in below:
        _taken((*path, str(key)), (each, document), places)
    return value
