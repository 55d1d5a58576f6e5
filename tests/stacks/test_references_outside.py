"""What a stack refers to and does not make: secrets of key vaults, names of internal environments, ways out of
clusters."""

import pytest

from tests.stacks.stack_files import FILE, Files, changed, line_here
from tests.stacks.test_aks import cluster

WEST = "          registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}\n"
VAULT = "/subscriptions/s/resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/shared"
SECRET = "secrets: {token: {key_vault_url: 'https://shared.vault.azure.net/secrets/token'}} # here"


def apps(secret: str = "", more: str = "", sections: str = "", peers: str = "[]") -> str:
    """A description with an internal environment and one app in it."""
    text = f"""    dns: {{}}
    identities: {{api: {{}}}}
{sections}    container_apps:
      west:
        network: westeurope
        subnet: apps
        {more or "mtls: true"}
        apps:
          web:
            identity: api
            containers: {{web: {{image: "team/web:1"}}}}
            ingress: {{target_port: 80}}
            {secret or "revisions: Single"}
"""
    subnet = "          apps: {prefix: 10.60.1.0/26, delegation: Microsoft.App/environments}\n"
    old = "[10.60.0.0/16]\n        peers: []"
    return changed((WEST, WEST + subnet), ("    dns: {}\n", text), (old, old.replace("[]", peers)))


def test_a_secret_that_nobody_may_read_is_reported_once_with_the_command(files: Files) -> None:
    text = apps(SECRET)
    (line,) = [report for report in files.warnings(text) if "KV-READ" in report]
    assert line.startswith(f"{FILE}:{line_here(text)} container_apps.west.apps.web.secrets.token: identity api reads")
    assert "state key_vaults.shared.id, or run az role assignment create" in line
    assert "az identity show --resource-group rg-contoso-test-identity --name id-contoso-test-api" in line
    assert '--role "Key Vault Secrets User" --scope "$(az keyvault show --name shared' in line


def test_a_vault_that_is_stated_is_granted_and_not_reported(files: Files) -> None:
    stated = f"    key_vaults: {{shared: {{id: {VAULT}}}}}\n"
    assert not [report for report in files.warnings(apps(SECRET, sections=stated)) if "key_vault" in report]


def test_a_vault_without_a_reader_is_reported_and_the_id_of_another_is_refused(files: Files) -> None:
    stated = f"    key_vaults: {{shared: {{id: {VAULT}}}}}\n"
    assert any(
        "this stack does not reference its secrets" in report for report in files.warnings(apps(sections=stated))
    )
    (line,) = files.refusals(apps(SECRET, sections=stated.replace("{shared: {id", "{other: {id")))
    assert "key_vaults.other.id: is the id of vault shared; write key_vaults.shared" in line


def test_a_network_that_resolves_names_exists_and_is_peered(files: Files) -> None:
    (line,) = files.refusals(apps(more="dns_links: [hub]"))
    assert "container_apps.west.dns_links.0: there is no network 'hub'" in line
    far = apps(more="dns_links: [westeurope, eastus]")
    assert any(
        "eastus resolves the names to an address in westeurope, but the two" in report for report in files.warnings(far)
    )
    near = apps(more="dns_links: [westeurope, eastus]", peers="[eastus]")
    assert not [report for report in files.warnings(near) if "dns_links" in report]


def test_names_that_are_kept_elsewhere_are_reported_with_what_to_keep(files: Files) -> None:
    report = files.warnings(apps(more="dns_links: []"))
    assert any("has records * and @ for its static_ip" in line for line in report)
    assert not [line for line in files.warnings(apps()) if "CAE-26" in line]


def test_names_of_a_public_environment_are_linked_to_nothing(files: Files) -> None:
    (line,) = files.refusals(
        apps(more="{internal: false, dns_links: [westeurope]}".strip("{}").replace(", ", "\n        "))
    )
    assert "dns_links: names networks, but the names of the environment are public" in line


@pytest.mark.parametrize("channel", ["stable", "rapid"])
def test_a_version_that_a_channel_moves_on_is_reported(files: Files, channel: str) -> None:
    text = cluster(upgrade_channel=channel, kubernetes_version='"1.35" # here')
    (line,) = [report for report in files.warnings(text) if "kubernetes_version" in report]
    assert f"1.35 applies at creation only: upgrade_channel {channel} upgrades the cluster" in line
    kept = cluster(upgrade_channel="patch", kubernetes_version='"1.35"')
    assert not [report for report in files.warnings(kept) if "kubernetes_version" in report]


def test_one_account_of_one_identity_is_named_once(files: Files) -> None:
    account = "{identity: api, namespace: shop, service_account: api}"
    text = cluster(f"workload_identities: {{one: {account}, two: {account}}} # here")
    (line,) = files.refusals(text)
    assert "workload_identities.two: is the same account and identity as one" in line
    files.load(text.replace("two: {identity: api, namespace: shop", "two: {identity: api, namespace: other"))
