"""YAML read with places, and laid over one another."""

from pathlib import Path
from typing import NoReturn

import pytest

from planning.problems import SpecError
from stacks.document import Document, Place, layer, read


def document(tmp_path: Path, text: str | bytes, name: str = "file.yaml") -> Document:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, name)


def refused(tmp_path: Path, text: str | bytes) -> list[str]:
    with pytest.raises(SpecError) as refusal:
        document(tmp_path, text)
    assert not [line for line in refusal.value.lines if "\n" in line]
    return list(refusal.value.lines)


def test_every_value_has_its_line_and_its_text_as_written(tmp_path: Path) -> None:
    found = document(tmp_path, 'a:\n  b: 1.30\n  c: ["x", 2026-01-02]\n')
    assert found.data["a"]["b"] == 1.3
    places = {".".join(path): (place.line, place.text, place.quoted) for path, place in found.places.items()}
    assert places == {
        "": (1, None, False),
        "a": (1, None, False),
        "a.b": (2, "1.30", False),
        "a.c": (3, None, False),
        "a.c.0": (3, "x", True),
        "a.c.1": (3, "2026-01-02", False),
    }


def test_a_path_that_is_nowhere_is_located_at_the_nearest_that_does(tmp_path: Path) -> None:
    found = document(tmp_path, "a:\n  b: 1\n")
    assert found.locate(("a", "b")) == "file.yaml:2"
    assert found.locate(("a", "missing", "deeper")) == "file.yaml:1"
    assert Document({}).locate(("a",)) == ""


@pytest.mark.parametrize(
    ("written", "value"),
    [("on", "on"), ("yes", "yes"), ("12:30", "12:30"), ("true", True), ("017", 17), ("~", None), ("", None)],
)
def test_words_are_read_by_yaml_1_2(tmp_path: Path, written: str, value: object) -> None:
    assert document(tmp_path, f"a: {written}\n").data == {"a": value}


def test_keys_are_text_where_the_engine_reads_them_alike(tmp_path: Path) -> None:
    assert document(tmp_path, '7: a\n"1.30": b\ntrue: c\n').data == {"7": "a", "1.30": "b", "true": "c"}


@pytest.mark.parametrize("key", ["1.30", "2026-01-02", "~", "null", "010", "0x1F", "True"])
def test_keys_that_the_engine_would_write_otherwise_are_refused(tmp_path: Path, key: str) -> None:
    said = f'file.yaml:2 a.{key}: {key} is not a string, and the engine reads another key; quote it: "{key}"'
    assert refused(tmp_path, f"a:\n  {key}: x\n") == [said]


def test_a_value_too_long_to_be_read_is_not_shown(tmp_path: Path) -> None:
    said = "file.yaml:1 a: a value of 5000 characters cannot be read; write a shorter one"
    assert refused(tmp_path, f"a: {'9' * 5000}\n") == [said]


def test_aliases_of_aliases_do_not_grow_without_end(tmp_path: Path) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (line,) = refused(tmp_path, "\n".join(["a0: &a0 [1]", *levels]))
    assert "more than 200000 values with aliases expanded" in line


def test_an_alias_has_the_value_of_its_anchor_and_a_line_of_its_own(tmp_path: Path) -> None:
    found = document(tmp_path, "a: &x {k: v}\nb: *x\n")
    assert found.data == {"a": {"k": "v"}, "b": {"k": "v"}}
    assert found.locate(("b",)) == "file.yaml:2"


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert document(tmp_path, "").data is None


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path) -> None:
    found = document(tmp_path, "﻿a: 1\r\nb: 2\r\n".encode())
    assert found.data == {"a": 1, "b": 2}
    assert found.locate(("b",)) == "file.yaml:2"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "file.yaml:3 a: duplicate of line 1; keep one"),
        ("a:\n  b: 1\n  b: 2\n", "file.yaml:3 a.b: duplicate of line 2; keep one"),
        ("? [a, b]\n: 1\n", "file.yaml:1: a key must be a scalar; write one"),
        ("a: &x\n  b: *x\n", "file.yaml:2 a.b: is an alias of a value that contains it; write the value out"),
        ("a: &x [1, *x]\n", "file.yaml:1 a.1: is an alias of a value that contains it; write the value out"),
        ("a:\n\tb: 1\n", "file.yaml:2: not YAML: found character '\\t' that cannot start any token; correct the line"),
        ("a: *nope\n", "file.yaml:1: not YAML: found undefined alias 'nope'; correct the line"),
        ("a: 1\n---\nb: 2\n", "file.yaml:2: not YAML: but found another document; correct the line"),
        (
            "a: 2026-02-30\n",
            'file.yaml:1 a: 2026-02-30 cannot be read: day is out of range for month; if it is text, quote it: "2026-02-30"',
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    assert refused(tmp_path, text) == [line]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b\0c\n", "file.yaml: not YAML: unacceptable character #x0000"),
        ("a: !secret x\n", "file.yaml:1 a: x cannot be read: could not determine a constructor for the tag '!secret'"),
        ("a: !!int x\n", "file.yaml:1 a: x cannot be read"),
        ("[" * 600 + "]" * 600, "nested too deeply"),
        ("{a: " * 400 + "1" + "}" * 400, "nested too deeply"),
        ("a: [1, 2\n", "not YAML: expected ',' or ']'"),
        (b"a: \xff\n", "file.yaml: cannot be read: not UTF-8 text at byte 3"),
    ],
)
def test_what_is_not_yaml_is_refused_in_one_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    (line,) = refused(tmp_path, text)
    assert said in line


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    lines = refused(tmp_path, "a: 1\na: 2\nb: 2026-13-01\nb: 3\n")
    assert [line.split(" ")[0] for line in lines] == ["file.yaml:2", "file.yaml:3", "file.yaml:4"]


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"^x\.yaml: cannot be read: No such file"):
        read(tmp_path / "x.yaml", "x.yaml")


