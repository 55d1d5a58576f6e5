"""Environments and pools beside networks, identities and workspaces: what is planned, and what is refused where."""

import pytest

from tests.stacks.stack_files import FILE, THEIRS, Files, changed, line_here

APPS_SUBNET = "apps: {prefix: 10.60.1.0/27, delegation: Microsoft.App/environments}"

SECTIONS = """\
    identities:
      puller: {}
    monitoring: {workspaces: {main: {}}}
    container_apps:
      west:
        network: westeurope
        subnet: apps
        diagnostics: {workspace: main}
        private_endpoints: {west: {network: westeurope, subnet: registry}}
        apps:
          web:
            identity: puller
            containers: {web: {image: "team-a/web:1"}}
        jobs:
          tidy:
            identity: puller
            containers: {tidy: {image: "team-a/tidy:1"}}
    session_pools:
      box: {type: Custom, environment: west, identity: puller, container: {image: "team-a/box:1", port: 80}}
"""


def with_apps(*changes: tuple[str, str]) -> str:
    """Return the description that holds with an environment and a pool, changed."""
    old = "          registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}\n"
    text = changed((old, f"{old}          {APPS_SUBNET}\n"), ("    dns: {}\n", SECTIONS))
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times"
        text = text.replace(before, after)
    return text


def test_what_holds_holds(files: Files) -> None:
    plan = files.load(with_apps()).plan
    needs = {row.subnet.key: row.need for row in plan.ledger}
    # 9 of 14 infrastructure, 2 x 1 for an app of ten, 1 for the job; 5 for the registry's endpoint, 1 for the
    # environment's.
    assert needs[("westeurope", "apps")] == 12
    assert needs[("westeurope", "registry")] == 6


def test_everything_that_pulls_is_granted_that_once_and_by_region(files: Files) -> None:
    plan = files.load(with_apps()).plan
    assert [(puller.region, puller.identity) for puller in plan.pullers] == [("westeurope", "puller")] * 3
    assert plan.grants["pull-puller"].action == "pull"


def test_an_environment_short_of_addresses_is_refused_with_subnet_need_have_and_prefix(files: Files) -> None:
    text = with_apps(
        (APPS_SUBNET, f"{APPS_SUBNET} # here"),
        ("          web:\n", "          web:\n            scale: {max_replicas: 100}\n"),
    )
    (line,) = files.refusals(text)
    assert line == (
        f"{FILE}:{line_here(text)} networks.westeurope.subnets.apps: 10.60.1.0/27 in vnet-contoso-test-westeurope leaves 27 "
        "addresses, 30 are needed (9 infrastructure (14 with the subnet's 5) + 2 x 10 for 100 replicas + 1 for 1 replicas); "
        "give /26 (29 free) or larger [CAE-2]"
    )


def test_a_dedicated_profile_takes_its_most_nodes_twice_unless_all_its_apps_keep_old_revisions(files: Files) -> None:
    profile = ("        diagnostics:", "        profiles: {big: {type: D4, maximum_count: 4}}\n        diagnostics:")
    on_it = ("          web:\n", "          web:\n            profile: big\n")
    kept = ("          web:\n", "          web:\n            profile: big\n            revisions: Multiple\n")

    def need(*changes: tuple[str, str]) -> int:
        plan = files.load(with_apps(*changes)).plan
        return next(row.need for row in plan.ledger if row.subnet.name == "apps")

    assert need(profile) == 9 + 8 + 2 + 1
    assert need(profile, on_it) == 9 + 8 + 1
    assert need(profile, kept) == 9 + 4 + 1


