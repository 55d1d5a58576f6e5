"""The cost of a stack, with amounts that are computed by hand from documented prices."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from planning.estimates import Amount
from stacks.loader import Stack
from tests.stacks.stack_files import Files
from tools.cost import text
from tools.cost.costs import Costs, costs, unknown_lines

TODAY = datetime.date(2026, 11, 29)

REGISTRY = """\
config:
  moorings:stack:
    name: contoso
    environment: test
    location: westeurope
    networks:
      westeurope:
        address_space: [10.60.0.0/16]
        subnets:
          registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}
    registry:
      name: contosotest
      replicas: {northeurope: {}, brazilsouth: {}}
      private_endpoints: {west: {network: westeurope, subnet: registry}}
"""
TEBIBYTE = "stored_gib: 1024\nendpoint_gb: 200\n"
MONTH = 730 / 24 * 1.6666
"""A registry, and each replica, at 1.6666 for each of 30.42 days."""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A directory for stack files."""
    return Files(tmp_path / "stacks")


def cost(files: Files, stack: Stack, base: Stack | None = None, usage: str = "") -> Costs:
    """Return the cost at the prices of the project, for a usage."""
    files.write(usage, "_cost.yaml")
    return costs("test", stack, base, files.directory, TODAY)


def amounts(found: Costs) -> dict[tuple[str, str], Amount | None]:
    """Return the amounts by path and part."""
    return {(".".join(line.path), line.part): line.amount for line in found.now.lines}


def exactly(amount: float) -> Amount:
    """Return an amount without a range."""
    return Amount(pytest.approx(amount, abs=0.005), pytest.approx(amount, abs=0.005))


def test_a_premium_registry_with_two_replicas_and_a_tebibyte(files: Files) -> None:
    found = amounts(cost(files, files.load(REGISTRY), usage=TEBIBYTE))
    assert found["registry", "Premium registry"] == exactly(50.69)
    # 1,024 - 500 = 524 GiB at 0.10.
    assert found["registry", "content beyond 500 GiB"] == exactly(52.40)
    for region in ("northeurope", "brazilsouth"):
        assert found[f"registry.replicas.{region}", "replica"] == exactly(50.69)
        # Whether 500 GiB are included in a replica is not documented: 52.40 to 102.40.
        content = found[f"registry.replicas.{region}", "content"]
        assert content == Amount(pytest.approx(52.40), pytest.approx(102.40))
    # 730 hours at 0.01, 200 GB at 0.01, and a zone.
    assert found["registry.private_endpoints.west", "private endpoint"] == exactly(7.30)
    assert found["registry.private_endpoints.west", "data through the endpoint"] == exactly(2.00)
    assert found["registry.private_endpoints.west", "private DNS zone privatelink.azurecr.io"] == exactly(0.50)


def test_the_total_is_the_sum_of_what_is_known(files: Files) -> None:
    found = cost(files, files.load(REGISTRY), usage=TEBIBYTE)
    least = 3 * MONTH + 3 * 52.40 + 7.30 + 2.00 + 0.50
    assert found.now.total == Amount(pytest.approx(least), pytest.approx(least + 100))


def test_without_stated_content_it_is_not_known(files: Files) -> None:
    found = cost(files, files.load(REGISTRY))
    assert found.now.total == exactly(3 * MONTH + 7.30 + 0.50)
    lines = list(unknown_lines(found))
    assert "content beyond 500 GiB: state stored_gib in stacks/_cost.yaml (registry)" in lines
    assert (
        "content: state stored_gib in stacks/_cost.yaml (registry.replicas.northeurope, registry.replicas.brazilsouth)"
        in lines
    )


def test_adding_a_replica_costs_its_region_and_its_content(files: Files) -> None:
    before = files.load(REGISTRY.replace(", brazilsouth: {}", ""))
    found = cost(files, files.load(REGISTRY), before, usage="stored_gib: 100\n")
    (change,) = found.changes
    assert (change.path, change.region, change.before) == (
        ("registry", "replicas", "brazilsouth"),
        "brazilsouth",
        Amount(0, 0),
    )
    # 50.69 for the region; 100 GiB are 0 to 10.
    assert change.difference == Amount(pytest.approx(50.69, abs=0.005), pytest.approx(60.69, abs=0.005))
    assert text.headline(found).startswith("+$50.69 to +$60.69 a month: $109.18 to $119.18 before, ")


def test_usage_is_the_same_on_both_sides(files: Files) -> None:
    stack = files.load(REGISTRY)
    found = cost(files, stack, stack, usage=TEBIBYTE)
    assert found.changes == ()
    assert text.headline(found).endswith(" a month, unchanged")


def test_a_headline_counts_what_is_not_known(files: Files) -> None:
    found = cost(files, files.load(REGISTRY), usage=TEBIBYTE)
    assert text.headline(found) == "$319.08 to $419.08 a month, and a charge that is not known"


