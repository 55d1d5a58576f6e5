"""Configuration of the bridge, one for each engine connection.

The engine opens a connection of its own for every provider it configures (the default one, one per parameterized
package, explicit ones), and all attach to the same server, so the peer's address tells whose call it is.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from local_azure.plugin.waits import Waits

DEFAULT_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000001"
DEFAULT_TENANT: Final = "00000000-0000-0000-0000-0000000000aa"
DEFAULT_CLIENT: Final = "00000000-0000-0000-0000-0000000000c1"
DEFAULT_OBJECT: Final = "00000000-0000-0000-0000-0000000000b1"
_LOG_SECONDS: Final = 5.0


@dataclass(slots=True)
class Session:
    """What one connection was configured with, and the address of the engine at its other end.

    `warned` are the types about which a warning said that only their shape is checked.
    """

    subscription: str = DEFAULT_SUBSCRIPTION
    tenant: str = DEFAULT_TENANT
    client: str = DEFAULT_CLIENT
    location: str | None = None
    engine: str = ""
    waits: Waits = field(default_factory=Waits)
    warned: set[str] = field(default_factory=set)

    @classmethod
    def configured(cls, settings: Mapping[str, Any], scale: float) -> Session:
        """A session from the provider's configuration, then the environment, then defaults."""

        def setting(name: str, variable: str, default: str) -> str:
            value = settings.get(name)
            return value if isinstance(value, str) and value else os.environ.get(variable) or default

        return cls(
            subscription=setting("subscriptionId", "ARM_SUBSCRIPTION_ID", DEFAULT_SUBSCRIPTION),
            tenant=setting("tenantId", "ARM_TENANT_ID", DEFAULT_TENANT),
            client=setting("clientId", "ARM_CLIENT_ID", DEFAULT_CLIENT),
            location=setting("location", "ARM_LOCATION", "") or None,
            waits=Waits(scale),
        )

    def warn(self, urn: str, text: str) -> None:
        """Let the engine show a warning beside a resource; an engine that does not answer is not waited for."""
        request = engine_pb2.LogRequest(severity=engine_pb2.LogSeverity.Value("WARNING"), message=text, urn=urn)
        if self.engine:
            with contextlib.suppress(grpc.RpcError), grpc.insecure_channel(self.engine) as channel:
                engine_pb2_grpc.EngineStub(channel).Log(request, timeout=_LOG_SECONDS)


class Sessions:
    """Sessions by peer address; a peer that never configured gets the newest session."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._lock = threading.Lock()
        self._newest = Session.configured({}, scale)
        self._by_peer: dict[str, Session] = {}
        self._engines: dict[str, str] = {}

    def attach(self, peer: str, engine: str) -> None:
        """Note where the engine behind a peer takes warnings; a peer attaches before it configures."""
        if engine:
            with self._lock:
                self._engines[peer] = engine

    def configure(self, peer: str, settings: Mapping[str, Any]) -> Session:
        """Start a session for a peer."""
        session = Session.configured(settings, self._scale)
        with self._lock:
            session.engine = self._engines.get(peer, "")
            self._newest = self._by_peer[peer] = session
        return session

    def of(self, peer: str) -> Session:
        """The session of a peer."""
        with self._lock:
            return self._by_peer.get(peer, self._newest)

    def cancel_all(self) -> None:
        """End every wait of every session."""
        with self._lock:
            for session in [*self._by_peer.values(), self._newest]:
                session.waits.cancel()
