"""Reports on stack prod: compared with itself, and with a base that has a region less."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stacks.files import DIRECTORY
from stacks.loader import Stack, load
from tests.browser import Browser, started
from tools.bases import Base
from tools.cost.costs import costs
from tools.report.page import page

LAST = "      southeastasia: {address_space: [10.70.0.0/16]}\n"


@pytest.fixture(scope="session")
def smaller(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Stack prod without its last region."""
    return changed_prod(tmp_path_factory.mktemp("stacks"), (LAST, ""))


@pytest.fixture(scope="session")
def grown(smaller: Stack) -> str:
    """The report on prod, compared with the base that lacks a region."""
    stack = load("prod")
    estimate = costs("prod", stack, smaller, DIRECTORY, date(2026, 11, 29))
    return page("prod", stack, Base("abc1234 of main", smaller), costs=estimate)


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report on prod with ten regions and 47 container groups in each, besides the three consumers that it has."""
    regions = ("northeurope", "uksouth", "westus2", "japaneast", "australiaeast", "brazilsouth", "canadacentral")
    more = "".join(f"      {name}: {{address_space: [10.{80 + i}.0.0/16]}}\n" for i, name in enumerate(regions))
    group = "network: <region>, subnet: groups, identity: puller-<region>, containers: {main: {image: 'team-a/jobs:1'}}"
    groups = ", ".join(f"job-{i}-<region>: {{{group}}}" for i in range(47))
    subnet = "            sandboxes: {size: /25, delegation: Microsoft.App/environments}\n"
    further = "            groups: {size: /24, delegation: Microsoft.ContainerInstance/containerGroups}\n"
    pools = "      session_pools: {<region>: {type: Python}}\n"
    stack = changed_prod(
        tmp_path_factory.mktemp("large"),
        (LAST, LAST + more),
        (subnet, subnet + further),
        (pools, f"{pools}      container_groups: {{{groups}}}\n"),
    )
    return page("prod", stack)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, for all tests of the report."""
    with started(tmp_path_factory.mktemp("browser")) as running:
        yield running


def changed_prod(folder: Path, *changes: tuple[str, str]) -> Stack:
    """Return stack prod with changes of its text, each of which must apply once."""
    texts = {name: (DIRECTORY / name).read_text(encoding="utf-8") for name in ("_base.yaml", "Pulumi.prod.yaml")}
    for before, after in changes:
        assert texts["Pulumi.prod.yaml"].count(before) == 1, before
        texts["Pulumi.prod.yaml"] = texts["Pulumi.prod.yaml"].replace(before, after)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return load("prod", directory=folder)
