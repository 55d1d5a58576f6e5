"""ARM's error envelope."""

from __future__ import annotations

from typing import Any

GATEWAY = {"x-ms-failure-cause": "gateway"}
"""Header of refusals that come from Resource Manager and not from a resource provider [REC-404]."""


class ArmError(Exception):
    """A refusal: HTTP status, ARM code, message, and what else goes into the envelope.

    `extra` holds members beside `error`, `headers` what the answer carries besides the usual.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = details
        self.headers = headers or {}
        self.extra = extra or {}

    def error(self) -> dict[str, Any]:
        """Return the member `error` of the envelope."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.target is not None:
            body["target"] = self.target
        if self.details is not None:
            body["details"] = self.details
        return body

    def envelope(self) -> dict[str, Any]:
        """Return the whole body of the refusal."""
        return {"error": self.error(), **self.extra}


def bad_request(code: str, message: str, target: str | None = None) -> ArmError:
    """Return a 400 with a resource provider's own code."""
    return ArmError(400, code, message, target=target)
