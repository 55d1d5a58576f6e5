"""Preflight of a stack against Azure for a pull request, where the environment has a subscription to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from planning.problems import SpecError
from stacks.loader import Session, load
from tools.preflight.arm import Arm, UnreachableError, azure
from tools.preflight.findings import Finding
from tools.preflight.run import preflight

VARIABLES = ("ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID")
"""Variables that name the subscription, as in `./moorings preflight`; without one of them, nothing is read."""


@dataclass(frozen=True)
class Preflight:
    """What Azure says about the deployment of one stack.

    Attributes:
        findings: the findings of all checks.
        reason: why there are none, in one line; empty otherwise.
    """

    findings: Sequence[Finding] = field(default=())
    reason: str = ""


def preflight_of(stack: str, environment: Mapping[str, str], reader: Callable[[str], Arm] = azure) -> Preflight | None:
    """Return the preflight of a stack, or None if the environment names no subscription.

    Findings do not decide whether the branch is green: they are about Azure as it is, not about the change.

    Args:
        stack: name of the stack, as the branch describes it.
        environment: variables of the process.
        reader: returns what reads a subscription, by the subscription's id.
    """
    subscription = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    if not subscription:
        return None
    try:
        described = load(stack, session=Session(None, lambda: subscription))
        return Preflight(preflight(described, reader(subscription)))
    except SpecError:
        return Preflight(reason="the stack file is refused")
    except UnreachableError as error:
        return Preflight(reason=str(error))
