from __future__ import annotations

from typing import Any

import pytest
from app_requests import IDENTITY, PROVIDER, READER, Apps
from arm_client import Arm, StandingClock

WEB = f"{PROVIDER}/containerApps/web"


@pytest.fixture
def apps(arm: Arm) -> Apps:
    created = Apps(arm)
    created.registry()
    created.create()
    return created


@pytest.fixture
def tight(arm: Arm) -> Apps:
    """An environment with room for 18 addresses."""
    created = Apps(arm)
    created.registry()
    created.create(vnetConfiguration={"infrastructureSubnetId": created.network(), "internal": True})
    return created


def changed(apps: Apps, *path: str, value: Any) -> dict[str, Any]:
    body = apps.app_body()
    place: Any = body["properties"]
    for step in path[:-1]:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    place[path[-1]] = value
    return body


def test_an_app_starts_in_progress_and_ends_with_a_revision_and_a_name(apps: Apps) -> None:
    reply = apps.app()
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "InProgress")
    assert apps.finished(reply)["status"] == "Succeeded"
    properties = apps.arm.get(WEB)["properties"]
    domain = apps.arm.get(f"{PROVIDER}/managedEnvironments/cae")["properties"]["defaultDomain"]
    assert properties["configuration"]["ingress"]["fqdn"] == f"web.{domain}"
    assert properties["latestRevisionName"].startswith("web--")
    assert properties["workloadProfileName"] == "Consumption"


def test_an_app_within_the_environment_only_has_an_internal_name(apps: Apps) -> None:
    apps.finished(apps.app(changed(apps, "configuration", "ingress", "external", value=False)))
    assert ".internal." in apps.arm.get(WEB)["properties"]["configuration"]["ingress"]["fqdn"]


def test_a_template_that_changes_makes_a_revision_and_a_configuration_that_changes_makes_none(apps: Apps) -> None:
    first = apps.app().body["properties"]["latestRevisionName"]
    same = apps.app(changed(apps, "configuration", "maxInactiveRevisions", value=5))
    assert same.body["properties"]["latestRevisionName"] == first
    other = apps.app(changed(apps, "template", "scale", value={"maxReplicas": 3}))
    assert other.body["properties"]["latestRevisionName"] != first
    named = apps.app(changed(apps, "template", "revisionSuffix", value="v2"))
    assert named.body["properties"]["latestRevisionName"] == "web--v2"


@pytest.mark.parametrize("name", ["Web", "a--b", "1web", "web-", "w" * 33])
def test_a_name_that_azure_does_not_take_is_refused(apps: Apps, name: str) -> None:
    assert apps.app(name=name).code in {"ContainerAppInvalidName", "InvalidResourceName"}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("environmentId",), "/nowhere", "ManagedEnvironmentNotFound"),
        (("workloadProfileName",), "big", "WorkloadProfileNotFound"),
        (("configuration", "registries", "0", "identity"), "/other", "ManagedIdentityNotAssigned"),
        (("template", "containers", "0", "env"), [{"name": "T", "secretRef": "t"}], "ContainerAppSecretRefNotFound"),
        (
            ("template", "containers", "0", "resources"),
            {"cpu": 0.5, "memory": "2Gi"},
            "ContainerAppInvalidResourceTotal",
        ),
        (("configuration", "secrets"), [{"name": "t"}], "ContainerAppSecretInvalid"),
        (
            ("configuration", "secrets"),
            [{"name": "t", "keyVaultUrl": "https://v/secrets/t", "identity": "system"}],
            "ManagedIdentityNotAssigned",
        ),
        (("configuration", "ingress", "traffic"), [{"weight": 90}], "ContainerAppInvalidTrafficWeight"),
    ],
)
def test_an_app_is_refused(apps: Apps, path: tuple[str, ...], value: Any, code: str) -> None:
    refused = apps.app(changed(apps, *path, value=value))
    assert (refused.status, refused.code) == (400, code)


