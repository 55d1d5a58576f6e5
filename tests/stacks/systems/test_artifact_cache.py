"""The artifact cache of a stack: where it is deployed, and whether its credential sets may read their secrets."""

from components.testing import Recording
from tests.stacks.systems.two_regions import grants, placed

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
VAULT = "/subscriptions/s/resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/shared"


def test_rules_and_credential_sets_are_below_the_registry(built: Recording) -> None:
    assert {group for _, group in placed(built, "artifact-cache").values()} == {"rg-contoso-test-registry"}
    assert len(placed(built, "artifact-cache")) == 3


def test_a_credential_set_is_granted_the_secrets_of_its_vault_once(built: Recording) -> None:
    assert grants(built, "artifact-cache-secrets") == {(SECRETS_USER, VAULT, "docker-hub-principal")}


def test_an_identity_of_a_rule_is_granted_the_repositories_of_the_rule_on_the_upstream(built: Recording) -> None:
    (assignment,) = (each for each in built if each.name.endswith("artifact-cache-upstream-contosobase-worker"))
    assert assignment.inputs["scope"].endswith("/rg-base/providers/Microsoft.ContainerRegistry/registries/contosobase")
    assert assignment.inputs["roleDefinitionId"].endswith("b93aa761-3e63-49ed-ac28-beffa264f7ac")  # Repository Reader
    assert "'bases/'" in assignment.inputs["condition"]
    (rule,) = (each for each in built if each.name.endswith("artifact-cache-rule-bases"))
    assert rule.inputs["identity"]["type"] == "UserAssigned"


def test_what_pulls_comes_after_the_rules_and_their_grants(built: Recording) -> None:
    cached = {built.urn_of(each) for each in built if "-artifact-cache-" in each.name and each.custom}
    first = {urn for urn in cached if "-rule-" in urn or "-secrets-" in urn}
    assert len(first) == 3
    for name in ("apps-main-web-app", "container-group-batch-group"):
        assert first <= built.named(f"contoso-test-{name}").depends_on
