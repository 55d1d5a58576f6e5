"""Key vaults and the customer-managed key of a registry: what is made, in which order, and what is refused."""

import pytest

from components.testing import Recording, run_recorded
from planning.endpoints import members
from planning.problems import SpecError
from stacks import program
from stacks.loader import Stack
from stacks.previous import Held, Previous
from stacks.systems.key_vaults.system import fixed
from tests.components.azure_answers import addressed, answers
from tests.stacks.stack_files import Files, changed

VAULT = """    identities: {encryption: {}}
    key_vaults:
      contosokv:
        keys: {registry: {}} # keys
        private_endpoints:
          eastus: {network: eastus, subnet: registry}
    dns: {}
"""
ENCRYPTED = (
    "      headroom: 1\n",
    "      headroom: 1\n      customer_managed_key: {key_vault: contosokv, key_name: registry, identity: encryption}\n",
)
WITH_VAULT = ("    dns: {}\n", VAULT)
THEIRS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/contosokv"


def made(stack: Stack) -> Recording:
    known = answers([addressed(members(stack.plan.shape))])
    return run_recorded(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=known)


@pytest.fixture
def encrypted(files: Files) -> Recording:
    return made(files.load(changed(WITH_VAULT, ENCRYPTED)))


def test_a_vault_is_in_a_group_of_its_own_in_the_home_region(encrypted: Recording) -> None:
    vault = encrypted.named("contoso-test-key-vault-contosokv-vault").inputs
    assert (vault["vaultName"], vault["location"]) == ("contosokv", "eastus")
    assert vault["resourceGroupName"] == "rg-contoso-test-key-vaults"


def test_a_private_endpoint_of_a_vault_takes_an_address_and_feeds_the_zone_of_all_vaults(files: Files) -> None:
    stack = files.load(changed(WITH_VAULT))
    before = files.load(changed())
    needs = [
        next(row for row in each.plan.ledger if row.subnet.key == ("eastus", "registry")) for each in (stack, before)
    ]
    assert needs[0].need == needs[1].need + 1
    recording = made(stack)
    zone = recording.named("contoso-test-key-vaults-zone-zone").inputs
    assert zone["privateZoneName"] == "privatelink.vaultcore.azure.net"
    endpoint = recording.named("contoso-test-key-vault-contosokv-endpoint-eastus-endpoint").inputs
    assert endpoint["privateLinkServiceConnections"][0]["groupIds"] == ["vault"]


def test_endpoints_of_one_subnet_are_made_one_after_another(files: Files) -> None:
    # Azure refuses two changes of one subnet at once with 429 RetryableError [PE-TURNS].
    recording = made(files.load(changed(WITH_VAULT)))
    (first,) = (
        found for found in recording.of_type("PrivateEndpoint") if found.name == "contoso-test-endpoint-eastus-endpoint"
    )
    second = recording.named("contoso-test-key-vault-contosokv-endpoint-eastus-endpoint")
    assert recording.urn_of(first) in second.depends_on
    elsewhere = recording.named("contoso-test-endpoint-westeurope-endpoint")
    assert recording.urn_of(first) not in elsewhere.depends_on


def test_the_registry_is_encrypted_with_the_current_version_of_the_key_by_the_identity(encrypted: Recording) -> None:
    registry = encrypted.named("contoso-test-registry-registry")
    assert registry.inputs["encryption"]["status"] == "enabled"
    assert registry.inputs["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": ["contoso-test-identity-encryption-identity-id"],
    }
    grant = encrypted.named("contoso-test-registry-encryption-contosokv")
    assert grant.inputs["roleDefinitionId"].endswith("/e147488a-f6f5-4113-8e2d-b22465e65bf6")
    assert grant.inputs["scope"] == "contoso-test-key-vault-contosokv-vault-id"
    assert encrypted.urn_of(grant) in registry.depends_on


