"""The HTTP surface: it turns requests into calls and answers into ARM's headers, and knows no rule of any service."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import signal
import socket
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local_azure.errors import ArmError
from local_azure.services.cloud import Answer, Cloud
from local_azure.services.dispatch import handle
from local_azure.services.permissions import caller
from local_azure.store import dumps

LOG = logging.getLogger("local_azure")

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Hosts by which clients come. Another one is that of a page whose name was made to lead here."""

MOST_BYTES = 4 * 2**20
"""Bytes of one request's body [ARM-SIZE]."""

JSON = frozenset({"application/json", "application/merge-patch+json"})
"""Media types of bodies [ARM-MEDIA]."""

METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS"]

_LIMITS = {"GET": ("reads", 249, 3749), "HEAD": ("reads", 249, 3749), "DELETE": ("deletes", 199, 2999)}
"""What a lone client sees of the token buckets: subscription and global remainder [ARM-THROTTLE]."""


def create_app(cloud: Cloud, middleware: Sequence[Middleware] = ()) -> Starlette:
    """Return the ASGI application of a cloud.

    `middleware` runs around every request, outermost first: the seam for faults. Requests are answered one after the
    other on the event loop, which serialises every write without a lock.
    """

    async def endpoint(request: Request) -> Response:
        """Read the body, then answer."""
        return respond(cloud, request, await _read(request))

    async def unknown(request: Request, _error: Exception) -> Response:
        """Answer what no route takes, such as a path with a line break, in ARM's envelope."""
        return respond(cloud, request, b"")

    routes = [Route("/{path:path}", endpoint, methods=METHODS)]
    return Starlette(routes=routes, middleware=list(middleware), exception_handlers={404: unknown, 405: unknown})


async def _read(request: Request) -> bytes | None:
    """Return the body, or None when it is larger than ARM takes; what comes after the limit is not kept."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BYTES:
            chunks.clear()
        else:
            chunks.append(chunk)
    return None if size > MOST_BYTES else b"".join(chunks)


def respond(cloud: Cloud, request: Request, raw: bytes | None) -> Response:
    """Answer one HTTP request, every refusal in ARM's envelope; a body of None was too large."""
    headers = _common_headers(request)
    try:
        _refuse_host(request)
        answer = handle(
            cloud,
            request.method,
            _path(request),
            dict(request.query_params),
            _body(raw, request.headers.get("content-type", "")),
            request.headers.get("if-match"),
            request.headers.get("if-none-match"),
            caller(request.headers.get("authorization", "")),
        )
    except ArmError as error:
        headers.update(error.headers)
        return _response(error.status, error.envelope(), headers)
    except sqlite3.DatabaseError as error:
        LOG.exception("the store failed")
        message = f"The local store failed ({error}); nothing was changed."
        return _response(500, {"error": {"code": "LocalStoreFailed", "message": message}}, headers)
    except Exception:
        LOG.exception("%s %s broke", request.method, request.url.path)
        message = f"The server made an error of its own; it is logged with request id {headers['x-ms-request-id']}."
        return _response(500, {"error": {"code": "InternalServerError", "message": message}}, headers)
    body = answer.body
    if answer.operation is not None:
        headers.update(_poll_headers(cloud, request, answer))
    if answer.more is not None:
        body = {**body, "nextLink": _next_link(request, answer.more)}
    if isinstance(body, dict) and isinstance(body.get("etag"), str):
        headers["etag"] = body["etag"]
    return _response(answer.status, body, headers)


def _path(request: Request) -> str:
    """Return the path as services read it: an encoded slash is part of a name and stays encoded."""
    raw = bytes(request.scope.get("raw_path") or b"").decode("ascii", "replace")
    return unquote(re.sub("%2f", "%252F", raw, flags=re.IGNORECASE)) if "%2f" in raw.lower() else request.scope["path"]


def _refuse_host(request: Request) -> None:
    """Raise ArmError unless the client came by a name of this machine (code ours)."""
    host = request.headers.get("host", "").lower()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if name not in HOSTS:
        raise ArmError(403, "InvalidHost", f"The host '{host}' is not one of {', '.join(sorted(HOSTS))}.")


