"""What only an action shows: secrets of apps and jobs, tokens for their streams, settings and keys of sites."""

from __future__ import annotations

from typing import Any

import pytest
from app_requests import PROVIDER, Apps
from arm_client import GROUP, Arm

WEB = f"{GROUP}/providers/Microsoft.Web"
SITE = f"{WEB}/sites/api"
VERSION = "2025-03-01"
SETTINGS = [{"name": "KEY", "value": "hush"}]
STRINGS = [{"name": "db", "connectionString": "Server=x", "type": "SQLAzure"}]


@pytest.fixture
def apps(arm: Arm) -> Apps:
    created = Apps(arm)
    created.registry()
    created.create()
    return created


@pytest.fixture
def site(arm: Arm) -> Arm:
    arm.put(f"{WEB}/serverfarms/plan", {"location": "eastus", "sku": {"name": "B1"}, "properties": {}}, VERSION)
    config = {"alwaysOn": True, "appSettings": SETTINGS, "connectionStrings": STRINGS}
    properties = {"serverFarmId": f"{WEB}/serverfarms/plan", "siteConfig": config}
    arm.put(SITE, {"location": "eastus", "properties": properties}, VERSION)
    return arm


def listed(arm: Arm, path: str) -> Any:
    reply = arm("POST", path, {}, VERSION if path.startswith(WEB) else None)
    assert reply.status == 200, reply.body
    return reply.body


def test_the_secrets_of_an_app_are_listed_and_not_read(apps: Apps) -> None:
    body = apps.app_body()
    body["properties"]["configuration"]["secrets"] = [{"name": "key", "value": "hush"}]
    apps.finished(apps.app(body))
    app = f"{PROVIDER}/containerApps/web"
    assert apps.arm.get(app)["properties"]["configuration"]["secrets"] == [{"name": "key", "value": None}]
    assert listed(apps.arm, f"{app}/listSecrets") == {"value": [{"name": "key", "value": "hush"}]}


def test_an_app_and_its_environment_give_tokens_of_their_own(apps: Apps) -> None:
    apps.finished(apps.app())
    paths = [f"{PROVIDER}/containerApps/web", f"{PROVIDER}/managedEnvironments/cae"]
    tokens = [listed(apps.arm, f"{path}/getAuthtoken")["properties"]["token"] for path in paths]
    assert tokens[0] != tokens[1]
    assert listed(apps.arm, f"{paths[0]}/getAuthtoken")["properties"]["token"] == tokens[0]


def test_the_configuration_of_a_site_shows_no_settings(site: Arm) -> None:
    assert site.get(f"{SITE}/config/web", VERSION)["properties"] == {"alwaysOn": True}
    assert site("GET", f"{SITE}/config/appsettings", version=VERSION).status == 404


def test_settings_and_connection_strings_of_a_site_are_listed(site: Arm) -> None:
    assert listed(site, f"{SITE}/config/appsettings/list")["properties"] == {"KEY": "hush"}
    strings = listed(site, f"{SITE}/config/connectionstrings/list")["properties"]
    assert strings == {"db": {"value": "Server=x", "type": "SQLAzure"}}


def test_settings_that_a_put_leaves_out_stay(site: Arm) -> None:
    properties = {"serverFarmId": f"{WEB}/serverfarms/plan", "siteConfig": {"alwaysOn": False}}
    site.put(SITE, {"location": "eastus", "properties": properties}, VERSION)
    assert listed(site, f"{SITE}/config/appsettings/list")["properties"] == {"KEY": "hush"}


def test_keys_and_publishing_credentials_of_a_site_are_its_own_and_stay_the_same(site: Arm) -> None:
    keys = [listed(site, f"{SITE}/host/default/listkeys") for _ in range(2)]
    assert keys[0] == keys[1]
    assert keys[0]["masterKey"] != keys[0]["functionKeys"]["default"]
    user = listed(site, f"{SITE}/config/publishingcredentials/list")["properties"]["publishingUserName"]
    assert user == "$api"


@pytest.mark.parametrize("path", [f"{SITE}x/config/appsettings/list", f"{SITE}/config/other/list"])
def test_a_part_of_a_site_that_does_not_exist_is_a_404(site: Arm, path: str) -> None:
    assert site("POST", path, {}, VERSION).status == 404
