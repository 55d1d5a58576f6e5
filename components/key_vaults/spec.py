"""The shape of key vaults, made by this stack or elsewhere: keys, networks and private endpoints."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from components.elsewhere import MadeElsewhere
from components.interfaces.spec import LoggingResourceSpec, ResourceSpec
from components.references import NetworkKey, SubnetKey, ZoneKey
from components.spec import Region, Spec, held_to, settings_of_others
from planning import names
from planning.key_vaults import LEAST_EXPIRY_DAYS, LEAST_ROTATION_DAYS, rotation_problem
from planning.problems import Path
from planning.resource_ids import VAULT


class RotationSpec(Spec):
    """When Key Vault makes a new version of a key [KV-ROTATION]."""

    rotate_after_days: Annotated[
        int, Field(ge=LEAST_ROTATION_DAYS, description="Days from the creation of a version to the next one.")
    ] = 365
    expires_after_days: Annotated[
        int | None, Field(ge=LEAST_EXPIRY_DAYS, description="Days from the creation of a version to its expiry.")
    ] = None
    notify_before_days: Annotated[
        int | None, Field(ge=LEAST_ROTATION_DAYS, description="Days before the expiry at which an event is sent.")
    ] = None

    def _problems(self) -> Iterator[tuple[Path, str]]:
        problem = rotation_problem(self.rotate_after_days, self.expires_after_days, self.notify_before_days)
        if problem:
            yield (), problem


class KeySpec(Spec):
    """One key. Azure Resource Manager makes a key once and never changes it: another key has another name [KV-ARM]."""

    type: Annotated[
        Literal["RSA", "RSA-HSM"], Field(description="RSA-HSM is kept in a hardware module; it needs sku premium.")
    ] = "RSA"
    size: Annotated[Literal[2048, 3072, 4096], Field(description="Size in bits.")] = 3072
    rotation: Annotated[
        RotationSpec | None, Field(description="When a new version is made. Default: once a year; null for never.")
    ] = RotationSpec()


class VaultEndpointSpec(ResourceSpec):
    """A private endpoint of a vault."""

    arm_type: ClassVar[str] = "Microsoft.Network/privateEndpoints"

    network: Annotated[NetworkKey, Field(description="Key of its network.")]
    subnet: Annotated[SubnetKey, Field(description="Key of the subnet of its address.")]
    dns_zone: Annotated[
        ZoneKey | None,
        Field(
            description="Its zone, by key or id. Default: one that the vaults of the stack share; none if others write the "
            "records of private endpoints."
        ),
    ] = None


class KeyVaultSpec(LoggingResourceSpec):
    """A vault whose key is its name; access is granted by roles. With ``id`` it is made elsewhere and not changed."""

    arm_type: ClassVar[str] = VAULT

    id: Annotated[
        Annotated[str, MadeElsewhere(VAULT)] | None,
        Field(description="A vault made elsewhere. Every identity that reads a secret of the vault is granted that."),
    ] = None
    location: Annotated[Region | None, Field(description="Default: the stack's home location.")] = None
    sku: Annotated[Literal["standard", "premium"], Field(description="premium has keys in hardware modules.")] = (
        "standard"
    )
    soft_delete_retention_days: Annotated[
        int, Field(ge=7, le=90, description="Days for which what is deleted can be recovered; fixed after creation.")
    ] = 90
    purge_protection: Annotated[
        bool, Field(description="Whether nothing can be purged before that. It cannot be switched off again.")
    ] = True
    public_network_access: Annotated[
        Literal["Enabled", "Disabled"],
        Field(description="Whether public networks reach the vault, by its network rules."),
    ] = "Disabled"
    default_action: Annotated[
        Literal["Allow", "Deny"], Field(description="Default action for public addresses without an IP rule.")
    ] = "Deny"
    ip_rules: Annotated[list[str], Field(description="Public IPv4 addresses and ranges that are allowed.")] = []
    trusted_services_bypass: Annotated[
        bool,
        Field(description="Whether trusted Azure services, such as a registry for its key, bypass the network rules."),
    ] = True
    keys: Annotated[
        dict[Annotated[str, held_to(names.KEY_VAULT_OBJECT.problem)], KeySpec], Field(description="Keys by name.")
    ] = {}
    private_endpoints: Annotated[
        dict[str, VaultEndpointSpec], Field(description="Private endpoints of the vault by key.")
    ] = {}
    protect: Annotated[
        bool, Field(description="Whether vault and keys cannot be deleted or replaced; set false, and run up, first.")
    ] = True

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from settings_of_others(self, except_for=("id",))
        for key, each in self.keys.items():
            if each.type == "RSA-HSM" and self.sku != "premium":
                yield ("keys", key, "type"), "RSA-HSM needs a vault with sku premium; write it, or RSA [KV-SKU]"
