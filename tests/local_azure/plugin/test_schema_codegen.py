"""Pulumi's own SDK generators on the bridge's schema: what they make of it is the SDK that the schema was read from."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import subprocess
from pathlib import Path

import pytest

from components.parameterized import Package
from local_azure.plugin.provider import VERSION
from local_azure.plugin.schema import schema_text
from tests.go_tools import generator

pytestmark = pytest.mark.engine

SHARED = {"_inputs.py", "outputs.py", "_enums.py"}
"""Files that hold many classes, of which the schema has those that are served."""
GENERAL = {"__init__.py", "_utilities.py", "vars.py"}
"""Files that list the modules of the SDK, or that come with the generator."""
RENAMED = {"network/virtual_network.py"}
"""Its arguments are VirtualNetworkInitArgs in the whole SDK, where an unserved type refers to VirtualNetworkArgs."""
ONLY_OF_FUNCTIONS = {
    "web/outputs.py:BackupScheduleResponse",
    "web/outputs.py:DatabaseBackupSettingResponse",
    "web/outputs.py:ErrorEntityResponse",
}
"""Results of functions here; in the whole SDK resources that are not served put them out, too, which adds a method."""
TRIMMED = {"monitor/outputs.py:AlertRuleAnyOfOrLeafConditionResponse"}
"""Its description ends with an empty line, which the docstring it is read from does not keep."""
START = re.compile(r"^(?=(?:@pulumi\.\w+(?:\(.*\))?\n)?class )", re.MULTILINE)


def generated(folder: Path, package: str, *languages: str) -> Path:
    folder.mkdir()
    (folder / "schema.json").write_text(schema_text(package, VERSION), encoding="utf-8")
    command = [str(generator()), str(folder / "schema.json"), str(folder), *languages]
    created = subprocess.run(command, capture_output=True, text=True, check=False)
    assert created.returncode == 0, created.stderr
    return folder


def classes(text: str) -> dict[str, str]:
    parts = {match[1]: part.strip() for part in START.split(text) if (match := re.search(r"^class (\w+)", part, re.M))}
    assert parts or "class " not in text
    return parts


def test_the_python_sdk_comes_out_as_it_was_read(tmp_path: Path) -> None:
    spec = importlib.util.find_spec("pulumi_azure_native")
    assert spec is not None
    assert spec.submodule_search_locations
    installed = Path(spec.submodule_search_locations[0])
    created = generated(tmp_path / "sdk", "azure-native", "python") / "python" / "pulumi_azure_native"
    other, compared = set(), 0
    for path in sorted(created.rglob("*.py")):
        name = str(path.relative_to(created))
        if path.name in GENERAL:
            continue
        ours, theirs = path.read_text(encoding="utf-8"), (installed / name).read_text(encoding="utf-8")
        if path.name in SHARED:
            known = classes(theirs)
            other |= {f"{name}:{cls}" for cls, text in classes(ours).items() if known.get(cls) != text}
            compared += len(classes(ours))
        else:
            other |= {name} if ours != theirs else set()
            compared += 1
    assert other == RENAMED | ONLY_OF_FUNCTIONS | TRIMMED
    assert compared > 2000


@pytest.mark.parametrize(
    ("module", "version"),
    [("containerregistry", "2026-03-01-preview"), ("app", "2025-10-02-preview"), ("web", "2025-03-01")],
)
def test_every_language_takes_a_parameterized_package(tmp_path: Path, module: str, version: str) -> None:
    package = Package(module, version)
    created = generated(tmp_path / "sdk", package.name, "python", "nodejs", "go")
    assert list((created / "nodejs" / module).glob("*.ts"))
    assert list((created / "go").rglob("pulumiTypes.go"))
    (declared,) = (created / "python").rglob("pulumi-plugin.json")
    parameterization = json.loads(declared.read_text(encoding="utf-8"))["parameterization"]
    assert parameterization["name"] == package.name
    # A generated SDK registers the same bytes as the toolkit [SDK-PARAMETER].
    assert base64.b64decode(parameterization["value"]) == package.parameter
