"""Checks that every region with compute has a replica, and every replica a consumer [COLO-1, COLO-2]."""

from __future__ import annotations

from collections.abc import Iterator

from planning.charges import NoCharge
from planning.colocation import findings
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System

_ENTRY = 2
"""Length of the path of an entry: its section and its key."""


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Compute without a co-located replica, replicas without compute, and needless exceptions."""
    if spec.registry is None:
        return
    exceptions = spec.colocation.exceptions
    running = [puller.region for puller in plan.pullers]
    for finding in findings(running, spec.registry_home, spec.registry.replicas, exceptions):
        region = finding.region
        excused: Path = ("colocation", "exceptions", region)
        if finding.kind == "apart":
            yield from _apart(plan, region, spec.registry_home)
        elif finding.kind == "needless":
            yield Problem(excused, f"the registry has a replica in {region}; remove the exception [COLO-1]", "warning")
        elif finding.kind == "unused":
            message = f"nothing of this stack runs in {region}; remove the exception [COLO-1]"
            yield Problem(excused, message, "warning")
        elif finding.kind == "idle" and spec.registry.id is None:
            message = (
                f"nothing of this stack runs in {region}, so the replica is billed but unused; remove it, "
                "unless consumers outside this stack pull from it [COLO-2]"
            )
            yield Problem(("registry", "replicas", region), message, "warning")


def _apart(plan: Plan, region: str, home: str) -> Iterator[Problem]:
    """One problem for each consumer in the region, since any of them may be the misplaced one.

    Consumers with a dangling reference are skipped, since their region may follow from it.
    """
    astray = {edge.path[:_ENTRY] for edge in plan.edges if edge.problem}
    for path in dict.fromkeys(puller.path for puller in plan.pullers if puller.region == region):
        if path[:_ENTRY] in astray:
            continue
        message = (
            f"runs in {region}, where the registry has no replica (its home is {home}), and would pull from another region; add "
            f"registry.replicas.{region}, or state the reason in colocation.exceptions.{region} [COLO-1]"
        )
        yield Problem(path, message)


COLOCATION = System(
    section="colocation",
    charges=NoCharge("a check, which makes no resource"),
    checks=(places,),
)
