"""What of Durable Task schedulers would be refused, or reached by nobody or everybody, where they meet identities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planning import names, regions
from planning.problems import Path, Problem, unknown
from planning.task_schedulers import ROLES
from stacks.spec import StackSpec
from stacks.systems.system import Puller, System

if TYPE_CHECKING:
    from stacks.plan import Plan

SECTION = "task_schedulers"


def pullers(spec: StackSpec) -> Iterator[Puller]:
    """Schedulers that pull worker images."""
    for key, scheduler in spec.task_schedulers.items():
        if scheduler.on_demand_sandboxes is not None:
            path = (SECTION, key, "on_demand_sandboxes")
            yield Puller(path, scheduler.location or spec.location, scheduler.on_demand_sandboxes.identity)


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Names, regions, and whom a scheduler lets in [DTS-1, DTS-7]."""
    for key, scheduler in spec.task_schedulers.items():
        path = (SECTION, key)
        problem = names.TASK_SCHEDULER.problem(plan.names.task_scheduler(key))
        if problem:
            yield Problem(path, f"{problem}; take another key")
        region = scheduler.location or spec.location
        if not regions.is_known(region, spec.cloud):
            message = f"{region} is not a known region of the {spec.cloud} cloud; check it for a slip [REGION-1]"
            yield Problem((*path, "location"), message, "warning")
        for index, found in enumerate(scheduler.ip_allow_list):
            if found.prefixlen == 0:
                message = f"{found} lets everybody try; name the ranges that apps come from [DTS-7]"
                yield Problem((*path, "ip_allow_list", str(index)), message, "warning")


def identities(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Identities that are not there, roles given twice, and sandboxes that could not report back [DTS-4, DTS-5]."""
    for key, scheduler in spec.task_schedulers.items():
        path = (SECTION, key)
        stated: dict[Path, str] = {
            (*path, "access", name, "identity"): grant.identity for name, grant in scheduler.access.items()
        }
        sandboxes = scheduler.on_demand_sandboxes
        if sandboxes is not None:
            stated[*path, "on_demand_sandboxes", "identity"] = sandboxes.identity
        for at, identity in stated.items():
            if identity not in spec.identities:
                yield Problem(at, unknown("identity", identity, spec.identities))
        holders: dict[tuple[str, str, str | None], str] = {}
        for name, grant in scheduler.access.items():
            other = holders.setdefault((grant.identity, grant.action, grant.task_hub), name)
            if other != name:
                message = f"gives {grant.identity} what {other} gives already; remove one [ROLE-7]"
                yield Problem((*path, "access", name), message)
        works = {grant.identity for grant in scheduler.access.values() if grant.action in {"worker", "contributor"}}
        if sandboxes is not None and sandboxes.identity not in works:
            message = (
                f"{sandboxes.identity} may not take work from the scheduler, so that its sandboxes would idle; add an access of "
                f"action worker for it ({ROLES['worker'].name}) [DTS-5]"
            )
            yield Problem((*path, "on_demand_sandboxes", "identity"), message)


SYSTEM = System(name=SECTION, pullers=pullers, checks=(places, identities))
