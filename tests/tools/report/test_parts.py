"""What the report knows of each part of the picture."""

from __future__ import annotations

import re

import pytest

from policies.model import Finding
from stacks.loader import load
from tools.report.changes import Key, address_rows, parts
from tools.report.parts import Ids, Part, all_parts, known
from tools.report.picture import picture


def described(*findings: Finding) -> dict[Key, Part]:
    stack = load("prod")
    shown = picture(stack, stack.plan.endpoints)
    given = known(stack, shown, {}, address_rows(stack, None), [], findings)
    return {part.key: part for part in all_parts(given)}


def facts(part: Part) -> dict[str, list[str]]:
    return {term: [value.text for value in values] for term, values in part.facts}


def test_every_part_of_the_picture_is_described_once() -> None:
    stack = load("prod")
    assert described().keys() == parts(picture(stack, stack.plan.endpoints)).keys()


def test_a_subnet_has_its_addresses_and_what_uses_them() -> None:
    found = facts(described()["subnet", "eastus/registry"])
    assert found["Range"] == ["10.50.0.0/24"]
    # 1 global, 3 data and 3 regional addresses, and 2 more for the replica of the headroom [ACR-7]; /28 has 11 [NET-1].
    assert (found["Addresses needed"], found["With headroom"]) == (["7"], ["9"])
    assert found["Smallest range that fits"] == ["/28"]
    assert found["Private endpoints"] == ["eastus"]


def test_a_private_endpoint_has_its_hosts_zones_and_consumers() -> None:
    found = facts(described()["endpoint", "eastus"])
    assert len(found["Hosts"]) == 7
    assert found["Writes DNS zones"] == ["privatelink.azurecr.io"]
    assert found["Resolved from networks"] == ["eastus"]
    assert found["Consumers"] == ["cluster eastus", "environment eastus", "sandbox group eastus"]


@pytest.mark.parametrize(
    ("resource", "key"),
    [
        ("contoso-prod-registry-registry", ("registry", "contosoprod")),
        ("contoso-prod-registry-replica-westeurope", ("replica", "westeurope")),
        ("contoso-prod-network-eastus-vnet", ("network", "eastus")),
        ("contoso-prod-network-eastus-nsg-nodes", ("subnet", "eastus/nodes")),
        ("contoso-prod-endpoint-eastus", ("endpoint", "eastus")),
        ("contoso-prod-cluster-eastus-cluster", ("consumer", "cluster eastus")),
        ("contoso-prod-apps-eastus-web-eastus-app", ("consumer", "environment eastus")),
    ],
)
def test_a_finding_belongs_to_the_part_that_its_resource_is_of(resource: str, key: Key) -> None:
    finding = Finding("MOOR-X-1", "urn", "fail", "message", resource=resource)
    assert [part.key for part in described(finding).values() if part.findings] == [key]


def test_a_finding_of_something_that_is_in_no_picture_belongs_to_no_part() -> None:
    finding = Finding("MOOR-X-1", "urn", "fail", "message", resource="contoso-prod-identity-puller-eastus")
    assert [part.key for part in described(finding).values() if part.findings] == []


def test_ids_are_fragments_of_an_address_and_each_belongs_to_one_part() -> None:
    ids = Ids()
    keys: list[Key] = [("subnet", "a/b-c"), ("subnet", "a-b/c"), ("consumer", "cluster é<>"), ("consumer", "cluster")]
    found = [ids(key) for key in keys]
    assert len(set(found)) == len(keys)
    assert all(re.fullmatch(r"part-[a-z0-9-]+", each) for each in found)
    assert [ids(key) for key in keys] == found


def test_costs_are_listed_with_the_part_that_they_are_of(grown: str) -> None:
    cluster = grown[grown.index('id="part-consumer-cluster-eastus"') :].partition("</details>")[0]
    assert re.search(r"<dt>Cost a month</dt><dd><ul><li>.*: \$[\d,.]+", cluster)
    assert '<a href="#part-consumer-cluster-eastus">clusters.eastus.pools.system</a>' in grown
