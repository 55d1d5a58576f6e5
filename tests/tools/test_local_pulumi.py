"""Schemas and imports through the real CLI: what binds a schema there has been evaluated by Pulumi's own meta-schema."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.parameterized import PROVIDER, Package, provider_version
from tests.engine import Rehearsal, rehearsal
from tools import local_pulumi, provider_plugin
from tools.engine import EngineError, Workspace
from tools.local_services import ROOT
from tools.provision import cli

pytestmark = pytest.mark.engine

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-adopted"
SECURITY_GROUP = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg-adopted"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/adopted"
RULE = {
    "access": "Allow",
    "destinationAddressPrefix": "*",
    "destinationPortRange": "443",
    "direction": "Inbound",
    "priority": 100,
    "protocol": "Tcp",
    "sourceAddressPrefix": "*",
    "sourcePortRange": "*",
}
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    GROUP: ("2024-03-01", {"location": "westeurope"}),
    SECURITY_GROUP: (
        "2024-05-01",
        {"location": "westeurope", "properties": {"securityRules": [{"name": "https", "properties": RULE}]}},
    ),
    REGISTRY: ("2026-03-01-preview", {"location": "westeurope", "sku": {"name": "Premium"}}),
}
PACKAGE = Package("containerregistry", "2026-03-01-preview")
TOKEN = "azure-native:network:NetworkSecurityGroup"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A project that is nobody's, with a stack file."""
    folder = tmp_path_factory.mktemp("elsewhere")
    stacks = folder / "project" / "stacks"
    stacks.mkdir(parents=True)
    (stacks.parent / "Pulumi.yaml").write_text("name: elsewhere\nruntime: python\nstackConfigDir: stacks\n")
    (stacks / "Pulumi.local.yaml").write_text("config: {}\n")
    return Workspace(stacks.parent, stacks, folder / "local", cli.chosen(ROOT))


@pytest.mark.parametrize(
    ("arguments", "name", "resource"),
    [
        ((), "azure-native", "network:NetworkSecurityGroup"),
        (("containerregistry", "2026-03-01-preview"), PACKAGE.name, "containerregistry:Registry"),
        (("app", "v20251002preview"), "azure-native_app_v20251002preview", "app:ContainerApp"),
    ],
)
def test_the_cli_gets_and_binds_a_schema(
    workspace: Workspace, capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...], name: str, resource: str
) -> None:
    command = ["package", "get-schema", "azure-native", *arguments]
    assert local_pulumi.run(workspace, command, workspace.project) == 0
    printed, errors = capfd.readouterr()
    found = json.loads(printed)
    assert (found["name"], found["version"]) == (name, provider_version())
    assert f"{name}:{resource}" in found["resources"]
    assert "warning" not in errors.lower()


def test_a_module_that_is_not_served_is_refused_in_one_line(
    workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    command = ["package", "get-schema", "azure-native", "nosuch", "v20250301"]
    assert local_pulumi.run(workspace, command, workspace.project) != 0
    assert "module 'nosuch' has no type known here" in capfd.readouterr().err


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A stack without resources, on a local Azure that holds some."""
    with rehearsal(tmp_path_factory.mktemp("adopted"), "") as created:
        for arm_id, (version, body) in BODIES.items():
            put(f"{created.azure.url}{arm_id}?api-version={version}", body)
        created.engine.prepare()
        provider_plugin.install(created.engine.workspace.local / "home")
        yield created


def put(url: str, body: dict[str, Any]) -> None:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="PUT")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        assert answer.status in (200, 201)


def importing(created: Rehearsal, *arguments: str) -> str:
    stack = ("--stack", created.engine.stack, "--config-file", str(created.engine.config_file))
    return created.engine.query("import", *arguments, "--yes", "--skip-preview", *stack)


def state_of(created: Rehearsal, name: str) -> dict[str, Any]:
    resources = created.export()["deployment"]["resources"]
    return next(one for one in resources if one["urn"].endswith(f"::{name}"))


def test_an_import_writes_the_state(adopted: Rehearsal) -> None:
    importing(adopted, TOKEN, "plain", SECURITY_GROUP, "--generate-code=false")
    found = state_of(adopted, "plain")
    assert (found["type"], found["id"], found["protect"]) == (TOKEN, SECURITY_GROUP, True)
    expected = {"resourceGroupName": "rg-adopted", "networkSecurityGroupName": "nsg-adopted", "location": "westeurope"}
    assert {name: found["inputs"][name] for name in expected} == expected
    (rule,) = found["inputs"]["securityRules"]
    assert {name: rule[name] for name in ("name", *RULE)} == {"name": "https", **RULE}
    assert len(found["outputs"]["defaultSecurityRules"]) == 6


def test_an_import_writes_code_or_says_that_the_language_host_writes_none(adopted: Rehearsal) -> None:
    decision = cli.recorded(ROOT)
    assert decision is not None
    if decision.source == "go":
        with pytest.raises(EngineError) as failed:
            importing(adopted, TOKEN, "coded", SECURITY_GROUP)
        (line,) = [line for line in failed.value.output.splitlines() if line.startswith("error:")]
        assert line.startswith("error: the code of the program was not generated")
        assert "Traceback" not in failed.value.output
    else:
        assert "NetworkSecurityGroup(" in importing(adopted, TOKEN, "coded", SECURITY_GROUP)
    assert state_of(adopted, "coded")["id"] == SECURITY_GROUP


def test_a_class_of_a_parameterized_package_is_imported_with_its_provider(adopted: Rehearsal, tmp_path: Path) -> None:
    version = provider_version()
    parameter = base64.b64encode(PACKAGE.parameter).decode()
    default = f"default_{version.replace('.', '_')}"
    provider = f"urn:pulumi:{adopted.engine.stack}::moorings::pulumi:providers:{PACKAGE.name}::{default}"
    internal = {"name": PROVIDER, "version": version, "parameterization": parameter}
    resource = {"type": PACKAGE.token("Registry"), "name": "registry", "id": REGISTRY, "provider": "registries"}
    file = tmp_path / "import.json"
    file.write_text(
        json.dumps(
            {
                "nameTable": {"registries": provider},
                "providerInputs": {"registries": {"version": version, "__internal": internal}},
                "resources": [resource],
            }
        )
    )
    importing(adopted, "--file", str(file), "--generate-code=false")
    found = state_of(adopted, "registry")
    assert (found["type"], found["id"]) == (resource["type"], REGISTRY)
    assert found["provider"].startswith(provider)
    assert found["outputs"]["regionalEndpoints"] == "Disabled"
    # From now on the stack has the provider, and the version alone names it.
    again = {**resource, "name": "again", "version": version}
    del again["provider"]
    file.write_text(json.dumps({"resources": [again]}))
    importing(adopted, "--file", str(file), "--generate-code=false")
    assert state_of(adopted, "again")["provider"] == found["provider"]
