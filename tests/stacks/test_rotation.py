"""What a stack file may say of drained regions, fallbacks and the endpoints of images."""

from __future__ import annotations

import pytest

from stacks.previous import Held, Previous
from stacks.rotation import home_replica
from tests.stacks.stack_files import IN_ORDER, Files

REGISTRY_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contosotest"
STATED = "      regional_endpoints: true\n"
GROUP = """\
    identities: {puller: {}}
    container_groups:
      batch:
        location: eastus
        priority: Spot
        restart_policy: Never
        identity: puller
        containers: {main: {image: "team/batch:1.0"}}
"""


def with_registry(lines: str) -> str:
    return IN_ORDER.replace(STATED, f"{STATED}{lines}")


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("      drained: [northeurope]\n", "northeurope has no replica; the registry has eastus, westeurope"),
        ("      drained: [eastus, westeurope]\n", "leaves no region in global routing"),
        ("      drained: [eastus, eastus]\n", "eastus is stated twice"),
        (
            "      fallbacks: {eastus: eastus}\n",
            "eastus cannot stand in for eastus; write global, or one of westeurope",
        ),
        ("      fallbacks: {northeurope: eastus}\n", "northeurope has no replica"),
    ],
)
def test_a_rotation_that_cannot_be_is_refused(files: Files, lines: str, problem: str) -> None:
    assert any(problem in line for line in files.refusals(with_registry(lines)))


def test_a_drained_region_is_told_with_its_fallback_and_its_undo(files: Files) -> None:
    lines = "      drained: [eastus]\n      fallbacks: {eastus: westeurope}\n"
    (told,) = [p.message for p in files.load(with_registry(lines)).problems if p.path[:2] == ("registry", "drained")]
    assert "pinned to it pull from westeurope" in told
    assert "`./moorings undrain eastus`" in told


def test_a_replica_outside_global_routing_does_not_count_as_a_survivor(files: Files) -> None:
    text = with_registry("      drained: [eastus]\n").replace("westeurope: {}", "westeurope: {global_routing: false}")
    assert any("leaves no region in global routing" in line for line in files.refusals(text))


def test_a_fallback_that_is_drained_too_is_refused(files: Files) -> None:
    text = with_registry("      drained: [eastus, westeurope]\n      fallbacks: {eastus: westeurope}\n")
    assert any("westeurope is drained too" in line for line in files.refusals(text))


def test_a_regional_endpoint_of_a_service_without_proof_is_warned_of_once(files: Files) -> None:
    stated = GROUP + "    image_endpoints: {container_groups: regional}\n"
    told = [p for p in files.load(IN_ORDER + stated).problems if "IMAGE-HOST" in p.message]
    assert [(p.path, p.severity) for p in told] == [(("image_endpoints", "container_groups"), "warning")]
    by_entry = GROUP.replace("identity: puller\n", "identity: puller\n        endpoint: regional\n")
    told = [p for p in files.load(IN_ORDER + by_entry).problems if "IMAGE-HOST" in p.message]
    assert [p.path for p in told] == [("container_groups", "batch", "endpoint")]


def test_a_regional_endpoint_without_regional_endpoints_is_refused_and_the_advice_passes(files: Files) -> None:
    entry = GROUP.replace("identity: puller\n", "identity: puller\n        endpoint: regional\n")
    text = (IN_ORDER + entry).replace("regional_endpoints: true", "regional_endpoints: false")
    assert any("container_groups.batch.endpoint" in line for line in files.refusals(text))
    files.load(text.replace("endpoint: regional\n", "endpoint: global\n"))


def test_a_setting_for_a_service_that_pulls_nothing_is_told(files: Files) -> None:
    found = files.load(IN_ORDER + "    image_endpoints: {session_pools: regional}\n").problems
    assert [p.path for p in found if "has no effect" in p.message] == [("image_endpoints", "session_pools")]


def previous(*regions: str) -> Previous:
    stack = Held("pulumi:pulumi:Stack", "stack", {"registry_id": REGISTRY_ID})
    kind = "azure-native_containerregistry_v20260301preview:containerregistry:Replication"
    return Previous((stack, *(Held(kind, f"contoso-test-registry-replica-{region}", {}) for region in regions)))


def test_the_home_replica_is_imported_once_the_home_is_drained_and_managed_from_then_on(files: Files) -> None:
    plain, drained = files.load(IN_ORDER).spec, files.load(with_registry("      drained: [eastus]\n")).spec
    name, home = "contoso-test", f"{REGISTRY_ID}/replications/eastus"
    assert home_replica(name, plain, previous("westeurope")) is None
    assert home_replica(name, drained, previous("westeurope")) == home
    assert home_replica(name, plain, previous("westeurope", "eastus")) == home


def test_the_home_replica_of_a_registry_that_is_new_or_renamed_cannot_be_imported_yet(files: Files) -> None:
    drained = files.load(with_registry("      drained: [eastus]\n")).spec
    assert home_replica("contoso-test", drained, Previous()) is None
    renamed = files.load(with_registry("      drained: [eastus]\n").replace("contosotest", "contosoother")).spec
    assert home_replica("contoso-test", renamed, previous("westeurope")) is None
