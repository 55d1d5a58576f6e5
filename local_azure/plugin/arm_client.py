"""ARM over HTTP with azure-native's own habits: what is retried, how long operations are polled, what ends them.

Waits are in unscaled seconds and pass through the operation's `Budget`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import requests
from azure.core import PipelineClient
from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from azure.core.pipeline.policies import HeadersPolicy, UserAgentPolicy
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse
from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.plugin.waits import Budget

RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that are tried again; and 409 with one of `RETRIED_CONFLICTS` [AN-RETRY]."""

RETRIED_CONFLICTS = frozenset(
    {"AnotherOperationInProgress", "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"}
)
"""Codes of a 409 that passes by itself [AN-RETRY]."""
RETRY_BASE: Final = 20.0
RETRY_MAX: Final = 120.0
MAX_RETRIES: Final = 3
PUT_POLL: Final = 10.0
DELETE_POLL: Final = 30.0
"""Seconds between polls where the service names no Retry-After [AN-POLL]."""
_SUCCEEDED: Final = "succeeded"
_FAILED: Final = frozenset({"failed", "canceled", "cancelled"})
_PARALLEL: Final = 64
_POLL: Final = 0.1
"""Seconds that a poll counts for at least, so that an operation that never ends does at the limit (chosen)."""


class ArmRequestError(Exception):
    """An ARM refusal or failure, naming resource id, status, ARM code, message and request id."""

    def __init__(self, method: str, arm_id: str, status: int, code: str, message: str, request_id: str) -> None:
        super().__init__(
            f"{method} {arm_id}: Status={status} Code={code!r} Message={message!r} RequestId={request_id or 'none'}"
        )
        self.status = status
        self.code = code


class UnreachableError(Exception):
    """No ARM endpoint answered."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A PUT that the service took: its first answer, before any polling."""

    response: HttpResponse
    body: dict[str, Any]


class ArmClient:
    """One ARM endpoint. Safe for use from many threads."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint.rstrip("/")
        session = requests.Session()
        adapter = HTTPAdapter(pool_connections=4, pool_maxsize=_PARALLEL)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        session.trust_env = False
        transport = RequestsTransport(session=session, session_owner=False, connection_timeout=10, read_timeout=120)
        policies = [HeadersPolicy({"Accept": "application/json"}), UserAgentPolicy("moorings-bridge")]
        self._client: PipelineClient[Any, Any] = PipelineClient(self.endpoint, policies=policies, transport=transport)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def reachable(self) -> bool:
        """Whether anything answers at the endpoint, whatever it says."""
        try:
            self._client.send_request(
                HttpRequest("GET", f"{self.endpoint}/subscriptions?api-version=2022-12-01")
            ).read()
        except (ServiceRequestError, ServiceResponseError):
            return False
        return True

    def get(self, arm_id: str, api_version: str, budget: Budget) -> dict[str, Any]:
        """Read a resource; raises ArmRequestError on anything but 200."""
        response = self.send("GET", arm_id, api_version, budget)
        if response.status_code != 200:
            raise failure("GET", arm_id, response)
        return _json(response)

    def exists(self, arm_id: str, api_version: str, budget: Budget) -> bool:
        """Whether a create would meet an existing resource: 200 with a non-empty object [AN-CREATE]."""
        response = self.send("GET", arm_id, api_version, budget)
        if response.status_code == 200:
            return bool(_json(response))
        if response.status_code in (204, 404):
            return False
        raise failure("GET", arm_id, response)

    def put(
        self, arm_id: str, api_version: str, body: Mapping[str, Any], query: Mapping[str, str], budget: Budget
    ) -> Accepted:
        """Send a PUT; raises ArmRequestError when it is refused."""
        response = self.send("PUT", arm_id, api_version, budget, body=body, query=query)
        if response.status_code not in (200, 201, 202):
            raise failure("PUT", arm_id, response)
        return Accepted(response, _json(response))

    def post(self, arm_id: str, api_version: str, budget: Budget) -> dict[str, Any]:
        """Call an action without a body."""
        response = self.send("POST", arm_id, api_version, budget, body={})
        if response.status_code not in (200, 201):
            raise failure("POST", arm_id, response)
        return _json(response)

    def finish_put(
        self, arm_id: str, api_version: str, accepted: Accepted, budget: Budget, *, long_running: bool
    ) -> dict[str, Any]:
        """Poll an accepted PUT to its end and return the resource; raises ArmRequestError when it failed."""
        response = accepted.response
        if not long_running and response.status_code != 202:
            return accepted.body
        watched, location = _operation_url(response), _location(response)
        state = (_state(accepted.body) or _SUCCEEDED).lower()
        if watched is None and location is None and state == _SUCCEEDED:
            return accepted.body
        if watched is None and location is None and state in _FAILED:
            raise failure("PUT", arm_id, response)
        final = self._poll(arm_id, api_version, response, budget, PUT_POLL, "PUT")
        if watched is None and location is not None and final:
            return final
        return self.get(arm_id, api_version, budget)

    def delete(self, arm_id: str, api_version: str, budget: Budget, *, long_running: bool) -> None:
        """Delete a resource and wait for it to be gone; a 404, at once or while polling, is success [AN-DELETE]."""
        response = self.send("DELETE", arm_id, api_version, budget)
        if response.status_code == 404:
            return
        if response.status_code not in (200, 202, 204):
            raise failure("DELETE", arm_id, response)
        if not long_running or response.status_code == 204:
            return
        if _operation_url(response) is None and _location(response) is None:
            return
        try:
            self._poll(arm_id, api_version, response, budget, DELETE_POLL, "DELETE")
        except ArmRequestError as error:
            if error.status != 404:
                raise

    def send(
        self,
        method: str,
        path: str,
        api_version: str,
        budget: Budget,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """Send one request, again after what azure-native retries: 20, 60, 120 s apart, or as Retry-After says.

        A Retry-After beyond 120 s is not waited for [AN-RETRY]. The last answer is returned, whatever it is.
        """
        url = path if path.startswith("http") else f"{self.endpoint}/{path.lstrip('/')}"
        params = {**(query or {})}
        if "api-version" not in parse_qs(urlsplit(url).query):
            params["api-version"] = api_version
        attempt = 0
        while True:
            try:
                request = HttpRequest(method, url, params=params, json=body)
                response: HttpResponse = self._client.send_request(request)
                response.read()
            except (ServiceRequestError, ServiceResponseError) as error:
                if attempt >= MAX_RETRIES:
                    raise UnreachableError(f"{method} {path}: {self.endpoint} does not answer: {error}") from error
                delay = _backoff(attempt)
            else:
                if attempt >= MAX_RETRIES or not _retryable(response):
                    return response
                named = _retry_after(response)
                if named is not None and named > RETRY_MAX:
                    return response
                delay = _backoff(attempt) if named is None else named
            budget.wait(delay, f"retrying {method} {path}")
            attempt += 1

    def _poll(
        self, arm_id: str, api_version: str, first: HttpResponse, budget: Budget, interval: float, method: str
    ) -> dict[str, Any]:
        """Follow an operation, always by the newest URL, until it has ended."""
        operation, location = _operation_url(first), _location(first)
        response, delay = first, _retry_after(first) or 0.0
        while True:
            budget.wait(delay, f"waiting for {method} {arm_id}", at_least=_POLL)
            url = operation or location or arm_id
            response = self.send("GET", self._absolute(url), api_version, budget)
            if response.status_code not in (200, 201, 202, 204):
                raise failure(method, arm_id, response)
            body = _json(response)
            state = _operation_state(
                response, body, by_operation=operation is not None, by_location=location is not None
            )
            if state in _FAILED:
                raise failure(method, arm_id, response)
            if state == _SUCCEEDED:
                return body
            operation = _operation_url(response) or operation
            location = _location(response) or location
            named = _retry_after(response)
            delay = interval if named is None else named

    def _absolute(self, url: str) -> str:
        return url if url.startswith("http") else f"{self.endpoint}/{url.lstrip('/')}"


def _operation_state(response: HttpResponse, body: dict[str, Any], *, by_operation: bool, by_location: bool) -> str:
    """The operation's state in lower case, by the style of polling [ARM-ASYNC]."""
    if by_operation:
        return str(body.get("status") or _state(body) or _SUCCEEDED).lower()
    if by_location:
        return (_state(body) or ("inprogress" if response.status_code == 202 else _SUCCEEDED)).lower()
    return (_state(body) or _SUCCEEDED).lower()


