"""The artifact cache in a stack file: what is said about its key vaults, and where it is stated."""

import pytest

from stacks.egress import clients
from stacks.loader import Stack
from tests.stacks.stack_files import Files, changed

CACHE = """\
    dns: {}
    artifact_cache:
      credential_sets:
        docker-hub:
          login_server: docker.io
          username_secret: https://contosokv.vault.azure.net/secrets/hub-user
          password_secret: https://contosokv.vault.azure.net/secrets/hub-token
      rules:
        library: {source: docker.io/library/*, target: docker/*, credential_set: docker-hub}
"""
VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/contosokv"
STATED = f"{CACHE}    key_vaults: {{contosokv: {{id: {VAULT}}}}}\n"


def test_a_vault_that_the_stack_does_not_name_is_a_warning_with_what_to_do(files: Files) -> None:
    (line,) = (line for line in files.warnings(changed(("    dns: {}\n", CACHE))) if "artifact_cache" in line)
    assert "artifact_cache.credential_sets.docker-hub: reads secrets of key vault contosokv" in line
    assert "state key_vaults.contosokv.id, or assign the role after up [KV-READ]" in line


def test_a_vault_that_the_stack_names_is_granted_and_in_use(files: Files) -> None:
    assert not [line for line in files.warnings(changed(("    dns: {}\n", STATED))) if "contosokv" in line]


@pytest.mark.parametrize("key", ["cache_rules", "credential_sets"])
def test_cache_rules_below_the_registry_are_sent_to_their_section(files: Files, key: str) -> None:
    (line,) = files.refusals(changed(("      headroom: 1\n", f"      headroom: 1\n      {key}: {{}}\n")))
    assert f"registry.{key}: is stated in the section artifact_cache, beside registry" in line


GROUP = """\
    dns: {}
    identities: {puller: {}}
    container_groups:
      web: {location: eastus, priority: Spot, identity: puller, containers: {main: {image: "mcr.microsoft.com/dotnet/sdk:9.0"}}}
"""
RULE = "    artifact_cache: {rules: {dotnet: {source: mcr.microsoft.com/dotnet/*, target: dotnet/*}}}\n"
DIRECT = "    artifact_cache: {direct: [mcr.microsoft.com]}\n"


def image_in(stack: Stack) -> str:
    return stack.spec.container_groups["web"].containers["main"].image


def test_an_image_of_an_upstream_is_pulled_through_the_rule_that_covers_it(files: Files) -> None:
    assert image_in(files.load(changed(("    dns: {}\n", GROUP + RULE)))) == "dotnet/sdk:9.0"


def test_an_image_of_an_upstream_that_no_rule_covers_is_refused_with_both_ways(files: Files) -> None:
    (line,) = files.refusals(changed(("    dns: {}\n", GROUP)))
    assert (
        "container_groups.web.containers.main.image: mcr.microsoft.com/dotnet/sdk:9.0 is covered by no cache rule"
        in line
    )
    assert "artifact_cache.rules.KEY with source: mcr.microsoft.com/dotnet/sdk, or add mcr.microsoft.com to" in line


def test_an_image_is_pulled_directly_where_the_stack_says_so(files: Files) -> None:
    stack = files.load(changed(("    dns: {}\n", GROUP + DIRECT)))
    assert image_in(stack) == "mcr.microsoft.com/dotnet/sdk:9.0"
    (client,) = clients(stack.spec, stack.plan, stack.plan.endpoints)
    assert [each.name for each in client.own] == ["mcr.microsoft.com"]


def test_a_host_from_which_nothing_is_pulled_directly_is_a_warning(files: Files) -> None:
    text = changed(("    dns: {}\n", GROUP + RULE.replace("{rules:", "{direct: [mcr.microsoft.com], rules:")))
    (line,) = (line for line in files.warnings(text) if "artifact_cache" in line)
    assert "artifact_cache.direct.0: no image of mcr.microsoft.com is pulled directly; remove it" in line


def test_the_host_of_the_registry_itself_is_not_stated(files: Files) -> None:
    own = GROUP.replace("mcr.microsoft.com/dotnet/sdk:9.0", "contosotest.azurecr.io/team-a/web:1")
    (line,) = files.refusals(changed(("    dns: {}\n", own)))
    assert "states a host of the registry; write repository:tag" in line


def test_an_upstream_in_azure_that_nothing_grants_is_a_warning(files: Files) -> None:
    rule = "rules: {bases: {source: contosobase.azurecr.io/bases/*, target: bases/*, identity: puller}}"
    text = changed(
        ("    dns: {}\n", f"    dns: {{}}\n    identities: {{puller: {{}}}}\n    artifact_cache: {{{rule}}}\n")
    )
    (line,) = (line for line in files.warnings(text) if "artifact_cache" in line)
    assert "state upstream_id, or assign the role [ACR-CACHE-ACR]" in line


CREDENTIALS = """\
{login_server: HOST, username_secret: "https://contosokv.vault.azure.net/secrets/user",
          password_secret: "https://contosokv.vault.azure.net/secrets/token"}"""


def test_an_upstream_that_is_not_supported_is_a_warning(files: Files) -> None:
    rule = "    artifact_cache: {rules: {dotnet: {source: registry.example.com/dotnet/*, target: dotnet/*}}}\n"
    (line,) = (line for line in files.warnings(changed(("    dns: {}\n", "    dns: {}\n" + rule))) if "rules" in line)
    assert "registry.example.com is not among the upstreams that Azure Container Registry supports" in line


@pytest.mark.parametrize("host", ["mcr.microsoft.com", "public.ecr.aws", "registry.access.redhat.com"])
def test_credentials_for_an_anonymous_upstream_are_a_warning(files: Files, host: str) -> None:
    section = f"""\
    artifact_cache:
      credential_sets: {{theirs: {CREDENTIALS.replace("HOST", host)}}}
      rules: {{dotnet: {{source: {host}/dotnet/*, target: dotnet/*, credential_set: theirs}}}}
"""
    lines = files.warnings(changed(("    dns: {}\n", "    dns: {}\n" + section)))
    (line,) = (line for line in lines if "artifact_cache.rules" in line)
    assert f"credential_set: {host} is cached without credentials only; remove it [ACR-CACHE-UPSTREAM]" in line


def test_a_registry_with_network_rules_is_filled_by_trusted_services_only(files: Files) -> None:
    shut = ("      headroom: 1\n", "      headroom: 1\n      trusted_services_bypass: false\n")
    (line,) = files.refusals(changed(("    dns: {}\n", "    dns: {}\n" + RULE), shut))
    assert "registry.trusted_services_bypass: false, but cache rules fill a registry with network rules" in line
    assert files.load(changed(shut))


def test_soft_delete_excludes_cache_rules(files: Files) -> None:
    single = [("        westeurope: {}\n", ""), ("      replicas:\n", "      policies: {soft_delete: {days: 7}}\n")]
    (line,) = files.refusals(changed(("    dns: {}\n", "    dns: {}\n" + RULE), *single))
    assert "registry.policies.soft_delete: does not work on a registry with cache rules" in line
    assert files.load(changed(*single))
