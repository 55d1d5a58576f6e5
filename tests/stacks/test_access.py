"""Identities and grants of a stack: what is refused, and what pullers are granted without being asked."""

import pytest

from planning.charges import NoCharge
from planning.roles import ABAC
from stacks.plan import Puller
from stacks.planner import plan_of
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.access.system import ACCESS
from tests.stacks.stack_files import FILE, Files, changed, line_here

DNS = "    dns: {}\n"
MODE = ("headroom: 1", f"headroom: 1\n      role_assignment_mode: {ABAC}")
IDENTITIES = "    dns: {}\n    identities: {kubelet: {}, builder: {}}\n"
GUID = "22222222-2222-2222-2222-222222222222"
READER = "Container Registry Repository Reader"


def granting(*grants: str) -> tuple[str, str]:
    """Identities and grants, one a line."""
    return DNS, IDENTITIES + "    access:\n" + "".join(f"      {line}\n" for line in grants)


REFUSALS = {
    "a grant to an identity that is not there": (
        [granting("pull: {identity: kublet, action: pull} # here")],
        "access.pull.identity: there is no identity 'kublet'; there are: kubelet, builder",
    ),
    "AcrPull in ABAC mode": (
        [MODE, granting("pull: {identity: kubelet, role: AcrPull} # here")],
        f"access.pull.role: AcrPull has no effect on a registry in {ABAC}; use {READER} (action pull) and ",
    ),
    "a repository role in legacy mode": (
        [granting(f"pull: {{identity: kubelet, role: {READER}}} # here")],
        f"access.pull.role: {READER} has no effect on a registry in LegacyRegistryPermissions; use AcrPull (action pull)",
    ),
    "Owner in ABAC mode": (
        [MODE, granting("pull: {identity: kubelet, role: Owner} # here")],
        f"access.pull.role: Owner gives no access to content on a registry in {ABAC}; use action pull, push, delete",
    ),
    "repositories in legacy mode": (
        [granting("pull: {identity: kubelet, action: pull, repositories: [api]} # here")],
        "access.pull.repositories: api: a registry in LegacyRegistryPermissions ignores conditions",
    ),
    "repositories for the catalog": (
        [MODE, granting("list: {identity: kubelet, action: catalog, repositories: [api]} # here")],
        "access.list.repositories: api: Container Registry Repository Catalog Lister has no conditions",
    ),
    "the same role twice for one identity": (
        [
            MODE,
            granting(
                "first: {identity: kubelet, action: pull, repositories: [a]}",
                "second: {identity: kubelet, action: pull, repositories: [b]} # here",
            ),
        ],
        f"access.second: gives kubelet the role {READER}, as grant first does; a role is assigned to a principal "
        f"once on a registry, whatever the repositories: put its repositories into first [ROLE-7]",
    ),
    "the same principal in another letter case": (
        [
            granting(
                f"first: {{principal_id: {GUID}, principal_type: User, action: pull}}",
                f"second: {{principal_id: {GUID.upper()}, principal_type: User, action: pull}} # here",
            )
        ],
        f"access.second: gives {GUID} the role AcrPull, as grant first does",
    ),
    "identities that differ in case only": (
        [(DNS, "    dns: {}\n    identities:\n      kubelet: {}\n      Kubelet: {} # here\n")],
        "identities.Kubelet: differs from kubelet in letter case only, which Azure ignores [NAME-1]",
    ),
    "an identity's name": (
        [(DNS, "    dns: {}\n    identities:\n      the.kubelet: {} # here\n")],
        "identities.the.kubelet: 'id-contoso-test-the.kubelet' is not a name for a user-assigned identity",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_it_is_refused_with_culprit_place_and_remedy(files: Files, case: str) -> None:
    changes, report = REFUSALS[case]
    text = changed(*changes)
    lines = files.refusals(text)
    assert [line for line in lines if line.startswith(f"{FILE}:{line_here(text)} {report}")], lines


def test_a_role_that_controls_the_registry_itself_is_reported(files: Files) -> None:
    report = files.warnings(changed(granting("pull: {identity: kubelet, role: Contributor}")))
    assert any("Contributor includes control of the registry itself; use action pull" in line for line in report)


def test_an_identitys_unknown_region_is_reported(files: Files) -> None:
    report = files.warnings(changed((DNS, "    dns: {}\n    identities: {kubelet: {location: westerope}}\n")))
    assert any("did you mean westeurope? [REGION-1]" in line for line in report)


def grants(text: str, files: Files, *identities: str | None) -> dict[str, str]:
    """Key of each planned grant and who receives which role, where something pulls by each of these identities."""
    spec: StackSpec = files.load(text).spec
    mode = spec.registry.role_assignment_mode
    pullers = [Puller(("clusters", str(number)), "eastus", key) for number, key in enumerate(identities)]
    plan = plan_of(spec, [ACCESS, System("clusters", NoCharge("a test"), pullers=lambda spec, sites: iter(pullers))])
    return {key: f"{found.who} {found.role_in(mode).name}" for key, found in plan.grants.items()}


@pytest.mark.parametrize(("changes", "role"), [([], "AcrPull"), ([MODE], READER)])
def test_who_pulls_is_granted_it_by_the_plan(files: Files, changes: list[tuple[str, str]], role: str) -> None:
    found = grants(changed((DNS, IDENTITIES), *changes), files, "kubelet", "kubelet", None, "nobody")
    assert found == {"pull-kubelet": f"kubelet {role}"}


def test_a_stated_grant_that_allows_pulls_replaces_the_planned_one(files: Files) -> None:
    text = changed(granting("push: {identity: kubelet, action: push}"))
    assert grants(text, files, "kubelet") == {"push": "kubelet AcrPush"}


def test_a_stated_grant_that_lets_nobody_pull_is_no_excuse(files: Files) -> None:
    text = changed(granting("delete: {identity: kubelet, action: delete}"))
    assert grants(text, files, "kubelet") == {"delete": "kubelet AcrDelete", "pull-kubelet": "kubelet AcrPull"}