REFUSALS = {
    "a subnet of another service": (
        [
            ("delegation: Microsoft.App/environments", "delegation: Microsoft.App/sandboxGroups"),
            ("subnet: apps", "subnet: apps # here"),
        ],
        "container_apps.west.subnet: apps is delegated to Microsoft.App/sandboxGroups; write delegation: "
        "Microsoft.App/environments at the subnet [CAE-1]",
    ),
    "a subnet that is not delegated": (
        [(", delegation: Microsoft.App/environments", ""), ("subnet: apps", "subnet: apps # here")],
        "container_apps.west.subnet: apps is delegated to no service; write delegation: Microsoft.App/environments at the "
        "subnet [CAE-1]",
    ),
    "an hour that there is not": (
        [
            (
                "            containers: {tidy: {",
                '            schedule: "0 24 * * *" # here\n            containers: {tidy: {',
            )
        ],
        "container_apps.west.jobs.tidy.schedule: '0 24 * * *': '24' is not a valid hour; write 0 to 23 [CAE-24]",
    ),
    "a port that there is not": (
        [
            (
                "        apps:\n",
                "        telemetry: {otlp: {elastic: {endpoint: 'elastic:65536'}}} # here\n        apps:\n",
            )
        ],
        "container_apps.west.telemetry.otlp.elastic.endpoint: 'elastic:65536' has port 65536; write one from 1 to 65535",
    ),
    "a share of a revision by its whole name": (
        [
            (
                'containers: {web: {image: "team-a/web:1"}}\n',
                'containers: {web: {image: "team-a/web:1"}}\n            revisions: Multiple\n'
                "            ingress: {target_port: 80, traffic: [{weight: 100, revision: web--v2}]} # here\n",
            )
        ],
        "container_apps.west.apps.web.ingress.traffic.0.revision: 'web--v2' is not a revision suffix: use "
        "lower-case letters, digits and single '-' within, without the app's name before it; write one such as "
        "v2 [CAE-21]",
    ),
    "a subnet that is not there": (
        [("subnet: apps", "subnet: workloads # here")],
        "container_apps.west.subnet: there is no subnet 'workloads'; there are: registry, apps",
    ),
    "a network that is not there": (
        [("network: westeurope\n        subnet: apps", "network: westus # here\n        subnet: apps")],
        "container_apps.west.network: there is no network 'westus'; there are: eastus, westeurope",
    ),
    "another region than its network's": (
        [("        subnet: apps\n", "        subnet: apps\n        location: eastus # here\n")],
        "container_apps.west.location: eastus, but its network westeurope is in westeurope; leave it out [CAE-1]",
    ),
    "a reserved range": (
        [
            ("[10.60.0.0/16]", "[10.60.0.0/16, 100.100.0.0/16]"),
            ("{prefix: 10.60.1.0/27", "{prefix: 100.100.4.0/27"),
            ("environments}", "environments} # here"),
        ],
        "networks.westeurope.subnets.apps.prefix: 100.100.4.0/27 overlaps 100.100.0.0/17, which Container Apps "
        "reserves; use another range [CAE-6]",
    ),
    "an endpoint in a delegated subnet": (
        [("west: {network: westeurope, subnet: registry}}", "west: {network: westeurope, subnet: apps}} # here")],
        "container_apps.west.private_endpoints.west.subnet: apps is delegated to Microsoft.App/environments, "
        "which excludes endpoints; name another [NET-7]",
    ),
    "a workspace that is not there": (
        [("{workspace: main}", "{workspace: other} # here")],
        "container_apps.west.diagnostics.workspace: there is no workspace 'other'; there are: main",
    ),
    "an identity that is not there": (
        [("identity: puller\n            containers: {web", "identity: nobody # here\n            containers: {web")],
        "container_apps.west.apps.web.identity: there is no identity 'nobody'; there are: puller",
    ),
    "a pool in an environment that is not there": (
        [("environment: west", "environment: east"), ("port: 80}}", "port: 80}} # here")],
        "session_pools.box.environment: there is no environment of container_apps 'east'; there are: west",
    ),
    "a pool that another region's environment would run": (
        [("environment: west", "environment: west, location: eastus"), ("port: 80}}", "port: 80}} # here")],
        "session_pools.box.location: eastus, but its environment is in westeurope; leave it out [ACAS-1]",
    ),
    "a pool's bad name": (
        [("      box:", "      my-box:"), ("port: 80}}", "port: 80}} # here")],
        "session_pools.my-box: 'contosotestmy-box' is not a name for a session pool: 3 to 63 characters, lower-case letters "
        "and digits, a letter first (it has 17) [NAME-1]; use another key",
    ),
}


@pytest.mark.parametrize(("changes", "message"), REFUSALS.values(), ids=REFUSALS)
def test_a_description_is_refused_at_the_culprit(files: Files, changes: list[tuple[str, str]], message: str) -> None:
    text = with_apps(*changes)
    assert f"{FILE}:{line_here(text)} {message}" in files.refusals(text)


def test_what_nobody_stated_of_a_network_made_elsewhere_is_not_refused(files: Files) -> None:
    theirs = f"[10.60.0.0/16]\n        id: {THEIRS}"
    stated = files.load(with_apps(("[10.60.0.0/16]", theirs), (", delegation: Microsoft.App/environments", "")))
    assert any("undetermined" in warning for warning in stated.warnings)


def test_two_environments_in_one_subnet_are_refused(files: Files) -> None:
    second = "      second: {network: westeurope, subnet: apps}\n    session_pools:\n"
    lines = files.refusals(with_apps(("    session_pools:\n", second)))
    assert any(
        line.endswith(
            "container_apps.second.subnet: apps is environment west's; give each environment a subnet of its own [CAE-1]"
        )
        for line in lines
    )


def test_pulling_by_identity_from_a_registry_without_arm_tokens_is_refused(files: Files) -> None:
    policies = ("      headroom: 1\n", "      headroom: 1\n      policies: {azure_ad_authentication_as_arm: false}\n")
    lines = files.refusals(with_apps(policies))
    assert len(lines) == 3
    assert all("policies.azure_ad_authentication_as_arm is false; write true [CAE-19]" in line for line in lines)


def test_a_telemetry_key_in_plain_text_is_refused_and_not_repeated(files: Files) -> None:
    telemetry = "        telemetry: {datadog: {site: eu, key: in-clear}} # here\n        diagnostics:"
    text = with_apps(("        diagnostics:", telemetry))
    (line,) = files.refusals(text)
    assert line.startswith(f"{FILE}:{line_here(text)} container_apps.west.telemetry.datadog.key: is in plain text")
    assert "in-clear" not in line


def test_a_secure_telemetry_key_holds_before_anything_has_decrypted_it(files: Files) -> None:
    telemetry = (
        "        telemetry: {datadog: {site: eu, key: {secure: v1:abc}}, traces: [datadog]}\n        diagnostics:"
    )
    spec = files.load(with_apps(("        diagnostics:", telemetry))).spec
    assert spec.container_apps["west"].telemetry is not None
