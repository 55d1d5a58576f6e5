"""A container registry with its geo-replicas and its logs.

It owns the registry, its replications and its diagnostic settings. It deliberately does not own private endpoints (they
belong to networks and depend on the replicas), role assignments, the workspace, or content. [ACR-1, ACR-4, ACR-9,
ACR-18, ACR-19]
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.parameterized import Package, ParameterizedResource
from components.registry.spec import PoliciesSpec, RegistrySpec

PACKAGE = Package("containerregistry", "2026-03-01-preview")
"""The default classes use 2023-01-01-preview, which has neither regional endpoints nor the endpoint protocol
[ACR-18]."""

_SWITCH = {True: "enabled", False: "disabled"}

ZONE_REDUNDANCY = ["zoneRedundancy"]
"""Always enabled where the region has zones, whatever the request states, so differences are ignored [ACR-9]."""

LOGS = ("ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents")
"""Log categories: sign-ins, and pushes, pulls and deletions [ACR-19]."""


class Registry(pulumi.ComponentResource):
    """One registry.

    Makes Microsoft.ContainerRegistry/registries, one replications per replica region and, with a workspace,
    Microsoft.Insights/diagnosticSettings. ``resource`` is the registry itself, for ``replace_with`` of resources that
    reference its id.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    login_server: pulumi.Output[str]
    principal_id: pulumi.Output[str | None]
    replica_ids: pulumi.Output[dict[str, str]]

    def __init__(
        self,
        name: str,
        spec: RegistrySpec,
        *,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        workspace_id: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the registry.

        Args:
            name: logical name; children's names start with it.
            spec: the registry.
            location: home region, fixed after creation.
            resource_group_name: where it goes.
            tags: set on registry and replicas.
            workspace_id: workspace of its logs, or None.
            opts: options of the component itself.
        """
        super().__init__("moorings:registry:Registry", name, None, opts)
        self._name = name
        registry = ParameterizedResource(
            PACKAGE,
            "Registry",
            f"{name}-registry",
            inputs={
                "registryName": spec.name,
                "resourceGroupName": resource_group_name,
                "location": location,
                "sku": {"name": spec.sku},
                "identity": _identity(spec),
                "tags": tags,
                **_properties(spec),
            },
            outputs=("loginServer", "name", "identity"),
            opts=pulumi.ResourceOptions(parent=self, protect=spec.protect, ignore_changes=ZONE_REDUNDANCY),
        )
        if workspace_id is not None:
            self._log(registry, workspace_id)
        replicas = {
            region: self._replica(registry, region, replica.global_routing, resource_group_name, tags)
            for region, replica in spec.replicas.items()
        }
        self.resource: pulumi.Resource = registry
        self.id, self.name = registry.id, registry.output("name")
        self.login_server = registry.output("loginServer")
        self.principal_id = registry.output("identity").apply(lambda identity: (identity or {}).get("principalId"))
        self.replica_ids = pulumi.Output.all(**{region: replica.id for region, replica in replicas.items()})
        self.register_outputs(
            {
                "id": self.id,
                "name": self.name,
                "login_server": self.login_server,
                "principal_id": self.principal_id,
                "replica_ids": self.replica_ids,
            }
        )

    def _log(self, registry: ParameterizedResource, workspace_id: pulumi.Input[str]) -> None:
        azure_native.monitor.DiagnosticSetting(
            f"{self._name}-logs",
            name="workspace",
            resource_uri=registry.id,
            workspace_id=workspace_id,
            logs=[{"category": category, "enabled": True} for category in LOGS],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _replica(
        self,
        registry: ParameterizedResource,
        region: str,
        global_routing: bool,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
    ) -> ParameterizedResource:
        return ParameterizedResource(
            PACKAGE,
            "Replication",
            f"{self._name}-replica-{region}",
            inputs={
                "replicationName": region,
                "registryName": registry.output("name"),
                "resourceGroupName": resource_group_name,
                "location": region,
                "regionEndpointEnabled": global_routing,
                "tags": tags,
            },
            outputs=(),
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=ZONE_REDUNDANCY),
        )


def _properties(spec: RegistrySpec) -> Mapping[str, Any]:
    """ARM's properties; those of Premium only are omitted for other SKUs."""
    properties: dict[str, Any] = {
        "adminUserEnabled": spec.admin_user,
        "anonymousPullEnabled": spec.anonymous_pull,
        "publicNetworkAccess": spec.public_network_access,
        "roleAssignmentMode": spec.role_assignment_mode,
        "autoGeneratedDomainNameLabelScope": spec.domain_name_label_scope,
        "policies": _policies(spec.policies, premium=spec.sku == "Premium"),
    }
    if spec.sku == "Premium":
        properties |= {
            "dataEndpointEnabled": spec.data_endpoints,
            "regionalEndpoints": "Enabled" if spec.regional_endpoints else "Disabled",
            "endpointProtocol": spec.endpoint_protocol,
            "networkRuleBypassOptions": "AzureServices" if spec.trusted_services_bypass else "None",
            "networkRuleSet": {
                "defaultAction": spec.default_action,
                "ipRules": [{"action": "Allow", "iPAddressOrRange": rule} for rule in spec.ip_rules],
            },
        }
    return properties


def _policies(spec: PoliciesSpec, *, premium: bool) -> Mapping[str, Any]:
    policies: dict[str, Any] = {
        "azureADAuthenticationAsArmPolicy": {"status": _SWITCH[spec.azure_ad_authentication_as_arm]},
    }
    if premium or spec.soft_delete:
        policies["softDeletePolicy"] = {
            "status": _SWITCH[spec.soft_delete is not None],
            **({"retentionDays": spec.soft_delete.days} if spec.soft_delete else {}),
        }
    if premium:
        policies |= {
            "exportPolicy": {"status": _SWITCH[spec.export]},
            "quarantinePolicy": {"status": _SWITCH[spec.quarantine]},
            "retentionPolicy": {
                "status": _SWITCH[spec.retention is not None],
                **({"days": spec.retention.days} if spec.retention else {}),
            },
        }
    return policies


def _identity(spec: RegistrySpec) -> Mapping[str, Any] | None:
    system, user = spec.managed_identities.system_assigned, spec.managed_identities.user_assigned_resource_ids
    kinds = [kind for kind, stated in (("SystemAssigned", system), ("UserAssigned", bool(user))) if stated]
    if not kinds:
        return None
    return {"type": ", ".join(kinds), **({"userAssignedIdentities": user} if user else {})}
