"""Names of environment variables, for each of those that take them."""

import pytest

from planning.variables import container_apps_problem, container_instances_problem, kubernetes_problem


@pytest.mark.parametrize(
    ("name", "apps", "instances", "kubernetes"),
    [
        ("MODE", True, True, True),
        ("_mode1", True, True, True),
        ("Logging__Level", True, True, True),
        ("my.env-name", True, False, True),
        (".env", True, False, True),
        ("1MODE", False, False, True),
        ("Logging:Level", False, False, True),
        ("MY MODE", False, False, True),
        ("MODE=1", False, False, False),
        ("MODÉ", False, False, False),
        ("MODE\n", False, False, False),
        ("", False, False, False),
    ],
)
def test_who_takes_which_name(name: str, apps: bool, instances: bool, kubernetes: bool) -> None:
    assert (container_apps_problem(name) is None) is apps
    assert (container_instances_problem(name) is None) is instances
    assert (kubernetes_problem(name) is None) is kubernetes


def test_a_colon_is_refused_with_its_replacement() -> None:
    assert container_apps_problem("Logging:Level") == (
        "'Logging:Level' is not an environment variable name: letters, digits, '_', '.' and '-', no digit "
        "first; write Logging__Level [CAE-23]"
    )