def test_prices_of_the_public_cloud_are_not_those_of_others(files: Files) -> None:
    us = REGISTRY.replace("location: westeurope", "cloud: usgovernment\n    location: usgovvirginia")
    found = amounts(cost(files, files.load(us.replace("westeurope", "usgovvirginia"))))
    assert found["registry.private_endpoints.west", "private endpoint"] is None


def test_nodes_cost_a_range(files: Files) -> None:
    cluster = """\
    identities: {plane: {}, kubelet: {}}
    clusters:
      west:
        network: westeurope
        subnet: nodes
        identity: plane
        kubelet_identity: kubelet
        workspace: logs
        pools: {system: {mode: System, minimum_count: 3, maximum_count: 6, os_disk_type: Managed}}
    monitoring: {workspaces: {logs: {retention_days: 90}}}
"""
    subnet = "purpose: private_endpoints}"
    nodes = f"{subnet}\n          nodes: {{prefix: 10.60.1.0/24}}"
    stack = files.load(REGISTRY.replace(subnet, nodes) + cluster)
    found = amounts(cost(files, stack, usage="logs_gb_per_day: 2\n"))
    assert found["clusters.west", "Standard control plane"] == exactly(73.00)
    # 3 and 6 machines at 0.272 for 730 hours, and as many P10 disks at 21.68.
    assert found["clusters.west.pools.system", "3 to 6 nodes Standard_D4ds_v5"] == Amount(
        pytest.approx(595.68), pytest.approx(1191.36)
    )
    assert found["clusters.west.pools.system", "3 to 6 disks of 128 GiB"] == Amount(
        pytest.approx(65.04), pytest.approx(130.08)
    )
    # 12 to 24 vCPUs at 0.00941 for 730 hours.
    assert found["clusters.west", "Defender for Containers, 12 to 24 vCPUs"] == Amount(
        pytest.approx(82.43, abs=0.005), pytest.approx(164.86, abs=0.005)
    )
    # 2 GB for 30.42 days, of which 5 are free, at 2.99; 2 GB of each of the 59 days beyond 31 at 0.13.
    assert found["monitoring.workspaces.logs", "log ingestion"] == exactly(166.94)
    assert found["monitoring.workspaces.logs", "log retention beyond 31 days"] == exactly(15.34)


def test_a_region_without_prices_has_no_total(files: Files) -> None:
    found = cost(files, files.load(REGISTRY.replace("brazilsouth", "polandcentral")))
    rows = text.region_rows(found)
    assert ["polandcentral", "not known"] in rows
    assert any(line.startswith("replica: price of Container Registry, Premium") for line in unknown_lines(found))


def test_the_dates_of_the_prices_are_said(files: Files) -> None:
    stack = files.load(REGISTRY)
    assert cost(files, stack).dated == "list prices in US dollars of 2026-06-18 to 2026-10-03"
    old = costs("test", stack, None, files.directory, datetime.date(2027, 6, 1))
    assert old.dated.endswith("; they are old: run ./moorings cost --refresh")


def test_a_comment_has_only_what_the_change_touches(files: Files) -> None:
    before = files.load(REGISTRY.replace(", brazilsouth: {}", ""))
    lines = list(text.markdown(cost(files, files.load(REGISTRY), before)))
    assert lines[0].startswith("Cost: **+$50.69 a month: $109.18 before, $159.88 after, and ")
    assert [line for line in lines if line.startswith("| registry")] == [
        "| registry.replicas.brazilsouth | brazilsouth | replica | $0.00 | $50.69 | +$50.69 |"
    ]
    unknown = [line for line in lines if line.startswith("    ")]
    assert all("brazilsouth" in line for line in unknown)
    assert any(line.startswith("    content: state stored_gib") for line in unknown)


def test_a_removal_is_negative(files: Files) -> None:
    after = files.load(REGISTRY.replace(", brazilsouth: {}", ""))
    lines = list(text.markdown(cost(files, after, files.load(REGISTRY))))
    assert "| registry.replicas.brazilsouth | brazilsouth | replica | $50.69 | $0.00 | -$50.69 |" in lines


def test_json_has_ranges_regions_and_what_is_not_known(files: Files) -> None:
    data = text.as_json(cost(files, files.load(REGISTRY), usage=TEBIBYTE))
    assert data["total"] == {"least": 319.08, "most": 419.08}
    assert data["regions"]["brazilsouth"] == {"least": 103.09, "most": 153.09}
    assert data["usage"] == {"hours": 730, "stored_gib": 1024, "endpoint_gb": 200}
    assert {each["what"] for each in data["not_known"]} == {"replication of pushed content"}
    (line,) = [each for each in data["lines"] if each["what"] == "private endpoint"]
    assert line["charges"] == [
        {
            "meter": "Virtual Network Private Link, Standard Private Endpoint",
            "unit": "1 Hour",
            "least": 730,
            "most": 730,
        }
    ]
