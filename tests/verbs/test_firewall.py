"""`./moorings firewall`: the list, its JSON, rule collection groups that ARM's types accept, and the order of changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stacks import loader
from stacks.loader import load
from tests import published
from tests.verbs.asking import answer, run

REGISTRY = {
    region: [
        "contosoprod.azurecr.io",
        f"contosoprod.{region}.geo.azurecr.io",
        f"contosoprod.{region}.data.azurecr.io",
        *(f"contosoprod.{other}.data.azurecr.io" for other in others),
    ]
    for region, others in {
        "eastus": ("southeastasia", "westeurope"),
        "westeurope": ("eastus", "southeastasia"),
        "southeastasia": ("eastus", "westeurope"),
    }.items()
}
"""The registry's hosts that clients of stack prod use: every replica takes part in the global host name [ACR-1]."""


def destinations(region: str) -> dict[str, dict[str, object]]:
    rows = answer("firewall", "prod")["destinations"]
    return {row["destination"]: row for row in rows if row["region"] == region}


@pytest.mark.parametrize("region", REGISTRY)
def test_every_region_of_prod_lists_the_hosts_of_the_registry_that_its_clients_use(region: str) -> None:
    found = destinations(region)
    hosts = [name for name in found if name.endswith(".azurecr.io")]
    assert [name for name in hosts if len(found[name]["clients"]) > 1] == REGISTRY[region]
    mirrors = [f"contosoprod.{other}.geo.azurecr.io" for other in REGISTRY if other != region]
    # Containerd of the nodes tries the other replicas after its own [CTRD-1].
    assert {name: found[name]["clients"] for name in mirrors} == {name: [f"cluster {region}"] for name in mirrors}
    for name in REGISTRY[region]:
        assert found[name]["port"] == "https:443"
        assert found[name]["clients"] == [f"cluster {region}", f"environment {region}", f"sandbox group {region}"]
        assert found[name]["private"] == found[name]["clients"]
    assert not [name for name in found if name.endswith("blob.core.windows.net")]


def test_a_host_that_several_clients_need_is_listed_once_a_region() -> None:
    lines = run("firewall", "prod").stdout.splitlines()
    (line,) = [line for line in lines if line.split()[:2] == ["westeurope", "mcr.microsoft.com"]]
    assert "https:443" in line
    assert "cluster westeurope, environment westeurope" in line


def test_the_list_says_what_a_further_replica_opens() -> None:
    assert run("firewall", "prod").stdout.splitlines()[-1] == (
        "a further replica: open contosoprod.REGION.data.azurecr.io and contosoprod.REGION.geo.azurecr.io before it is added; "
        "close those of a replica after it is removed"
    )


def test_the_list_says_in_which_order_data_endpoints_and_regional_endpoints_are_switched_on(
    folder: Path,
) -> None:
    stack(folder, "registry: {name: contosotest, dedicated_data_endpoints: false}")
    lines = run("firewall", "test").stdout.splitlines()
    assert lines[-2:] == [
        "data endpoints: open contosotest.eastus.data.azurecr.io before they are switched on; close *.blob.core.windows.net "
        "after it",
        "regional endpoints: open contosotest.eastus.geo.azurecr.io, each in its own region, before they are switched on",
    ]


def test_rule_collection_groups_are_what_the_published_type_accepts() -> None:
    policy = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups"
    groups = answer("firewall", "prod", "--form", "rules")
    bodies = [
        {
            "id": f"{policy}/{group['name']}",
            "name": group["name"],
            "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
            "apiVersion": "2024-05-01",
            "body": {"properties": group["properties"]},
        }
        for group in groups
    ]
    assert published.violations(bodies) == []
    assert {group["name"] for group in groups} == {
        "registry",
        *(f"registry-{part}-{region}" for part in ("replica", "layers") for region in REGISTRY),
        "clusters",
        "container-apps",
    }


def test_rules_admit_the_clients_subnets_and_no_others() -> None:
    groups = {group["name"]: group["properties"] for group in answer("firewall", "prod", "--form", "rules")}
    (collection,) = groups["registry-layers-westeurope"]["ruleCollections"]
    assert {tuple(rule["sourceAddresses"]): rule["targetFqdns"] for rule in collection["rules"]} == {
        (f"10.{octet}.1.0/24", f"10.{octet}.2.0/25", f"10.{octet}.3.0/25"): ["contosoprod.westeurope.data.azurecr.io"]
        for octet in (50, 60, 70)
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(loader, "load", lambda name: load(name, directory=tmp_path))
    return tmp_path


def stack(folder: Path, registry: str) -> None:
    text = f"""\
config:
  moorings:stack:
    name: contoso
    environment: test
    location: eastus
    networks:
      eastus:
        address_space: [10.50.0.0/16]
        subnets:
          apps: {{prefix: 10.50.2.0/25, delegation: Microsoft.App/environments}}
    {registry}
    identities: {{puller: {{}}}}
    container_apps:
      main:
        network: eastus
        subnet: apps
        apps: {{web: {{identity: puller, containers: {{web: {{image: "web:1"}}}}}}}}
"""
    (folder / "Pulumi.test.yaml").write_text(text, encoding="utf-8")


def test_a_change_opens_what_is_new_before_it_and_closes_what_is_old_after_it(folder: Path) -> None:
    stack(folder, "registry: {name: contosotest, dedicated_data_endpoints: false}")
    earlier = folder / "firewall.json"
    earlier.write_text(run("firewall", "test", "--json").stdout, encoding="utf-8")
    stack(folder, "registry: {name: contosotest, dedicated_data_endpoints: true, replicas: {westus3: {}}}")

    assert answer("firewall", "test", "--since", earlier) == {
        "open_before": {
            "eastus": ["contosotest.eastus.data.azurecr.io https:443", "contosotest.westus3.data.azurecr.io https:443"]
        },
        "close_after": {"eastus": ["*.blob.core.windows.net https:443"]},
    }
    assert [line.split("  ")[0] for line in run("firewall", "test", "--since", earlier).stdout.splitlines()] == [
        "open before the change",
        "open before the change",
        "close after the change",
    ]


def test_a_list_of_another_form_is_refused(folder: Path) -> None:
    stack(folder, "registry: {name: contosotest}")
    (folder / "other.json").write_text(json.dumps([1]), encoding="utf-8")
    for name in ("other.json", "missing.json"):
        result = run("firewall", "test", "--since", folder / name)
        assert (result.exit_code, result.stderr) == (
            1,
            f"error: {folder / name}: is not a list of `./moorings firewall --json`\n",
        )


def test_hosts_with_a_hash_are_listed_by_the_login_server_that_azure_generated(folder: Path) -> None:
    stack(folder, "registry: {name: contosotest, domain_name_label_scope: NoReuse}")
    assert run("firewall", "test").exit_code == 1
    rows = answer("firewall", "test", "--login-server", "contosotest-ffb4cphwfsc2gbgg.azurecr.io")["destinations"]
    assert rows[0]["destination"] == "contosotest-ffb4cphwfsc2gbgg.azurecr.io"


def test_a_stack_without_compute_reaches_nothing() -> None:
    assert run("firewall", "local").stdout == "no outside destinations\n"


def test_another_form_is_wrong_usage() -> None:
    assert run("firewall", "prod", "--form", "terraform").exit_code == 2
