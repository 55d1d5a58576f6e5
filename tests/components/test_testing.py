"""The fixture for people who build on the components: it cannot pass in silence, and runs do not meet."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from pulumi.output import UNKNOWN

from components.testing import NothingRegisteredError, Recording

Record = Callable[..., Recording]


class Thing(pulumi.CustomResource):
    made: pulumi.Output[str]

    def __init__(
        self, name: str, inputs: Mapping[str, Any] | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("test:module:Thing", name, {"made": None, **(inputs or {})}, opts)


def fail(_: object) -> None:
    raise ZeroDivisionError("in an apply")


def test_a_program_that_registers_nothing_fails(record: Record) -> None:
    with pytest.raises(NothingRegisteredError):
        record(lambda: pulumi.export("a", 1))


def test_an_exception_of_the_program_is_raised(record: Record) -> None:
    def program() -> None:
        Thing("a")
        raise LookupError("of the program")

    with pytest.raises(LookupError, match="of the program"):
        record(program)


@pytest.mark.parametrize(
    "program",
    [
        lambda: Thing("a").id.apply(fail),
        lambda: pulumi.export("x", Thing("a").id.apply(fail)),
        lambda: Thing("b", {"x": Thing("a").id.apply(fail)}),
        lambda: (Thing("a"), pulumi.Output.from_input(1).apply(fail)),
    ],
    ids=["that nobody waits for", "that is exported", "that is an input", "of no resource"],
)
def test_an_exception_in_an_apply_is_raised(record: Record, program: Callable[[], None]) -> None:
    with pytest.raises(ZeroDivisionError, match="in an apply"):
        record(program)


def test_a_failed_assertion_in_an_apply_is_raised(record: Record) -> None:
    def program() -> None:
        def check(found: str) -> None:
            assert found == "another"

        Thing("a").id.apply(check)

    with pytest.raises(AssertionError):
        record(program)


def test_resources_made_in_an_apply_are_recorded(record: Record) -> None:
    recording = record(lambda: Thing("a").id.apply(lambda found: Thing(f"b-{found}")))
    assert [found.name for found in recording] == ["a", "b-a-id"]


@pytest.mark.parametrize(
    "before",
    [
        lambda: Thing("b", {"x": Thing("a").id.apply(fail)}),
        lambda: Thing("a").id.apply(fail),
        lambda: None,
        lambda: (Thing("a"), pulumi.export("left", "over")),
    ],
    ids=["input failed", "apply failed", "nothing registered", "went well"],
)
def test_a_run_leaves_nothing_to_the_next(record: Record, before: Callable[[], None]) -> None:
    with contextlib.suppress(ZeroDivisionError, NothingRegisteredError):
        record(before, config={"project:key": "left over"})

    def program() -> None:
        Thing("z")
        pulumi.export("config", pulumi.Config("project").get("key") or "none")

    recording = record(program)
    assert [found.name for found in recording] == ["z"]
    assert recording.exports == {"config": "none"}


def test_a_transformation_ends_with_its_run(record: Record) -> None:
    def transform(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult({**args.props, "transformed": True}, args.opts)

    def program() -> None:
        pulumi.runtime.register_stack_transformation(transform)
        Thing("a")

    assert record(program).named("a").inputs == {"transformed": True}
    assert record(lambda: Thing("a")).named("a").inputs == {}


def test_exports_configuration_and_names_are_the_runs_own(record: Record) -> None:
    def program() -> str:
        Thing("a")
        pulumi.export("key", pulumi.Config("project").require("key"))
        return f"{pulumi.get_project()}/{pulumi.get_stack()}"

    for value in ("one", "two"):
        recording = record(program, config={"project:key": value}, project="p", stack="s")
        assert recording.exports == {"key": value}
        assert recording.result == "p/s"
        assert recording.urn_of(recording.named("a")) == "urn:pulumi:s::p::pulumi:pulumi:Stack$test:module:Thing::a"


def test_answers_are_what_a_resource_puts_out(record: Record) -> None:
    recording = record(
        lambda: pulumi.export("made", Thing("a", {"size": 2}).made),
        answers={"Thing": lambda inputs: {"made": f"of size {inputs['size']:.0f}"}},
    )
    assert recording.exports == {"made": "of size 2"}


def test_an_answer_may_state_the_id(record: Record) -> None:
    recording = record(lambda: pulumi.export("id", Thing("a").id), answers={"test:module:Thing": {"id": "given"}})
    assert recording.exports == {"id": "given"}


def test_in_a_preview_ids_and_computed_outputs_are_unknown_and_inputs_are_known(record: Record) -> None:
    def program() -> None:
        thing = Thing("a", {"stated": "x"})
        Thing("b", {"id": thing.id, "made": thing.made, "deep": [{"id": thing.id}], "plain": "y"})
        pulumi.export("id", thing.id)

    recording = record(program, preview=True, answers={"Thing": {"made": "never asked"}})
    assert recording.named("b").inputs == {"id": UNKNOWN, "made": UNKNOWN, "deep": [{"id": UNKNOWN}], "plain": "y"}
    assert recording.exports == {"id": UNKNOWN}


def test_what_a_registration_says_beyond_its_inputs_is_recorded(record: Record) -> None:
    def program() -> None:
        first = Thing("a")
        options = pulumi.ResourceOptions(
            protect=True, ignore_changes=["x"], depends_on=[first], aliases=[pulumi.Alias(name="old")]
        )
        Thing("b", opts=options)

    recording = record(program)
    found = recording.named("b")
    assert (found.protect, found.ignore_changes, found.aliases) == (True, ("x",), ("old",))
    assert found.depends_on == {recording.urn_of(recording.named("a"))}


def test_one_of_several_is_refused_with_the_types_there_are(record: Record) -> None:
    recording = record(lambda: (Thing("a"), Thing("b")))
    assert [found.name for found in recording.of_type("module:Thing")] == ["a", "b"]
    with pytest.raises(AssertionError, match=r"2 resources of type Thing; registered types: \['test:module:Thing'\]"):
        recording.one("Thing")
    with pytest.raises(AssertionError, match="0 resources of type Other"):
        recording.one("Other")
    with pytest.raises(AssertionError, match=r"no resource named c; there are: \['a', 'b'\]"):
        recording.named("c")
