"""Container groups: what is sent, what is refused within one, and that secrets stay secret."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime.rpc import is_rpc_secret, unwrap_rpc_secret
from pydantic import SecretStr, ValidationError

from components.container_groups.container_group import REPLACING, ContainerGroup, LogTarget
from components.container_groups.spec import ContainerGroupSpec
from components.testing import Recording

Record = Callable[..., Recording]
TAGS = {"owner": "platform"}
TOKEN = "azure-native_containerinstance_v20260701:containerinstance:ContainerGroup"
VAULT = "https://contoso.vault.azure.net/secrets"
MAIN: dict[str, Any] = {"image": "team/web:1.0.0", "ports": [8080]}
PLACE = {"network": "eastus", "subnet": "groups", "identity": "groups"}


def spec(**stated: Any) -> ContainerGroupSpec:
    return ContainerGroupSpec.model_validate({**PLACE, "containers": {"main": MAIN}, **stated})


def recorded(record: Record, logs: bool = False, **stated: Any) -> Recording:
    entry = spec(**stated)

    def program() -> None:
        target = LogTarget("customer", pulumi.Output.secret("shared")) if logs else None
        ContainerGroup(
            "g",
            entry,
            group_name="web",
            location="eastus",
            resource_group_name="rg",
            subnet_id="subnet-id" if entry.subnet else None,
            image_host="contoso.eastus.geo.azurecr.io",
            identity_id="identity-id",
            logs=target,
            tags=TAGS,
        )

    return record(program, answers={"ContainerGroup": lambda inputs: {"name": inputs["containerGroupName"]}})


def body(record: Record, **stated: Any) -> dict[str, Any]:
    return dict(recorded(record, **stated).one(TOKEN).inputs)


def test_one_group_of_the_package_is_made_and_nothing_else(record: Record) -> None:
    recording = recorded(record)
    assert {(found.type, found.name) for found in recording} == {
        ("moorings:container_groups:ContainerGroup", "g"),
        (TOKEN, "g-group"),
    }
    assert recording.one(TOKEN).package


def test_a_group_lives_in_its_subnet_and_pulls_by_its_identity_from_the_regions_host(record: Record) -> None:
    assert body(record) == {
        "containerGroupName": "web",
        "resourceGroupName": "rg",
        "location": "eastus",
        "tags": TAGS,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": ["identity-id"]},
        "osType": "Linux",
        "sku": "Standard",
        "priority": "Regular",
        "restartPolicy": "Always",
        "containers": [
            {
                "name": "main",
                "image": "contoso.eastus.geo.azurecr.io/team/web:1.0.0",
                "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.5}},
                "ports": [{"port": 8080, "protocol": "TCP"}],
            }
        ],
        "imageRegistryCredentials": [{"server": "contoso.eastus.geo.azurecr.io", "identity": "identity-id"}],
        "subnetIds": [{"id": "subnet-id"}],
        "ipAddress": {"type": "Private", "ports": [{"port": 8080, "protocol": "TCP"}]},
    }


def test_a_group_without_a_port_is_in_its_subnet_and_has_no_address(record: Record) -> None:
    found = recorded(record, containers={"main": {"image": "a:1"}})
    inputs = found.one(TOKEN).inputs
    assert inputs["subnetIds"] == [{"id": "subnet-id"}]
    assert "ipAddress" not in inputs
    assert found.component_outputs("g").get("address") is None


def test_a_spot_group_has_neither_subnet_nor_address(record: Record) -> None:
    sent = body(record, network=None, subnet=None, priority="Spot", containers={"main": {"image": "a:1"}})
    assert sent["priority"] == "Spot"
    assert not {"subnetIds", "ipAddress", "dnsConfig"} & set(sent)


def test_a_group_in_a_network_without_ports_has_no_address(record: Record) -> None:
    recording = recorded(record, containers={"main": {"image": "team/agent:1"}})
    assert "ipAddress" not in recording.one(TOKEN).inputs
    assert recording.component_outputs("g").get("address") is None


def test_a_confidential_group_states_its_policy(record: Record) -> None:
    sent = body(record, confidential=True, confidential_policy="cG9saWN5", zone="2", dns_servers=["10.0.0.10"])
    assert (sent["sku"], sent["confidentialComputeProperties"]) == ("Confidential", {"ccePolicy": "cG9saWN5"})
    assert (sent["zones"], sent["dnsConfig"]) == (["2"], {"nameServers": ["10.0.0.10"]})


def test_secrets_of_key_vault_are_referred_to_and_read_by_the_groups_identity(record: Record) -> None:
    container = {
        **MAIN,
        "environment": {"MODE": "a"},
        "secrets": {"KEY": {"key_vault": f"{VAULT}/key"}, "AGAIN": {"key_vault": f"{VAULT}/key"}},
        "mounts": {"tls": "/tls", "scratch": "/tmp"},
    }
    volumes = {"tls": {"files": {"tls.key": {"key_vault": f"{VAULT}/tls"}}}, "scratch": {}}
    sent = body(record, containers={"main": container}, volumes=volumes)
    assert sent["secretReferences"] == [
        {"name": "secret-0", "identity": "identity-id", "secretReferenceUri": f"{VAULT}/key"},
        {"name": "secret-1", "identity": "identity-id", "secretReferenceUri": f"{VAULT}/tls"},
    ]
    assert sent["containers"][0]["environmentVariables"] == [
        {"name": "MODE", "value": "a"},
        {"name": "KEY", "secureValueReference": "secret-0"},
        {"name": "AGAIN", "secureValueReference": "secret-0"},
    ]
    assert sent["volumes"] == [
        {"name": "tls", "secretReference": {"tls.key": "secret-1"}},
        {"name": "scratch", "emptyDir": {}},
    ]


def test_secure_values_and_the_workspaces_key_are_secrets_to_the_engine(record: Record) -> None:
    container = {**MAIN, "secrets": {"KEY": SecretStr("hush")}}
    sent = dict(recorded(record, logs=True, containers={"main": container}).one(TOKEN).inputs)
    assert is_rpc_secret(sent["containers"])
    assert is_rpc_secret(sent["diagnostics"])
    containers = unwrap_rpc_secret(sent["containers"])
    assert containers[0]["environmentVariables"] == [{"name": "KEY", "secureValue": "hush"}]
    assert unwrap_rpc_secret(sent["diagnostics"])["logAnalytics"] == {
        "workspaceId": "customer",
        "workspaceKey": "shared",
        "logType": "ContainerInsights",
    }


def test_what_azure_changes_on_no_group_replaces_it(record: Record) -> None:
    assert {"location", "containers[*].resources", "restartPolicy", "osType", "subnetIds"} <= set(REPLACING)
    assert recorded(record).one(TOKEN).replace_on_changes == REPLACING


def test_an_address_that_changed_is_no_difference(record: Record) -> None:
    assert recorded(record).one(TOKEN).ignore_changes == ("ipAddress.ip",)


@pytest.mark.parametrize("protect", [True, False])
def test_a_group_is_protected_on_request(record: Record, protect: bool) -> None:
    assert recorded(record, protect=protect).one(TOKEN).protect is protect


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no network": ({"network": None, "subnet": None}, "needs a network and a subnet"),
    "spot in a network": ({"priority": "Spot"}, "Spot, which has no network: remove network and subnet"),
    "spot and confidential": (
        {"network": None, "subnet": None, "priority": "Spot", "confidential": True, "confidential_policy": "YQ=="},
        "Spot, which cannot be confidential",
    ),
    "spot with a port": ({"network": None, "subnet": None, "priority": "Spot"}, "a Spot group has no address"),
    "above 4 vCPU without quota": ({"containers": {"main": {**MAIN, "cpu": 5}}}, "has to be requested"),
    "above 31 vCPU": (
        {"containers": {"main": {**MAIN, "cpu": 32}}, "quota": {"cpu": 40, "memory_gb": 400}},
        "the limit of a standard group is 31 vCPU / 240 GB",
    ),
    "above 180 GB and confidential": (
        {
            "containers": {"main": {**MAIN, "memory_gb": 181}},
            "quota": {"cpu": 40, "memory_gb": 400},
            "confidential": True,
            "confidential_policy": "YQ==",
        },
        "the limit of a confidential group is 31 vCPU / 180 GB",
    ),
    "confidential without a policy": (
        {"confidential": True},
        "is required with confidential: true and allowed only then",
    ),
    "no identity": ({"identity": None}, "images are pulled by a user-assigned identity"),
    "one port twice": ({"containers": {"a": MAIN, "b": MAIN}}, "8080 is used by a too"),
    "a mount of nothing": ({"containers": {"main": {**MAIN, "mounts": {"x": "/x"}}}}, "there is no volume 'x'"),
    "a mount that is no path": (
        {"containers": {"main": {**MAIN, "mounts": {"x": "x"}}}, "volumes": {"x": {}}},
        "'x' is not a path; write one such as /mnt/x",
    ),
    "a secret in clear": ({"containers": {"main": {**MAIN, "secrets": {"KEY": "hush"}}}}, "is in plain text"),
    "a secret of no vault": (
        {"containers": {"main": {**MAIN, "secrets": {"KEY": {"key_vault": "http://x"}}}}},
        "write {key_vault: https://VAULT.vault.azure.net/secrets/NAME}",
    ),
    "an image without a tag": ({"containers": {"main": {"image": "team/web"}}}, "neither a tag nor a digest"),
    "a container's name": ({"containers": {"Main": MAIN}}, "'Main' is not a name"),
    "a location beside a network": ({"location": "westeurope"}, "beside a network, which determines the region"),
    "a variable that is a secret too": (
        {"containers": {"main": {**MAIN, "environment": {"A": "b"}, "secrets": {"A": {"key_vault": f"{VAULT}/a"}}}}},
        "A is stated under environment too",
    ),
    "a variable's name": (
        {"containers": {"main": {**MAIN, "environment": {"my-mode": "x"}}}},
        "containers.main.environment.my-mode: 'my-mode' is not an environment variable name: letters, digits and '_'",
    ),
    "the name of a variable that is a secret": (
        {"containers": {"main": {**MAIN, "secrets": {"1KEY": {"key_vault": f"{VAULT}/a"}}}}},
        "containers.main.secrets.1KEY: '1KEY' is not an environment variable name",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_together_is_refused_with_the_remedy(case: str) -> None:
    stated, said = REFUSED[case]
    with pytest.raises(ValidationError) as refusal:
        spec(**stated)
    assert said in str(refusal.value)
    assert "hush" not in said
