from __future__ import annotations

import pytest

from planning import addresses, sandboxes
from planning.addresses import Subnet
from planning.networks import parse


@pytest.mark.parametrize(
    ("tier", "group", "client"),
    [
        ("XS", ("0.25", "0.5Gi", "5Gi"), ("250m", "512Mi", "5Gi")),
        ("S", ("0.5", "1Gi", "10Gi"), ("500m", "1024Mi", "10Gi")),
        ("M", ("1", "2Gi", "20Gi"), ("1000m", "2048Mi", "20Gi")),
        ("L", ("2", "4Gi", "40Gi"), ("2000m", "4096Mi", "40Gi")),
        ("XL", ("4", "8Gi", "80Gi"), ("4000m", "8192Mi", "80Gi")),
    ],
)
def test_a_tier_is_said_in_the_words_of_arm_and_of_the_client(
    tier: sandboxes.TierName, group: object, client: object
) -> None:
    assert tuple(sandboxes.TIERS[tier].group_defaults().values()) == group
    assert tuple(sandboxes.TIERS[tier].resources().values()) == client


def test_full_groups_add_up() -> None:
    both = sandboxes.demand("XS", 10) + sandboxes.demand("XL", 2)
    assert (both.vcpu, both.memory_gib) == (10.5, 21.0)


def test_each_contract_has_what_the_other_lacks() -> None:
    preview, stable = sandboxes.CONTRACTS["2026-02-01-preview"], sandboxes.CONTRACTS["2026-07-01"]
    assert (preview.identity, preview.defaults, preview.environment) == (True, True, False)
    assert (stable.identity, stable.defaults, stable.environment) == (False, False, True)


def test_a_connection_is_made_by_a_version_that_takes_a_location() -> None:
    assert {contract.connection_version for contract in sandboxes.CONTRACTS.values()} == {"2026-02-01-preview"}


@pytest.mark.parametrize(("prefix", "verdict"), [("10.0.0.0/27", "fits"), ("10.0.0.0/28", "short")])
def test_a_connection_takes_27_and_no_smaller_subnet(prefix: str, verdict: str) -> None:
    subnet = Subnet("eastus", "boxes", parse(prefix))
    (row,) = addresses.ledger([subnet], [sandboxes.consumer(subnet.key, "sandbox group a")])
    assert (row.verdict, row.need, row.fitting_prefix) == (verdict, 1, 27)


@pytest.mark.parametrize(
    ("vcpu", "memory_gib", "disk_gib", "tier"),
    [
        (None, None, None, "XS"),
        (1, 2, 20, "M"),
        (1, 2, 8, "M"),
        (1, None, None, "M"),
        (None, None, 30, "L"),
        (1, 4, None, None),
        (3, 6, None, None),
        (1, 2, 40, None),
        (None, None, 81, None),
    ],
)
def test_defaults_of_a_group_are_those_of_a_tier_with_room_for_the_disk(
    vcpu: float | None, memory_gib: float | None, disk_gib: float | None, tier: sandboxes.TierName | None
) -> None:
    assert sandboxes.fitting_tier(vcpu, memory_gib, disk_gib) == tier
