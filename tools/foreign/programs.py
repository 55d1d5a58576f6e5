"""Finds the programs in a folder, reads their configuration, and copies them to run with this project's Python."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML, YAMLError

from tools.local_services import ROOT

STACK: Final = "local"
_LEFT_OUT = shutil.ignore_patterns("venv", ".venv", "node_modules", "__pycache__", ".git", "Pulumi.*.yaml")
_KEPT: Final = ("main", "config", "variables", "resources", "outputs")
_DEFAULTS: Final = {"azure-native:location": "westeurope"}


class SettingsError(Exception):
    """A settings file or a setting on the command line is invalid; the message is one line."""


@dataclass(frozen=True)
class Program:
    """A third-party Pulumi program.

    Attributes:
        name: path of its folder relative to the folder of programs.
        folder: its folder, which is not changed.
        project: content of its Pulumi.yaml.
    """

    name: str
    folder: Path
    project: Mapping[str, Any]

    @property
    def runtime(self) -> str:
        """Name of the language, such as `python`."""
        stated = self.project.get("runtime", "")
        return str(stated.get("name", "")) if isinstance(stated, Mapping) else str(stated)


def find(folder: Path) -> list[Program]:
    """Return the programs in a folder: the folder itself if it has a Pulumi.yaml, otherwise each folder below it that has one.

    Raises:
        SettingsError: a Pulumi.yaml cannot be read.
    """
    files = [folder / "Pulumi.yaml"]
    if not files[0].is_file():
        files = [p for p in sorted(folder.rglob("Pulumi.yaml")) if not {"node_modules", "venv"} & {*p.parts}]
    return [
        Program(
            str(file.parent.relative_to(folder)) if file.parent != folder else folder.name, file.parent, _mapping(file)
        )
        for file in files
    ]


def settings(file: Path | None, given: list[str]) -> dict[str, dict[str, Any]]:
    """Return the configuration by program; `*` applies to all programs.

    Args:
        file: YAML, `program: {key: value}`.
        given: settings on the command line, `program:key=value`; a key can have a namespace: `aks:azure-native:location=…`.

    Raises:
        SettingsError: a setting has another format.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, values in (_mapping(file) if file else {}).items():
        if not isinstance(values, Mapping):
            raise SettingsError(f"{file}: {name}: expected a mapping of keys to values")
        found[str(name)] = dict(values)
    for text in given:
        name, colon, rest = text.partition(":")
        key, equals, value = rest.partition("=")
        if not (name and colon and key and equals):
            raise SettingsError(f"--set {text}: expected program:key=value, with * for every program")
        found.setdefault(name, {})[key] = value
    return found


def copy_to(program: Program, target: Path, given: Mapping[str, Mapping[str, Any]]) -> Path:
    """Copy a program to a folder with a project file and a stack file for this project's Python, and return the folder.

    Its configuration combines the defaults of its template, the settings for all programs, and its own settings.
    """
    shutil.copytree(program.folder, target, ignore=_LEFT_OUT)
    name = program.folder.name
    runtime: Any = program.runtime
    if runtime == "python":
        runtime = {"name": "python", "options": {"virtualenv": str(ROOT / ".venv")}}
    kept = {key: program.project[key] for key in _KEPT if key in program.project}
    # JSON is valid YAML. `Workspace.name` expects `name` on its own line.
    lines = [f"{key}: {json.dumps(value)}\n" for key, value in {**kept, "runtime": runtime}.items()]
    (target / "Pulumi.yaml").write_text(f"name: {name}\n{''.join(lines)}", encoding="utf-8")
    values = {**_DEFAULTS, **_template_defaults(program), **given.get("*", {}), **given.get(program.name, {})}
    spelled = {key if ":" in key else f"{name}:{key}": value for key, value in values.items()}
    config = "".join(f"  {json.dumps(key)}: {json.dumps(value)}\n" for key, value in spelled.items())
    (target / f"Pulumi.{STACK}.yaml").write_text(f"config:\n{config}", encoding="utf-8")
    return target


def _template_defaults(program: Program) -> dict[str, Any]:
    template = program.project.get("template")
    config = template.get("config") if isinstance(template, Mapping) else None
    stated = config if isinstance(config, Mapping) else {}
    return {
        key: entry["default"]
        for key, entry in stated.items()
        if isinstance(entry, Mapping) and entry.get("default") is not None
    }


def _mapping(file: Path) -> dict[str, Any]:
    try:
        found = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (OSError, YAMLError) as error:
        raise SettingsError(f"{file}: {' '.join(str(error).split())}") from error
    if not isinstance(found, dict):
        raise SettingsError(f"{file}: expected a mapping")
    return found
