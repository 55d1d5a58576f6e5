"""A container group in a delegated subnet, or a Spot group without a network.

It owns the group. It deliberately does not own its subnet, its identity, nor DNS records for its address, which
changes at every start: address drift maintains those. [ACI-2, ACI-5, ACI-8]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pydantic import SecretStr

from components.container_groups.spec import ContainerGroupSpec, ContainerSpec, KeyVaultSecretSpec, VolumeSpec
from components.images import reference
from components.parameterized import Package, ParameterizedResource

PACKAGE = Package("containerinstance", "2026-07-01")
"""The default class uses 2024-05-01-preview, which has no references to Key Vault [ACI-9]."""

REPLACING = ("location", "osType", "restartPolicy", "sku", "priority", "subnetIds", "zones", "containers[*].resources")
"""Properties that Azure does not change on an existing group; no specification marks them, so azure-native sends an
update [ACI-7]."""


@dataclass(frozen=True)
class LogTarget:
    """The workspace of a group's output; the service accepts its key only.

    Attributes:
        customer_id: the workspace's own id.
        key: its shared key, as a secret.
    """

    customer_id: pulumi.Input[str]
    key: pulumi.Output[str]


class ContainerGroup(pulumi.ComponentResource):
    """One group; makes Microsoft.ContainerInstance/containerGroups."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    address: pulumi.Output[str | None]
    """IP address, if the group has one."""

    def __init__(
        self,
        name: str,
        spec: ContainerGroupSpec,
        *,
        group_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        subnet_id: pulumi.Input[str] | None,
        image_host: pulumi.Input[str],
        identity_id: pulumi.Input[str],
        logs: LogTarget | None = None,
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the group.

        Args:
            name: logical name; the child's name starts with it.
            spec: what runs in it.
            group_name: physical name.
            location: region, that of the subnet.
            resource_group_name: where it goes.
            subnet_id: ARM id of the delegated subnet; None for a Spot group.
            image_host: registry host of the images: that of the co-located replica.
            identity_id: ARM id of the user-assigned identity that pulls and reads secrets.
            logs: workspace of its output.
            tags: set on the group.
            opts: options of the component itself; the group depends on the grants of its identity.
        """
        super().__init__("moorings:container_groups:ContainerGroup", name, None, opts)
        self._spec, self._image_host, self._identity_id = spec, image_host, identity_id
        self._references = {uri: f"secret-{number}" for number, uri in enumerate(spec.vault_secrets)}
        group = ParameterizedResource(
            PACKAGE,
            "ContainerGroup",
            f"{name}-group",
            inputs={
                "containerGroupName": group_name,
                "resourceGroupName": resource_group_name,
                "location": location,
                "tags": tags,
                "identity": {"type": "UserAssigned", "userAssignedIdentities": [identity_id]},
                **self._properties(),
                **self._network(subnet_id),
                **_logs(logs),
            },
            outputs=("name", "ipAddress"),
            opts=self._options(),
        )
        self.id = group.id
        self.name = group.output("name")
        self.address = group.output("ipAddress").apply(_address) if subnet_id is not None else _none()
        self.register_outputs({"id": self.id, "name": self.name, "address": self.address})

    def _options(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            protect=self._spec.protect,
            replace_on_changes=list(REPLACING),
            # Adding or removing a container changes the group's size, which no path above names.
            replacement_trigger=",".join(self._spec.containers),
            delete_before_replace=True,
            # A refresh treats a new address as drift, which the next update would revert.
            ignore_changes=["ipAddress.ip"],
        )

    def _properties(self) -> dict[str, Any]:
        spec = self._spec
        block: dict[str, Any] = {
            "osType": "Linux",
            "sku": spec.sku,
            "priority": spec.priority,
            "restartPolicy": spec.restart_policy,
            "containers": [self._container(key, container) for key, container in spec.containers.items()],
            "imageRegistryCredentials": [{"server": self._image_host, "identity": self._identity_id}],
        }
        if self._references:
            block["secretReferences"] = [
                {"name": name, "identity": self._identity_id, "secretReferenceUri": uri}
                for uri, name in self._references.items()
            ]
        if spec.volumes:
            block["volumes"] = [self._volume(key, volume) for key, volume in spec.volumes.items()]
        if spec.confidential_policy:
            block["confidentialComputeProperties"] = {"ccePolicy": spec.confidential_policy}
        if spec.zone:
            block["zones"] = [spec.zone]
        return block

    def _network(self, subnet_id: pulumi.Input[str] | None) -> dict[str, Any]:
        if subnet_id is None:
            return {}
        ports = [port for container in self._spec.containers.values() for port in container.ports]
        block: dict[str, Any] = {"subnetIds": [{"id": subnet_id}]}
        if ports:
            block["ipAddress"] = {"type": "Private", "ports": [{"port": port, "protocol": "TCP"} for port in ports]}
        if self._spec.dns_servers:
            block["dnsConfig"] = {"nameServers": [str(server) for server in self._spec.dns_servers]}
        return block

    def _container(self, key: str, spec: ContainerSpec) -> dict[str, Any]:
        block: dict[str, Any] = {
            "name": key,
            "image": reference(spec.image, self._image_host),
            "resources": {"requests": {"cpu": spec.cpu, "memoryInGB": spec.memory_gb}},
        }
        variables: list[dict[str, Any]] = [{"name": name, "value": text} for name, text in spec.environment.items()]
        variables += [{"name": name, **self._secret(secret)} for name, secret in spec.secrets.items()]
        if variables:
            block["environmentVariables"] = variables
        if spec.command:
            block["command"] = spec.command
        if spec.ports:
            block["ports"] = [{"port": port, "protocol": "TCP"} for port in spec.ports]
        if spec.mounts:
            block["volumeMounts"] = [{"name": volume, "mountPath": path} for volume, path in spec.mounts.items()]
        return block

    def _secret(self, secret: SecretStr | KeyVaultSecretSpec) -> Mapping[str, Any]:
        if isinstance(secret, KeyVaultSecretSpec):
            return {"secureValueReference": self._references[secret.key_vault]}
        return {"secureValue": pulumi.Output.secret(secret.get_secret_value())}

    def _volume(self, key: str, spec: VolumeSpec) -> dict[str, Any]:
        if not spec.files:
            return {"name": key, "emptyDir": {}}
        files = {name: self._references[secret.key_vault] for name, secret in spec.files.items()}
        return {"name": key, "secretReference": files}


def _logs(target: LogTarget | None) -> dict[str, Any]:
    if target is None:
        return {}
    analytics = {"workspaceId": target.customer_id, "workspaceKey": target.key, "logType": "ContainerInsights"}
    return {"diagnostics": {"logAnalytics": analytics}}


def _address(shown: Mapping[str, Any] | None) -> str | None:
    """The group's current address; None if it has no port or is stopped."""
    return shown.get("ip") if shown else None


def _none() -> pulumi.Output[str | None]:
    return pulumi.Output.from_input(None)
