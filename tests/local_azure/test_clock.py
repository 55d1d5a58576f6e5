from __future__ import annotations

import pytest

from local_azure.clock import Clock, timestamp


def test_immediate_mode_never_asks_to_wait() -> None:
    assert Clock(0).retry_after(10) == 0
    assert Clock(0).due(3600) <= Clock(0).now() + 0.001


def test_durations_and_retries_are_scaled() -> None:
    clock = Clock(0.5)
    assert clock.retry_after(10) == 5
    assert clock.retry_after(1) == 1
    assert 4 < clock.due(10) - clock.now() <= 5


@pytest.mark.parametrize("scale", [-1.0, float("nan"), float("inf")])
def test_a_scale_is_a_number_of_0_or_more(scale: float) -> None:
    with pytest.raises(ValueError, match="time scale"):
        Clock(scale)


def test_timestamps_are_utc_with_seven_decimals() -> None:
    assert timestamp(0.5) == "1970-01-01T00:00:00.5000000Z"
