"""Container Apps environments made elsewhere: apps, jobs, session pools and private endpoints of this stack use them."""

from collections.abc import Callable

import pytest

from components.testing import Recording
from planning.problems import SpecError
from tests.stacks.stack_files import Files
from tests.stacks.test_elsewhere import loaded, ran

Record = Callable[..., Recording]

ENVIRONMENT = "/subscriptions/s2/resourceGroups/rg-apps/providers/Microsoft.App/managedEnvironments/cae-shared"

FILE = f"""\
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
    networks:
      spoke:
        location: westeurope
        address_space: [10.1.0.0/16]
        subnets:
          registry: {{prefix: 10.1.0.0/27, purpose: private_endpoints}}
    registry:
      name: fabrikamdev
      replicas: {{northeurope: {{}}}}
      private_endpoints:
        spoke: {{network: spoke, subnet: registry}}
    identities: {{puller: {{}}}}
    container_apps:
      shared:
        id: {ENVIRONMENT}
        location: northeurope
        profiles: {{d4: {{type: D4}}}}
        apps:
          web:
            profile: d4
            identity: puller
            containers: {{web: {{image: web@sha256:{"0" * 64}, cpu: 0.5, memory_gib: 1}}}}
"""


def test_an_app_runs_in_an_environment_made_elsewhere(record: Record, files: Files) -> None:
    created = ran(record, loaded(files, FILE), "northeurope")
    assert created.of_type("app:ManagedEnvironment") == []
    app = created.one("app:ContainerApp")
    assert app.inputs["environmentId"] == ENVIRONMENT
    assert app.inputs["workloadProfileName"] == "d4"
    assert app.inputs["location"] == "northeurope"
    assert app.inputs["resourceGroupName"] == "rg-fabrikam-dev-apps-shared"


def test_an_environment_made_elsewhere_is_read_in_its_own_subscription(record: Record, files: Files) -> None:
    created = ran(record, loaded(files, FILE), "northeurope")
    assert created.one("pulumi:providers:azure-native").inputs["subscriptionId"] == "s2"
    (read,) = [arguments for token, arguments in created.invokes if token == "azure-native:app:getManagedEnvironment"]
    assert read == {"environmentName": "cae-shared", "resourceGroupName": "rg-apps"}


def test_a_private_endpoint_leads_to_an_environment_made_elsewhere(record: Record, files: Files) -> None:
    endpoint = "        private_endpoints: {spoke: {network: spoke, subnet: registry}}\n        apps:\n"
    created = ran(record, loaded(files, FILE.replace("        apps:\n", endpoint)), "northeurope")
    targets = [
        each.inputs["privateLinkServiceConnections"][0]["privateLinkServiceId"]
        for each in created.of_type("network:PrivateEndpoint")
    ]
    assert ENVIRONMENT in targets


@pytest.mark.parametrize("value", ["shared", ENVIRONMENT])
def test_a_session_pool_takes_an_environment_made_elsewhere(record: Record, files: Files, value: str) -> None:
    pool = f"""\
    session_pools:
      runners:
        type: Custom
        environment: {value}
        identity: puller
        container: {{image: runner@sha256:{"0" * 64}, cpu: 0.5, memory_gib: 1, port: 8080}}
"""
    text = FILE if value == "shared" else FILE[: FILE.index("    container_apps:")]
    created = ran(record, loaded(files, text + pool), "northeurope")
    assert created.one("app:ContainerAppsSessionPool").inputs["environmentId"] == ENVIRONMENT


@pytest.mark.parametrize(
    "setting", ["mtls: false", "network: spoke", "protect: false", "http_routes: {}", "zone_redundant: true"]
)
def test_a_setting_of_an_environment_made_elsewhere_is_refused(files: Files, setting: str) -> None:
    with pytest.raises(SpecError) as refused:
        loaded(files, FILE.replace("        location: northeurope\n", f"        {setting}\n"))
    field = setting.partition(":")[0]
    assert f"container_apps.shared.{field}: is a setting of what is made elsewhere (it has an id)" in str(refused.value)
