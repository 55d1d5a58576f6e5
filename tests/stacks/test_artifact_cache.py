"""The artifact cache in a stack file: what is said about its key vaults, and where it is stated."""

import pytest

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
