"""What the name of a machine's size tells."""

import pytest

from planning.vm_sizes import Size, size_of


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
        ("Basic_A1", None),
        ("large", None),
    ],
)
def test_cores_and_memory_follow_from_a_name_or_are_not_told(name: str, size: Size | None) -> None:
    assert size_of(name) == size
