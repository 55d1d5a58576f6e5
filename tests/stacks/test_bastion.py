"""Azure Bastion and its jump box in a stack: what is made, and what is refused."""

from collections.abc import Callable

import pytest

from components.testing import Recording
from planning.problems import SpecError
from stacks import program
from tests.components.azure_answers import answers
from tests.stacks.stack_files import Files

Record = Callable[..., Recording]

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2Yt0mX6Q3o0Q5t1n9rJ4mGz0fVd8k2Yw7c5Xb1LhNs ops@example"

FILE = f"""\
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
    identities: {{ops: {{}}}}
    networks:
      hub:
        location: northeurope
        address_space: [10.0.0.0/16]
        peers: [spoke]
        subnets:
          AzureBastionSubnet: {{prefix: 10.0.0.0/26}}
      spoke:
        location: westeurope
        address_space: [10.1.0.0/16]
        subnets:
          tools: {{prefix: 10.1.0.0/28}}
    bastion:
      network: hub
      jump_box:
        network: spoke
        subnet: tools
        ssh_public_key: {KEY}
        identity: ops
"""


def ran(record: Record, files: Files, text: str) -> Recording:
    stack = files.load(text)
    return record(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=answers())


def test_the_host_has_a_public_address_and_its_subnet(record: Record, files: Files) -> None:
    made = ran(record, files, FILE)
    host, address = made.one("network:BastionHost"), made.one("network:PublicIPAddress")
    (configuration,) = host.inputs["ipConfigurations"]
    assert configuration["subnet"]["id"] == "fabrikam-dev-network-hub-vnet-id/subnets/AzureBastionSubnet"
    assert configuration["publicIPAddress"]["id"] == f"{address.name}-id"
    assert (host.inputs["sku"], host.inputs["scaleUnits"], host.inputs["enableTunneling"]) == (
        {"name": "Standard"},
        2,
        True,
    )
    assert host.inputs["location"] == address.inputs["location"] == "northeurope"


def test_the_jump_box_has_no_public_address_and_takes_no_password(record: Record, files: Files) -> None:
    made = ran(record, files, FILE)
    interface, machine = made.one("network:NetworkInterface"), made.one("compute:VirtualMachine")
    (configuration,) = interface.inputs["ipConfigurations"]
    assert configuration["subnet"]["id"] == "fabrikam-dev-network-spoke-vnet-id/subnets/tools"
    assert "publicIPAddress" not in configuration
    linux = machine.inputs["osProfile"]["linuxConfiguration"]
    assert linux["disablePasswordAuthentication"] is True
    (public,) = linux["ssh"]["publicKeys"]
    assert public["keyData"] == KEY
    assert public["path"].endswith("/azureuser/.ssh/authorized_keys")
    assert machine.inputs["securityProfile"]["securityType"] == "TrustedLaunch"
    assert machine.inputs["location"] == interface.inputs["location"] == "westeurope"
    (identity,) = machine.inputs["identity"]["userAssignedIdentities"]
    assert identity == "fabrikam-dev-identity-ops-identity-id"


def test_the_jump_box_takes_an_address_of_its_subnet(files: Files) -> None:
    rows = {row.subnet.key: row for row in files.load(FILE).plan.ledger}
    assert [(consumer.name, consumer.need) for consumer in rows["spoke", "tools"].consumers] == [("jump box", 1)]


def test_tier_basic_sends_no_native_client(record: Record, files: Files) -> None:
    made = ran(record, files, FILE.replace("      network: hub\n", "      network: hub\n      tier: Basic\n"))
    assert made.one("network:BastionHost").inputs["enableTunneling"] is False


HOST = "      network: hub\n"

REFUSED = {
    "a small subnet": (
        "/26}",
        "/27}",
        "bastion.network: hub needs a subnet AzureBastionSubnet of /26 or larger, and has one of",
    ),
    "no subnet": ("AzureBastionSubnet", "bastion", "and has none; add it [BASTION-SUBNET]"),
    "no peering": ("        peers: [spoke]\n", "", "bastion.jump_box.network: spoke is not peered with hub"),
    "a delegated subnet": (
        "/28}",
        "/28, delegation: Microsoft.App/environments}",
        "bastion.jump_box.subnet: tools is delegated to Microsoft.App/environments",
    ),
    "an unknown subnet": ("subnet: tools", "subnet: nodes", "bastion.jump_box.subnet: there is no subnet 'nodes'"),
    "too many scale units": (HOST, f"{HOST}      scale_units: 51\n", "bastion.scale_units: 51 is too large"),
    "scale units of tier Basic": (HOST, f"{HOST}      tier: Basic\n      scale_units: 3\n", "3, but tier Basic has 2"),
    "native clients of tier Basic": (
        HOST,
        f"{HOST}      tier: Basic\n      native_client: true\n",
        "bastion.native_client: true needs tier Standard or Premium",
    ),
    "a key of another form": (KEY, "AAAA", "bastion.jump_box.ssh_public_key: is not a public key in OpenSSH form"),
    "a reserved administrator": ("identity: ops", "administrator: root", "'root' is not a name for an administrator"),
}


@pytest.mark.parametrize(("old", "new", "refusal"), REFUSED.values(), ids=REFUSED)
def test_what_azure_refuses_is_refused(files: Files, old: str, new: str, refusal: str) -> None:
    with pytest.raises(SpecError) as refused:
        files.load(FILE.replace(old, new))
    assert refusal in str(refused.value)
