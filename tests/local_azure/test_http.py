from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, REGISTRY, ROOT, StandingClock
from starlette.middleware import Middleware

from local_azure.http import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from arm_client import Arm

HUB = f"{NETWORK}/virtualNetworks/hub"
SPACE = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}


@pytest.mark.parametrize(
    ("path", "version", "status", "code"),
    [
        (HUB, "", 400, "MissingApiVersionParameter"),
        (HUB, "1999-01-01", 400, "NoRegisteredProviderFound"),
        (f"{NETWORK}/virtualNetwork/hub", "2024-05-01", 404, "InvalidResourceType"),
        (f"{GROUP}/providers/Microsoft.Nothing/things/a", "2024-05-01", 404, "InvalidResourceNamespace"),
        (HUB, "2024-05-01", 404, "ResourceNotFound"),
        (HUB.replace("/rg/", "/absent/"), "2024-05-01", 404, "ResourceGroupNotFound"),
        (f"{HUB}/subnets", "2024-05-01", 404, "ParentResourceNotFound"),
        (f"{ROOT}/resourceGroups/rg/x/y/z", "2024-05-01", 404, "InvalidResourceUrl"),
    ],
)
def test_what_cannot_be_found_is_refused_in_the_envelope(
    arm: Arm, path: str, version: str, status: int, code: str
) -> None:
    reply = arm("GET", path, version=version)
    assert (reply.status, reply.code) == (status, code)
    assert set(reply.body) == {"error"}


@pytest.mark.parametrize(
    ("path", "version", "code"),
    [
        (f"{ROOT}/providers/Microsoft.Security/pricings/Containers", "2024-01-01", "InvalidResourceNamespace"),
        (f"{NETWORK}/loadBalancers/lb", "2024-05-01", "InvalidResourceType"),
        (f"{REGISTRY}/connectedRegistries/ci", "2024-11-01-preview", "InvalidResourceType"),
    ],
)
def test_a_type_whose_shape_is_known_and_that_no_service_makes_is_refused(
    arm: Arm, path: str, version: str, code: str
) -> None:
    reply = arm("PUT", path, {"location": "eastus"}, version=version)
    assert (reply.status, reply.code) == (404, code)


def test_a_404_says_what_was_looked_for_and_where(arm: Arm) -> None:
    reply = arm("GET", REGISTRY)
    assert reply.message.startswith(
        "The Resource 'Microsoft.ContainerRegistry/registries/contoso' under resource group 'rg' was not found."
    )
    assert reply.headers["x-ms-failure-cause"] == "gateway"


def test_every_answer_carries_ids_and_what_is_left_of_the_quota(arm: Arm) -> None:
    read, written = arm("GET", GROUP), arm("PUT", GROUP, {"location": "eastus"})
    assert len(read.headers["x-ms-request-id"]) == 36
    assert read.headers["x-ms-correlation-request-id"]
    assert int(read.headers["x-ms-ratelimit-remaining-subscription-reads"]) > 0
    assert int(written.headers["x-ms-ratelimit-remaining-subscription-writes"]) > 0


def test_the_correlation_id_of_the_client_comes_back(arm: Arm) -> None:
    reply = arm("GET", GROUP, headers={"x-ms-correlation-request-id": "mine"})
    assert reply.headers["x-ms-correlation-request-id"] == "mine"


def test_poll_urls_lead_back_the_way_the_client_came(arm: Arm) -> None:
    reply = arm("PUT", HUB, {"location": "eastus", "properties": SPACE}, headers={"Host": "localhost:4321"})
    assert reply.headers["azure-asyncoperation"].startswith("http://localhost:4321/subscriptions/")


def test_the_poll_url_changes_with_every_answer(start: Callable[..., Arm]) -> None:
    slow = start(StandingClock(30.0))
    slow("PUT", GROUP, {"location": "eastus"})
    first = slow("PUT", HUB, {"location": "eastus", "properties": SPACE})
    url = first.headers["azure-asyncoperation"]
    second = slow("GET", url)
    assert second.body == {"status": "InProgress"}
    assert second.headers["azure-asyncoperation"] not in {url, ""}
    assert int(second.headers["retry-after"]) > 0
    assert slow("GET", second.headers["azure-asyncoperation"]).status == 200


