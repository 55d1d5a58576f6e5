"""Environments, apps, jobs, routes and pools on the real engine: up and stay, read back, replaced only when asked, gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.appcontainers import ContainerAppsAPIClient

from tests.engine import Rehearsal, rehearsal
from tests.up import findings
from tests.up.judge import violations
from tools import pulls
from tools.stack_file import PLACEHOLDER

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent
ENVIRONMENT = "contoso-apps-apps-main-environment"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path, HERE / "container_apps", "") as running:
        yield running


def rewrite(stack: Rehearsal, before: str, after: str) -> None:
    text = stack.stack_file.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    stack.stack_file.write_text(text.replace(before, after), encoding="utf-8")


class _NoCredential:
    def get_token(self, *scopes: str, **more: object) -> object:
        raise AssertionError("plain http needs no token")


def client_of(stack: Rehearsal) -> ContainerAppsAPIClient:
    subscription = stack.outputs()["registry_id"].split("/")[2]
    credential = _NoCredential()
    options = {"base_url": stack.azure.url, "authentication_policy": SansIOHTTPPolicy(), "polling_interval": 0}
    return ContainerAppsAPIClient(credential, subscription, **options)


def test_all_of_container_apps_comes_up_stays_is_read_back_and_leaves_nothing_behind(stack: Rehearsal) -> None:
    findings.check(stack, "container_apps", "before")
    first = stack.up()
    assert first.code == 0, first.output
    assert set(first.changes) == {"create"}
    assert violations(stack.azure.store) == []
    findings.check(stack, "container_apps", "after")
    count = list(pulls.lines(stack.azure.store, stack.outputs()))
    assert len(count) == 1, count

    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output
    assert stack.refresh().code == 0
    after = stack.up()
    assert (after.code, after.steps) == (0, []), after.output

    # Secrets of the stack file are the placeholder in a local run; none is in plain text in what the engine stores or prints.
    state = json.dumps(stack.export()["deployment"]["resources"])
    assert PLACEHOLDER not in state
    assert PLACEHOLDER not in json.dumps(stack.outputs())

    clients = client_of(stack)
    environment = clients.managed_environments.get("rg-contoso-apps-apps-main", "cae-contoso-apps-main")
    assert {profile.name for profile in environment.properties.workload_profiles} == {
        "Consumption",
        "big",
        "gpu",
        "closed",
    }
    app = clients.container_apps.get("rg-contoso-apps-apps-main", "web")
    created = stack.outputs()["compute"]
    assert app.properties.configuration.ingress.fqdn == created["container_apps"]["main"]["apps"]["web"]
    (container,) = app.properties.template.containers
    assert container.image == "contosoapps.azurecr.io/team-a/web:1.4.2"
    job = clients.jobs.get("rg-contoso-apps-apps-main", "nightly")
    assert job.properties.configuration.schedule_trigger_config.cron_expression == "0 3 * * *"
    pool = clients.container_apps_session_pools.get("rg-contoso-apps-sessions-python", "contosoappspython")
    assert pool.properties.pool_management_endpoint == created["session_pools"]["python"]["endpoint"]
    assert created["session_pools"]["python"]["audience"] == "https://dynamicsessions.io"

    gone = stack.destroy()
    assert gone.code == 0, gone.output
    assert stack.ids() == []


def test_another_subnet_replaces_the_environment_which_protect_stops_until_it_is_lifted(stack: Rehearsal) -> None:
    before, after = (
        "        internal: false\n        protect: false\n",
        "        internal: false\n        protect: true\n",
    )
    rewrite(stack, before, after)
    assert stack.up().code == 0

    rewrite(stack, "        subnet: apps\n", "        subnet: other\n")
    refused = stack.preview()
    assert refused.code != 0
    assert ENVIRONMENT in refused.output
    assert "protect" in refused.output

    rewrite(stack, "        subnet: other\n", "        subnet: apps\n")
    rewrite(stack, after, before)
    assert stack.up().code == 0
    rewrite(stack, "        subnet: apps\n", "        subnet: other\n")
    shown = stack.preview()
    assert shown.code == 0, shown.output
    replaced = {name for op, _, name in shown.steps if op == "replace"}
    assert {ENVIRONMENT, "contoso-apps-apps-main-web-app", "contoso-apps-apps-main-nightly-job"} <= replaced
    assert not any("registry" in name or "legacy" in name for name in replaced)

    changed = stack.up()
    assert changed.code == 0, changed.output
    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output


def test_a_new_tag_updates_one_app_and_a_switch_to_mcp_updates_one_pool(stack: Rehearsal) -> None:
    rewrite(stack, "shell: {type: Shell, mcp: true, mcp_api_key: true, max_sessions: 5}", "shell: {type: Shell}")
    assert stack.up().code == 0
    rewrite(stack, "team-a/web:1.4.2", "team-a/web:1.4.3")
    rewrite(stack, "shell: {type: Shell}", "shell: {type: Shell, mcp: true}")
    changed = stack.up()
    assert sorted((op, name) for op, _, name in changed.steps) == [
        ("update", "contoso-apps-apps-main-web-app"),
        ("update", "contoso-apps-sessions-shell-pool"),
    ], changed.output
