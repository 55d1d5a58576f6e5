"""Problems as lines, and the error that carries them all."""

import pytest

from planning.problems import Problem, SpecError, closest, unknown


def test_a_line_is_place_path_and_message() -> None:
    problem = Problem(("networks", "eastus"), "is wrong; mend it", place=("file.yaml", 2))
    assert problem.line() == "file.yaml:2 networks.eastus: is wrong; mend it"


def test_a_line_about_a_file_names_the_file() -> None:
    assert Problem((), "is no text", place=("file.yaml", None)).line() == "file.yaml: is no text"
    assert Problem((), "not YAML", place=("file.yaml", 3)).line() == "file.yaml:3: not YAML"


def test_without_a_place_a_line_starts_with_the_path() -> None:
    assert Problem(("registry", "sku"), "is wrong").line() == "registry.sku: is wrong"


def test_a_problem_of_the_whole_says_so() -> None:
    assert Problem((), "is empty").line() == "(whole description): is empty"


def test_the_error_shows_every_problem() -> None:
    problems = [Problem(("a",), "one"), Problem(("b",), "two")]
    with pytest.raises(SpecError, match="a: one\nb: two") as refusal:
        raise SpecError(problems)
    assert refusal.value.problems == tuple(problems)
    assert refusal.value.lines == ("a: one", "b: two")


def test_lines_that_are_given_win() -> None:
    assert SpecError([Problem(("a",), "one")], ["f:1 a: one"]).lines == ("f:1 a: one",)


def test_a_value_with_line_breaks_stays_in_one_line() -> None:
    problem = Problem(("networks", "a\nb"), "is \x1b[2J; mend it")
    assert problem.line() == r"networks.a\nb: is \x1b[2J; mend it"
    assert SpecError((), ["a\nb"]).lines == (r"a\nb",)


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("kublet", ["plane", "kubelet"], "kubelet"),
        ("eatsus", ["westus", "eastus"], "eastus"),
        ("planes", ["plane"], "plane"),
        ("plbne", ["plane"], "plane"),
        ("regoinal_endpoint", ["regional_endpoints"], "regional_endpoints"),
        ("west", ["east"], None),
        ("westus", ["eastus"], None),
        ("cache_rules", ["ip_rules"], None),
        ("gpu", ["cpu"], None),
        ("a", ["b"], None),
        ("", ["a"], None),
        ("plane", [], None),
    ],
)
def test_a_word_is_corrected_only_for_a_typing_error(word: str, known: list[str], meant: str | None) -> None:
    assert closest(word, known) == meant


def test_what_names_nothing_is_reported_with_what_there_is() -> None:
    assert unknown("network", "hub", ["eastus", "spoke"]) == "there is no network 'hub'; there are: eastus, spoke"
    assert unknown("network", "hub", []) == "there is no network 'hub'; there are: none"
    assert unknown("network", "eatsus", ["eastus"]).endswith("; there are: eastus; did you mean eastus?")


def test_a_long_value_is_shown_by_its_beginning_and_its_length() -> None:
    line = Problem(("environment",), f"{'x' * 100_000!r} is not a name; write another").line()
    assert line == f"environment: '{'x' * 79}… (100002 characters) is not a name; write another"


def test_a_long_word_is_compared_with_none_in_no_time() -> None:
    assert closest("x" * 1_000_000, ["network", "subnet"]) is None
