"""Secrets in request bodies: what the journal does not keep.

A member is a secret where Azure's published types mark it as one [ARM-SECRET]. The marks have gaps (a cluster's
`windowsProfile.adminPassword` has none), and an unknown type has none, so names of the form of a secret count too (*chosen*).
"""

from __future__ import annotations

import re
from typing import Any

_APP = "properties.configuration.secrets.*.value"
_CONTAINERS = "properties.{}.*.properties.environmentVariables.*.secureValue"

MARKED = {
    "microsoft.app/agents": (
        "properties.incidentManagementConfiguration.connectionKey",
        "properties.logConfiguration.applicationInsightsConfiguration.connectionString",
    ),
    "microsoft.app/containerapps": (_APP,),
    "microsoft.app/jobs": (_APP,),
    "microsoft.app/managedenvironments": (
        "properties.appInsightsConfiguration.connectionString",
        "properties.appLogsConfiguration.logAnalyticsConfiguration.sharedKey",
        "properties.customDomainConfiguration.certificatePassword",
        "properties.daprAIConnectionString",
        "properties.daprAIInstrumentationKey",
        "properties.openTelemetryConfiguration.destinationsConfiguration.dataDogConfiguration.key",
        # Not marked: what an OTLP receiver asks for is mostly a key.
        "properties.openTelemetryConfiguration.destinationsConfiguration.otlpConfigurations.*.headers.*.value",
    ),
    "microsoft.app/sessionpools": ("properties.secrets.*.value",),
    "microsoft.compute/virtualmachines": (
        "properties.osProfile.adminPassword",
        # Not marked: what a machine runs at its first start may hold keys.
        "properties.osProfile.customData",
        "properties.userData",
    ),
    "microsoft.containerinstance/containergroups": (
        _CONTAINERS.format("containers"),
        _CONTAINERS.format("initContainers"),
        "properties.diagnostics.logAnalytics.workspaceKey",
        "properties.diagnostics.logAnalytics.workspaceResourceId",
        "properties.imageRegistryCredentials.*.password",
        "properties.volumes.*.azureFile.storageAccountKey",
        # Not marked: the files of a secret volume, by name.
        "properties.volumes.*.secret",
    ),
    "microsoft.containerregistry/registries/webhooks": ("properties.customHeaders", "properties.serviceUri"),
    "microsoft.eventgrid/systemtopics/eventsubscriptions": (
        "properties.deliveryWithResourceIdentity.destination.properties.endpointUrl",
        "properties.destination.properties.endpointUrl",
    ),
    # Not marked: the address of a webhook mostly holds a key, and the number of a person is nobody else's business.
    "microsoft.insights/actiongroups": (
        "properties.smsReceivers.*.phoneNumber",
        "properties.voiceReceivers.*.phoneNumber",
        "properties.webhookReceivers.*.serviceUri",
    ),
    "microsoft.keyvault/vaults/secrets": ("properties.value",),
    "microsoft.web/sites": (
        "properties.siteConfig.appSettings",
        "properties.siteConfig.azureStorageAccounts.*.accessKey",
        "properties.siteConfig.connectionStrings",
        "properties.siteConfig.metadata",
    ),
}
"""Paths of secret members by type, in lower case; `*` stands for an index or a key."""

_PATHS = {kind: frozenset(tuple(path.split(".")) for path in paths) for kind, paths in MARKED.items()}

_FORM = re.compile(
    r"(?i)(passwords?|secret|secretvalue|connectionstring|sastoken|securevalue|accesstoken|refreshtoken"
    r"|(shared|access|account|primary|secondary|private|workspace|instrumentation|api|master|function|connection)key)$"
)
"""Names of members that are secrets whatever the type."""


def masked(body: Any, type_name: str = "") -> Any:
    """Return a body with the values of its secret members replaced.

    Args:
        body: what was sent.
        type_name: ARM type, in any letter case; an unknown one is judged by the names of members only.
    """
    return _walked(body, (), _PATHS.get(type_name.lower(), frozenset()))


def _walked(value: Any, path: tuple[str, ...], marked: frozenset[tuple[str, ...]]) -> Any:
    if isinstance(value, list):
        return [_walked(item, (*path, "*"), marked) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, item in value.items():
        here = (*path, name)
        secret = any(len(each) == len(here) and _meets(each, here) for each in marked)
        by_name = _FORM.search(name) and isinstance(item, str | list)
        result[name] = _hidden(item) if secret or by_name else _walked(item, here, marked)
    return result


def _meets(marked: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return all(key in ("*", name) for key, name in zip(marked, path, strict=True))


def _hidden(value: Any) -> Any:
    """Return a secret value in its own shape, so that the body stays one that the type accepts; null tells nothing."""
    if isinstance(value, dict):
        return {name: item if name == "name" else _hidden(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    return value if value is None or isinstance(value, bool) else "***"
