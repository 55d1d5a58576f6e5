"""Whatever is in a stack file, loading it succeeds or refuses it with lines: every section, wrong in every manner."""

import random
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path as FilePath
from typing import Any

import pytest

from planning.problems import SpecError
from stacks import loader
from stacks.document import Document, Place
from stacks.loader import load, written
from stacks.messages import model_at
from stacks.spec import StackSpec

PROGRAMS = FilePath(__file__).parents[1] / "up"
SYSTEMS = FilePath(__file__).parent / "systems" / "stacks"
FILES = {
    **{f.parts[-3]: f.parent for f in sorted(PROGRAMS.glob("*/stacks/Pulumi.test.yaml"))},
    "systems": SYSTEMS,
    "prod": loader.DIRECTORY,
}
SECTIONS = sorted(
    {*StackSpec.model_fields, *StackSpec.short_forms}
    - {"version_aliases", "engine_state", "image_policy", "colocation", "planning", "cloud", "tags"}
)
WRONG: tuple[Any, ...] = (
    *(None, True, -1, 0, 10**12, 1.5, float("nan"), float("inf")),
    *("", "x" * 300, "a\nb", "Ü ☃", "../x", "*", ":", "northpole", "10.0.0.0/33", "0.0.0.0/0", "2026-01-01"),
    *(
        {},
        [],
        [None],
        [{}],
        [["x"]],
        {"": {}},
        {"a": None},
        {"a": {}},
        {"x" * 200: {}},
        {"unknown": 1},
        {"secure": "v1:abc"},
    ),
)
KEYS = ("", "x" * 120, "Ü", "a b", "a.b", "A", "-a")
MUTATIONS = 500
"""Of each file; with another seed they are others, and a crash found by chance becomes a case of its own."""


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def steps(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path of plain data, a list's index as a number."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*above, key)
        yield from steps(value, (*above, key))


def document_of(data: Any) -> Document:
    """Plain data as if a file stated it, a line for each key."""
    places: dict[tuple[str, ...], Place] = {(): Place("f.yaml", 1)}
    for line, path in enumerate(steps(data), start=2):
        value = at(data, path)
        text = None if isinstance(value, dict | list) else str(value)
        places[tuple(map(str, path))] = Place("f.yaml", line, text)
    return Document(data, places)


def mutated(data: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """One thing wrong: a value, a key, a missing key, or a further one that the spec knows."""
    data = deepcopy(data)
    path = rng.choice(list(steps(data)))
    owner, key = at(data, path[:-1]), path[-1]
    manner = rng.choice(("value", "value", "key", "missing", "further"))
    if manner == "value" or not isinstance(owner, dict):
        owner[key] = deepcopy(rng.choice(WRONG))
    elif manner == "key":
        owner[rng.choice(KEYS)] = owner.pop(key)
    elif manner == "missing":
        del owner[key]
    else:
        model = model_at(StackSpec, tuple(map(str, path[:-1])))
        owner[rng.choice(list(model.model_fields)) if model else "further"] = deepcopy(rng.choice(WRONG))
    return data


def judge(data: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Load plain data, and hold the lines of a refusal, and of the warnings, to what every line must be."""
    monkeypatch.setattr(loader, "written", lambda *_, **__: document_of(data))
    try:
        lines = load("test").warnings
    except SpecError as refusal:
        lines = refusal.lines
        assert lines
    for line in lines:
        assert line.startswith("f.yaml:")
        assert line.isprintable()
        assert ": " in line


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_value_is_refused_with_lines_and_nothing_else(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = written(name if name == "prod" else "test", directory=FILES[name]).data
    rng = random.Random(name)
    for _ in range(MUTATIONS):
        data = mutated(original, rng)
        if rng.random() < 0.3:
            data = mutated(data, rng) if data else data
        judge(data, monkeypatch)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_whole_section_of_another_kind_is_refused_with_lines(section: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = written("prod").data
    for value in WRONG:
        judge({**original, section: deepcopy(value)}, monkeypatch)


def test_the_files_between_them_state_every_section() -> None:
    stated = {
        key
        for name, folder in FILES.items()
        for key in written("prod" if name == "prod" else "test", directory=folder).data
    }
    assert set(SECTIONS) <= stated
