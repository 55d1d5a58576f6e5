"""The content of a registry in a stack file: what is held against its replicas."""

from components.testing import run_recorded
from planning.endpoints import members
from stacks import program
from tests.components.azure_answers import addressed, answers
from tests.stacks.stack_files import Files, changed

HOOK = """\
      headroom: 1
      webhooks:
        deployer: {service_uri: {secure: v1:abc}, location: PLACE}
"""


def with_a_webhook_in(region: str) -> str:
    return changed(("      headroom: 1\n", HOOK.replace("PLACE", region)))


def test_a_webhook_is_in_a_region_of_the_registry(files: Files) -> None:
    (line,) = files.refusals(with_a_webhook_in("uksouth"))
    assert "registry.webhooks.deployer.location: uksouth has no replica" in line
    assert "write one of eastus, westeurope, or add the replica [ACR-WEBHOOK]" in line


def test_a_webhook_may_be_in_the_home_region_or_that_of_a_replica(files: Files) -> None:
    for region in ("eastus", "westeurope"):
        assert files.load(with_a_webhook_in(region))


def test_a_webhook_comes_after_the_replica_that_it_belongs_to(files: Files) -> None:
    stack = files.load(with_a_webhook_in("westeurope"))
    known = answers([addressed(members(stack.plan.shape))])
    recording = run_recorded(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=known)
    webhook = recording.named("contoso-test-registry-content-webhook-deployer")
    assert recording.urn_of(recording.named("contoso-test-registry-replica-westeurope")) in webhook.depends_on
