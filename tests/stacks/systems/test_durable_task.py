"""Durable Task schedulers in two regions: where they go and what they refer to."""

from components.testing import Recording
from tests.stacks.systems.two_regions import grants, groups, placed, wired


def test_a_scheduler_is_in_the_region_that_it_states_else_in_the_home_region(built: Recording) -> None:
    assert placed(built, "tasks-") == {
        "tasks-home-scheduler": ("eastus", "rg-contoso-test-tasks-home"),
        "tasks-home-hub-orders": (None, "rg-contoso-test-tasks-home"),
        "tasks-away-scheduler": ("westeurope", "rg-contoso-test-tasks-away"),
        "tasks-away-hub-code": (None, "rg-contoso-test-tasks-away"),
    }
    assert groups(built, "tasks") == {
        "rg-contoso-test-tasks-home": "eastus",
        "rg-contoso-test-tasks-away": "westeurope",
    }


def test_a_scheduler_with_sandboxes_has_their_identity_and_lets_its_workers_in(built: Recording) -> None:
    identities = wired(built, "tasks-away-scheduler", "identity.userAssignedIdentities")
    assert identities == ["contoso-test-identity-worker-identity-id"]
    hub = "contoso-test-tasks-away-hub-code-id"
    assert {(scope, principal) for _, scope, principal in grants(built, "tasks-")} == {
        (hub, "id-contoso-test-api-principal"),
        (hub, "id-contoso-test-worker-principal"),
    }


def test_its_workers_pull_from_the_replica_in_its_region(built: Recording) -> None:
    worker = built.exports["compute"]["task_schedulers"]["away"]["workers"]["execute"]
    image = "contosotest.westeurope.geo.azurecr.io/agents/worker:2.0.1"
    assert worker["environment"]["DTS_SANDBOX_IMAGE"] == image
