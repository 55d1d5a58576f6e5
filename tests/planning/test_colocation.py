"""Co-location: which regions lack a replica, and which replicas a consumer."""

import pytest

from planning.colocation import Finding, findings

WHY = "a build cluster that pulls once a night"


def report(running: list[str], replicas: list[str], exceptions: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(found.kind, found.region) for found in findings(running, "eastus", replicas, exceptions or {})]


@pytest.mark.parametrize(
    ("running", "replicas", "exceptions", "expected"),
    [
        ([], ["westeurope"], {}, []),
        (["eastus"], [], {}, []),
        (["eastus", "westeurope"], ["westeurope"], {}, []),
        (["westeurope"], [], {}, [("apart", "westeurope")]),
        (["westeurope", "westeurope"], [], {}, [("apart", "westeurope")]),
        (["westeurope"], [], {"westeurope": WHY}, [("excused", "westeurope")]),
        (["westeurope"], [], {"westeurope": ""}, [("apart", "westeurope")]),
        (["eastus"], ["westeurope"], {}, [("idle", "westeurope")]),
        (["westeurope"], ["westeurope"], {"westeurope": WHY}, [("needless", "westeurope")]),
        (["eastus"], [], {"eastus": WHY}, [("needless", "eastus")]),
        (["eastus"], [], {"westus": WHY}, [("unused", "westus")]),
    ],
)
def test_each_region_is_reported_once_and_of_the_right_kind(
    running: list[str], replicas: list[str], exceptions: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert report(running, replicas, exceptions) == expected


def test_the_home_region_is_never_idle() -> None:
    assert report(["westeurope"], ["westeurope"]) == []


def test_a_finding_carries_the_reason() -> None:
    assert list(findings(["westus"], "eastus", [], {"westus": WHY})) == [Finding("excused", "westus", WHY)]
