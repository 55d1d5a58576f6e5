"""Sandbox groups in a stack: sites, addresses, pulls and cross-system checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planning import names
from planning.addresses import Consumer
from planning.problems import Problem
from planning.sandboxes import DELEGATION, TIERS, Demand, consumer, demand
from stacks.billing import not_known
from stacks.plan import Plan, Puller
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems import delegated

SECTION = "sandbox_groups"


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Groups, in the region that they state, else that of their network, else that of their environment."""
    for key, group in spec.sandbox_groups.items():
        yield sites.site(
            (SECTION, key),
            (names.SANDBOX_GROUP, sites.names.sandbox_group(key)),
            group=("sandboxes", key),
            stated=group.location,
            follows=[("networks", group.network), ("container_apps", group.environment)],
        )


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """Addresses of network connections in their subnets."""
    for key, group in spec.sandbox_groups.items():
        if group.network and group.subnet:
            yield consumer((group.network, group.subnet), f"sandbox group {key}")


def pullers(spec: StackSpec, sites: Sites) -> Iterator[Puller]:
    """Every group, with the identity that pulls its image, if any."""
    for key, group in spec.sandbox_groups.items():
        yield Puller((SECTION, key), sites[SECTION, key].location, group.identity)


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Subnets of the groups [SBX-5]."""
    for key, group in spec.sandbox_groups.items():
        path = (SECTION, key)
        region = plan.sites[SECTION, key].location
        if group.network is not None and group.subnet is not None:
            subnet = (group.network, group.subnet)
            yield from delegated.misplaced(spec, path, subnet, region=region, delegation=DELEGATION, source="SBX-5")


def subnets_alone(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Subnets of groups with other consumers [SBX-5]."""
    subnets = {
        (SECTION, key): ((group.network, group.subnet), f"sandbox group {key}")
        for key, group in spec.sandbox_groups.items()
        if group.network and group.subnet
    }
    yield from delegated.shared(plan, subnets, "SBX-5")


def owners(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Owners that code in a sandbox could use."""
    for key, group in spec.sandbox_groups.items():
        for index, name in enumerate(group.owners):
            if name in group.all_identities:
                message = (
                    f"{name} is an identity of the sandboxes too, so code in one could access all others; "
                    "use another identity as owner of the group [SBX-7]"
                )
                yield Problem((SECTION, key, "owners", str(index)), message, "warning")


def quotas(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """The maximum size of all groups of a region, against the stated quota [SBX-13]."""
    together: defaultdict[str, Demand] = defaultdict(Demand)
    sums: defaultdict[str, list[str]] = defaultdict(list)
    for key, group in spec.sandbox_groups.items():
        if group.maximum_sandboxes is not None:
            region = plan.sites[SECTION, key].location
            together[region] += demand(group.tier, group.maximum_sandboxes)
            sums[region].append(f"{key}: {group.maximum_sandboxes} x {group.tier} {TIERS[group.tier].vcpu:g} vCPU")
    for key, group in spec.sandbox_groups.items():
        quota, region = group.quota, plan.sites[SECTION, key].location
        if group.maximum_sandboxes is None and (quota.vcpu or quota.memory_gib):
            message = "states no maximum_sandboxes, so it may exceed any quota; state one [SBX-13]"
            yield Problem((SECTION, key), message, "error" if group.terms.defaults else "warning")
        need = together[region]
        for member, has, wants, unit in (
            ("vcpu", quota.vcpu, need.vcpu, "vCPUs"),
            ("memory_gib", quota.memory_gib, need.memory_gib, "GiB of memory"),
        ):
            if has is not None and wants > has:
                message = (
                    f"{has:g} {unit} are the quota in {region}, full groups need {wants:g} ({'; '.join(sums[region])}); "
                    "lower maximum_sandboxes or tier, or request more quota [SBX-13]"
                )
                yield Problem((SECTION, key, "quota", member), message)


def egress(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Profiles without egress restrictions."""
    for key, group in spec.sandbox_groups.items():
        path, rules = (SECTION, key, "profile", "egress"), group.profile.egress
        if rules.default == "allow":
            message = "allow lets code in a sandbox send data to any host; write deny, and name the hosts that it needs [SBX-9]"
            yield Problem((*path, "default"), message, "warning")
        if rules.skip_proxy and group.network is None:
            message = "egress is unrestricted: the proxy is skipped and the group has no network; connect one [SBX-9]"
            yield Problem((*path, "skip_proxy"), message)


SANDBOX_GROUPS = System(
    section=SECTION,
    charges=not_known(SECTION, "sandboxes", "no meter is known for sandboxes"),
    sites=sites_of,
    consumers=consumers,
    pullers=pullers,
    checks=(places, subnets_alone, owners, quotas, egress),
    builder="stacks.systems.sandboxes.build",
)
