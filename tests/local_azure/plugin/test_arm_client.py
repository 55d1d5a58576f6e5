from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest
from fake_arm import Answer, FakeArm

from local_azure.plugin.arm_client import ArmClient, ArmRequestError, UnreachableError
from local_azure.plugin.waits import Budget, OperationCancelledError, OperationTimeoutError, Waits

VNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v"
V = "2024-05-01"


class Recorder(Budget):
    """A budget that notes every wait and never sleeps."""

    waited: list[float]

    def wait(self, seconds: float, *, at_least: float = 0.0) -> None:
        self.waited.append(seconds)
        super().wait(seconds, at_least=at_least)


@pytest.fixture
def arm() -> Iterator[FakeArm]:
    with FakeArm() as server:
        yield server


@pytest.fixture
def client(arm: FakeArm) -> Iterator[ArmClient]:
    created = ArmClient(arm.url)
    yield created
    created.close()


@pytest.fixture
def budget() -> Recorder:
    begun = Waits().begin()
    recorder = Recorder(begun.scale, begun.limit, begun.cancelled)
    recorder.waited = []
    return recorder


def put(client: ArmClient, budget: Budget) -> dict[str, object]:
    accepted = client.write(VNET, V, {"location": "eastus"}, {}, budget)
    return client.finish(VNET, V, accepted, budget, long_running=True)[0]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_fault_is_tried_again_after_20_60_and_120_seconds(
    arm: FakeArm, client: ArmClient, budget: Recorder, status: int
) -> None:
    arm.script = [Answer("PUT", VNET, status) for _ in range(3)]
    client.write(VNET, V, {"location": "eastus"}, {}, budget)
    assert budget.waited == [20.0, 60.0, 120.0]
    assert len(arm.calls("PUT")) == 4


def test_a_fourth_fault_is_final(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    arm.script = [Answer("PUT", VNET, 503) for _ in range(4)]
    with pytest.raises(ArmRequestError, match="RESPONSE 503"):
        client.write(VNET, V, {}, {}, budget)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Retry-After": "7"}, 7.0), ({"x-ms-retry-after-ms": "1500"}, 1.5), ({"Retry-After": "0"}, 0.0)],
)
def test_the_services_own_delay_wins(
    arm: FakeArm, client: ArmClient, budget: Recorder, headers: dict[str, str], seconds: float
) -> None:
    arm.script = [Answer("PUT", VNET, 429, headers=headers)]
    client.write(VNET, V, {}, {}, budget)
    assert budget.waited == [seconds]


@pytest.mark.parametrize(("ahead", "low", "high"), [(60, 55, 61), (-3600, 0, 0)])
def test_a_delay_given_as_a_date_is_never_negative(
    arm: FakeArm, client: ArmClient, budget: Recorder, ahead: int, low: float, high: float
) -> None:
    arm.script = [Answer("PUT", VNET, 429, headers={"Retry-After": formatdate(time.time() + ahead, usegmt=True)})]
    client.write(VNET, V, {}, {}, budget)
    assert low <= budget.waited[0] <= high


