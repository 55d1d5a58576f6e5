"""The content of a registry in a stack file: what is held against its replicas."""

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
