"""A pytest plugin for people who build on the components: run a program without an engine and assert on plain data.

    def test_every_replica_has_the_region_as_its_name(record):
        recording = record(lambda: Registry("r", spec, location="eastus", resource_group_name="rg", tags={}))
        assert {r.inputs["location"] for r in recording.of_type("…:Replication")} == {"westeurope"}

An assert inside ``apply`` passes if it never runs, as it does for an unknown value. Here the program runs to its end
first, every registration and output is awaited, exceptions of outputs are raised, and a program that registers nothing
fails. Programs of other projects use `package/testing`, which offers the same fixture.
"""

from collections.abc import Callable

import pytest

from components.recording import (
    SESSION,
    STACK_TYPE,
    Answer,
    NothingRegisteredError,
    Recording,
    Registered,
    run_recorded,
)

__all__ = [
    "SESSION",
    "STACK_TYPE",
    "Answer",
    "NothingRegisteredError",
    "Recording",
    "Registered",
    "record",
    "run_recorded",
]


@pytest.fixture
def record() -> Callable[..., Recording]:
    """Run a program or component without an engine; see `run_recorded`."""
    return run_recorded
