"""ARM over HTTP with azure-native's own habits: what is retried, how long operations are polled, what ends them.

Waits are in unscaled seconds and pass through the operation's `Budget`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import requests
from azure.core import PipelineClient
from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from azure.core.pipeline.policies import HeadersPolicy, UserAgentPolicy
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse
from requests.adapters import HTTPAdapter

from local_azure.plugin.waits import Budget

RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that are tried again; and 409 with one of `RETRIED_CONFLICTS` [AN-RETRY]."""

RETRIED_CONFLICTS: Final = frozenset(
    {
        "AnotherOperationInProgress",
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        "StorageAccountOperationInProgress",
        "TransientError",
    }
)
"""Codes of a 409 that passes by itself [AN-RETRY]."""
GONE: Final = frozenset(
    {
        "EntityNotFound",
        "LockNotFound",
        "NotFound",
        "ParentResourceNotFound",
        "ResourceGroupNotFound",
        "ResourceNotFound",
        "RoleAssignmentNotFound",
        "StorageAccountNotFound",
        "SubscriptionNotFound",
        "VulnerabilityAssessmentBaselineDoesNotExists",
    }
)
"""Codes of a 404 that say that the resource is gone; any other 404 may come from something in between [AN-GONE]."""
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
    """An ARM refusal or failure; its text is the one that azure-native shows [AN-ERROR]."""

    def __init__(self, text: str, status: int, code: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code

    @property
    def gone(self) -> bool:
        """Whether the answer says that the resource does not exist [AN-GONE]."""
        return self.status == 404 and self.code in GONE


class ExistenceError(Exception):
    """Before a create, Azure could not say whether the resource exists."""


class UnreachableError(Exception):
    """No ARM endpoint answered."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A write that the service accepted: its first answer, before any polling."""

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
            raise failure(response)
        return _json(response)

    def exists(self, arm_id: str, api_version: str, budget: Budget) -> bool:
        """Whether a create would meet an existing resource: 200 with a non-empty object [AN-CREATE].

        Raises ExistenceError on anything but 200, 204 and 404.
        """
        response = self.send("GET", arm_id, api_version, budget)
        if response.status_code == 200:
            return bool(_json(response))
        if response.status_code in (204, 404):
            return False
        raise ExistenceError(
            f"cannot check existence of resource '{arm_id}': status code {response.status_code}, {response.text()}"
        )

    def write(
        self, arm_id: str, api_version: str, body: Mapping[str, Any], query: Mapping[str, str], budget: Budget
    ) -> Accepted:
        """Send a body, by PATCH when it holds nulls and by PUT otherwise [AN-PATCH].

        Raises ArmRequestError when it is refused.
        """
        response = self.send("PATCH" if _has_null(body) else "PUT", arm_id, api_version, budget, body=body, query=query)
        if response.status_code not in (200, 201, 202):
            raise failure(response)
        return Accepted(response, _json(response))

    def post(
        self, path: str, api_version: str, body: Mapping[str, Any], query: Mapping[str, str], budget: Budget
    ) -> Any:
        """Call an action and return the JSON that it answers."""
        response = self.send("POST", path, api_version, budget, body=body, query=query)
        if response.status_code not in (200, 201):
            raise failure(response)
        return response.json() if response.content else {}

    def finish(
        self, arm_id: str, api_version: str, accepted: Accepted, budget: Budget, *, long_running: bool
    ) -> tuple[dict[str, Any], bool]:
        """Poll an accepted write to its end; raises ArmRequestError when it failed.

        Returns:
            What the write ended with, and whether that is what a read of the resource answers.
        """
        response = accepted.response
        if not long_running and response.status_code != 202:
            return accepted.body, False
        watched, location = _operation_url(response), _location(response)
        state = (_state(accepted.body) or _SUCCEEDED).lower()
        if watched is None and location is None and state == _SUCCEEDED:
            return accepted.body, False
        if watched is None and location is None and state in _FAILED:
            raise failure(response)
        final = self._poll(arm_id, api_version, response, budget, PUT_POLL)
        if watched is None:
            return final, location is None
        return self.get(arm_id, api_version, budget), True

    def delete(
        self, arm_id: str, api_version: str, query: Mapping[str, str], budget: Budget, *, long_running: bool
    ) -> None:
        """Delete a resource and wait for it to be gone; a 404, at once or while polling, is success [AN-DELETE]."""
        response = self.send("DELETE", arm_id, api_version, budget, query=query)
        if response.status_code == 404:
            return
        if response.status_code not in (200, 202, 204):
            raise failure(response)
        if not long_running or response.status_code == 204:
            return
        if _operation_url(response) is None and _location(response) is None:
            return
        try:
            self._poll(arm_id, api_version, response, budget, DELETE_POLL)
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
            budget.wait(delay)
            attempt += 1

    def _poll(
        self, arm_id: str, api_version: str, first: HttpResponse, budget: Budget, interval: float
    ) -> dict[str, Any]:
        """Follow an operation, always by the newest URL, until it has ended.

        An operation that is watched by Location has failed, too, when its last answer says so [AN-LRO-FAILED].
        """
        operation, location = _operation_url(first), _location(first)
        response, delay = first, _retry_after(first) or 0.0
        while True:
            budget.wait(delay, at_least=_POLL)
            url = operation or location or arm_id
            response = self.send("GET", self._absolute(url), api_version, budget)
            if response.status_code not in (200, 201, 202, 204):
                raise failure(response)
            body = _json(response)
            state = _operation_state(
                response, body, by_operation=operation is not None, by_location=location is not None
            )
            if state in _FAILED or (state == _SUCCEEDED and str(body.get("status")).lower() in _FAILED):
                raise failure(response)
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
    return response.status_code == 409 and _code(response) in RETRIED_CONFLICTS


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


def _has_null(value: Any) -> bool:
    """Whether an object holds a null at any depth; lists are not looked into [AN-PATCH]."""
    return isinstance(value, dict) and any(item is None or _has_null(item) for item in value.values())


def _code(response: HttpResponse) -> str:
    """The error's code: from the header, the `error` object or the body itself [AN-ERROR]."""
    body = _json(response)
    inner = body.get("error")
    found = inner.get("code") if isinstance(inner, dict) else None
    return str(response.headers.get("x-ms-error-code") or found or body.get("code") or "")


def failure(response: HttpResponse) -> ArmRequestError:
    """The error that an answer stands for, in azure-native's words [AN-ERROR]."""
    status, code, text = response.status_code, _code(response), response.text()
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        return ArmRequestError(_verbose(response, code), status, code)
    inner = parsed.get("error")
    error = inner if isinstance(inner, dict) else {}
    message = error.get("message")
    coded = f'Code="{code}" ' if code else ""
    shown = f'Status={status} {coded}Message="{text if message is None else message}"'
    return ArmRequestError(shown + _details(error.get("details")), status, code)


def _details(details: Any) -> str:
    """The nested errors of an error, each with code and message; how they are strung together is chosen."""
    found = [item for item in details if isinstance(item, dict)] if isinstance(details, list) else []
    shown = [f'Code="{item.get("code") or ""}" Message="{item["message"]}"' for item in found if item.get("message")]
    return f" Details=[{', '.join(shown)}]" if shown else ""


def _verbose(response: HttpResponse, code: str) -> str:
    """An answer that is no JSON object, as azcore prints it whole [AN-ERROR]."""
    line, text = "-" * 80, response.text()
    request = response.request
    return "\n".join(
        (
            f"{request.method} {request.url.partition('?')[0]}",
            line,
            f"RESPONSE {response.status_code}: {response.status_code} {response.reason}",
            f"ERROR CODE: {code}" if code else "ERROR CODE UNAVAILABLE",
            line,
            text or "Response contained no body",
            line,
            "",
        )
    )
