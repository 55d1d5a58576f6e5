"""Parameterized packages: which module and API version a program asks for [SDK-PARAMETER]."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from local_azure.arm_types import catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

_VERSION = re.compile(r"^v?(\d{4})-?(\d{2})-?(\d{2})-?([a-z]*)$")


def package_of_value(value: bytes) -> str:
    """The package name for parameter bytes, JSON `{"module", "version"}`; raises ValueError when they are not."""
    try:
        parameter = json.loads(value)
        return _package(str(parameter["module"]), str(parameter["version"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f'package parameter must be JSON {{"module", "version"}}: {error}') from error


def package_of_arguments(arguments: Sequence[str]) -> str:
    """The package name for command-line arguments: module and version, such as `containerregistry 2026-03-01-preview`."""
    if len(arguments) != 2:
        raise ValueError(f"expected two parameters, module and API version, got {len(arguments)}")
    return _package(arguments[0], arguments[1])


def _package(module: str, version: str) -> str:
    match = _VERSION.match(version)
    if match is None:
        raise ValueError(f"'{version}' is not an API version: expected the form 2026-03-01-preview or v20260301preview")
    year, month, day, tail = match.groups()
    wanted = f"{year}-{month}-{day}" + (f"-{tail}" if tail else "")
    arms = [arm for arm in catalogue().types.values() if arm.token.split(":")[1] == module]
    if not arms:
        raise ValueError(f"module '{module}' has no type known here")
    if not any(wanted in arm.versions for arm in arms):
        raise ValueError(f"module '{module}' has no type of API version {wanted}")
    return f"azure-native_{module}_v{year}{month}{day}{tail}"
