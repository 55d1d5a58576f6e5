"""Which image of the registry an image of an upstream is cached as [ACR-CACHE-WILDCARD]."""

import pytest

from planning.artifact_cache import cached_as, is_azure, is_login_server_of

DIGEST = "sha256:" + "a" * 64
RULES = {
    "library": ("docker.io/library/*", "docker/*"),
    "dotnet": ("mcr.microsoft.com/dotnet/*", "dotnet/*"),
    "dotnet-sdk": ("mcr.microsoft.com/dotnet/sdk", "sdk"),
    "dotnet-aspnet": ("mcr.microsoft.com/dotnet/framework/*", "framework/*"),
    "everything": ("quay.io/*", "*"),
}


@pytest.mark.parametrize(
    ("image", "cached"),
    [
        ("mcr.microsoft.com/dotnet/runtime:9.0", "dotnet/runtime:9.0"),
        ("mcr.microsoft.com/dotnet/sdk:9.0", "sdk:9.0"),
        ("mcr.microsoft.com/dotnet/framework/aspnet:4.8", "framework/aspnet:4.8"),
        ("docker.io/library/nginx:1.27", "docker/nginx:1.27"),
        ("docker.io/nginx:1.27", "docker/nginx:1.27"),
        (f"docker.io/nginx@{DIGEST}", f"docker/nginx@{DIGEST}"),
        (f"quay.io/prometheus/node:v1@{DIGEST}", f"prometheus/node:v1@{DIGEST}"),
        ("docker.io/grafana/grafana:11", None),
        ("mcr.microsoft.com/dotnet-tools/x:1", None),
        ("ghcr.io/a/b:1", None),
    ],
)
def test_the_most_specific_rule_gives_the_name(image: str, cached: str | None) -> None:
    assert cached_as(image, RULES) == cached


def test_the_order_of_rules_does_not_matter() -> None:
    turned = dict(reversed(RULES.items()))
    assert cached_as("mcr.microsoft.com/dotnet/sdk:9.0", turned) == "sdk:9.0"
    assert cached_as("mcr.microsoft.com/dotnet/framework/aspnet:4.8", turned) == "framework/aspnet:4.8"


def test_login_servers_of_registries_in_azure_have_the_name_and_maybe_a_hash() -> None:
    assert is_azure("contoso.azurecr.us")
    assert not is_azure("contoso.eastus.geo.azurecr.io")
    assert is_login_server_of("contoso-ffb4cphwfsc2gbgg.azurecr.io", "Contoso")
    assert not is_login_server_of("contoso2.azurecr.io", "contoso")
