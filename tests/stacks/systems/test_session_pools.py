"""Session pools in two regions: where they go and what they refer to."""

from components.testing import Recording
from tests.stacks.systems.two_regions import grants, groups, placed, wired


def test_a_pool_is_where_it_states_else_where_its_environment_is_else_at_home(built: Recording) -> None:
    regions = {"plain": "eastus", "box": "westeurope", "apart": "westeurope"}
    assert placed(built, "sessions-") == {
        f"sessions-{key}-pool": (region, f"rg-contoso-test-sessions-{key}") for key, region in regions.items()
    }
    assert groups(built, "sessions") == {f"rg-contoso-test-sessions-{key}": region for key, region in regions.items()}


def test_a_pool_runs_in_its_environment_and_pulls_from_the_replica_there(built: Recording) -> None:
    assert wired(built, "sessions-box-pool", "environmentId") == "contoso-test-apps-side-environment-id"
    container = wired(built, "sessions-box-pool", "customContainerTemplate.containers.0")
    assert container["image"] == "contosotest.westeurope.geo.azurecr.io/team/box:1"
    identity = wired(built, "sessions-box-pool", "customContainerTemplate.registryCredentials.identity")
    assert identity == "contoso-test-identity-api-identity-id"


def test_only_the_named_identities_may_run_code(built: Recording) -> None:
    found = grants(built, "sessions-")
    assert {(scope, principal) for _, scope, principal in found} == {
        ("contoso-test-sessions-plain-pool-id", "id-contoso-test-api-principal")
    }


def test_a_pool_comes_after_what_pulling_needs(built: Recording) -> None:
    grant = built.urn_of(built.named("contoso-test-access-pull-api"))
    assert grant in built.named("contoso-test-sessions-box-pool").depends_on
