"""Private endpoints of two stacks that write the records of one registry into one zone."""

from __future__ import annotations

import pytest

from stacks.loader import load
from stacks.neighbours import shared
from tests.stacks.stack_files import Files
from tests.stacks.test_elsewhere import BY_ID, BY_KEY, CENTRAL, SPOKE

SHARED = "/subscriptions/s3/resourceGroups/rg-shared/providers/Microsoft.ContainerRegistry/registries/fabrikamdev"
ZONES = "    dns: {zones: {registry: {network: spoke}}}\n"
MAKING = SPOKE.replace("    registry:\n      name", f"{ZONES}    registry:\n      name").replace(
    "subnet: registry}", "subnet: registry, dns_zones: [registry]}"
)
OUTPUT = "{stack: contoso/moorings/dev, output: zones.registry}"
MADE = CENTRAL.replace("s2", "s1").replace("rg-dns", "rg-fabrikam-dev-network-spoke")


def using(text: str) -> str:
    """The stack file of another environment with an endpoint for the same registry."""
    text = text.replace("environment: dev", "environment: test").replace("10.1.", "10.2.")
    return text.replace("name: fabrikamdev", f"id: {SHARED}")


def told(files: Files, first: str, second: str) -> list[str]:
    files.write(first, "Pulumi.dev.yaml")
    files.write(second, "Pulumi.test.yaml")
    found = shared({"test": load("test", directory=files.directory)}, files.directory)
    return [f"{each.severity} {each.line()}" for each in found.get("test", []) if "DNS-2" in each.line()]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (BY_KEY, using(BY_ID)),
        (MAKING, using(BY_KEY.replace(f"id: {CENTRAL}", f"id: {OUTPUT}"))),
        (MAKING, using(BY_ID.replace(CENTRAL, MADE))),
    ],
    ids=["one id", "an output of the stack that makes it", "the id of what the other stack makes"],
)
def test_two_stacks_with_an_endpoint_each_in_one_zone_are_refused(files: Files, first: str, second: str) -> None:
    (line,) = told(files, first, second)
    assert line.startswith("error stacks/Pulumi.test.yaml:")
    assert "registry.private_endpoints.spoke.dns_zones: writes zone privatelink.azurecr.io" in line
    assert "private endpoint spoke of stack dev writes for the same registry" in line
    assert "remove dns_zones here for a zone of its own" in line


def test_the_zone_of_its_own_that_is_advised_leaves_nothing_to_tell(files: Files) -> None:
    assert told(files, BY_KEY, using(SPOKE)) == []


def test_the_link_that_is_advised_leaves_nothing_to_tell(files: Files) -> None:
    linked = SPOKE.replace("        spoke: {network: spoke, subnet: registry}\n", "").replace(
        "      private_endpoints:\n", ""
    )
    zones = f"    dns: {{zones: {{central: {{id: {CENTRAL}, links: [spoke]}}}}}}\n"
    linked = linked.replace("    registry:\n      name", f"{zones}    registry:\n      name")
    assert told(files, BY_KEY, using(linked)) == []


def test_endpoints_of_two_registries_in_one_zone_are_in_order(files: Files) -> None:
    other = BY_ID.replace("environment: dev", "environment: test").replace("10.1.", "10.2.")
    assert told(files, BY_KEY, other.replace("fabrikamdev", "fabrikamtest")) == []