def test_a_delay_beyond_the_cap_is_not_waited_for(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    arm.script = [Answer("PUT", VNET, 429, headers={"Retry-After": "121"})]
    with pytest.raises(ArmRequestError, match="RESPONSE 429"):
        client.write(VNET, V, {}, {}, budget)
    assert budget.waited == []


@pytest.mark.parametrize(
    "code",
    [
        "AnotherOperationInProgress",
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        "StorageAccountOperationInProgress",
        "TransientError",
    ],
)
def test_a_conflict_that_passes_by_itself_is_tried_again(
    arm: FakeArm, client: ArmClient, budget: Recorder, code: str
) -> None:
    arm.script = [Answer("PUT", VNET, 409, {"error": {"code": code, "message": "wait"}})]
    client.write(VNET, V, {}, {}, budget)
    assert budget.waited == [20.0]


def test_any_other_conflict_is_final_and_names_status_code_message_and_details(
    arm: FakeArm, client: ArmClient, budget: Recorder
) -> None:
    error = {"error": {"code": "InUse", "message": "taken", "details": [{"code": "Nic", "message": "by nic-a"}]}}
    arm.script = [Answer("PUT", VNET, 409, error)]
    with pytest.raises(ArmRequestError) as raised:
        client.write(VNET, V, {}, {}, budget)
    assert str(raised.value) == 'Status=409 Code="InUse" Message="taken" Details=[Code="Nic" Message="by nic-a"]'
    assert budget.waited == []


def test_a_code_in_the_header_wins_over_the_one_in_the_body(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    error = {"error": {"code": "Inner", "message": "no"}}
    arm.script = [Answer("PUT", VNET, 400, error, {"x-ms-error-code": "Outer"})]
    with pytest.raises(ArmRequestError, match=r'^Status=400 Code="Outer" Message="no"$'):
        client.write(VNET, V, {}, {}, budget)


def test_an_error_without_an_envelope_is_shown_with_its_whole_body(
    arm: FakeArm, client: ArmClient, budget: Recorder
) -> None:
    arm.script = [Answer("GET", VNET, 404, {"code": "NotFound", "message": "no record"})]
    with pytest.raises(ArmRequestError) as raised:
        client.get(VNET, V, budget)
    body = '{"code": "NotFound", "message": "no record"}'
    assert str(raised.value) == f'Status=404 Code="NotFound" Message="{body}"'


def test_an_answer_that_is_no_json_is_printed_whole(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    arm.script = [Answer("GET", VNET, 404)]
    with pytest.raises(ArmRequestError) as raised:
        client.get(VNET, V, budget)
    line = "-" * 80
    assert str(raised.value).splitlines() == [
        f"GET {arm.url}{VNET}",
        line,
        "RESPONSE 404: 404 Not Found",
        "ERROR CODE UNAVAILABLE",
        line,
        "Response contained no body",
        line,
    ]
    assert not raised.value.gone


def test_a_put_is_polled_every_ten_seconds_by_the_newest_url(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    arm.polls_needed = 3
    result = put(client, budget)
    polls = [path for path in arm.calls("GET") if path.startswith("/operations/")]
    assert [path.rsplit("/", 1)[1] for path in polls] == ["0", "1", "2"]
    assert budget.waited == [10.0, 10.0, 10.0]
    assert result["id"] == VNET
    assert arm.calls("GET")[-1] == VNET


def test_every_request_of_a_resource_carries_its_api_version(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    put(client, budget)
    assert set(arm.versions) == {V}


def test_a_failed_operation_is_an_error_with_the_services_reason(
    arm: FakeArm, client: ArmClient, budget: Recorder
) -> None:
    arm.final_state = "Failed"
    with pytest.raises(ArmRequestError, match=r'^Status=200 Code="SubnetFull" Message="no address is left"$'):
        put(client, budget)


def test_a_delete_is_polled_every_thirty_seconds_until_its_location_says_done(
    arm: FakeArm, client: ArmClient, budget: Recorder
) -> None:
    arm.script = [
        Answer("DELETE", VNET, 202, headers={"Location": f"{arm.url}/results/1"}),
        Answer("GET", "/results/1", 202, headers={"Location": f"{arm.url}/results/2"}),
        Answer("GET", "/results/2", 200),
    ]
    client.delete(VNET, V, {}, budget, long_running=True)
    assert budget.waited == [0.0, 30.0]


def test_deleting_what_was_deleted_succeeds(client: ArmClient, budget: Recorder, arm: FakeArm) -> None:
    arm.script = [Answer("DELETE", VNET, 404, {"error": {"code": "ResourceNotFound"}})]
    client.delete(VNET, V, {}, budget, long_running=True)


def test_a_resource_that_vanishes_while_its_delete_is_polled_is_deleted(
    arm: FakeArm, client: ArmClient, budget: Recorder
) -> None:
    arm.script = [Answer("DELETE", VNET, 202, headers={"Location": f"{arm.url}/results/1"})]
    client.delete(VNET, V, {}, budget, long_running=True)


def test_a_refused_delete_is_an_error(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    arm.script = [Answer("DELETE", VNET, 400, {"error": {"code": "InUseSubnetCannotBeDeleted", "message": "m"}})]
    with pytest.raises(ArmRequestError, match="InUseSubnetCannotBeDeleted"):
        client.delete(VNET, V, {}, budget, long_running=True)


def test_an_operation_that_never_ends_times_out_at_any_scale(arm: FakeArm, client: ArmClient) -> None:
    arm.polls_needed = 1000
    with pytest.raises(OperationTimeoutError, match=r"^operation timed out$"):
        put(client, Waits(0.0).begin(60))
    assert len([path for path in arm.calls("GET") if path.startswith("/operations/")]) == 6


def test_an_operation_that_never_ends_times_out_though_azure_asks_for_no_wait(arm: FakeArm, client: ArmClient) -> None:
    arm.polls_needed, arm.retry_after = 1000, 0
    with pytest.raises(OperationTimeoutError, match=r"^operation timed out$"):
        put(client, Waits(0.0).begin(3))


def test_cancelling_ends_a_wait_at_once() -> None:
    waits = Waits(1.0)
    budget = waits.begin()
    waits.cancel()
    with pytest.raises(OperationCancelledError):
        budget.wait(3600)
    assert waits.begin().cancelled.is_set() is False


def test_an_endpoint_that_does_not_answer_is_named() -> None:
    client = ArmClient("http://127.0.0.1:9")
    with pytest.raises(UnreachableError, match=r"http://127\.0\.0\.1:9 does not answer"):
        client.get(VNET, V, Waits().begin())


def test_204_and_404_mean_that_a_create_may_go_on(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    arm.script = [Answer("GET", VNET, 204), Answer("GET", VNET, 200, {})]
    assert [client.exists(VNET, V, budget) for _ in range(3)] == [False, False, False]
    put(client, budget)
    assert client.exists(VNET, V, budget) is True


def test_a_put_that_says_succeeded_at_once_is_not_polled(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    arm.asynchronous = False
    put(client, budget)
    assert arm.calls("GET") == []


def test_a_put_without_a_url_to_poll_is_followed_by_the_resources_own_state(
    arm: FakeArm, client: ArmClient, budget: Recorder
) -> None:
    state = [{"properties": {"provisioningState": name}} for name in ("Creating", "Updating")]
    arm.script = [Answer("PUT", VNET, 201, state[0], store=True), Answer("GET", VNET, 200, state[1])]
    assert put(client, budget)["id"] == VNET
    assert budget.waited == [0.0, 10.0]


def test_a_put_that_says_failed_at_once_is_an_error(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    arm.script = [Answer("PUT", VNET, 200, {"properties": {"provisioningState": "Failed"}})]
    with pytest.raises(ArmRequestError, match=r"^Status=200 "):
        put(client, budget)


def test_an_operation_that_says_failed_where_its_location_ends_has_failed(
    arm: FakeArm, client: ArmClient, budget: Recorder
) -> None:
    ended = {"status": "Failed", "error": {"code": "NetworkAclsValidationFailure", "message": "no endpoint"}}
    arm.script = [
        Answer("PUT", VNET, 202, headers={"Location": f"{arm.url}/results/1"}),
        Answer("GET", "/results/1", 200, ended),
    ]
    with pytest.raises(ArmRequestError, match="NetworkAclsValidationFailure"):
        put(client, budget)


def test_a_body_with_a_null_at_any_depth_is_a_patch(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    arm.resources[VNET.lower()] = {"id": VNET}
    client.write(VNET, V, {"identity": {"userAssignedIdentities": {"/a": {}, "/b": None}}}, {}, budget)
    assert (arm.calls("PATCH"), arm.calls("PUT")) == ([VNET], [])


def test_a_null_in_a_list_makes_no_patch(arm: FakeArm, client: ArmClient, budget: Recorder) -> None:
    client.write(VNET, V, {"properties": {"values": [None]}}, {}, budget)
    assert (arm.calls("PATCH"), arm.calls("PUT")) == ([], [VNET])


def test_a_budget_without_a_timeout_of_its_own_lasts_two_hours(client: ArmClient) -> None:
    budget = Waits(0.0).begin()
    budget.wait(2 * 60 * 60)
    with pytest.raises(OperationTimeoutError):
        budget.wait(1)
