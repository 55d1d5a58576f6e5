"""A pytest plugin for programs that use the package: run a program without an engine and assert on plain data.

The folder of this file holds nothing else, so that no module of this project shadows one of the program. The plugin needs
pulumi and pytest, in whatever versions the program has.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

_RECORDING = Path(__file__).resolve().parents[2] / "components" / "recording.py"


def _loaded() -> ModuleType:
    """The module by its path, under a name below that of the plugin."""
    name = f"{__name__}_recording"
    spec = importlib.util.spec_from_file_location(name, _RECORDING)
    if spec is None or spec.loader is None:
        raise ImportError(f"{_RECORDING} cannot be loaded")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_recording = _loaded()
Recording = _recording.Recording
Registered = _recording.Registered
NothingRegisteredError = _recording.NothingRegisteredError
run_recorded = _recording.run_recorded

__all__ = ["NothingRegisteredError", "Recording", "Registered", "record", "run_recorded"]


@pytest.fixture
def record() -> Callable[..., Any]:
    """Run a program or a component without an engine; see `run_recorded`."""
    return run_recorded
