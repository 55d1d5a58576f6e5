"""A virtual machine from which private clusters are reached.

It owns the machine, its network interface and its disk. It deliberately does not own its subnet, or its identity and the
grants of the identity. The machine has no public address, takes no password and boots signed software only. [VM-SSH, VM-TRUSTED]
"""

from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.bastion.spec import JumpBoxSpec


class JumpBox(pulumi.ComponentResource):
    """One machine. Makes Microsoft.Network/networkInterfaces and Microsoft.Compute/virtualMachines."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: JumpBoxSpec,
        *,
        machine_name: str,
        interface_name: str,
        subnet_id: pulumi.Input[str],
        identity_id: pulumi.Input[str] | None,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the machine.

        Args:
            name: logical name; children's names start with it.
            spec: size, zone, administrator and key.
            machine_name: physical name of the machine.
            interface_name: physical name of its network interface.
            subnet_id: its subnet.
            identity_id: the user-assigned identity of the machine, or None.
            location: region of its network.
            resource_group_name: where everything goes.
            tags: set on every resource.
            opts: options of the component itself.
        """
        super().__init__("moorings:bastion:JumpBox", name, None, opts)
        place = {"location": location, "resource_group_name": resource_group_name, "tags": tags}
        interface = self._interface(interface_name, subnet_id, place)
        machine = azure_native.compute.VirtualMachine(
            f"{name}-machine",
            vm_name=machine_name,
            hardware_profile={"vm_size": spec.size},
            os_profile=_os_profile(spec, machine_name),
            network_profile={"network_interfaces": [{"id": interface.id, "primary": True}]},
            identity=_acting(identity_id) if identity_id else None,
            zones=[spec.zone] if spec.zone else None,
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=True,
                replace_on_changes=["osProfile", "storageProfile.imageReference", "zones"],
                replace_with=[interface],
            ),
            **place,
            **_FIXED,
        )
        self.id, self.name = machine.id, machine.name
        self.register_outputs({"id": self.id, "name": self.name})

    def _interface(
        self, interface_name: str, subnet_id: pulumi.Input[str], place: dict[str, Any]
    ) -> azure_native.network.NetworkInterface:
        return azure_native.network.NetworkInterface(
            f"{self.pulumi_resource_name}-interface",
            network_interface_name=interface_name,
            ip_configurations=[
                {"name": "default", "subnet": {"id": subnet_id}, "private_ip_allocation_method": "Dynamic"}
            ],
            # The machine keeps its interface, so another subnet is another interface, whose name is the same.
            opts=pulumi.ResourceOptions(
                parent=self, delete_before_replace=True, replace_on_changes=["ipConfigurations[*].subnet"]
            ),
            **place,
        )


_FIXED: dict[str, Any] = {
    "storage_profile": {
        "image_reference": {
            "publisher": "Canonical",
            "offer": "ubuntu-24_04-lts",
            "sku": "server",
            "version": "latest",
        },
        "os_disk": {
            "create_option": "FromImage",
            "delete_option": "Delete",
            "managed_disk": {"storage_account_type": "StandardSSD_LRS"},
        },
    },
    "security_profile": {
        "security_type": "TrustedLaunch",
        "uefi_settings": {"secure_boot_enabled": True, "v_tpm_enabled": True},
    },
    "diagnostics_profile": {"boot_diagnostics": {"enabled": True}},
}
"""What every jump box has: image, disk, secure boot and boot diagnostics."""


def _acting(identity_id: pulumi.Input[str]) -> azure_native.compute.VirtualMachineIdentityArgsDict:
    kind = azure_native.compute.ResourceIdentityType.USER_ASSIGNED
    return {"type": kind, "user_assigned_identities": [identity_id]}


def _os_profile(spec: JumpBoxSpec, machine_name: str) -> azure_native.compute.OSProfileArgsDict:
    keys = f"/home/{spec.administrator}/.ssh/authorized_keys"
    return {
        "computer_name": machine_name,
        "admin_username": spec.administrator,
        "linux_configuration": {
            "disable_password_authentication": True,
            "ssh": {"public_keys": [{"path": keys, "key_data": spec.ssh_public_key}]},
            "patch_settings": {"patch_mode": "AutomaticByPlatform", "assessment_mode": "AutomaticByPlatform"},
        },
    }
