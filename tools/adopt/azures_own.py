"""What Azure shows of a resource although nobody stated it: ids of parts, what follows from other members, and defaults.

A program states none of it, and an update that leaves it out changes nothing. What has another value than the default was
set by somebody, and is a difference. Read of each type what its service answers to a body without it [ADOPT-DEFAULTS].
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

ANY: Final = object()
"""Whatever the value: it is no setting."""

_EMPTY: Final = (None, {}, [], "")
_KINDS: Final = re.compile(r"^azure-native(?:_\w+)?:")
_INDEX: Final = re.compile(r"\[\d+\]")

SPELLINGS: Final = (
    ("sourcePortRange", "sourcePortRanges"),
    ("destinationPortRange", "destinationPortRanges"),
    ("sourceAddressPrefix", "sourceAddressPrefixes"),
    ("destinationAddressPrefix", "destinationAddressPrefixes"),
    ("addressPrefix", "addressPrefixes"),
)
"""Members that hold one value, and those that hold the same value as a list: either may be sent, and means the same [NSG-1]."""

TABLE: Final[Mapping[str, Mapping[str, tuple[Any, ...]]]] = {
    "network:VirtualNetwork": {
        "enableDdosProtection": (False,),
        "privateEndpointVNetPolicies": ("Disabled",),
        "subnets[].id": (ANY,),
        "subnets[].type": (ANY,),
        "subnets[].privateLinkServiceNetworkPolicies": ("Enabled",),
        "subnets[].defaultOutboundAccess": (True,),
        "subnets[].delegations[].id": (ANY,),
        "subnets[].delegations[].type": (ANY,),
        "subnets[].serviceEndpoints[].locations": (ANY,),
        "virtualNetworkPeerings": (ANY,),
    },
    "keyvault:Vault": {
        "properties.enableSoftDelete": (True,),
        "properties.enabledForDeployment": (False,),
        "properties.enabledForDiskEncryption": (False,),
        "properties.enabledForTemplateDeployment": (False,),
        "properties.vaultUri": (ANY,),
    },
    "network:NetworkSecurityGroup": {
        "flushConnection": (False,),
        "securityRules[].id": (ANY,),
        "securityRules[].type": (ANY,),
    },
    "network:PrivateEndpoint": {
        "customDnsConfigs": (ANY,),
        "ipVersionType": ("IPv4",),
        "privateLinkServiceConnections[].id": (ANY,),
        "privateLinkServiceConnections[].privateLinkServiceConnectionState": (ANY,),
    },
    "network:PrivateDnsZoneGroup": {"name": (ANY,)},
    "network:VirtualNetworkPeering": {
        "name": (ANY,),
        "type": (ANY,),
        "peerCompleteVnets": (True,),
        "doNotVerifyRemoteGateways": (False,),
        "remoteAddressSpace": (ANY,),
        "peeringState": (ANY,),
        "peeringSyncLevel": (ANY,),
        "syncRemoteAddressSpace": (ANY,),
    },
    "network:RouteTable": {"routes[].id": (ANY,), "routes[].type": (ANY,)},
    "containerregistry:Registry": {
        "dataEndpointEnabled": (False,),
        "endpointProtocol": ("IPv4",),
        "networkRuleBypassOptions": ("AzureServices",),
        "policies.exportPolicy": ({"status": "enabled"},),
        "policies.quarantinePolicy": ({"status": "disabled"},),
        "policies.retentionPolicy": ({"days": 7, "status": "disabled"},),
        "policies.softDeletePolicy": ({"retentionDays": 7, "status": "disabled"},),
        "regionalEndpoints": ("Disabled",),
        "encryption": ({"status": "disabled"},),
        "metadataSearch": ("Disabled",),
        "networkRuleBypassAllowedForTasks": (False,),
        "policies.trustPolicy": ({"status": "disabled", "type": "Notary"},),
        "policies.retentionPolicy.days": (7,),
        "policies.softDeletePolicy.retentionDays": (7,),
        "zoneRedundancy": (ANY,),
    },
    "containerregistry:Replication": {"zoneRedundancy": (ANY,)},
    "resources:Resource": {
        "apiVersion": (ANY,),
        "properties.provisioningState": (ANY,),
        "properties.managementEndpoint": (ANY,),
        "properties.defaultCpu": (ANY,),
        "properties.defaultDisk": (ANY,),
        "properties.defaultDomain": (ANY,),
        "properties.defaultMemory": (ANY,),
    },
    "monitor:ActionGroup": {
        "emailReceivers[].status": (ANY,),
        "smsReceivers[].status": (ANY,),
    },
    "monitor:DiagnosticSetting": {
        "logs[].retentionPolicy": ({"days": 0, "enabled": False},),
        "metrics[].retentionPolicy": ({"days": 0, "enabled": False},),
    },
    "monitor:AzureMonitorWorkspace": {"publicNetworkAccess": ("Enabled",)},
    "monitor:DataCollectionEndpoint": {"immutableId": (ANY,)},
    "operationalinsights:Workspace": {
        "publicNetworkAccessForIngestion": ("Enabled",),
        "publicNetworkAccessForQuery": ("Enabled",),
        "workspaceCapping": ({"dailyQuotaGb": -1.0}, {"dailyQuotaGb": -1}),
    },
    "app:ContainerApp": {
        "configuration.ingress.exposedPort": (0,),
        "managedEnvironmentId": (ANY,),
    },
    "containerservice:ManagedCluster": {
        "agentPoolProfiles[]": (ANY,),
        "agentPoolProfiles[].count": (ANY,),
        "agentPoolProfiles[].orchestratorVersion": (ANY,),
        "agentPoolProfiles[].powerState": ({"code": "Running"},),
        "agentPoolProfiles[].scaleDownMode": ("Delete",),
        "networkProfile.ipFamilies": (["IPv4"],),
        "networkProfile.loadBalancerProfile": (ANY,),
        "networkProfile.podCidrs": (ANY,),
        "networkProfile.serviceCidrs": (ANY,),
    },
    "containerservice:AgentPool": {
        "count": (ANY,),
        "orchestratorVersion": (ANY,),
        "powerState": ({"code": "Running"},),
        "scaleDownMode": ("Delete",),
    },
}
"""Type → path, by the SDK's names and with `[]` for every element → values that Azure shows where nobody stated one."""


