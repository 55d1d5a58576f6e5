"""Access to Azure Resource Manager, with the pipeline of azure-core and azure-identity's default credential."""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.core.pipeline.policies import HeadersPolicy, HTTPPolicy, RetryPolicy, SansIOHTTPPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest, HttpResponse
from azure.identity import DefaultAzureCredential
from azure.mgmt.core import ARMPipelineClient
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

AZURE = "https://management.azure.com"
_ACTIONS = {"GET": "read", "POST": "action"}


class MissingError(Exception):
    """The resource does not exist."""


class DeniedError(Exception):
    """The caller is not authorized to read the resource.

    Attributes:
        permission: the missing action and its scope.
    """

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class UnreachableError(Exception):
    """Azure is not reachable; the message is one line with the reason."""


class Arm:
    """Reads one subscription."""

    def __init__(self, client: ARMPipelineClient, subscription: str) -> None:
        """Create a reader that uses a pipeline.

        Args:
            client: the pipeline with authentication.
            subscription: GUID of the target subscription.
        """
        self._client = client
        self.subscription = subscription

    @property
    def scope(self) -> str:
        """Id of the subscription."""
        return f"/subscriptions/{self.subscription}"

    def get(self, path: str, version: str) -> dict[str, Any]:
        """Return a resource or another document.

        Raises:
            MissingError: it does not exist.
            DeniedError: the caller lacks the permission.
            UnreachableError: there is no response, or another error.
        """
        return self._answer(HttpRequest("GET", path, params={"api-version": version}))

    def every(self, path: str, version: str) -> list[dict[str, Any]]:
        """Return all entries of a paged list; raises the errors of `get`."""
        page = self.get(path, version)
        entries: list[dict[str, Any]] = list(page.get("value") or ())
        while page.get("nextLink"):
            page = self._answer(HttpRequest("GET", page["nextLink"]))
            entries += page.get("value") or ()
        return entries

    def ask(self, path: str, version: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the response to a POST that changes nothing; raises the errors of `get`."""
        return self._answer(HttpRequest("POST", path, params={"api-version": version}, json=dict(body)))

    def act(self, path: str, version: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the result of a POST that starts an operation, after its end; raises the errors of `get`."""
        response = self._response(HttpRequest("POST", path, params={"api-version": version}, json=dict(body)))
        while response.status_code == 202:
            time.sleep(float(response.headers.get("Retry-After") or 2))
            response = self._response(HttpRequest("GET", response.headers["Location"]))
        return _document(response)

    def _answer(self, request: HttpRequest) -> dict[str, Any]:
        return _document(self._response(request))

    def _response(self, request: HttpRequest) -> HttpResponse:
        if not urlsplit(request.url).scheme:
            request.url = self._client.format_url(request.url)
        try:
            response = self._client.send_request(request)
            if response.status_code == 404:
                raise MissingError(urlsplit(request.url).path)
            if response.status_code == 403:
                raise DeniedError(_permission(request))
            response.raise_for_status()
            return response
        except ClientAuthenticationError as error:
            raise UnreachableError(
                f"sign-in failed: {_first(error)}; run `az login`, or set the AZURE_ variables"
            ) from None
        except HttpResponseError as error:
            raise UnreachableError(f"{urlsplit(request.url).path}: {_first(error)}") from None
        except (ServiceRequestError, ServiceResponseError) as error:
            raise UnreachableError(f"{urlsplit(request.url).netloc} does not respond: {_first(error)}") from None


def _document(response: HttpResponse) -> dict[str, Any]:
    try:
        document: dict[str, Any] = response.json()
    except ValueError as error:
        raise UnreachableError(f"{urlsplit(response.request.url).netloc} does not respond: {_first(error)}") from None
    return document


class _LocalPrincipal(SansIOHTTPPolicy[Any, Any]):
    """Adds an unsigned token with a principal; without one, the local Azure treats the caller as owner."""

    def __init__(self, principal: str) -> None:
        claims = base64.urlsafe_b64encode(json.dumps({"oid": principal}).encode()).decode().rstrip("=")
        self._header = f"Bearer e30.{claims}."

    def on_request(self, request: Any) -> None:
        """Add the token."""
        request.http_request.headers["Authorization"] = self._header


def azure(subscription: str) -> Arm:
    """Return a reader of a subscription in Azure, with the credential that azure-identity finds."""
    # Without a handler, a failed sign-in is logged on standard error with every credential that was tried.
    logging.getLogger("azure.identity").addHandler(logging.NullHandler())
    return Arm(
        _client(AZURE, ARMChallengeAuthenticationPolicy(DefaultAzureCredential(), f"{AZURE}/.default")), subscription
    )


def local(url: str, subscription: str, principal: str = "") -> Arm:
    """Return a reader of a local Azure.

    Args:
        url: its URL.
        subscription: GUID of the subscription.
        principal: object id of the caller; empty for the owner.
    """
    return Arm(_client(url, _LocalPrincipal(principal)), subscription)


def _client(url: str, authentication: HTTPPolicy[Any, Any] | SansIOHTTPPolicy[Any, Any]) -> ARMPipelineClient:
    policies = [HeadersPolicy(), UserAgentPolicy("moorings"), RetryPolicy(retry_total=3), authentication]
    return ARMPipelineClient(base_url=url, policies=policies)


def _permission(request: HttpRequest) -> str:
    """Return the action and scope of a request, such as ``Microsoft.Network/virtualNetworks/read on /subscriptions/…``."""
    scope, _, rest = urlsplit(request.url).path.rpartition("/providers/")
    if scope.endswith("/Microsoft.Features"):
        return f"Microsoft.Features/providers/features/read on {scope.partition('/providers/')[0]}"
    if rest.lower().endswith("/checknameavailability"):
        # A question by POST, which its providers' lists of operations call a read [RBAC-NAMES].
        return f"{rest}/read on {scope}"
    namespace, *words = rest.split("/") if scope else ("Microsoft.Resources", "subscriptions", "resourceGroups")
    kind = "/".join((namespace, *words[0::2]))
    path = urlsplit(request.url).path
    return f"{kind}/{_ACTIONS[request.method]} on {path if len(words) % 2 == 0 else path.rpartition('/')[0] or path}"


def _first(error: Exception) -> str:
    """Return the first line of an error."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
