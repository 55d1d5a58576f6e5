"""What the name of a machine's size tells."""

import pytest

from planning.vm_sizes import (
    Size,
    ephemeral_problem,
    ephemeral_room_gib,
    retired_problem,
    size_of,
    small_for_system_pool,
    system_pool_problem,
)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("Standard_D4ds_v5", Size(4, 16)),
        ("Standard_D8lds_v5", Size(8, 16)),
        ("Standard_E8s_v5", Size(8, 64)),
        ("Standard_E32-16s_v5", Size(16, 256)),
        ("Standard_D2_v2", Size(2, None)),
        ("Standard_DS3_v2", Size(3, None)),
        ("Standard_B2ms", Size(2, None)),
        ("Standard_M416ms_v2", Size(416, None)),
        ("Standard_NC4as_T4_v3", Size(4, None)),
        ("Basic_A1", None),
        ("large", None),
    ],
)
def test_cores_and_memory_follow_from_a_name_or_are_unknown(name: str, size: Size | None) -> None:
    assert size_of(name) == size


@pytest.mark.parametrize(
    ("name", "gib"),
    [
        # As the capabilities of Microsoft.Compute/skus say, recorded in 2025: the largest of cache, temporary and NVMe disks.
        ("Standard_D2s_v3", 50),
        ("Standard_D64s_v3", 1600),
        ("Standard_DS2_v2", 86),
        ("Standard_E4d_v5", 150),
        ("Standard_D16plds_v5", 600),
        ("Standard_D128ds_v6", 7040),
        ("Standard_F16s_v2", 256),
        ("Standard_B20ms", 160),
        ("Standard_NC16as_T4_v3", 352),
        ("Standard_NC24ads_A100_v4", 256),
        ("Standard_D2_v5", 0),
        ("Standard_D2as_v6", 0),
        # As the pages of the sizes say.
        ("Standard_D2ds_v5", 75),
        ("Standard_D4s_v5", 0),
        ("Standard_D4s_v4", 0),
        ("Standard_B2s_v2", 0),
        ("Standard_M416ms_v2", None),
        ("large", None),
    ],
)
def test_the_room_of_an_ephemeral_disk_is_that_of_the_sizes_local_disks(name: str, gib: int | None) -> None:
    assert ephemeral_room_gib(name) == gib


@pytest.mark.parametrize(("name", "gib"), [("Standard_D4ds_v5", 150), ("Standard_M416ms_v2", 2048)])
def test_a_disk_that_fits_and_one_of_a_size_that_is_not_known_are_let_through(name: str, gib: int) -> None:
    assert ephemeral_problem(name, gib) is None


def test_a_disk_that_does_not_fit_is_refused_with_the_room_of_its_size() -> None:
    problem = ephemeral_problem("Standard_D2ds_v5", 128)
    assert problem is not None
    assert "has room for an ephemeral OS disk of 75 GiB, 128 GiB are requested" in problem
    assert ephemeral_problem("Standard_D2ds_v5", 75) is None


# Sizes that the service refused for System pools, and what its page on System pools excludes [AKS-22].
@pytest.mark.parametrize("name", ["Standard_B2ats_v2", "Standard_B2pts_v2", "Standard_B1s", "Standard_DS1_v2"])
def test_aks_refuses_sizes_with_too_little_for_a_system_pool(name: str) -> None:
    assert "AKS refuses for a System pool" in (system_pool_problem(name) or "")
    assert small_for_system_pool(name) is None


@pytest.mark.parametrize(
    "name", ["Standard_D2s_v5", "Standard_E2ds_v5", "Standard_F2s_v2", "Standard_B4ms", "Standard_B2s"]
)
def test_small_and_burstable_sizes_are_for_no_system_pool(name: str) -> None:
    assert f"{name} is for no System pool" in (small_for_system_pool(name) or "")
    assert system_pool_problem(name) is None


@pytest.mark.parametrize("name", ["Standard_D4s_v5", "Standard_DS3_v2", "Standard_E20ds_v5", "Standard_D16ds_v5"])
def test_sizes_with_four_cores_are_for_system_pools(name: str) -> None:
    assert system_pool_problem(name) is small_for_system_pool(name) is None


def test_a_size_without_a_local_disk_has_no_room_for_any() -> None:
    assert "Standard_D4s_v5 has no local disk" in (ephemeral_problem("Standard_D4s_v5", 30) or "")


@pytest.mark.parametrize(
    "name",
    ["Standard_NC6", "Standard_NC24r", "Standard_NC6s_v2", "Standard_ND24rs", "Standard_NV6_Promo", "Standard_NC6s_v3"],
)
def test_a_size_of_a_retired_series_is_refused(name: str) -> None:
    assert f"{name} was retired on" in (retired_problem(name) or "")


@pytest.mark.parametrize(
    "name",
    ["Standard_NC4as_T4_v3", "Standard_NC24ads_A100_v4", "Standard_NV12s_v3", "Standard_ND40rs_v2", "Standard_D4s_v5"],
)
def test_a_size_of_a_later_series_is_taken(name: str) -> None:
    assert retired_problem(name) is None