def shows_by_itself(token: str, path: str, have: Any, want: Any) -> bool:
    """Return whether a difference is none: Azure shows what nobody stated, or another letter case, or nothing for empty.

    Args:
        token: type token of the resource.
        path: path of the difference, by the SDK's names.
        have: what Azure shows.
        want: what the program states.
    """
    if have in _EMPTY and want in _EMPTY:
        return True
    if isinstance(have, str) and isinstance(want, str):
        return have.casefold() == want.casefold()
    known = TABLE.get(_KINDS.sub("", token), {}).get(_INDEX.sub("[]", path), ())
    if any(each is ANY for each in known):
        return want in _EMPTY or have in _EMPTY
    # The default may be shown and not stated, or stated and not shown.
    return any((want in _EMPTY and have == each) or (have in _EMPTY and want == each) for each in known)


def respelled(have: Any, want: Any) -> Any:
    """Return what Azure shows with one value as a list, or the reverse, wherever the program states it so.

    Args:
        have: what Azure shows.
        want: what the program states.
    """
    if isinstance(have, list) and isinstance(want, list) and len(have) == len(want):
        return [respelled(one, other) for one, other in zip(have, want, strict=True)]
    if not isinstance(have, Mapping) or not isinstance(want, Mapping):
        return have
    found = {name: respelled(item, want.get(name)) for name, item in have.items()}
    for one, several in SPELLINGS:
        if found.get(one) is not None and want.get(several) == [found[one]] and not found.get(several):
            found[several] = [found.pop(one)]
        elif len(found.get(several) or ()) == 1 and want.get(one) == found[several][0] and not found.get(one):
            found[one] = found.pop(several)[0]
    return found
