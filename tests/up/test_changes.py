"""Changing a running stack: what changes, what does not, and what is refused before it could fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import Rehearsal, rehearsal

pytestmark = pytest.mark.engine

WAF = Path(__file__).parent / "waf_aligned"
NEAR, FAR = "networks.westeurope.subnets.registry", "10.60.0.0"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path, WAF, "") as running:
        yield running


def rewrite(stack: Rehearsal, *changes: tuple[str, str]) -> None:
    text = stack.stack_file.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    stack.stack_file.write_text(text, encoding="utf-8")


def test_a_further_replica_changes_nothing_but_itself_and_the_members_follow(stack: Rehearsal) -> None:
    assert stack.up().code == 0
    rewrite(stack, ("        westeurope: {}\n", "        westeurope: {}\n        southeastasia: {}\n"))

    preview = stack.preview()
    assert [(op, name) for op, _, name in preview.steps] == [("create", "contoso-waf-registry-replica-southeastasia")]
    assert "contosowaf.southeastasia.geo.azurecr.io" in preview.output

    changed = stack.up()
    assert (changed.code, changed.changes) == (0, {"create": 1}), changed.output
    addresses = stack.outputs()["addresses"]
    assert {key: len(members) for key, members in addresses.items()} == {"eastus": 7, "westeurope": 7}
    assert "registry_southeastasia" in addresses["eastus"]

    assert stack.refresh().code == 0
    after = stack.up()
    assert (after.code, after.steps) == (0, []), after.output


def test_a_replica_that_goes_takes_its_members_with_it(stack: Rehearsal) -> None:
    rewrite(stack, ("        westeurope: {}\n", "        westeurope: {}\n        southeastasia: {}\n"))
    assert stack.up().code == 0
    rewrite(stack, ("        southeastasia: {}\n", ""))
    gone = stack.up()
    assert (gone.code, gone.changes["delete"]) == (0, 1), gone.output
    assert {key: len(members) for key, members in stack.outputs()["addresses"].items()} == {
        "eastus": 5,
        "westeurope": 5,
    }
    settled = stack.up()
    assert (settled.code, settled.steps) == (0, []), settled.output


def test_the_regional_switch_updates_the_registry_in_place_and_gives_addresses_back(stack: Rehearsal) -> None:
    assert stack.up().code == 0
    before = stack.outputs()["addresses"]["eastus"]
    rewrite(stack, ("regional_endpoints: true", "regional_endpoints: false"))

    changed = stack.up()
    assert [(op, name) for op, _, name in changed.steps] == [("update", "contoso-waf-registry-registry")], (
        changed.output
    )
    after = stack.outputs()
    assert sorted(after["addresses"]["eastus"]) == ["registry", "registry_data_eastus", "registry_data_westeurope"]
    assert after["addresses"]["eastus"]["registry"] == before["registry"]
    assert after["endpoints"]["regional"] == {}


def test_a_replica_out_of_global_routing_is_updated_in_place(stack: Rehearsal) -> None:
    assert stack.up().code == 0
    rewrite(stack, ("        westeurope: {}\n", "        westeurope: {global_routing: false}\n"))
    changed = stack.up()
    assert [(op, name) for op, _, name in changed.steps] == [("update", "contoso-waf-registry-replica-westeurope")]


def test_a_subnet_that_is_short_is_refused_before_any_resource_is_registered(stack: Rehearsal) -> None:
    rewrite(stack, ("prefix: 10.60.0.0/27", "prefix: 10.60.0.0/29"))
    refused = stack.up()
    assert refused.code != 0
    line = next(line for line in refused.output.splitlines() if "/29" in line)
    for part in (
        "stacks/Pulumi.test.yaml:17",
        "networks.westeurope.subnets.registry",
        "vnet-contoso-waf-westeurope",
        "10.60.0.0/29",
        "leaves 3 addresses",
        "5 are needed (1 global + 2 data + 2 regional)",
        "give /27 or larger; /28",
    ):
        assert part in line
    types = [resource["type"] for resource in stack.export()["deployment"].get("resources", [])]
    assert set(types) <= {"pulumi:pulumi:Stack"}
    assert stack.ids() == []


def test_with_a_warning_only_the_same_stack_fails_as_it_would_on_azure(stack: Rehearsal) -> None:
    rewrite(
        stack,
        ("prefix: 10.60.0.0/27", "prefix: 10.60.0.0/29"),
        ("    location: eastus\n", "    location: eastus\n    planning: {addresses: warn}\n"),
    )
    failed = stack.up()
    assert failed.code != 0
    assert "warning" in failed.output
    assert "leaves 3 addresses" in failed.output
    assert not any("pe-contosowaf-westeurope" in resource for resource in stack.ids())


def test_a_replica_that_does_not_fit_is_rolled_back_and_its_siblings_keep_their_addresses(stack: Rehearsal) -> None:
    rewrite(
        stack,
        ("prefix: 10.60.0.0/27", "prefix: 10.60.0.0/29"),
        ("        westeurope: {}\n", "        {}\n"),
        ("    location: eastus\n", "    location: eastus\n    planning: {addresses: warn}\n"),
    )
    assert stack.up().code == 0
    before = stack.outputs()["addresses"]
    rewrite(stack, ("        {}\n", "        westeurope: {}\n"))

    failed = stack.up()
    assert failed.code != 0
    assert "contoso-waf-registry-replica-westeurope" in failed.output
    errors = [line for line in failed.output.splitlines() if "error:" in line]
    assert not any("subnets/registry" in line or "vnet-contoso-waf-westeurope" in line for line in errors)
    assert not any(resource.endswith("/replications/westeurope") for resource in stack.ids())

    rewrite(stack, ("        westeurope: {}\n", "        {}\n"))
    restored = stack.up()
    assert restored.code == 0, restored.output
    assert stack.outputs()["addresses"] == before