def test_a_key_of_a_vault_made_elsewhere_is_named_by_its_url(files: Files) -> None:
    vault = f"    identities: {{encryption: {{}}}}\n    key_vaults: {{contosokv: {{id: {THEIRS}}}}}\n    dns: {{}}\n"
    pinned = ENCRYPTED[1].replace("key_name: registry", f"key_name: registry, key_version: {'0' * 31}a")
    recording = made(files.load(changed(("    dns: {}\n", vault), (ENCRYPTED[0], pinned))))
    key = recording.named("contoso-test-registry-registry").inputs["encryption"]["keyVaultProperties"]
    assert key["keyIdentifier"] == f"https://contosokv.vault.azure.net/keys/registry/{'0' * 31}a"
    assert recording.named("contoso-test-registry-encryption-contosokv").inputs["scope"] == THEIRS


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{registry: {}} # keys", "{other: {}}", "registry is not a key of contosokv (keys: other)"),
        ("{registry: {}} # keys", "{registry: {}}\n        purge_protection: false", "content is lost with the key"),
        (
            "{registry: {}} # keys",
            "{registry: {}}\n        trusted_services_bypass: false",
            "keep the registry from its key",
        ),
        ("contosokv:", "contoso--kv:", "is not a name for a key vault"),
        (
            "eastus: {network: eastus, subnet: registry}\n    dns",
            "eastus: {network: eastus, subnet: registry}\n"
            "          west: {network: westeurope, subnet: registry}\n    dns",
            "into the zone of eastus, and the last one wins",
        ),
    ],
)
def test_what_does_not_fit_is_refused(files: Files, old: str, new: str, problem: str) -> None:
    text = changed(WITH_VAULT, ENCRYPTED)
    assert old in text
    with pytest.raises(SpecError) as refused:
        files.load(text.replace(old, new))
    assert any(problem in line for line in refused.value.lines), refused.value.lines


def test_a_key_needs_a_premium_registry(files: Files) -> None:
    basic = ENCRYPTED[1] + "      sku: Standard\n"
    with pytest.raises(SpecError) as refused:
        files.load(changed(WITH_VAULT, (ENCRYPTED[0], basic)))
    assert any("customer_managed_key" in line and "needs sku Premium" in line for line in refused.value.lines)


def test_a_zone_of_another_name_is_refused(files: Files) -> None:
    zone = "    dns: {zones: {shared: {name: privatelink.azurecr.io, network: eastus, links: [eastus]}}}\n"
    vault = VAULT.replace("subnet: registry}", "subnet: registry, dns_zone: shared}").replace("    dns: {}\n", zone)
    with pytest.raises(SpecError) as refused:
        files.load(changed(("    dns: {}\n", vault)))
    assert any("privatelink.vaultcore.azure.net; name that one" in line for line in refused.value.lines)


def held(kind: str, name: str, **outputs: object) -> Held:
    return Held(f"azure-native:x:{kind}", name, outputs)


def test_a_key_that_exists_does_not_change(files: Files) -> None:
    spec = files.load(changed(WITH_VAULT)).spec
    same = held("Key", "contoso-test-key-vault-contosokv-key-registry", kty="RSA", keySize=3072)
    assert list(fixed("contoso-test", spec, Previous((same,)))) == []
    other = held("Key", "contoso-test-key-vault-contosokv-key-registry", kty="RSA", keySize=2048)
    (problem,) = fixed("contoso-test", spec, Previous((other,)))
    assert "is RSA of 2048 bits, and a key that exists is not changed" in problem.message


def test_encryption_is_decided_when_the_registry_is_created(files: Files) -> None:
    encrypted = files.load(changed(WITH_VAULT, ENCRYPTED)).spec
    plain = files.load(changed()).spec
    before = held("Registry", "contoso-test-registry-registry", encryption={"status": "disabled"})
    after = held("Registry", "contoso-test-registry-registry", encryption={"status": "enabled"})
    assert list(fixed("contoso-test", encrypted, Previous((after,)))) == []
    assert list(fixed("contoso-test", plain, Previous((before,)))) == []
    (added,) = fixed("contoso-test", encrypted, Previous((before,)))
    assert "the registry is not encrypted" in added.message
    (removed,) = fixed("contoso-test", plain, Previous((after,)))
    assert "keep it" in removed.message
