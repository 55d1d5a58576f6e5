"""Sandbox groups of a stack: what is refused, and the profile that a client is handed."""

import json
from typing import Any

import pytest
from azure.containerapps.sandbox import EgressPolicy
from azure.containerapps.sandbox._models import LifecyclePolicy

from stacks import profile_files
from stacks.loader import Stack
from stacks.systems.sandboxes.profile import Profile
from tests.stacks.stack_files import FILE, Files, changed, line_here
from tests.verbs.asking import run

SUBNETS = (
    "        peers: []\n        subnets:\n          registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}\n",
    "        peers: []\n        subnets:\n          registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}\n"
    "          boxes: {prefix: 10.60.1.0/27, delegation: Microsoft.App/environments}\n"
    "          small: {prefix: 10.60.2.0/28, delegation: Microsoft.App/environments}\n"
    "          plain: {prefix: 10.60.3.0/27}\n",
)


def stack_of(*groups: str) -> str:
    """A description with identities and these groups, one a line."""
    text = "    dns: {}\n    identities: {puller: {}, driver: {}}\n    sandbox_groups:\n"
    return changed(SUBNETS, ("    dns: {}\n", text + "".join(f"      {line}\n" for line in groups)))


REFUSALS = {
    "an unknown identity": (
        "west: {identity: pull} # here",
        "west.identity: there is no identity 'pull'; there are: puller",
    ),
    "an unknown subnet": (
        "west: {network: westeurope, subnet: box} # here",
        "west.subnet: there is no subnet 'box'; there are: registry, boxes",
    ),
    "a subnet that is not delegated": (
        "west: {network: westeurope, subnet: plain} # here",
        "west.subnet: plain is delegated to nothing; set delegation: Microsoft.App/environments on it [SBX-5]",
    ),
    "a network of another region": (
        "west: {location: eastus, network: westeurope, subnet: boxes} # here",
        "west.network: westeurope is in westeurope, this in eastus",
    ),
    "half a place": ("west: {network: westeurope} # here", "west: network and subnet belong together"),
    "an identity by the stable contract": (
        "west: {contract: 2026-07-01, environment: e, identity: puller} # here",
        "west.identity: contract 2026-07-01 has no such property; remove it, or use 2026-02-01-preview [SBX-2]",
    ),
    "no environment by the stable contract": (
        "west: {contract: 2026-07-01} # here",
        "west.environment: contract 2026-07-01 links a group to an environment at creation only",
    ),
    "an environment by the preview contract": (
        "west: {environment: e} # here",
        "west.environment: contract 2026-02-01-preview has no such property; remove it, or use 2026-07-01 [SBX-2]",
    ),
    "an environment that is not there": (
        "west: {contract: 2026-07-01, environment: e} # here",
        "west.environment: there is no environment of container_apps 'e'; there are: none",
    ),
    "more vCPUs than are granted": (
        "west: {tier: L, maximum_sandboxes: 51, quota: {vcpu: 100}} # here",
        "west.quota.vcpu: 100 vCPUs are the quota in eastus, full groups need 102 (west: 51 x L 2 vCPU); lower",
    ),
    "a quota without a maximum": ("west: {quota: {vcpu: 100}} # here", "west: states no maximum_sandboxes"),
    "an idle timeout that is not offered": ("west: {idle_timeout_minutes: 3} # here", "west.idle_timeout_minutes: "),
    "a tier that is not offered": ("west: {tier: XXL} # here", "west.tier: "),
    "an image without an identity": (
        "west: {profile: {image: 'a/b:1'}} # here",
        "west.identity: the profile has an image of the registry, which needs an identity that pulls it [SBX-8]",
    ),
    "a secret's value": (
        "west: {secrets: {k: hunter2}} # here",
        "west.secrets.k: (not shown) is not a secret of a key vault",
    ),
    "a header of an unknown secret": (
        "west: {profile: {egress: {headers: [{host: a.example.com, name: X, secret: k}]}}} # here",
        "west.profile.egress.headers.0.secret: there is no secret of the group 'k'; there are: none",
    ),
    "a host with a scheme": (
        "west: {profile: {egress: {allow_hosts: ['https://a.example.com']}}} # here",
        "west.profile.egress.allow_hosts.0: 'https://a.example.com' is not a host or a pattern",
    ),
    "a range that is none": (
        "west: {profile: {egress: {cidr_rules: [{range: 10.0.0.1/8, action: deny}]}}} # here",
        "west.profile.egress.cidr_rules.0.range: '10.0.0.1/8' is not a range",
    ),
    "rules of a proxy that is skipped": (
        "west: {profile: {egress: {skip_proxy: true, allow_hosts: [a.example.com]}}} # here",
        "west.profile.egress.allow_hosts: the proxy is skipped, so its rules have no effect",
    ),
    "nothing that holds egress": (
        "west: {profile: {egress: {skip_proxy: true}}} # here",
        "west.profile.egress.skip_proxy: egress is unrestricted",
    ),
    "a data disk with memory kept": (
        "west: {profile: {volumes: {d: {kind: data_disk, mount: /d, size_gib: 8}}}} # here",
        "west.profile.volumes.d: a data disk needs suspend: disk",
    ),
    "a data disk of two sandboxes": (
        "west: {profile: {suspend: disk, sandboxes: 2, volumes: {d: {kind: data_disk, mount: /d, size_gib: 8}}}} # here",
        "west.profile.volumes.d: a data disk is attached to one sandbox at a time, sandboxes is 2",
    ),
    "a blob volume with a size": (
        "west: {profile: {volumes: {d: {kind: blob, mount: /d, size_gib: 8}}}} # here",
        "west.profile.volumes.d.size_gib: a blob volume has no size",
    ),
    "a name that is too long": (
        "western-sandboxes-of-team-a: {} # here",
        "western-sandboxes-of-team-a: 'sbx-contoso-test-",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused(files: Files, case: str) -> None:
    line, message = REFUSALS[case]
    text = stack_of(line)
    found = files.refusals(text)
    assert any(report.startswith(f"{FILE}:{line_here(text)} sandbox_groups.{message}") for report in found), found


def test_a_subnet_of_two_groups_is_refused_for_both(files: Files) -> None:
    place = "{network: westeurope, subnet: boxes}"
    found = files.refusals(stack_of(f"one: {place}", f"two: {place}"))
    assert [report.split(": ", 1)[1] for report in found] == [
        "boxes is used by sandbox group two too; give it a subnet of its own [SBX-5]",
        "boxes is used by sandbox group one too; give it a subnet of its own [SBX-5]",
    ]


def test_a_subnet_under_27_is_refused_with_need_room_and_prefix(files: Files) -> None:
    (line,) = files.refusals(stack_of("west: {network: westeurope, subnet: small}"))
    assert "10.60.2.0/28 in vnet-contoso-test-westeurope leaves 11 addresses, 1 are needed (1 connection)" in line
    assert "give /27" in line


def test_groups_of_one_region_share_a_quota(files: Files) -> None:
    group = "{tier: M, maximum_sandboxes: 30, quota: {vcpu: 50}}"
    found = files.refusals(stack_of(f"one: {group}", f"two: {group}"))
    assert all("full groups need 60 (one: 30 x M 1 vCPU; two: 30 x M 1 vCPU)" in report for report in found)
    assert files.load(stack_of(f"one: {group}", "two: {location: westeurope, maximum_sandboxes: 30}"))


@pytest.mark.parametrize(
    ("group", "warning"),
    [
        ("west: {profile: {egress: {default: allow}}}", "allow lets code in a sandbox send data to any host"),
        ("west: {identity: puller, owners: [puller]}", "puller is an identity of the sandboxes too"),
    ],
)
def test_what_holds_little_back_is_reported(files: Files, group: str, warning: str) -> None:
    assert any(warning in report for report in files.warnings(stack_of(group)))


def test_the_pulling_identity_is_granted_that(files: Files) -> None:
    stack = files.load(stack_of("west: {identity: puller}"))
    assert stack.plan.grants["pull-puller"].identity == "puller"


FULL = (
    "west: {network: westeurope, subnet: boxes, identity: puller, tier: S, idle_timeout_minutes: 30,"
    " secrets: {gh: 'https://v-1.vault.azure.net/secrets/gh'}, profile: {image: 'a/b:1', suspend: disk, auto_delete_days: 2,"
    " egress: {allow_hosts: ['*.github.com'], deny_hosts: [gist.github.com],"
    " cidr_rules: [{range: 10.0.0.0/8, action: deny}],"
    " headers: [{host: api.github.com, name: Authorization, secret: gh, format: 'Bearer {value}'}]},"
    " volumes: {cache: {kind: data_disk, mount: /cache, size_gib: 8}}}}"
)


def profile(stack: Stack, key: str = "west") -> dict[str, Any]:
    return json.loads(profile_files.files(stack, key, "json")[f"sbx-contoso-test-{key}.json"])


def test_a_pinned_profile_pulls_from_and_reaches_the_regions_own_replica(files: Files) -> None:
    pinned = FULL.replace("west: {", "west: {endpoint: regional, ", 1)
    created = profile(files.load(stack_of(pinned)))
    assert created["image"]["base"] == "contosotest.westeurope.geo.azurecr.io/a/b:1"
    assert created["image"]["pullIdentity"]["name"] == "id-contoso-test-puller"
    assert [rule["pattern"] for rule in created["egressPolicy"]["hostRules"] if rule["action"] == "Allow"] == [
        "contosotest.westeurope.geo.azurecr.io",
        "contosotest.westeurope.data.azurecr.io",
        "*.github.com",
    ]


def test_a_profile_without_regional_endpoints_reaches_every_data_host(files: Files) -> None:
    text = stack_of("west: {}").replace("regional_endpoints: true", "regional_endpoints: false")
    created = profile(files.load(text))
    assert [rule["pattern"] for rule in created["egressPolicy"]["hostRules"]] == [
        "contosotest.azurecr.io",
        "contosotest.eastus.data.azurecr.io",
        "contosotest.westeurope.data.azurecr.io",
    ]


def test_the_client_reads_a_profile_and_gives_it_back_as_it_is(files: Files) -> None:
    created = profile(files.load(stack_of(FULL)))
    policy = EgressPolicy._from_dict(created["egressPolicy"])
    assert policy is not None
    policy.validate()
    assert policy._to_dict() == created["egressPolicy"]
    lifecycle = LifecyclePolicy._from_dict(created["lifecycle"])
    assert lifecycle is not None
    assert lifecycle._to_dict() == created["lifecycle"]
    assert created["lifecycle"]["autoSuspendPolicy"] == {"enabled": True, "interval": 1800, "mode": "Disk"}
    assert created["lifecycle"]["autoDeletePolicy"]["deleteIntervalInSeconds"] == 172800


def test_a_profile_holds_references_and_no_secret(files: Files) -> None:
    created = profile(files.load(stack_of(FULL)))
    assert created["secrets"] == {"gh": {"keyVaultSecret": "https://v-1.vault.azure.net/secrets/gh"}}
    assert created["egressPolicy"]["rules"][0]["action"]["headers"][0]["valueRef"]["secretRef"] == {
        "secretId": "gh",
        "format": "Bearer {value}",
    }


def test_the_default_is_tier_m_memory_kept_and_egress_denied(files: Files) -> None:
    created = profile(files.load(stack_of("west: {}")))
    assert created["resources"] == {"cpu": "1000m", "memory": "2048Mi", "disk": "20Gi"}
    assert created["lifecycle"]["autoSuspendPolicy"] == {"enabled": True, "interval": 300, "mode": "Memory"}
    assert created["egressPolicy"]["defaultAction"] == "Deny"


def test_a_file_that_somebody_changed_is_checked_by_the_same_model(files: Files) -> None:
    created = profile(files.load(stack_of(FULL)))
    assert Profile.model_validate({"maximumSandboxes": None, **created})
    created["lifecycle"]["autoSuspendPolicy"]["interval"] = 45
    with pytest.raises(ValueError, match="45 is not one of the idle timeouts"):
        Profile.model_validate({"maximumSandboxes": None, **created})


def test_the_schema_names_every_member_of_a_profile(files: Files) -> None:
    created = profile_files.files(files.load(stack_of(FULL)), None, "yaml", with_schema=True)
    schema = json.loads(created[profile_files.SCHEMA_NAME])
    assert set(profile(files.load(stack_of(FULL)))) <= set(schema["properties"])
    assert created["sbx-contoso-test-west.yaml"].startswith(
        "# yaml-language-server: $schema=./sandbox-profile.schema.json\n"
    )


def test_the_command_writes_files_and_refuses_an_unknown_group(
    files: Files, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = files.load(stack_of(FULL))
    monkeypatch.setattr("stacks.loader.load", lambda _: stack)
    out = tmp_path / "profiles"
    done = run("profiles", "test", "--out", out, "--schema")
    assert done.exit_code == 0, done.output
    assert {path.name for path in out.iterdir()} == {"sbx-contoso-test-west.yaml", "sandbox-profile.schema.json"}
    refused = run("profiles", "test", "--group", "east")
    assert refused.exit_code == 1
    assert "there is no sandbox group 'east'; there are: west" in refused.output
