"""Mirrors of the global host for containerd: read back as TOML, in the order of the file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

from tests.stacks.cluster_files import OUTPUTS

Rendered = Callable[..., dict[str, str]]

GLOBAL = "https://contosok8s.azurecr.io"
EAST, WEST = "https://contosok8s.eastus.geo.azurecr.io", "https://contosok8s.westeurope.geo.azurecr.io"
REPLICA = "        westeurope: {}\n    identities:"


def mirrors(files: dict[str, str], cluster: str, login_server: str = "contosok8s.azurecr.io") -> tuple[str, list[str]]:
    """The default server and the mirrors of a cluster's file; each mirror may pull and resolve, and not push [CTRD-1]."""
    found = tomllib.loads(files[f"{cluster}/containerd/{login_server}/hosts.toml"])
    hosts = found.get("host", {})
    assert all(host == {"capabilities": ["pull", "resolve"]} for host in hosts.values())
    return found["server"], list(hosts)


def test_the_own_region_comes_first_and_the_global_host_last(rendered: Rendered) -> None:
    files = rendered()
    assert mirrors(files, "east") == (GLOBAL, [EAST, WEST])
    assert mirrors(files, "west") == (GLOBAL, [WEST, EAST])


def test_a_region_outside_of_global_routing_is_a_mirror_of_its_own_clusters_only(rendered: Rendered) -> None:
    files = rendered((REPLICA, "        westeurope: {global_routing: false}\n    identities:"))
    assert mirrors(files, "east") == (GLOBAL, [EAST])
    assert mirrors(files, "west") == (GLOBAL, [WEST, EAST])


def test_a_drained_region_is_no_mirror_and_its_clusters_use_the_fallback(rendered: Rendered) -> None:
    drained = REPLICA.replace("    identities:", "      drained: [westeurope]\n    identities:")
    files = rendered((REPLICA, drained))
    assert mirrors(files, "east") == (GLOBAL, [EAST])
    assert mirrors(files, "west") == (GLOBAL, [])
    fallback = drained.replace("    identities:", "      fallbacks: {westeurope: eastus}\n    identities:")
    assert mirrors(rendered((REPLICA, fallback)), "west") == (GLOBAL, [EAST])


def test_without_regional_endpoints_there_are_no_mirrors(rendered: Rendered) -> None:
    files = rendered(("      regional_endpoints: true\n", ""))
    assert not [path for path in files if path.endswith(".toml")]


def test_hosts_with_a_hash_are_those_of_the_outputs(rendered: Rendered) -> None:
    label = "contosok8s-ffb4cphwfsc2gbgg"
    regional = {region: f"{label}.{region}.geo.azurecr.io" for region in ("eastus", "westeurope")}
    clusters = {key: {"image_host": regional[region]} for key, region in (("east", "eastus"), ("west", "westeurope"))}
    outputs = {
        **OUTPUTS,
        "endpoints": {"global": f"{label}.azurecr.io", "regional": regional},
        "compute": {**OUTPUTS["compute"], "clusters": clusters},
    }
    hashed = ("      name: contosok8s\n", "      name: contosok8s\n      domain_name_label_scope: NoReuse\n")
    expected = [f"https://{regional[region]}" for region in ("westeurope", "eastus")]
    assert mirrors(rendered(hashed, outputs=outputs), "west", f"{label}.azurecr.io") == (
        f"https://{label}.azurecr.io",
        expected,
    )
