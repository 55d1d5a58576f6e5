"""Actions of networks and apps through raw requests: free addresses, revisions, stopping and starting."""

from __future__ import annotations

from typing import Any

import pytest
from app_requests import PROVIDER, Apps
from arm_client import NETWORK, Arm

CHECK = f"{NETWORK}/virtualNetworks/vnet/checkIPAddressAvailability?ipAddress="


@pytest.fixture
def apps(arm: Arm) -> Apps:
    created = Apps(arm)
    created.registry()
    created.create(vnetConfiguration={"infrastructureSubnetId": created.network()})
    return created


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("10.0.16.4", {"available": True, "availableIPAddresses": []}),
        (
            "10.0.16.3",
            {
                "available": False,
                "availableIPAddresses": ["10.0.16.4", "10.0.16.5", "10.0.16.6", "10.0.16.7", "10.0.16.8"],
            },
        ),
    ],
)
def test_a_network_reports_whether_an_address_is_free(apps: Apps, address: str, answer: dict[str, Any]) -> None:
    assert apps.arm("GET", f"{CHECK}{address}").body == answer


def test_an_address_that_something_holds_is_not_free(apps: Apps) -> None:
    assert apps.arm("GET", f"{CHECK}10.0.0.4").body["available"] is False


@pytest.mark.parametrize(
    ("address", "code"), [("10.0.99.4", "PrivateIPAddressNotInAnySubnet"), ("x", "InvalidIPAddress")]
)
def test_what_is_no_address_of_a_subnet_is_refused(apps: Apps, address: str, code: str) -> None:
    refused = apps.arm("GET", f"{CHECK}{address}")
    assert (refused.status, refused.code) == (400, code)


def test_an_app_lists_its_latest_revision(apps: Apps) -> None:
    apps.app(apps.app_body(revisionSuffix="v2"))
    (revision,) = apps.arm("GET", f"{PROVIDER}/containerApps/web/revisions").body["value"]
    assert (revision["name"], revision["properties"]["active"]) == ("web--v2", True)


def test_an_app_is_stopped_and_started(apps: Apps) -> None:
    apps.app()
    for action, status in (("stop", "Stopped"), ("start", "Running")):
        assert apps.arm("POST", f"{PROVIDER}/containerApps/web/{action}").status == 200
        assert apps.arm.get(f"{PROVIDER}/containerApps/web")["properties"]["runningStatus"] == status


def test_an_internal_environment_without_a_subnet_is_refused(apps: Apps) -> None:
    refused = apps.environment("other", vnetConfiguration={"internal": True})
    assert (refused.status, refused.code) == (400, "ManagedEnvironmentInvalidNetworkConfiguration")
