"""Changed keys: what is known again under its new key, and what is refused with the key to keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from components.testing import Recording
from stacks import program
from stacks.loader import Stack, load
from stacks.previous import Previous, parse
from stacks.renames import Renames, problems, renames
from tests.components.azure_answers import answers

Record = Callable[..., Recording]
GROUP = "/subscriptions/s/resourceGroups/rg-fabrikam-prod-network-hub"
ID = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"

TEXT = """
config:
  moorings:stack:
    name: fabrikam
    environment: prod
    location: eastus
    networks:
      hub:
        location: eastus
        address_space: [10.40.0.0/16]
        subnets:
          registry: {prefix: 10.40.0.0/27, purpose: private_endpoints}
    dns:
      zones:
        shared: {network: hub}
    registry:
      name: fabrikamprod
      private_endpoints:
        hub: {network: hub, subnet: registry, dns_zones: [shared]}
"""


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:prod::moorings::moorings:platform:Platform$azure-native:{kind}::{name}"


def state(prefix: str = "fabrikam-prod", **more: dict[str, Any]) -> dict[str, Any]:
    """What the engine answers of a stack of `TEXT` that exists."""
    configurations = [{"name": "shared", "privateDnsZoneId": ID}]
    held = {
        ("privatedns:PrivateZone", f"{prefix}-zone-shared-zone"): {"name": "privatelink.azurecr.io"},
        ("network:PrivateDnsZoneGroup", f"{prefix}-endpoint-hub-zones"): {"privateDnsZoneConfigs": configurations},
        ("network:VirtualNetwork", f"{prefix}-network-hub-vnet"): {
            "addressSpace": {"addressPrefixes": ["10.40.0.0/16"]}
        },
        ("containerregistry:Registry", f"{prefix}-registry-registry"): {"name": "fabrikamprod"},
    }
    return {urn(*key): {"type": f"azure-native:{key[0]}", "outputs": outputs} for key, outputs in held.items()} | more


def stack(tmp_path: Path, *changes: tuple[str, str]) -> Stack:
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (tmp_path / "Pulumi.prod.yaml").write_text(text, encoding="utf-8")
    return load("prod", directory=tmp_path)


def found(stack: Stack, held: Previous) -> Renames:
    return renames("fabrikam-prod", stack.plan, held)


def refused(stack: Stack, held: Previous, name: str = "fabrikam-prod") -> list[str]:
    return [problem.line() for problem in problems(name, stack.spec, held)]


def test_a_new_stack_has_renamed_nothing(tmp_path: Path) -> None:
    assert found(stack(tmp_path), Previous()) == Renames()
    assert refused(stack(tmp_path), Previous()) == []


def test_a_stack_under_its_own_keys_has_renamed_nothing(tmp_path: Path) -> None:
    held = parse(state())
    assert found(stack(tmp_path), held) == Renames(configurations={("hub", "shared"): "shared"})
    assert refused(stack(tmp_path), held) == []


def test_a_zone_under_another_key_is_the_zone_of_its_dns_name_and_keeps_its_configuration(tmp_path: Path) -> None:
    renamed = found(stack(tmp_path, ("shared", "central")), parse(state()))
    assert renamed.zones == {"central": "shared"}
    assert renamed.configurations == {("hub", "central"): "shared"}
    assert renamed.endpoints == {}


def test_a_zone_with_another_dns_name_is_another_zone(tmp_path: Path) -> None:
    central = "central: {network: hub, name: westus.data.privatelink.azurecr.io}"
    other = stack(tmp_path, ("shared: {network: hub}", central), ("[shared]", "[central]"))
    assert found(other, parse(state())).zones == {}


def test_an_endpoint_under_another_key_is_the_one_that_feeds_its_zones(tmp_path: Path) -> None:
    renamed = found(
        stack(tmp_path, ("        hub: {network: hub, s", "        primary: {network: hub, s")), parse(state())
    )
    assert renamed.endpoints == {"primary": "hub"}


def test_another_environment_is_refused_with_the_name_that_holds_the_registry(tmp_path: Path) -> None:
    (line,) = refused(stack(tmp_path, ("environment: prod", "environment: live")), parse(state()), "fabrikam-live")
    assert "this stack was created as fabrikam-prod" in line
    assert refused(stack(tmp_path), parse(state())) == []


def test_a_network_under_another_key_is_refused_with_the_key_to_keep(tmp_path: Path) -> None:
    (line,) = refused(stack(tmp_path, ("hub", "core")), parse(state()))
    assert line.startswith("networks.core: ")
    assert "keep the key hub" in line


def test_a_network_that_takes_the_ranges_of_one_that_was_removed_before_passes(tmp_path: Path) -> None:
    held = parse({key: value for key, value in state().items() if "VirtualNetwork" not in key})
    assert refused(stack(tmp_path, ("hub", "core")), held) == []


def test_the_program_gives_a_renamed_zone_its_former_name(tmp_path: Path, record: Record) -> None:
    new = stack(tmp_path, ("shared", "central"))
    report = {"pulumi:pulumi:readStackResourceOutputs": {"outputs": state()}}
    recording = record(lambda: program.run(new, {}), answers={**answers(), **report}, preview=True)
    assert recording.named("fabrikam-prod-zone-central").aliases == ("fabrikam-prod-zone-shared",)
    group = recording.named("fabrikam-prod-endpoint-hub-zones").inputs
    assert [each["name"] for each in group["privateDnsZoneConfigs"]] == ["shared"]
