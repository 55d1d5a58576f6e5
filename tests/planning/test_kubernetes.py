"""Quantities, and which images a cluster may run."""

import re
from decimal import Decimal

import pytest

from planning.kubernetes import (
    image_pattern,
    image_patterns,
    label_problem,
    prefix_problem,
    quantity,
    quantity_problem,
    taint_problem,
)

HOST = "contosoprod.westeurope.geo.azurecr.io"


@pytest.mark.parametrize(
    ("text", "number"),
    [("250m", Decimal("0.25")), ("2", Decimal(2)), ("1.5Gi", Decimal(1610612736)), ("1G", Decimal(10**9))],
)
def test_quantities(text: str, number: Decimal) -> None:
    assert quantity(text) == number


@pytest.mark.parametrize("text", ["", "0", "-1", "1 Gi", "1gb", "1e3x", "m"])
def test_what_is_no_quantity(text: str) -> None:
    assert "is not a quantity above 0; write one such as 256Mi [K8S-2]" in str(quantity_problem(text, "256Mi"))


@pytest.mark.parametrize(
    ("image", "allowed"),
    [
        (f"{HOST}/team/api:1", True),
        (f"{HOST}/api@sha256:{'a' * 64}", True),
        ("contosoprod.azurecr.io/team/api:1", False),
        ("contosoprod.eastus.geo.azurecr.io/team/api:1", False),
        (f"evil.example/{HOST}/api:1", False),
        (f"{HOST}.evil.example/api:1", False),
        (HOST.replace(".", "x", 1) + "/api:1", False),
        (f"{HOST}/", False),
        ("api:1", False),
    ],
)
def test_a_host_lets_in_its_own_images_and_no_others(image: str, allowed: bool) -> None:
    assert bool(re.search(image_pattern(HOST), image)) is allowed


@pytest.mark.parametrize(
    ("image", "allowed"), [("mcr.microsoft.com/oss/x:1", True), ("mcr.microsoft.com/ossie/x:1", False)]
)
def test_a_path_ends_at_a_slash(image: str, allowed: bool) -> None:
    assert bool(re.search(image_pattern("mcr.microsoft.com/oss"), image)) is allowed


@pytest.mark.parametrize(
    ("image", "allowed"),
    [
        ("docker.io/library/traefik:v3", True),
        ("docker.io/library/traefik@sha256:" + "0" * 64, True),
        ("docker.io/library/traefik/plugin:1", True),
        ("docker.io/library/traefik2:v3", False),
        ("docker.io/library/traefik-evil:v3", False),
        ("evil.example/docker.io/library/traefik:v3", False),
    ],
)
def test_a_repository_lets_its_own_tags_in(image: str, allowed: bool) -> None:
    assert bool(re.search(image_pattern("docker.io/library/traefik"), image)) is allowed


@pytest.mark.parametrize(
    ("prefix", "image"), [("mcr.microsoft.com", "mcr.microsoft.com:8443/x:1"), ("docker.io/team/", "docker.io/team:1")]
)
def test_a_host_and_a_path_with_a_slash_stand_for_what_is_below_them(prefix: str, image: str) -> None:
    assert not re.search(image_pattern(prefix), image)
    assert re.search(image_pattern(prefix), f"{prefix.rstrip('/')}/x:1")


def test_each_pattern_appears_once() -> None:
    assert image_patterns([HOST, HOST], ["mcr.microsoft.com"]) == [
        image_pattern(HOST),
        image_pattern("mcr.microsoft.com"),
    ]


@pytest.mark.parametrize("prefix", ["*", ".*", "docker", "https://mcr.microsoft.com", "mcr.microsoft.com/(a|b)", ""])
def test_what_is_no_prefix(prefix: str) -> None:
    assert "is not a host, or a host and a path" in str(prefix_problem(prefix))


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("team", "a", None),
        ("contoso.com/team", "", None),
        ("Team_1.x-y", "A.b_c-d", None),
        ("k" * 63, "v" * 63, None),
        ("k" * 64, "v", "name of a label"),
        ("team", "v" * 64, "value of a label"),
        ("", "v", "name of a label"),
        ("/team", "v", "name of a label"),
        ("Contoso.com/team", "v", "name of a label"),
        ("a/b/team", "v", "name of a label"),
        ("team-", "v", "name of a label"),
        ("team", "two words", "value of a label"),
    ],
)
def test_labels(key: str, value: str, wrong: str | None) -> None:
    problem = label_problem(key, value)
    assert problem is None if wrong is None else wrong in str(problem)


@pytest.mark.parametrize(
    ("taint", "wrong"),
    [
        ("team=a:NoSchedule", None),
        ("team:NoExecute", None),
        ("contoso.com/team=:PreferNoSchedule", None),
        ("team=a", "is not a taint"),
        ("team=a:Never", "NoSchedule, PreferNoSchedule, NoExecute"),
        ("team=a b:NoSchedule", "is not a taint"),
        (":NoSchedule", "':NoSchedule' is not a taint"),
        ("NoSchedule", "'NoSchedule' is not a taint"),
    ],
)
def test_taints(taint: str, wrong: str | None) -> None:
    problem = taint_problem(taint)
    assert problem is None if wrong is None else wrong in str(problem)