def test_an_unknown_operation_is_404(arm: Arm) -> None:
    path = f"{ROOT}/providers/Microsoft.Network/locations/eastus/operations/00000000-0000-0000-0000-00000000000f"
    assert arm("GET", path, version="2024-05-01").code == "OperationNotFound"


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({**SPACE, "colour": "blue"}, "properties.colour"),
        ({"addressSpace": {"addressPrefixes": "10.0.0.0/16"}}, "properties.addressSpace.addressPrefixes"),
        (
            {**SPACE, "subnets": [{"name": "a", "properties": {"adressPrefix": "x"}}]},
            "properties.subnets[0].properties.adressPrefix",
        ),
        ({**SPACE, "resourceGuid": "x"}, "properties.resourceGuid"),
    ],
)
def test_a_member_that_the_type_does_not_have_is_refused_with_its_path(
    arm: Arm, properties: dict[str, Any], path: str
) -> None:
    reply = arm("PUT", HUB, {"location": "eastus", "properties": properties})
    assert (reply.status, reply.code) == (400, "InvalidRequestContent")
    assert reply.body["error"]["target"] == path
    assert arm("GET", HUB).status == 404


def test_read_only_members_pass_when_they_repeat_what_exists(arm: Arm) -> None:
    shown = arm.put(HUB, {"location": "eastus", "properties": SPACE})
    guid = shown["properties"]["resourceGuid"]
    body = {"location": "eastus", "id": shown["id"], "etag": "stale", "properties": {**SPACE, "resourceGuid": guid}}
    assert arm("PUT", HUB, body).status == 200


def test_a_version_that_lacks_a_member_refuses_it(arm: Arm) -> None:
    body = {"location": "eastus", "sku": {"name": "Premium"}, "properties": {"regionalEndpoints": "Enabled"}}
    reply = arm("PUT", REGISTRY, body, "2025-11-01")
    assert reply.body["error"]["target"] == "properties.regionalEndpoints"


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"x"', b""])
def test_a_body_that_is_no_object_is_refused(arm: Arm, raw: bytes) -> None:
    assert arm("PUT", HUB, raw).code == "InvalidRequestContent"


def test_an_unsupported_verb_is_405(arm: Arm) -> None:
    assert arm("PATCH", f"{HUB}/subnets/a", {}).status == 405
    assert arm("POST", GROUP, {}).status == 405


def test_lists_are_paged_with_next_link(start: Callable[..., Arm]) -> None:
    arm = start(page_size=2)
    for n in range(5):
        arm.group(f"rg{n}")
    names, url = [], f"{ROOT}/resourceGroups?api-version=2024-03-01"
    while url:
        page = arm("GET", url, version="") if url.startswith("/") else arm("GET", url)
        names += [g["name"] for g in page.body["value"]]
        url = page.body.get("nextLink", "")
    assert names == [f"rg{n}" for n in range(5)]


def test_the_resources_of_a_subscription_are_filtered_as_arm_does(arm: Arm) -> None:
    arm.network("hub", a="10.0.0.0/24")
    arm.registry()
    arm.group("other")

    def listed(wanted: str, scope: str = ROOT) -> list[str]:
        found = arm.get(f"{scope}/resources?$filter={wanted}")["value"]
        return sorted(r["name"] for r in found)

    assert listed("") == ["contoso", "hub"]
    assert listed("resourceType eq 'Microsoft.ContainerRegistry/registries'") == ["contoso"]
    assert listed("resourceGroup eq 'RG' and name eq 'hub'") == ["hub"]
    assert listed("resourceGroup eq 'other'") == []
    assert listed("", f"{ROOT}/resourceGroups/other") == []
    assert arm("GET", f"{ROOT}/resources?$filter=colour eq 'blue'").code == "InvalidFilterInQueryString"


