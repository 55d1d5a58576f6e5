"""The stacks of the project and of its tests, and what each registers."""

from pathlib import Path

from components.testing import Recording, run_recorded
from planning.endpoints import members
from stacks import loader, program
from stacks.loader import Stack, load
from tests.components.azure_answers import addressed, answers
from tests.stacks.systems import two_regions

UP = Path(__file__).parents[1] / "up"
STACKS = {
    "two_regions": ("test", two_regions.FOLDER),
    "prod": ("prod", loader.DIRECTORY),
    **{path.parts[-3]: ("test", path.parent) for path in sorted(UP.glob("*/stacks/Pulumi.test.yaml"))},
}
"""Name and directory of each stack, by the name of its program."""


def loaded() -> dict[str, Stack]:
    """Return every stack by the name of its program."""
    return {key: load(name, directory=folder) for key, (name, folder) in STACKS.items()}


def recorded(stack: Stack) -> Recording:
    """Return what a stack registers."""
    known = answers([addressed(members(stack.plan.shape))])
    return run_recorded(
        lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}),
        answers={**two_regions.azure(), "getNetworkInterface": known["getNetworkInterface"]},
    )
