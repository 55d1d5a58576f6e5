"""Microsoft.Compute: virtual machines."""

from __future__ import annotations

from local_azure.arm_family import UNREAD, Family, TypeRow

MACHINES = "Microsoft.Compute/virtualMachines"

FAMILY = Family(
    types=(TypeRow(MACHINES, "compute", "VirtualMachine", ("vmName",)),),
    flattened={
        "compute": frozenset(
            {
                "NetworkInterfaceReference",
                "VirtualMachineNetworkInterfaceConfiguration",
                "VirtualMachineNetworkInterfaceIPConfiguration",
                "VirtualMachinePublicIPAddressConfiguration",
            }
        )
    },
    top_level={
        "compute/VirtualMachine": frozenset({"placement"}),
        "compute:VirtualMachinePublicIPAddressConfiguration": frozenset({"sku"}),
    },
    # Sizes beyond those that the SDK lists are accepted [VM-SIZES].
    values={"compute:HardwareProfile": {"vmSize": frozenset({"*"})}},
    required={"compute/VirtualMachine": frozenset({"location"})},
    marks={MACHINES: UNREAD},
)
