"""The judges of a fleet: the operator's own definitions, Flux's, kustomize and the validation code of the API server.

Nothing of them is in this repository. Go builds the program in `tests/manifest_judge`, and downloads the module of Flux, which
contains its definitions. Those of the operator are in its module too, or in the folder that PULUMI_OPERATOR_CRDS names, such as
`deploy/crds` of its repository.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.go_tools import manifest_judge, module

FLUX = "github.com/fluxcd/source-controller@v1.9.6"
"""Pinned to a version that Go 1.26 downloads."""
OPERATOR = "github.com/pulumi/pulumi-kubernetes-operator/v2@v2.9.0"
"""The newest release on 2026-11-29."""
FOLDER = "PULUMI_OPERATOR_CRDS"


@dataclass(frozen=True)
class Judgment:
    """What the judges say of a folder.

    Attributes:
        resources: kind, name, and the definition that validated it, empty if none did; in the order of the build.
        problems: one line each.
    """

    resources: tuple[tuple[str, str, str], ...]
    problems: tuple[str, ...]

    def judged_by(self, kind: str) -> set[str]:
        """What validated the resources of a kind."""
        return {by for its, _, by in self.resources if its == kind}


def operator_definitions() -> Path:
    """Return the folder of the operator's custom resource definitions; skips where they cannot be had."""
    if stated := os.environ.get(FOLDER):
        return Path(stated)
    try:
        return module(OPERATOR) / "deploy" / "crds"
    except LookupError as error:
        pytest.skip(f"the definitions of the operator are not here, and {FOLDER} names no folder of them: {error}")


def flux_definitions() -> Path:
    """Return the folder of the custom resource definitions of Flux's sources; skips where Go cannot download them."""
    try:
        return module(FLUX) / "config" / "crd" / "bases"
    except LookupError as error:
        pytest.skip(f"the definitions of Flux are not here: {error}")


def written(files: Mapping[str, str], folder: Path) -> Path:
    """Write the files of a fleet, and return the folder."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def judgment(folder: Path, definitions: Sequence[Path] = ()) -> Judgment:
    """Build a folder with kustomize, and validate what it makes; a folder that kustomize refuses has its error as the problem."""
    command = [str(manifest_judge()), str(folder), *map(str, definitions)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        return Judgment((), (done.stderr.strip(),))
    found = json.loads(done.stdout)
    return Judgment(
        tuple((each["kind"], each["name"], each["judgedBy"]) for each in found["resources"]), tuple(found["problems"])
    )
