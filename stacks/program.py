"""The program behind `pulumi up`: registers the platform of a checked description and exports its outputs."""

from collections.abc import Mapping

import pulumi

from components.aliases import drop_version_aliases
from components.platform import Platform
from components.private_endpoint.members import Patience
from stacks.loader import Stack

TIME_SCALE = "MOORINGS_TIME_SCALE"
"""Environment variable that shortens the program's own waits: 1 is real, 0 does not wait. Used with the local Azure."""


def run(stack: Stack, environment: Mapping[str, str]) -> Platform:
    """Register everything, tell the warnings, and export.

    Args:
        stack: the checked description.
        environment: the process's environment variables, of which only `TIME_SCALE` is read.
    """
    for warning in stack.warnings:
        pulumi.log.warn(warning)
    if stack.spec.version_aliases == "drop":
        pulumi.runtime.register_stack_transformation(drop_version_aliases)
    scale = float(environment.get(TIME_SCALE, "1"))
    patience = Patience(interval_seconds=Patience().interval_seconds * scale)
    platform = Platform(f"{stack.spec.name}-{stack.spec.environment}", stack.spec, stack.plan, patience=patience)
    for key, value in platform.outputs().items():
        pulumi.export(key, value)
    return platform
