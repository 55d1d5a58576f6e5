"""Regions of the registry that are drained: what the description may say of them, and the replica in the home region."""

from __future__ import annotations

from collections.abc import Iterator

from planning.image_hosts import GLOBAL, PROVEN
from planning.problems import Path, Problem
from stacks.image_pulls import image_pulls
from stacks.plan import Plan
from stacks.previous import Previous
from stacks.spec import StackSpec
from stacks.system import Check


def drained_regions(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Regions that cannot be drained, and the reminder of those that are [ACR-DRAIN]."""
    del plan
    registry, known = spec.registry, _regions(spec)
    for index, region in enumerate(registry.drained if registry else ()):
        path = ("registry", "drained", str(index))
        if region not in known:
            yield Problem(path, f"{region} has no replica; the registry has {', '.join(sorted(known))}")
        elif region in (registry.drained[:index] if registry else ()):
            yield Problem(path, f"{region} is stated twice; remove one")
        else:
            place = spec.rotation.fallback(region)
            where = "the global host" if place == GLOBAL else place
            message = (
                f"{region} is drained: consumers pinned to it pull from {where}; `./moorings undrain {region}` ends it"
            )
            if region == spec.registry_home and registry and registry.id is None:
                # Azure makes the replica in the home region with the first other one; only then can it be taken over.
                message += "; the home region of a new registry leaves global routing at the second up"
            yield Problem(path, f"{message} [ACR-DRAIN]", "warning")
    if spec.rotation.drained and not spec.routed - spec.rotation.drained:
        message = "leaves no region in global routing, so the global host would lead nowhere; remove one [ACR-DRAIN]"
        yield Problem(("registry", "drained"), message)


def fallbacks(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Fallbacks that do not exist, or that are drained themselves."""
    del plan
    registry, known = spec.registry, _regions(spec)
    for region, place in registry.fallbacks.items() if registry else ():
        path = ("registry", "fallbacks", region)
        shown = ", ".join(sorted(known - {region}))
        if region not in known:
            yield Problem(path, f"{region} has no replica; the registry has {', '.join(sorted(known))}")
        elif place == GLOBAL:
            continue
        elif place not in known - {region}:
            yield Problem(path, f"{place} cannot stand in for {region}; write global, or one of {shown}")
        elif registry and not registry.regional_endpoints:
            message = "has no effect without regional_endpoints: images are named with the global host; remove it"
            yield Problem(path, message, "warning")
        elif {region, place} <= spec.rotation.drained:
            yield Problem(path, f"{place} is drained too; write global, or another region [ACR-DRAIN]")


def image_endpoints(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Regional hosts that do not exist, and those that a service is not known to sign in to [IMAGE-HOST]."""
    if spec.registry is None:
        return
    told: set[Path] = set()
    pulls = list(image_pulls(spec, plan))
    following = {pull.service for pull in pulls if pull.stated is None}
    for service in spec.image_endpoints.model_fields_set:
        if service not in following:
            message = "has no effect: no entry of this service pulls images without an endpoint of its own; remove it"
            yield Problem(("image_endpoints", service), message, "warning")
    for pull in pulls:
        path = (*pull.path, "endpoint")
        place = path if pull.stated else ("image_endpoints", pull.service)
        chosen = pull.stated or pull.service in spec.image_endpoints.model_fields_set
        if pull.choice == "regional" and chosen and not spec.registry.regional_endpoints:
            message = (
                "regional, but the registry has no regional endpoints; set registry.regional_endpoints, or write global"
            )
            yield from _once(Problem(place, f"{message} [ACR-1]"), told)
        elif pull.choice == "regional" and PROVEN[pull.service] != "regional" and spec.registry.regional_endpoints:
            message = "regional: no source says that managed identities of this service pull from regional hosts; try it first"
            yield from _once(Problem(place, f"{message} [IMAGE-HOST]", "warning"), told)


def _once(problem: Problem, told: set[Path]) -> Iterator[Problem]:
    """Yield a problem unless one was told of its path."""
    if problem.path not in told:
        told.add(problem.path)
        yield problem


def replica_reach(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Replicas that no host name leads to [ACR-17]."""
    del plan
    for region, replica in spec.replicas.items():
        if spec.registry and not replica.global_routing and not spec.registry.regional_endpoints:
            message = "false without regional_endpoints: the replica is billed but unreachable [ACR-17]"
            yield Problem(("registry", "replicas", region, "global_routing"), message, "warning")


ROTATION: tuple[Check, ...] = (replica_reach, drained_regions, fallbacks, image_endpoints)
"""Checks of what the host names of the registry lead to."""


def home_replica(name: str, spec: StackSpec, previous: Previous) -> str | None:
    """Return the id of the registry's replica in the home region if the stack manages its routing, else None.

    It does once the home region was drained. Azure makes that replica with the first other one, so it can be imported only
    after that [REC-ACR-HOME].

    Args:
        name: prefix of logical names.
        spec: the spec.
        previous: the resources that the stack had before this run.
    """
    registry, home = spec.registry, spec.registry_home
    if registry is None or registry.id is not None or not registry.replicas:
        return None
    held = previous.keys("Replication", f"{name}-registry-replica-", "")
    if home not in registry.drained and home not in held:
        return None
    registry_id = previous.outputs.get("registry_id")
    known = isinstance(registry_id, str) and registry_id.lower().endswith(f"/registries/{registry.name.lower()}")
    return f"{registry_id}/replications/{home}" if known and held.keys() - {home} else None


def _regions(spec: StackSpec) -> frozenset[str]:
    """The regions of the registry."""
    return frozenset((spec.registry_home, *spec.replicas)) if spec.registry else frozenset()