def test_an_app_moves_to_no_other_environment(apps: Apps) -> None:
    apps.finished(apps.app())
    apps.create("other")
    other = f"{PROVIDER}/managedEnvironments/other"
    refused = apps.app(changed(apps, "environmentId", value=other))
    assert (refused.status, refused.code) == (409, "PropertyChangeNotAllowed")


def test_an_app_waits_for_its_environment(start: Any) -> None:
    arm = start(StandingClock(1.0))
    arm.group()
    created = Apps(arm)
    created.registry()
    assert created.environment().status == 201
    assert created.app().code == "ManagedEnvironmentNotReadyForAppCreation"


def test_an_app_in_another_region_than_its_environment_is_refused(apps: Apps) -> None:
    assert apps.app({**apps.app_body(), "location": "westus"}).code == "LocationMismatchWithEnvironment"


def image(apps: Apps, text: str) -> dict[str, Any]:
    return changed(apps, "template", "containers", "0", "image", value=text)


def test_an_image_of_a_registry_that_does_not_exist_is_refused(apps: Apps) -> None:
    refused = apps.app(image(apps, "nobody.azurecr.io/web:1"))
    assert refused.code == "InvalidParameterValueInContainerTemplate"
    assert "no such host" in refused.message


def test_an_image_from_elsewhere_is_not_looked_into(apps: Apps) -> None:
    assert apps.app(image(apps, "mcr.microsoft.com/k8se/quickstart:latest")).status == 201


def test_a_regional_host_serves_only_while_regional_endpoints_are_on(apps: Apps) -> None:
    host = "contoso.eastus.geo.azurecr.io"
    body = image(apps, f"{host}/web:1")
    body["properties"]["configuration"]["registries"][0]["server"] = host
    assert "no such host" in apps.app(body).message
    apps.registry(regionalEndpoints="Enabled")
    assert apps.app(body).status == 201


@pytest.mark.parametrize(
    ("mode", "role", "pulls"),
    [
        ("LegacyRegistryPermissions", "7f951dda-4ed3-4680-a7ca-43fe172d538d", True),
        ("LegacyRegistryPermissions", READER, False),
        ("LegacyRegistryPermissions", "", False),
        ("AbacRepositoryPermissions", READER, True),
        ("AbacRepositoryPermissions", "7f951dda-4ed3-4680-a7ca-43fe172d538d", False),
    ],
)
def test_an_identity_pulls_by_the_roles_that_the_registrys_mode_honours(
    arm: Arm, mode: str, role: str, pulls: bool
) -> None:
    created = Apps(arm)
    created.registry(role, roleAssignmentMode=mode)
    created.create()
    reply = created.app()
    if pulls:
        assert reply.status == 201
    else:
        assert reply.code == "InvalidParameterValueInContainerTemplate"
        assert "UNAUTHORIZED: authentication required" in reply.message


def test_values_of_secrets_are_never_shown(apps: Apps) -> None:
    apps.finished(apps.app(changed(apps, "configuration", "secrets", value=[{"name": "t", "value": "hush"}])))
    assert "hush" not in str(apps.arm.get(WEB))
    assert apps.arm.cloud is not None
    assert "hush" not in str(apps.arm.cloud.store.requests())


def replicas(apps: Apps, least: int, mode: str = "Single", **template: Any) -> dict[str, Any]:
    body = apps.app_body(scale={"minReplicas": least, "maxReplicas": 300}, **template)
    body["properties"]["configuration"]["activeRevisionsMode"] = mode
    return body


def test_ten_replicas_share_an_address(tight: Apps) -> None:
    tight.finished(tight.app(replicas(tight, 11)))
    assert tight.free() == 18 - 2
    tight.arm.delete(WEB)
    assert tight.free() == 18


def test_a_revision_that_replaces_another_needs_room_beside_it_and_no_error_names_the_subnet(tight: Apps) -> None:
    assert tight.finished(tight.app(replicas(tight, 90)))["status"] == "Succeeded"
    assert tight.finished(tight.app(replicas(tight, 90, revisionSuffix="v2")))["status"] == "Succeeded"
    tight.arm.delete(WEB)
    assert tight.finished(tight.app(replicas(tight, 91)))["status"] == "Succeeded"
    failed = tight.finished(tight.app(replicas(tight, 91, revisionSuffix="v2")))
    assert failed["status"] == "Failed"
    assert failed["error"]["code"] == "ContainerAppOperationError"
    assert "subnet" not in failed["error"]["message"].lower()
    assert tight.arm.get(WEB)["properties"]["provisioningState"] == "Failed"


