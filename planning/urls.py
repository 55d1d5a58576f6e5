"""Addresses of external services: URLs, and hosts with a port."""

from __future__ import annotations

import re

HIGHEST_PORT = 65535

_PORT = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)?[^/?#]*:(?P<port>[0-9]+)([/?#].*)?", re.DOTALL)


def port_problem(address: str) -> str | None:
    """Return the problem with the port of a URL, or of ``host:port``, in one line; None where it is right or left out."""
    match = _PORT.fullmatch(address)
    if match is None or 1 <= int(match["port"]) <= HIGHEST_PORT:
        return None
    return f"{address!r} has port {match['port']}; write one from 1 to {HIGHEST_PORT}"
