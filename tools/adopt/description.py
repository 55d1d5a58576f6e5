"""The description of what exists: sections of the stack file, what is default left out, in a file that a person would write."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from planning.problems import Path as KeyPath
from stacks.document import read as read_document
from stacks.files import BASE, CONFIG_KEY
from stacks.loader import Stack, load
from tools.adopt.estate import Json

_WIDTH: Final = 120
_ALWAYS: Final = ("name", "environment", "location")


def loaded(name: str, described: Json, directory: Path) -> Stack:
    """Check a description as the loader does, laid over the base of a directory.

    Raises:
        SpecError: lists every problem of the description.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / directory.name
        folder.mkdir()
        if (directory / BASE).exists():
            shutil.copy(directory / BASE, folder / BASE)
        over = whole(described, base(directory))
        (folder / f"Pulumi.{name}.yaml").write_text(text(over), encoding="utf-8")
        return load(name, directory=folder)


def base(directory: Path) -> Json:
    """Return what the base of a directory states; empty without one."""
    path = directory / BASE
    if not path.exists():
        return {}
    found = read_document(path, BASE).below(("config", CONFIG_KEY)).data
    return dict(found) if isinstance(found, Mapping) else {}


def whole(described: Json, below: Json) -> Json:
    """Return a description that holds whatever the base states: null removes what it does not have."""
    found = {
        name: whole(item, below[name]) if isinstance(item, dict) and isinstance(below.get(name), dict) else item
        for name, item in described.items()
    }
    return {**found, **{name: None for name in below if name not in described}}


def smallest(described: Json, spec: BaseModel, below: Json) -> Json:
    """Return a description without what the base states and what is default where the base states nothing.

    Args:
        described: the sections.
        spec: the typed form of the sections, laid over the base.
        below: what the base states.
    """
    found = _smallest(described, spec, below)
    return {**{name: found[name] for name in _ALWAYS if name in found}, **found}


def _smallest(value: Json, model: BaseModel, below: Json) -> Json:
    fields = type(model).model_fields
    kept: Json = {}
    for name, item in value.items():
        typed, under = getattr(model, name, None), below.get(name)
        default = (
            name in fields
            and not fields[name].is_required()
            and typed == fields[name].get_default(call_default_factory=True)
        )
        if name in below and item == under:
            continue
        if name not in below and default:
            continue
        kept[name] = _smaller(item, typed, under)
        if kept[name] == {} and name in below:
            del kept[name]
    # What the base states and the description does not is removed by null.
    for name, item in below.items():
        default = fields[name].get_default(call_default_factory=True) if name in fields else None
        if name not in value and item not in (None, default):
            kept[name] = None
    return kept


def _smaller(item: Any, typed: Any, under: Any) -> Any:
    if not isinstance(item, dict):
        return item
    beneath = under if isinstance(under, dict) else {}
    if isinstance(typed, BaseModel):
        return _smallest(item, typed, beneath)
    if isinstance(typed, Mapping):
        kept = {
            key: _smaller(each, typed.get(key), beneath.get(key))
            for key, each in item.items()
            if each != beneath.get(key)
        }
        return {**kept, **{key: None for key in beneath if key not in item}}
    return item


def text(described: Json, comment: str = "") -> str:
    """Return the stack file of a description."""
    root = CommentedMap({"config": CommentedMap({f"{CONFIG_KEY}": _styled(described, 4)})})
    yaml = YAML()
    yaml.width = _WIDTH + 40
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(root, stream)
    return f"# yaml-language-server: $schema=./schema.json\n{comment}{stream.getvalue()}"


def _styled(value: Any, column: int) -> Any:
    """Maps and lists that ruamel writes in one line where they fit, below the first level."""
    if isinstance(value, dict):
        styled = CommentedMap({key: _styled(item, column + 2) for key, item in value.items()})
        if column > 4 and _fits(value, column):
            styled.fa.set_flow_style()
        return styled
    if isinstance(value, list):
        sequence = CommentedSeq([_styled(item, column + 2) for item in value])
        if all(not isinstance(item, dict | list) for item in value):
            sequence.fa.set_flow_style()
        return sequence
    return value


def _fits(value: Json, column: int) -> bool:
    """Whether a map is short enough for one line, with the key in front of it."""
    shallow = all(
        not isinstance(item, dict) or not item or not any(isinstance(each, dict) for each in item.values())
        for item in value.values()
    )
    return shallow and len(str(value)) + column < _WIDTH


def at(described: Json, path: KeyPath) -> Any:
    """Return what a description states at a path, or None."""
    found: Any = described
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
