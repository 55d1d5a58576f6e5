"""Zones of internal environments in two regions: the names of their apps, and the networks that find them [CAE-26]."""

from components.testing import Recording
from tests.stacks.systems.two_regions import wired


def test_an_internal_environment_is_found_by_name_from_its_network_and_its_peers(built: Recording) -> None:
    for key, network in (("main", "near"), ("side", "far")):
        links = {
            each.inputs["virtualNetworkLinkName"]
            for each in built.of_type("VirtualNetworkLink")
            if each.name.startswith(f"contoso-test-apps-{key}-dns-")
        }
        assert network in links


def test_every_name_of_an_environment_leads_to_its_address(built: Recording) -> None:
    for key in ("main", "side"):
        domain = f"cae-contoso-test-{key}.azurecontainerapps.io"
        assert wired(built, f"apps-{key}-dns-zone", "privateZoneName") == domain
        for role, record in (("all", "*"), ("apex", "@")):
            name = f"apps-{key}-dns-names-record-{role}"
            assert wired(built, name, "relativeRecordSetName") == record
            assert wired(built, name, "aRecords.0.ipv4Address") == "10.9.0.4"
            assert wired(built, name, "privateZoneName") == domain
