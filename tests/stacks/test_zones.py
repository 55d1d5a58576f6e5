"""What needs availability zones, in regions with and without them, in every system that has a say in it [REGION-2]."""

import pytest

from tests.stacks.cluster_files import clusters
from tests.stacks.stack_files import Files
from tests.stacks.test_aks import cluster
from tests.stacks.test_container_apps import with_apps
from tests.stacks.test_container_instances import stack


def west(text: str) -> str:
    """Return a description whose region of that name has no zones."""
    return text.replace("westeurope", "westus")


def test_an_environment_that_is_to_span_zones_is_refused_where_there_are_none(files: Files) -> None:
    stated = ("        subnet: apps\n", "        subnet: apps\n        zone_redundant: true\n")
    (line,) = files.refusals(west(with_apps(stated)))
    assert line.endswith(
        "container_apps.west.zone_redundant: true: westus has no availability zones; write false, or leave it out [REGION-2]"
    )
    assert files.load(with_apps(stated))


@pytest.mark.parametrize(("region", "spans"), [("westeurope", True), ("westus", False), ("notopenedyet", True)])
def test_an_environment_spans_zones_by_itself_where_the_region_is_not_known_to_have_none(
    files: Files, region: str, spans: bool
) -> None:
    spec = files.load(with_apps()).spec.container_apps["west"]
    assert spec.is_zone_redundant(region) is spans


@pytest.mark.parametrize("remedy", ["", "        zone_redundant: false\n"])
def test_what_the_message_advises_is_taken(files: Files, remedy: str) -> None:
    assert files.load(west(with_apps(("        subnet: apps\n", f"        subnet: apps\n{remedy}"))))


def test_the_zone_of_a_container_group_is_refused_where_there_is_none(files: Files) -> None:
    zoned = ("subnet: groups, ", "subnet: groups, zone: '2', ")
    (line,) = files.refusals(west(stack(zoned)))
    assert line.endswith("container_groups.web.zone: 2: westus has no availability zones; remove it [REGION-2]")
    assert files.load(stack(zoned))
    assert files.load(west(stack()))


def test_a_retired_size_is_refused_with_the_date(files: Files) -> None:
    pool = "pools: {system: {mode: System, vm_size: Standard_NC6s_v2, os_disk_type: Managed}}"
    (line,) = files.refusals(cluster(pool))
    assert "vm_size: Standard_NC6s_v2 was retired on 6 September 2023; use a size that is still offered [VM-3]" in line
    assert files.load(cluster("pools: {system: {mode: System, vm_size: Standard_NC4as_T4_v3, os_disk_type: Managed}}"))


def test_the_zone_of_virtual_nodes_is_refused_where_there_is_none(files: Files) -> None:
    pods = ("west: {pods: 40,", "west: {pods: 40, zone: '1',")
    lines = files.refusals(clusters(pods).replace("westeurope", "westus"))
    assert [line.partition(" ")[2] for line in lines] == [
        "virtual_nodes.west.zone: 1: westus has no availability zones; remove it [REGION-2]"
    ]
    assert files.load(clusters(pods))
