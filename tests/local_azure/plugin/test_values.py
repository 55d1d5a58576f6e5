from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local_azure.plugin.rpc_errors import hide, plain_status
from local_azure.plugin.values import (
    OUTPUT_SIGNATURE,
    SIGNATURE,
    UNKNOWN,
    Secret,
    from_struct,
    has_unknown,
    keep_secret,
    reveal,
    secret_texts,
    to_struct,
)

_leaves = st.one_of(
    st.text(max_size=5),
    st.integers(-1000, 1000),
    st.booleans(),
    st.just(UNKNOWN),
    st.builds(Secret, st.text(max_size=5)),
)
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
)


@given(st.dictionaries(st.text(max_size=3), _values, max_size=4))
def test_values_survive_the_engines_protocol(values: dict[str, Any]) -> None:
    assert from_struct(to_struct(values)) == values


def test_nulls_are_left_out_and_whole_numbers_are_integers() -> None:
    read = from_struct(to_struct({"a": None, "b": 3.0, "c": 1.5}))
    assert read == {"b": 3, "c": 1.5}
    assert isinstance(read["b"], int)


def test_an_output_value_becomes_its_value_secret_or_unknown() -> None:
    marked = {SIGNATURE: OUTPUT_SIGNATURE}
    read = from_struct(
        to_struct({"a": {**marked, "value": "x"}, "b": {**marked, "value": "x", "secret": True}, "c": marked})
    )
    assert read == {"a": "x", "b": Secret("x"), "c": UNKNOWN}


def test_a_secret_never_shows_itself() -> None:
    assert "hunter2" not in repr({"a": Secret("hunter2")})
    assert "hunter2" not in str([Secret({"deep": "hunter2"})])


def test_secrets_are_kept_in_the_same_place_of_the_outputs() -> None:
    inputs = {"a": Secret("x"), "l": [{"s": Secret("y"), "p": 1}], "m": [Secret("z")], "plain": 1}
    outputs = {"a": "x", "l": [{"s": "y", "p": 1, "more": 2}], "m": ["z", "w"], "plain": 1, "other": "o"}
    kept = keep_secret(inputs, outputs)
    assert kept == {
        "a": Secret("x"),
        "l": [{"s": Secret("y"), "p": 1, "more": 2}],
        "m": Secret(["z", "w"]),
        "plain": 1,
        "other": "o",
    }
    assert reveal(kept) == outputs


def test_messages_lose_every_secret() -> None:
    inputs = {"a": Secret({"b": ["hunter2", "hunter22"]}), "c": "open"}
    texts = secret_texts(inputs)
    assert texts == {"hunter2", "hunter22"}
    assert hide("got hunter22 and hunter2, open", texts) == "got [secret] and [secret], open"
    assert plain_status(ValueError("bad hunter2"), texts).details == "bad [secret]"


def test_what_is_unknown_is_found_at_any_depth() -> None:
    assert has_unknown({"a": [Secret({"b": UNKNOWN})]})
    assert not has_unknown({"a": [Secret({"b": 1})]})
