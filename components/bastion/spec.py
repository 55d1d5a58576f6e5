"""The shape of Azure Bastion with an optional jump box: one section of a stack file, two arguments of components."""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from components.interfaces.spec import LoggingResourceSpec
from components.references import IdentityKey, NetworkKey, SubnetKey
from components.spec import Spec, held_to
from planning.problems import Path

_KEY = re.compile(r"(ssh-rsa|ssh-ed25519) [A-Za-z0-9+/]{40,}={0,3}( \S.*)?")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_RESERVED_USERS = frozenset(["admin", "administrator", "root", "test", "user", "guest", "console", "backup", "sys"])
"""Some of the names that Azure refuses for an administrator [VM-USER]."""

LEAST_UNITS, MOST_UNITS = 2, 50
"""Scale units of tiers Standard and Premium; Basic has two, which are fixed [BASTION-TIERS]."""


def _key_problem(text: str) -> str | None:
    if _KEY.fullmatch(text):
        return None
    return "is not a public key in OpenSSH form; write the line of the .pub file, such as ssh-ed25519 AAAA… [VM-SSH]"


def _user_problem(text: str) -> str | None:
    if text in _RESERVED_USERS or not _USER.fullmatch(text):
        return f"{text!r} is not a name for an administrator; write 1 to 32 lower-case letters, digits, '_' and '-' [VM-USER]"
    return None


class JumpBoxSpec(Spec):
    """A Linux virtual machine without a public address, reached through Bastion by SSH with a key.

    A change of subnet, administrator, key, zone or image replaces it.
    """

    network: Annotated[NetworkKey, Field(description="Key of its network: that of Bastion, or one peered with it.")]
    subnet: Annotated[SubnetKey, Field(description="Key of its subnet.")]
    ssh_public_key: Annotated[
        Annotated[str, held_to(_key_problem)], Field(description="Public key of its administrator, in OpenSSH form.")
    ]
    administrator: Annotated[
        Annotated[str, held_to(_user_problem)], Field(description="User who signs in with the key.")
    ] = "azureuser"
    size: Annotated[str, Field(pattern=r"^Standard_[A-Za-z0-9_-]+$", description="Size of the virtual machine.")] = (
        "Standard_D2s_v5"
    )
    zone: Annotated[Literal["1", "2", "3"] | None, Field(description="Availability zone. Left out, Azure chooses.")] = (
        None
    )
    identity: Annotated[
        IdentityKey | None, Field(description="Key of the identity as which it signs in to Azure, such as for kubectl.")
    ] = None


class BastionSpec(LoggingResourceSpec):
    """Azure Bastion in the subnet AzureBastionSubnet of its network [BASTION-SUBNET].

    It reaches virtual machines in its network and in those that are peered with it.
    """

    arm_type: ClassVar[str] = "Microsoft.Network/bastionHosts"

    network: Annotated[NetworkKey, Field(description="Key of the network that has the subnet AzureBastionSubnet.")]
    tier: Annotated[Literal["Basic", "Standard", "Premium"], Field(description="It can be raised and not lowered.")] = (
        "Standard"
    )
    scale_units: Annotated[
        int, Field(ge=LEAST_UNITS, le=MOST_UNITS, description="Instances; 20 RDP or 40 SSH sessions each.")
    ] = LEAST_UNITS
    native_client: Annotated[
        bool | None,
        Field(description="Connections by az network bastion ssh and tunnel. Default: true, except in tier Basic."),
    ] = None
    zones: Annotated[list[Literal["1", "2", "3"]], Field(description="Availability zones. Fixed. Default: none.")] = []
    jump_box: Annotated[
        JumpBoxSpec | None, Field(description="A virtual machine from which private clusters are reached.")
    ] = None

    @property
    def has_native_client(self) -> bool:
        """Whether it takes connections of native clients: as stated, else in every tier but Basic."""
        return self.tier != "Basic" if self.native_client is None else self.native_client

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if self.tier == "Basic" and self.scale_units != LEAST_UNITS:
            yield (
                ("scale_units",),
                f"{self.scale_units}, but tier Basic has {LEAST_UNITS}; write tier: Standard [BASTION-TIERS]",
            )
        if self.tier == "Basic" and self.native_client:
            yield ("native_client",), "true needs tier Standard or Premium; write one, or remove it [BASTION-TIERS]"
