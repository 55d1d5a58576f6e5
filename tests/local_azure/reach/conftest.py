"""The estate in which every pull works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estates import Estate, build

if TYPE_CHECKING:
    from collections.abc import Callable

    from arm_client import Arm


@pytest.fixture
def estate(start: Callable[..., Arm]) -> Estate:
    return build(start(generic=True))
