"""What a subnet may be: the services it can be delegated to, names with a fixed purpose, and what stays while it is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from local_azure.errors import ArmError, bad_request
from local_azure.services.cloud import Json

_SERVICES = """
    Dell.Storage/fileSystems GitHub.Network/networkSettings Informatica.DataManagement/organizations
    Microsoft.AISupercomputer/accounts/jobs Microsoft.AISupercomputer/accounts/models Microsoft.AISupercomputer/accounts/npu
    Microsoft.AVS/PrivateClouds Microsoft.ApiManagement/service Microsoft.Apollo/npu Microsoft.App/environments
    Microsoft.App/testClients Microsoft.AzureCommunicationsGateway/networkSettings Microsoft.AzureCosmosDB/clusters
    Microsoft.BareMetal/AzureHPC Microsoft.BareMetal/AzureHostedService Microsoft.BareMetal/AzurePaymentHSM
    Microsoft.BareMetal/AzureVMware Microsoft.BareMetal/CrayServers Microsoft.BareMetal/MonitoringServers
    Microsoft.Batch/batchAccounts Microsoft.CloudTest/hostedpools Microsoft.CloudTest/images Microsoft.CloudTest/pools
    Microsoft.Codespaces/plans Microsoft.ContainerInstance/containerGroups Microsoft.ContainerService/TestClients
    Microsoft.ContainerService/managedClusters Microsoft.DBforMySQL/flexibleServers Microsoft.DBforMySQL/servers
    Microsoft.DBforMySQL/serversv2 Microsoft.DBforPostgreSQL/flexibleServers Microsoft.DBforPostgreSQL/serversv2
    Microsoft.DBforPostgreSQL/singleServers Microsoft.Databricks/workspaces Microsoft.DelegatedNetwork/controller
    Microsoft.DevCenter/networkConnection Microsoft.DevOpsInfrastructure/pools Microsoft.DocumentDB/cassandraClusters
    Microsoft.Fidalgo/networkSettings Microsoft.HardwareSecurityModules/dedicatedHSMs Microsoft.Kusto/clusters
    Microsoft.LabServices/labplans Microsoft.Logic/integrationServiceEnvironments
    Microsoft.MachineLearningServices/workspaceComputes Microsoft.MachineLearningServices/workspaces
    Microsoft.Netapp/scaleVolumes Microsoft.Netapp/volumes Microsoft.Network/applicationGateways
    Microsoft.Network/dnsResolvers Microsoft.Network/fpgaNetworkInterfaces Microsoft.Network/managedResolvers
    Microsoft.Network/networkWatchers Microsoft.Network/virtualNetworkGateways Microsoft.Orbital/orbitalGateways
    Microsoft.PowerAutomate/hostedRpa Microsoft.PowerPlatform/enterprisePolicies Microsoft.PowerPlatform/vnetaccesslinks
    Microsoft.ServiceFabricMesh/networks Microsoft.ServiceNetworking/trafficControllers
    Microsoft.Singularity/accounts/networks Microsoft.Singularity/accounts/npu Microsoft.Sql/managedInstances
    Microsoft.Sql/managedInstancesOnebox Microsoft.Sql/managedInstancesStage Microsoft.Sql/managedInstancesTest
    Microsoft.Sql/servers Microsoft.StoragePool/diskPools Microsoft.StreamAnalytics/streamingJobs
    Microsoft.Synapse/workspaces Microsoft.Web/hostingEnvironments Microsoft.Web/serverFarms
    NGINX.NGINXPLUS/nginxDeployments Oracle.Database/networkAttachments PaloAltoNetworks.Cloudngfw/firewalls
    PureStorage.Block/storagePools Qumulo.Storage/fileSystems
