"""Stack prod whole: three regions with a registry, clusters, environments, pools and sandbox groups, as it is in stacks/."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.appcontainers import ContainerAppsAPIClient
from azure.mgmt.containerservice import ContainerServiceClient

from tests.engine import Rehearsal, rehearsal
from tests.up import findings, pull_paths
from tests.up.judge import violations
from tools import pulls
from tools.local_services import ROOT

pytestmark = pytest.mark.engine

PROGRAM = "from pathlib import Path\nfrom stacks.program import main\nmain(Path('stacks'))\n"
REGIONS = ("eastus", "westeurope", "southeastasia")
STACKS = ROOT / "stacks"


@pytest.fixture(scope="module")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    text = (STACKS / "Pulumi.prod.yaml").read_text(encoding="utf-8")
    with rehearsal(tmp_path_factory.mktemp("prod"), PROGRAM, text, stack="prod") as running:
        base = running.stack_file.with_name("_base.yaml")
        base.write_text((STACKS / "_base.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        first = running.up()
        assert first.code == 0, first.output
        assert set(first.changes) == {"create"}
        yield running
        running.engine.lift_protection()
        gone = running.destroy()
        assert gone.code == 0, gone.output
        assert running.ids() == []


@pytest.fixture
def described(prod: Rehearsal) -> Iterator[Path]:
    """The stack file, which is as it was after the test."""
    before = prod.stack_file.read_text(encoding="utf-8")
    yield prod.stack_file
    prod.stack_file.write_text(before, encoding="utf-8")


class _NoCredential:
    def get_token(self, *scopes: str, **more: object) -> object:
        raise AssertionError("plain http needs no token")


def test_everything_that_runs_in_prod_can_pull(prod: Rehearsal) -> None:
    assert list(pulls.lines(prod.azure.store, prod.outputs())) == ["pulls: 9 of 9 work"]


def test_the_report_shows_the_pull_paths_that_work(prod: Rehearsal) -> None:
    pull_paths.check(prod)


def test_prod_sends_nothing_that_is_not_published_and_stays_as_it_is(prod: Rehearsal) -> None:
    assert violations(prod.azure.store) == []
    again = prod.up()
    assert (again.code, again.steps) == (0, []), again.output


def test_a_new_tag_updates_all_networks_and_groups_at_once_and_replaces_nothing(prod: Rehearsal) -> None:
    base = prod.stack_file.with_name("_base.yaml")
    text = base.read_text(encoding="utf-8")
    base.write_text(text.replace("    tags:\n", "    tags:\n      changed: today\n"), encoding="utf-8")
    try:
        tagged = prod.preview()
    finally:
        base.write_text(text, encoding="utf-8")
    assert (tagged.code, set(tagged.changes)) == (0, {"update"}), tagged.output
    kinds = [kind.rpartition(":")[2] for _, kind, _ in tagged.steps]
    assert kinds.count("NetworkSecurityGroup") + kinds.count("VirtualNetwork") > 8


def test_the_policies_find_after_up_what_is_expected(prod: Rehearsal) -> None:
    findings.check(prod, "prod", "after")


def test_a_refresh_leads_at_most_once_to_a_note_of_the_pools_that_were_added_to_clusters(prod: Rehearsal) -> None:
    assert prod.refresh().code == 0
    noted = prod.up()
    assert {(operation, kind.rpartition(":")[2]) for operation, kind, _ in noted.steps} <= {
        ("update", "ManagedCluster")
    }
    assert prod.refresh().code == 0
    after = prod.up()
    assert (after.code, after.steps) == (0, []), after.output


def test_the_engines_state_holds_neither_stack_traces_nor_the_outputs_of_components_twice(prod: Rehearsal) -> None:
    resources = prod.export()["deployment"]["resources"]
    assert {len(resource.get("stackTrace") or []) for resource in resources if resource["custom"]} <= {0, 1}
    report = [resource["urn"] for resource in resources if not resource["custom"] and resource.get("outputs")]
    assert [urn.split("::")[-2] for urn in report] == ["pulumi:pulumi:Stack"]


def test_clusters_pull_from_their_own_replica_and_other_services_by_the_global_host(prod: Rehearsal) -> None:
    images: dict[str, set[str]] = {region: set() for region in REGIONS}
    for resource in prod.export()["deployment"]["resources"]:
        found = re.findall(r"[a-z0-9.]+\.azurecr\.io/[a-z0-9/-]+", json.dumps(resource.get("inputs", {})))
        region = resource.get("inputs", {}).get("location")
        if found:
            images[region] |= {image.partition("/")[0] for image in found}
    compute = prod.outputs()["compute"]
    for region in REGIONS:
        own = f"contosoprod.{region}.geo.azurecr.io"
        assert images[region] == {"contosoprod.azurecr.io"}
        assert compute["clusters"][region]["image_host"] == own
        assert compute["sandbox_groups"][region]["profile"]["image"]["base"].startswith("contosoprod.azurecr.io/")


def test_nothing_in_the_state_is_a_secret_in_plain_text(prod: Rehearsal) -> None:
    state = json.dumps(prod.export()["deployment"]["resources"])
    for word in ("kubeconfig", "primarySharedKey", "listCredentials", "AccountKey=", "client-key-data", "password"):
        assert word.lower() not in state.lower(), word


def test_azures_own_clients_read_back_what_the_engine_made(prod: Rehearsal) -> None:
    subscription = prod.outputs()["registry_id"].split("/")[2]
    options = {"base_url": prod.azure.url, "authentication_policy": SansIOHTTPPolicy(), "polling_interval": 0}
    clusters = {
        cluster.location: cluster
        for cluster in ContainerServiceClient(_NoCredential(), subscription, **options).managed_clusters.list()
    }
    assert set(clusters) == set(REGIONS)
    for cluster in clusters.values():
        assert cluster.disable_local_accounts
        assert cluster.api_server_access_profile.enable_private_cluster
        assert cluster.network_profile.network_plugin_mode == "overlay"
    apps = ContainerAppsAPIClient(_NoCredential(), subscription, **options)
    found = {app.location: app.template.containers[0].image for app in apps.container_apps.list_by_subscription()}
    assert {region: image.split("/")[0] for region, image in found.items()} == dict.fromkeys(
        REGIONS, "contosoprod.azurecr.io"
    )
    assert {pool.location for pool in apps.container_apps_session_pools.list_by_subscription()} == set(REGIONS)


def test_a_further_region_only_adds_to_what_exists_and_its_health_alert(prod: Rehearsal, described: Path) -> None:
    text = described.read_text(encoding="utf-8")
    last = "      southeastasia: {address_space: [10.70.0.0/16]}\n"
    assert text.count(last) == 1
    described.write_text(
        text.replace(last, f"{last}      japaneast: {{address_space: [10.80.0.0/16]}}\n"), encoding="utf-8"
    )

    preview = prod.preview()
    assert preview.code == 0, preview.output
    created = [name for operation, _, name in preview.steps if operation == "create"]
    assert all("japaneast" in name for name in created), preview.steps
    # The alert of the critical set names the regions in use.
    changed = [(operation, kind.rpartition(":")[2]) for operation, kind, _ in preview.steps if operation != "create"]
    assert changed == [("update", "ActivityLogAlert")], preview.steps


def test_another_name_for_an_app_touches_no_other_resource(prod: Rehearsal, described: Path) -> None:
    text = described.read_text(encoding="utf-8")
    assert text.count("web-<region>:") == 1
    described.write_text(text.replace("web-<region>:", "site-<region>:"), encoding="utf-8")

    preview = prod.preview()
    assert preview.code == 0, preview.output
    assert {name for _, _, name in preview.steps} == {
        f"contoso-prod-apps-{region}-{app}-{region}{child}"
        for region in REGIONS
        for app in ("site", "web")
        for child in ("", "-app")
    }