def _body(raw: bytes | None, media_type: str) -> Any:
    if raw is None:
        message = f"The request content size exceeds the maximum size of {MOST_BYTES // 2**20} MB."
        raise ArmError(413, "RequestContentTooLarge", message)
    if not raw.strip():
        return None
    # A page in a browser may send text/plain to any host without asking that host first.
    if media_type.partition(";")[0].strip().lower() not in JSON:
        message = (
            f"The content media type '{media_type or '<null>'}' is not supported. Only 'application/json' is supported."
        )
        raise ArmError(415, "UnsupportedMediaType", message)
    try:
        body = json.loads(raw)
        # What cannot be written as UTF-8, such as half a surrogate pair, could be neither stored nor answered.
        dumps(body).encode()
    except (ValueError, RecursionError) as error:
        message = f"The request content was invalid and could not be deserialized: '{error}'."
        raise ArmError(400, "InvalidRequestContent", message) from error
    return body


def _response(status: int, body: Any, headers: dict[str, str]) -> Response:
    if body is None:
        return Response(status_code=status, headers=headers)
    headers["content-type"] = "application/json; charset=utf-8"
    return Response(dumps(body).encode(), status_code=status, headers=headers)


def _common_headers(request: Request) -> dict[str, str]:
    guid = str(uuid.uuid4())
    kind, subscription, total = _LIMITS.get(request.method, ("writes", 199, 2999))
    headers = {
        "cache-control": "no-cache",
        "pragma": "no-cache",
        "x-ms-request-id": guid,
        "x-ms-correlation-request-id": request.headers.get("x-ms-correlation-request-id", guid),
        "x-ms-routing-request-id": f"LOCAL:{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}:{guid}",
        f"x-ms-ratelimit-remaining-subscription-{kind}": str(subscription),
        f"x-ms-ratelimit-remaining-subscription-global-{kind}": str(total),
        "x-content-type-options": "nosniff",
    }
    client = request.headers.get("x-ms-client-request-id")
    if client and request.headers.get("x-ms-return-client-request-id", "").lower() == "true":
        headers["x-ms-client-request-id"] = client
    return headers


def _base(request: Request) -> str:
    """Return scheme and host by which the client came: poll URLs must lead back the same way."""
    return f"{request.url.scheme}://{request.headers.get('host') or request.url.netloc}"


def _next_link(request: Request, offset: int) -> str:
    query = {k: v for k, v in request.query_params.items() if k.lower() != "$skiptoken"}
    return f"{_base(request)}{quote(request.url.path)}?{urlencode({**query, '$skipToken': offset})}"


def _signed(version: str) -> str:
    """Return the query of a poll URL; like the service's, its signature changes with every answer."""
    return f"api-version={version}&t={time.time_ns() // 100}&c=local&s={secrets.token_hex(8)}&h={secrets.token_hex(8)}"


def _poll_headers(cloud: Cloud, request: Request, answer: Answer) -> dict[str, str]:
    operation = answer.operation
    if operation is None:
        return {}
    status, result = (operation.data["paths"][form].replace("{guid}", operation.guid) for form in ("status", "result"))
    base, query = _base(request), _signed(operation.data["api_version"])
    headers = {"retry-after": str(cloud.clock.retry_after(answer.retry_after or 0))}
    if operation.data["style"] in {"status", "both"}:
        headers["azure-asyncoperation"] = f"{base}{quote(status)}?{query}"
    if operation.data["style"] in {"result", "both"}:
        headers["location"] = f"{base}{quote(result)}?{query}"
    return headers


class Server(uvicorn.Server):
    """An HTTP server on the loopback interface; `url` is known as soon as it is made.

    `ready` is called once, when requests are answered. Port 0 picks a free one.
    """

    def __init__(self, app: Starlette, port: int = 0, ready: Callable[[str], None] | None = None) -> None:
        self.socket = socket.create_server(("127.0.0.1", port), backlog=256)
        # Headers and body are written one after the other: with Nagle's algorithm each answer would wait 40 ms.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self._ready = ready
        # Clients keep connections for reuse: closing idle ones early would race with their next request.
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_keep_alive=600,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        if self._ready is not None:
            self._ready(self.url)

    def serve_until_signal(self) -> None:
        """Serve until SIGTERM or SIGINT, then return: uvicorn raises the signal again, which must not kill.

        One that comes before uvicorn listens to signals ends it too.
        """
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self.handle_exit)
        asyncio.run(self.serve([self.socket]))

    def start_in_thread(self) -> Callable[[], None]:
        """Serve from a thread of this process; returns the function that stops it."""
        thread = threading.Thread(target=self.serve_until_signal, daemon=True)
        thread.start()
        while not self.started and thread.is_alive():
            time.sleep(0.002)

        def stop() -> None:
            """Stop to listen and wait for the thread."""
            self.should_exit = True
            thread.join()

        return stop
