"""Loads the generated protocol modules of the Pulumi SDK without the SDK itself.

Importing `pulumi` takes several hundred milliseconds at the start of every engine run, and the host needs only the
messages. The two parent packages of the generated modules are therefore registered as empty namespaces.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from pathlib import Path
from typing import Any


def _load(name: str) -> Any:
    return importlib.import_module(f"pulumi.runtime.proto.{name}")


def _bare_packages() -> None:
    if "pulumi" in sys.modules:
        return
    # find_spec locates a top-level package without importing it.
    spec = importlib.util.find_spec("pulumi")
    if spec is None or spec.origin is None:
        raise ImportError("the Pulumi SDK is not installed beside the language host: run `make setup`")
    folder = Path(spec.origin).parent
    for name, path in (("pulumi", folder), ("pulumi.runtime", folder / "runtime")):
        package = types.ModuleType(name)
        package.__path__ = [str(path)]
        sys.modules[name] = package


_bare_packages()
language_pb2: Any = _load("language_pb2")
language_pb2_grpc: Any = _load("language_pb2_grpc")
plugin_pb2: Any = _load("plugin_pb2")
