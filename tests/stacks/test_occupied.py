"""Subnets that move or go while something lives in them, and the two steps that the message advises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stacks.loader import Stack, load
from stacks.occupied import occupied
from stacks.previous import Previous, parse

TEXT = """
config:
  moorings:stack:
    name: fabrikam
    environment: prod
    location: eastus
    networks:
      hub:
        location: eastus
        address_space: [10.40.0.0/16, 10.44.0.0/16]
        subnets:
          registry: {prefix: 10.40.0.0/27, purpose: private_endpoints}
    registry:
      name: fabrikamprod
      private_endpoints:
        hub: {network: hub, subnet: registry}
"""
REGISTRY = "          registry: {prefix: 10.40.0.0/27, purpose: private_endpoints}\n"
SECOND = REGISTRY.replace("registry:", "registry2:").replace("10.40", "10.44")
VNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/vnet-hub"


def stack(tmp_path: Path, *changes: tuple[str, str]) -> Stack:
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (tmp_path / "Pulumi.prod.yaml").write_text(text, encoding="utf-8")
    return load("prod", directory=tmp_path)


def state(subnet: str = "registry", **prefixes: str) -> Previous:
    network = {
        "name": "vnet-hub",
        "subnets": [
            {"name": name, "addressPrefix": prefix}
            for name, prefix in ({"registry": "10.40.0.0/27"} | prefixes).items()
        ],
    }
    resources: dict[tuple[str, str], dict[str, Any]] = {
        ("VirtualNetwork", "p-network-hub-vnet"): network,
        ("NetworkSecurityGroup", "p-network-hub-nsg-registry"): {"subnets": [{"id": f"{VNET}/subnets/registry"}]},
        ("PrivateEndpoint", "p-endpoint-hub-endpoint"): {"subnet": {"id": f"{VNET}/subnets/{subnet}"}},
    }
    return parse(
        {
            f"urn:pulumi:prod::m::azure-native:network:{kind}::{name}": {
                "type": f"azure-native:network:{kind}",
                "outputs": outputs,
            }
            for (kind, name), outputs in resources.items()
        }
    )


def report(stack: Stack, held: Previous) -> list[str]:
    return [problem.line() for problem in occupied("p", stack.spec, held)]


def test_a_subnet_that_is_renumbered_under_an_endpoint_is_refused_with_its_name(tmp_path: Path) -> None:
    (line,) = report(stack(tmp_path, ("10.40.0.0/27", "10.44.0.0/27")), state())
    assert line.startswith(
        "networks.hub.subnets.registry: 10.40.0.0/27 becomes 10.44.0.0/27, but p-endpoint-hub-endpoint uses it"
    )


def test_both_steps_that_the_message_advises_pass(tmp_path: Path) -> None:
    to_second = ("subnet: registry}", "subnet: registry2}")
    assert report(stack(tmp_path, (REGISTRY, REGISTRY + SECOND), to_second), state()) == []
    moved = state("registry2", registry2="10.44.0.0/27")
    assert report(stack(tmp_path, (REGISTRY, SECOND), to_second), moved) == []


def test_a_subnet_that_goes_in_the_change_that_moves_its_endpoint_is_refused(tmp_path: Path) -> None:
    (line,) = report(stack(tmp_path, (REGISTRY, SECOND), ("subnet: registry}", "subnet: registry2}")), state())
    assert "registry (10.40.0.0/27) is removed" in line


def test_a_subnet_that_grows_around_its_range_is_refused_too(tmp_path: Path) -> None:
    (line,) = report(stack(tmp_path, ("10.40.0.0/27", "10.40.0.0/26")), state())
    assert "10.40.0.0/27 becomes 10.40.0.0/26, but p-endpoint-hub-endpoint" in line
    assert report(stack(tmp_path, ("10.40.0.0/27", "10.40.0.0/26")), state("other")) == []


def test_an_empty_subnet_may_move(tmp_path: Path) -> None:
    assert report(stack(tmp_path, ("10.40.0.0/27", "10.44.0.0/27")), state("other")) == []
