"""The stack of two regions, registered once."""

import pytest

from components.testing import Recording, run_recorded
from tests.stacks.systems import two_regions


@pytest.fixture(scope="session")
def built() -> Recording:
    """Everything that the stack of two regions registers."""
    return two_regions.build(run_recorded)
