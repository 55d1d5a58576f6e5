"""Key vaults of two regions: who may read, and that nothing reads before it may."""

from components.testing import Recording
from tests.stacks.systems.two_regions import grants

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
VAULT = "/subscriptions/s/resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/shared"


def test_every_identity_that_reads_a_secret_is_granted_that_on_its_vault(built: Recording) -> None:
    assert grants(built, "key-vaults") == {
        (SECRETS_USER, VAULT, f"id-contoso-test-{identity}-principal") for identity in ("api", "worker")
    }


def test_what_reads_a_secret_comes_after_the_grant(built: Recording) -> None:
    granted = built.urn_of(built.named("contoso-test-key-vaults-shared-api"))
    assert granted in built.named("contoso-test-apps-main-web-app").depends_on
    assert granted in built.named("contoso-test-container-group-batch-group").depends_on
