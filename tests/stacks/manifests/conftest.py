"""Manifests of a stack file, rendered and read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from ruamel.yaml import YAML

from stacks.manifests.render import render
from tests.stacks.cluster_files import OUTPUTS, clusters
from tests.stacks.stack_files import Files

Objects = dict[str, list[dict[str, Any]]]


def read(files: Mapping[str, str]) -> Objects:
    """Every object of every file of manifests; values of charts and policies in JSON are left out."""
    wanted = {path: text for path, text in files.items() if path.endswith(".yaml") and "/helm/" not in path}
    return {path: list(YAML(typ="safe", pure=True).load_all(text)) for path, text in wanted.items()}


@pytest.fixture
def rendered(files: Files) -> Callable[..., dict[str, str]]:
    """Files of the two clusters, with changes: `rendered(("old", "new"), outputs=…)`."""

    def begin(*changes: tuple[str, str], outputs: Mapping[str, Any] | None = OUTPUTS) -> dict[str, str]:
        return render(files.load(clusters(*changes)), outputs)

    return begin


@pytest.fixture
def objects(rendered: Callable[..., dict[str, str]]) -> Callable[..., Objects]:
    """The same, read back."""
    return lambda *changes: read(rendered(*changes))