def test_a_type_is_listed_by_group_and_by_subscription(arm: Arm) -> None:
    arm.registry()
    for scope in (GROUP, ROOT):
        found = arm.get(f"{scope}/providers/Microsoft.ContainerRegistry/registries", "2026-03-01-preview")["value"]
        assert [r["name"] for r in found] == ["contoso"]


def test_a_broken_rule_answers_500_without_a_trace(arm: Arm, monkeypatch: pytest.MonkeyPatch) -> None:
    assert arm.cloud is not None
    monkeypatch.setattr(arm.cloud.store, "get", lambda _: 1 / 0)
    reply = arm("GET", HUB)
    assert (reply.status, reply.code) == (500, "InternalServerError")
    assert "ZeroDivisionError" not in json.dumps(reply.body)


class _Refuse:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 429, "headers": [(b"retry-after", b"1")]})
        await send({"type": "http.response.body", "body": b"{}"})


def test_middleware_runs_before_every_request(arm: Arm, stage: Any) -> None:
    assert arm.cloud is not None
    stage[0].app = create_app(arm.cloud, [Middleware(_Refuse)])
    assert arm("GET", GROUP).status == 429


EARLY = """
import os, signal
from local_azure.http import Server

class Early(Server):
    async def serve(self, sockets=None):
        os.kill(os.getpid(), signal.SIGTERM)
        await super().serve(sockets)

Early(None).serve_until_signal()
"""


def test_a_signal_before_the_server_listens_to_signals_ends_it_too() -> None:
    assert subprocess.run([sys.executable, "-c", EARLY], check=False, timeout=60).returncode == 0


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "10.0.0.1:80", ""])
def test_a_request_by_a_foreign_host_is_refused(arm: Arm, host: str) -> None:
    for method in ("GET", "PUT", "DELETE", "POST"):
        reply = arm(method, GROUP, {"location": "eastus"}, headers={"Host": host})
        assert (reply.status, reply.code) == (403, "InvalidHost")
    assert arm.ids() == [GROUP]


@pytest.mark.parametrize("host", ["localhost", "localhost:9", "127.0.0.1:9", "[::1]:9", "LOCALHOST"])
def test_a_request_by_a_name_of_this_machine_is_answered(arm: Arm, host: str) -> None:
    assert arm("GET", GROUP, headers={"Host": host}).status == 200


def test_a_body_larger_than_arm_takes_is_refused_and_the_next_request_answered(arm: Arm) -> None:
    body = {"location": "eastus", "tags": {"a": "x" * 5 * 2**20}}
    reply = arm("PUT", GROUP, body)
    assert (reply.status, reply.code) == (413, "RequestContentTooLarge")
    assert "tags" not in arm.get(GROUP)


@pytest.mark.parametrize("raw", [b"[" * 20_000, b'{"location": "\\ud800"}', b"\xff\xfe", b'{"a":' * 20_000])
def test_a_body_that_is_no_json_is_refused_in_arms_envelope(arm: Arm, raw: bytes) -> None:
    reply = arm("PUT", GROUP, raw)
    assert (reply.status, reply.code) == (400, "InvalidRequestContent")


def test_a_path_with_a_line_break_is_answered_in_arms_envelope(arm: Arm) -> None:
    reply = arm("GET", f"{GROUP}%0Aother")
    assert (reply.status, reply.code) == (404, "ResourceGroupNotFound")


@pytest.mark.parametrize("media_type", ["text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded"])
def test_a_body_of_a_type_that_pages_may_send_anywhere_is_refused(arm: Arm, media_type: str) -> None:
    body = {"location": "eastus"}
    reply = arm("PUT", f"{GROUP}2", body, headers={"Content-Type": media_type})
    assert (reply.status, reply.code) == (415, "UnsupportedMediaType")
    assert f"'{media_type}' is not supported. Only 'application/json' is supported." in reply.message
    assert arm("PUT", f"{GROUP}2", body, headers={"Content-Type": "application/json; charset=utf-8"}).status == 201