def layered(tmp_path: Path, base: str, over: str) -> Document:
    return layer(document(tmp_path, base, "base.yaml"), document(tmp_path, over, "over.yaml"))


def test_maps_are_joined_key_by_key_and_anything_else_is_replaced(tmp_path: Path) -> None:
    found = layered(tmp_path, "m: {a: 1, b: {c: 2}}\nl: [1, 2]\ns: x\n", "m: {b: {d: 3}}\nl: [9]\ns: {y: 1}\n")
    assert found.data == {"m": {"a": 1, "b": {"c": 2, "d": 3}}, "l": [9], "s": {"y": 1}}


def test_the_places_report_which_file_set_each_value(tmp_path: Path) -> None:
    found = layered(tmp_path, "m:\n  a: 1\n  b: 2\nl: [1, 2]\n", "m:\n  b: 3\nl: [9]\n")
    assert found.locate(("m", "a")) == "base.yaml:2"
    assert found.locate(("m", "b")) == "over.yaml:2"
    assert found.locate(("l", "0")) == "over.yaml:3"
    assert ("l", "1") not in found.places


def test_null_removes_what_the_base_states(tmp_path: Path) -> None:
    assert layered(tmp_path, "m: {a: 1, b: 2}\n", "m: {a: null}\n").data == {"m": {"b": 2}}
    assert layered(tmp_path, "m: {a: 1}\nn: 2\n", "m:\n").data == {"n": 2}


def test_null_that_finds_nothing_to_remove_stays_to_be_evaluated(tmp_path: Path) -> None:
    assert layered(tmp_path, "m: {a: 1}\n", "m: {b: }\n").data == {"m": {"a": 1, "b": None}}


def test_removing_a_value_and_laying_nothing_over_leaves_the_base(tmp_path: Path) -> None:
    assert layered(tmp_path, "m: {a: 1}\n", "{}\n").data == {"m": {"a": 1}}


def test_a_merge_key_is_refused_once_and_not_to_be_quoted(tmp_path: Path) -> None:
    assert refused(tmp_path, "a: &x {b: 1}\nc:\n  <<: *x\n") == [
        "file.yaml:3 c.<<: merge keys are not supported; write the values out here"
    ]


def test_an_empty_key_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, 'a:\n  "": {}\n') == ["file.yaml:2 a: the key is empty; write a name before the colon"]


def test_problems_of_a_description_are_reported_by_its_own_paths(tmp_path: Path) -> None:
    assert refused(tmp_path, "config:\n  moorings:stack:\n    a: 1\n    a: 2\n") == [
        "file.yaml:4 a: duplicate of line 3; keep one"
    ]


def test_a_value_that_cannot_be_read_and_may_be_a_secret_is_not_shown(tmp_path: Path) -> None:
    assert refused(tmp_path, "env:\n  DB_PASSWORD: 2026-02-30\n") == [
        "file.yaml:2 env.DB_PASSWORD: cannot be read; if it is text, quote it"
    ]


def test_laying_over_looks_at_each_place_once(tmp_path: Path) -> None:
    class Places(dict[tuple[str, ...], Place]):
        """Places that can be looked up and not gone through, which for each key would take quadratic time."""

        def items(self) -> NoReturn:
            raise AssertionError("all places were gone through")

        __iter__ = keys = values = items

    below, above = document(tmp_path, "tags: {a: 1, c: [1]}\n"), document(tmp_path, "tags: {a: 2, b: 2}\n")
    joined = layer(Document(below.data, Places(below.places)), Document(above.data, Places(above.places)))
    assert joined.data == {"tags": {"a": 2, "c": [1], "b": 2}}
    assert set(joined.places) == {(), ("tags",), *(("tags", key) for key in "abc"), ("tags", "c", "0")}