"""
DELEGATIONS = {name.lower(): name for name in _SERVICES.split()}
"""Services that a subnet can be delegated to, by their names in lower case [NET-DELEGATION]."""

WITHOUT_GROUP = ("GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet", "RouteServerSubnet")
"""Subnets that take no network security group [NET-RESERVED]."""

RESERVED = frozenset(name.lower() for name in (*WITHOUT_GROUP, "AzureBastionSubnet"))
"""Names, in lower case, of subnets with a fixed purpose [NET-RESERVED]."""


def delegated_to(properties: Json) -> list[str]:
    """Return the services, in lower case, to which the properties of a subnet delegate it."""
    found = [(d.get("properties") or {}).get("serviceName") for d in properties.get("delegations") or []]
    return [str(name or "").lower() for name in found]


def refuse_subnet(subnet_id: str, name: str, sent: Json) -> None:
    """Raise ArmError for a subnet that cannot be, wherever it lies [NET-DELEGATION], [NET-RESERVED]."""
    _refuse_delegations(subnet_id, sent.get("delegations") or [])
    reserved = next((known for known in WITHOUT_GROUP if known.lower() == name.lower()), None)
    group = str((sent.get("networkSecurityGroup") or {}).get("id") or "").rpartition("/")[2]
    if reserved and group:
        message = (
            f"The operation failed because the network security group {group} can not be associated to the {reserved}. "
            f"Please remove the network security group associated to the {reserved}. No changes have occurred on the gateway "
            f"at this time. See here for additional details: https://aka.ms/{reserved}."
        )
        raise bad_request(f"NetworkSecurityGroupCannotBeAttachedTo{reserved}", message)


def _refuse_delegations(subnet_id: str, delegations: Sequence[Any]) -> None:
    for delegation in delegations:
        service = str((delegation.get("properties") or {}).get("serviceName") or "")
        if service.lower() not in DELEGATIONS:
            message = (
                f"The service name {service} specified on delegation {subnet_id}/delegations/{delegation.get('name')} is not "
                f"valid. Valid value(s) are: {','.join(DELEGATIONS.values())}."
            )
            raise bad_request("InvalidServiceNameOnDelegation", message)
    if len(delegations) > 1:
        message = f"Subnet {subnet_id} has {len(delegations)} delegations; a subnet is delegated to one service."
        raise bad_request("SubnetDelegationCountExceedsLimit", message)


def refuse_use_change(subnet_id: str, before: Json, sent: Json, users: Iterable[str]) -> None:
    """Raise ArmError when the delegation of a subnet changes in which something lives [NET-DELEGATION].

    Args:
        subnet_id: the subnet, for the message.
        before: its properties so far.
        sent: its properties from now on.
        users: ids of the IP configurations that live in it.
    """
    user = next(iter(users), None)
    old, new = delegated_to(before), delegated_to(sent)
    if user and old != new:
        shown = [", ".join(DELEGATIONS.get(name, name) for name in names) for names in (old, new)]
        message = (
            f"Delegations of subnet {subnet_id} cannot be changed from [{shown[0]}] to [{shown[1]}] because it is being used "
            f"by the resource {user}."
        )
        raise bad_request("SubnetDelegationsCannotChangeWhenSubnetUsedByResource", message)


def refuse_endpoint(subnet_id: str, properties: Json) -> None:
    """Raise ArmError for a subnet in which no private endpoint may live: a delegated or a reserved one [PE-SUBNET]."""
    services = delegated_to(properties)
    if services:
        message = (
            f"Private endpoint cannot be created in subnet {subnet_id}, since it is delegated to "
            f"{DELEGATIONS.get(services[0], services[0])}."
        )
        raise bad_request("PrivateEndpointCannotBeCreatedInDelegatedSubnet", message)
    if subnet_id.rpartition("/")[2].lower() in RESERVED:
        message = f"Private endpoint cannot be created in subnet {subnet_id}, whose name is reserved."
        raise bad_request("PrivateEndpointCannotBeCreatedInReservedSubnet", message)


def refuse_nodes(subnet_id: str, properties: Json, own: str = "") -> None:
    """Raise ArmError for nodes or pods in a subnet that is delegated to another service than `own` [AKS-14]."""
    services = [service for service in delegated_to(properties) if service != own.lower()]
    if services:
        message = (
            f"Subnet {subnet_id} is delegated to {DELEGATIONS.get(services[0], services[0])}; nodes cannot use it."
        )
        raise ArmError(400, "SubnetIsDelegated", message, target="agentPoolProfile.vnetSubnetID")