def test_revisions_that_stay_beside_one_another_need_no_room_for_the_change(tight: Apps) -> None:
    tight.finished(tight.app(replicas(tight, 91, "Multiple")))
    assert tight.finished(tight.app(replicas(tight, 91, "Multiple", revisionSuffix="v2")))["status"] == "Succeeded"


def job(apps: Apps, **configuration: Any) -> Any:
    body = apps.app_body()
    del body["properties"]["configuration"]["ingress"]
    body["properties"]["configuration"] |= {"replicaTimeout": 60, **configuration}
    return apps.arm("PUT", f"{PROVIDER}/jobs/tidy", body)


def test_a_job_is_ready_when_it_is_made(apps: Apps) -> None:
    schedule = {"cronExpression": "0 3 * * *", "parallelism": 1}
    reply = job(apps, triggerType="Schedule", scheduleTriggerConfig=schedule)
    assert apps.finished(reply)["status"] == "Succeeded"
    assert apps.arm.get(f"{PROVIDER}/jobs/tidy")["properties"]["runningState"] == "Ready"


@pytest.mark.parametrize(
    ("configuration", "code"),
    [
        ({"triggerType": "Schedule"}, "JobInvalidTriggerConfiguration"),
        (
            {"triggerType": "Manual", "scheduleTriggerConfig": {"cronExpression": "* * * * *"}},
            "JobInvalidTriggerConfiguration",
        ),
        (
            {"triggerType": "Schedule", "scheduleTriggerConfig": {"cronExpression": "daily"}},
            "JobInvalidCronExpression",
        ),
    ],
)
def test_a_job_is_refused(apps: Apps, configuration: dict[str, Any], code: str) -> None:
    assert job(apps, **configuration).code == code


def routes(apps: Apps, target: str, match: dict[str, Any]) -> Any:
    rule = {"targets": [{"containerApp": target}], "routes": [{"match": match}]}
    path = f"{PROVIDER}/managedEnvironments/cae/httpRouteConfigs/shop"
    return apps.arm("PUT", path, {"properties": {"rules": [rule]}})


def test_routes_lead_to_apps_of_the_environment(apps: Apps) -> None:
    assert routes(apps, "web", {"prefix": "/"}).code == "HttpRouteConfigInvalidTarget"
    apps.finished(apps.app())
    created = routes(apps, "web", {"prefix": "/"})
    assert created.status == 201
    assert created.body["properties"]["fqdn"].startswith("shop.")
    assert routes(apps, "web", {"prefix": "/", "path": "/x"}).code == "HttpRouteConfigInvalidMatch"


def test_identities_that_do_not_exist_are_refused(apps: Apps) -> None:
    body = apps.app_body()
    body["identity"]["userAssignedIdentities"] = {f"{IDENTITY}x": {}}
    assert apps.app(body).code == "FailedIdentityOperation"


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ({"scale": {"minReplicas": 3, "maxReplicas": 2}}, "ContainerAppInvalidScaleSpec"),
        ({"scale": {"maxReplicas": 1001}}, "ContainerAppInvalidScaleSpec"),
        (
            {"containers": [{"name": "a", "image": "i"}, {"name": "a", "image": "i"}]},
            "ContainerAppDuplicateContainerName",
        ),
        (
            {"containers": [{"name": "a", "image": "i", "resources": {"cpu": 0.5, "memory": "x"}}]},
            "ContainerAppInvalidMemory",
        ),
    ],
)
def test_a_template_that_cannot_run_is_refused(apps: Apps, template: dict[str, Any], code: str) -> None:
    apps.registry()
    apps.create()
    reply = apps.arm("PUT", f"{PROVIDER}/containerApps/web", apps.app_body(**template))
    assert (reply.status, reply.code) == (400, code)