def _state(body: Mapping[str, Any]) -> str | None:
    properties = body.get("properties")
    state = properties.get("provisioningState") if isinstance(properties, dict) else None
    return state if isinstance(state, str) else None


def _operation_url(response: HttpResponse) -> str | None:
    return response.headers.get("Azure-AsyncOperation")


def _location(response: HttpResponse) -> str | None:
    return response.headers.get("Location") if response.status_code in (201, 202) else None


def _json(response: HttpResponse) -> dict[str, Any]:
    try:
        body = response.json() if response.content else {}
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {"value": body}


def _retryable(response: HttpResponse) -> bool:
    if response.status_code in RETRIED:
        return True
    return response.status_code == 409 and _code_and_message(response)[0] in RETRIED_CONFLICTS


def _backoff(attempt: int) -> float:
    """20, 60, 120 s. azure-native spreads these by chance; the bridge does not, so that runs repeat (chosen)."""
    return min(RETRY_BASE * (2 ** (attempt + 1) - 1), RETRY_MAX)


def _retry_after(response: HttpResponse) -> float | None:
    """Seconds to wait by the answer's headers, from milliseconds, seconds or an HTTP date; never negative."""
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        text = response.headers.get(name)
        if text is not None and text.strip().isdigit():
            return int(text) / 1000
    text = response.headers.get("Retry-After")
    if text is None:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def _code_and_message(response: HttpResponse) -> tuple[str, str]:
    body = _json(response)
    error = body.get("error")
    error = error if isinstance(error, dict) else body
    code, message = error.get("code"), error.get("message")
    details = error.get("details")
    extra = [str(item.get("message")) for item in details or [] if isinstance(item, dict) and item.get("message")]
    text = "; ".join(
        [str(message or response.reason or "no message"), *(item for item in extra if item not in str(message))]
    )
    return str(code or "Unknown"), text


def failure(method: str, arm_id: str, response: HttpResponse) -> ArmRequestError:
    """The error that an answer stands for."""
    code, message = _code_and_message(response)
    return ArmRequestError(
        method, arm_id, response.status_code, code, message, response.headers.get("x-ms-request-id") or ""
    )
