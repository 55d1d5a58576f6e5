"""Parameterized packages: which module and API version a program asks for [SDK-PARAMETER].

A program's SDK holds the parameter that the provider once handed out, and sends it back unread. Its form is the provider's
own: base64 text of JSON `{"module", "version"}`.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import string
from collections.abc import Sequence
from typing import Final

from local_azure.arm_types import catalogue, table
from local_azure.generic.table import templates

BASE: Final = "azure-native"
"""Name of the provider whose modules the packages are."""

_VERSION = re.compile(r"^v?(\d{4})-?(\d{2})-?(\d{2})-?([a-z]*)$")
_ALPHABET = frozenset((string.ascii_letters + string.digits + "+/=\r\n").encode())
_REFUSED = "failed to deserialize parameterize args"


def package_of_value(value: bytes) -> str:
    """The package name for a registered parameter; raises ValueError, in the provider's words, when it is not one."""
    try:
        text = base64.b64decode(value, validate=True)
    except binascii.Error:
        at = next((place for place, byte in enumerate(value) if byte not in _ALPHABET), len(value))
        raise ValueError(f"{_REFUSED}: illegal base64 data at input byte {at}") from None
    try:
        parameter = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{_REFUSED}: {error}") from error
    if not isinstance(parameter, dict):
        raise ValueError(f"{_REFUSED}: expected a JSON object")
    return _package(str(parameter.get("module", "")), str(parameter.get("version", "")))


def package_of_arguments(arguments: Sequence[str]) -> str:
    """The package name for command-line arguments: module and version, such as `containerregistry 2026-03-01-preview`."""
    if len(arguments) != 2:
        raise ValueError(f"expected 2 arguments (module and API version), got {len(arguments)}")
    return _package(arguments[0], arguments[1])


def _package(module: str, version: str) -> str:
    wanted = _api_version(version)
    arms = [arm for arm in catalogue().types.values() if arm.token.split(":")[1] == module]
    if not arms and not templates(module):
        raise ValueError(f"module '{module}' has no type known here")
    if not any(wanted in arm.versions for arm in arms) and wanted not in table().versions(module):
        raise ValueError(f"module '{module}' has no type of API version {wanted}")
    return f"{BASE}_{module}_v{wanted.replace('-', '')}"


def _api_version(text: str) -> str:
    match = _VERSION.match(text)
    if match is None:
        raise ValueError(f"'{text}' is not an API version: expected the form 2026-03-01-preview or v20260301preview")
    year, month, day, tail = match.groups()
    return f"{year}-{month}-{day}" + (f"-{tail}" if tail else "")


def parts_of(package: str) -> tuple[str, str]:
    """Module and API version of a package's name; raises ValueError when no program can have registered it."""
    _, _, rest = package.partition(f"{BASE}_")
    module, _, tag = rest.rpartition("_")
    if _package(module, tag) != package:
        raise ValueError(f"'{package}' is not a package of {BASE}: expected the form {BASE}_web_v20250301")
    return module, _api_version(tag)


def parameter_of(package: str) -> bytes:
    """The value by which a program registers the package, as `package_of_value` takes it."""
    module, tag = package.removeprefix(f"{BASE}_").rsplit("_", 1)
    return base64.b64encode(json.dumps({"module": module, "version": tag}, separators=(",", ":")).encode())
