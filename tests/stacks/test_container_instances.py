"""What of container groups and of the fixer of their records is refused or told where they meet the rest of a stack."""

import pytest

from tests.stacks.stack_files import FILE, NO_HEADROOM, Files, changed, line_here

SUBNETS = (
    "registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}",
    "registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}\n"
    "          groups: {prefix: 10.60.1.0/29, delegation: Microsoft.ContainerInstance/containerGroups}",
)
GROUP = (
    "{network: westeurope, subnet: groups, identity: groups, containers: {main: {image: 'team/web:1', ports: [80]}}}"
)
GROUPS = f"""
    identities:
      groups: {{}}
    monitoring:
      workspaces: {{main: {{}}}}
    container_groups:
      web: {GROUP}
"""
DRIFT = """
    address_drift:
      deployed: true
      spokes:
        westeurope: {zone: weu.aci.internal}
"""


def stack(*changes: tuple[str, str], drift: bool = True) -> str:
    """Return the stack in order with container groups, and the fixer, with changes."""
    text = changed(SUBNETS, NO_HEADROOM).rstrip("\n") + GROUPS.rstrip("\n") + (DRIFT if drift else "\n")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def test_a_group_in_a_delegated_subnet_with_its_fixer_is_in_order(files: Files) -> None:
    plan = files.load(stack()).plan
    assert [puller.identity for puller in plan.pullers] == ["groups"]
    assert plan.grants["pull-groups"].action == "pull"
    row = next(row for row in plan.ledger if row.subnet.name == "groups")
    assert (row.need, row.free) == (1, 2)


def test_the_ledger_names_the_subnet_that_is_one_address_short(files: Files) -> None:
    more = "".join(f"\n      g{number}: {GROUP}" for number in range(3))
    (line,) = files.refusals(stack((f"web: {GROUP}", f"web: {GROUP}{more}")))
    assert "networks.westeurope.subnets.groups: 10.60.1.0/29 in vnet-contoso-test-westeurope leaves 3 addresses" in line
    assert "4 are needed (container group web: 1 container group; container group g0: 1 container group" in line
    assert line.endswith("give /28 (7 free) or larger [ACI-2]")


REFUSALS: dict[str, tuple[tuple[str, str], str]] = {
    "a network that is not there": (
        ("web: {network: westeurope", "web: {network: nowhere"),
        "container_groups.web.network: there is no network 'nowhere'",
    ),
    "a subnet that is not there": (
        ("subnet: groups", "subnet: nothing"),
        "container_groups.web.subnet: there is no subnet 'nothing'; there are: registry, groups",
    ),
    "a subnet that is not delegated": (
        (", delegation: Microsoft.ContainerInstance/containerGroups", ""),
        "container_groups.web.subnet: subnet groups is not delegated; give it delegation: "
        "Microsoft.ContainerInstance/containerGroups [ACI-2]",
    ),
    "a subnet of another service": (
        ("delegation: Microsoft.ContainerInstance/containerGroups", "delegation: Microsoft.App/environments"),
        "container_groups.web.subnet: subnet groups is delegated to Microsoft.App/environments; give it",
    ),
    "an identity that is not there": (
        ("identity: groups", "identity: nobody"),
        "container_groups.web.identity: there is no identity 'nobody'; there are: groups",
    ),
    "a workspace that is not there": (
        ("subnet: groups, ", "subnet: groups, workspace: other, "),
        "container_groups.web.workspace: there is no workspace 'other'; there are: main",
    ),
    "a workspace that takes no keys": (
        ("subnet: groups, ", "subnet: groups, workspace: main, "),
        "container_groups.web.workspace: main does not accept shared keys, which container groups need to send logs; write "
        "monitoring.workspaces.main.shared_keys: true [ACI-11]",
    ),
    "a group's name": (
        ("      web: {network", "      Web: {network"),
        "container_groups.Web: 'Web' is not a name for a container group: 1 to 63 characters, lower-case letters",
    ),
    "a spoke that is not there": (
        ("westeurope: {zone", "nowhere: {zone"),
        "address_drift.spokes.nowhere: there is no network 'nowhere'",
    ),
    "a spoke without container groups": (
        ("westeurope: {zone", "eastus: {zone"),
        "address_drift.spokes.eastus: network eastus has no container groups; remove it, or add one [DRIFT-4]",
    ),
    "a link to a network that is not there": (
        ("zone: weu.aci.internal}", "zone: weu.aci.internal, links: [westeurope, nowhere]}"),
        "address_drift.spokes.westeurope.links.1: there is no network 'nowhere'",
    ),
    "a workspace of the fixer that is not there": (
        ("deployed: true", "deployed: true\n      workspace: other"),
        "address_drift.workspace: there is no workspace 'other'; there are: main",
    ),
    "a zone of a name that the network has": (
        ("dns: {}", "dns: {zones: {own: {name: weu.aci.internal, network: westeurope}}}"),
        "address_drift.spokes.westeurope.links: network westeurope would be linked to two zones named weu.aci.internal, that "
        "of zone own and this one's",
    ),
    "a reverse zone of a name that the network has": (
        ("dns: {}", "dns: {zones: {own: {name: 1.60.10.in-addr.arpa, network: westeurope}}}"),
        "address_drift.spokes.westeurope.links: network westeurope would be linked to two zones named 1.60.10.in-addr.arpa",
    ),
    "a name that no storage account takes": (
        ("deployed: true", "deployed: true\n      storage_account: contoso-drift"),
        "address_drift.storage_account: 'contoso-drift' is not a name for a storage account: 3 to 24 characters",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_azure_would_refuse_is_refused_at_its_place(files: Files, case: str) -> None:
    change, said = REFUSALS[case]
    lines = files.refusals(stack(change))
    assert any(said in line for line in lines), lines


def test_a_group_that_is_too_large_is_refused_in_its_line(files: Files) -> None:
    text = stack(("{image: 'team/web:1', ports: [80]}}}", "{image: 'team/web:1', cpu: 8}}} # here"))
    (line,) = files.refusals(text)
    assert line.startswith(f"{FILE}:{line_here(text)} container_groups.web.containers: 8 vCPU / 1.5 GB in all is above")


WARNINGS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "a fixer whose package is not deployed": (
        [("deployed: true", "deployed: false")],
        "address_drift.deployed: false, so the app receives no events and writes no records: run up, deploy as the output",
    ),
    "a fixer that its own network does not ask": (
        [("zone: weu.aci.internal}", "zone: weu.aci.internal, links: [eastus]}")],
        "address_drift.spokes.westeurope.links: does not contain westeurope, so its own container groups do not "
        "resolve one another",
    ),
    "a registry that shuts trusted services out": (
        [("headroom: 0", "headroom: 0\n      trusted_services_bypass: false")],
        "registry.trusted_services_bypass: false, but container groups pull as a trusted service",
    ),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_what_would_not_work_is_reported(files: Files, case: str) -> None:
    changes, said = WARNINGS[case]
    lines = files.warnings(stack(*changes))
    assert any(said in line for line in lines), lines


def test_a_secure_value_is_taken_where_a_secret_is_meant(files: Files) -> None:
    text = stack(("ports: [80]", "secrets: {KEY: {secure: v1:abc}}"))
    group = files.load(text).spec.container_groups["web"]
    assert "secure" not in repr(group.containers["main"].secrets)
