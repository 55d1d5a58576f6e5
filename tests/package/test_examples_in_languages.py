"""The examples in TypeScript and Go: type-checked, applied, applied again without a change, and destroyed."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine import Rehearsal
from tests.package import languages
from tests.package.languages import Program
from tests.package.programs import example

pytestmark = pytest.mark.engine

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    ("name", "build", "host"),
    [
        ("typescript-registry", languages.typescript, "contosotypescript.azurecr.io"),
        ("go-registry", languages.go, "contosogo.azurecr.io"),
    ],
)
def test_a_program_is_wired_with_outputs_and_leaves_nothing(
    name: str, build: Callable[[Rehearsal], Program], host: str, tmp_path: Path
) -> None:
    with example(tmp_path, name) as running:
        running.stack_file.write_text(f"config:\n  {name}:resourceGroup: rg-contoso\n", encoding="utf-8")
        group = put_group(running, "rg-contoso")
        program = build(running)
        # In a preview, what is wired is not known.
        previewed = program.preview()
        assert previewed.code == 0, previewed.output
        created = program.up()
        assert created.code == 0, created.output
        outputs = running.outputs()
        assert outputs["host"] == host
        # One address for each of global, two data and two regional hosts [PE-2].
        assert len(outputs["addresses"]) == 5
        again = program.up()
        assert (again.code, again.changes) == (0, {}), again.output
        destroyed = running.destroy()
        assert destroyed.changes == {"delete": created.changes["create"]}, destroyed.output
        assert running.ids() == [group]


def put_group(running: Rehearsal, name: str) -> str:
    """Make a resource group, which the program expects, and return its id."""
    path = f"{SUBSCRIPTION}/resourceGroups/{name}"
    url = f"{running.azure.url}{path}?api-version=2024-03-01"
    body, headers = json.dumps({"location": "westeurope"}).encode(), {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PUT")).close()
    return path
