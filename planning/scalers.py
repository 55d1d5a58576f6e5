"""KEDA's scalers for Azure services: required metadata [KEDA-1].

The metadata of a scaler is a free-form map. Missing or misspelled entries fail at creation, or prevent scaling.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scaler:
    """What the metadata of one scaler names.

    Attributes:
        one_of: sets of members of which one is stated whole; a member may be stated as the name of a variable instead,
            with ``FromEnv`` behind its name.
        by_identity: members that are needed where the scaler looks under an identity.
        role: the role that the identity needs on what the scaler looks at; empty where none is known.
    """

    one_of: tuple[tuple[str, ...], ...]
    by_identity: tuple[str, ...]
    role: str = ""


SCALERS: Mapping[str, Scaler] = {
    "azure-servicebus": Scaler(
        (("queueName",), ("topicName", "subscriptionName")), ("namespace",), "Azure Service Bus Data Receiver"
    ),
    "azure-eventhub": Scaler(((),), ("eventHubNamespace", "eventHubName"), "Azure Event Hubs Data Receiver"),
    "azure-queue": Scaler((("queueName",),), ("accountName",), "Storage Queue Data Reader"),
    "azure-blob": Scaler((("blobContainerName",),), ("accountName",), "Storage Blob Data Reader"),
    "azure-app-insights": Scaler(
        (("metricId", "metricAggregationType", "metricAggregationTimespan", "targetValue"),), (), "Monitoring Reader"
    ),
    "azure-data-explorer": Scaler((("endpoint", "databaseName", "query", "threshold"),), (), "Database Viewer"),
    "azure-log-analytics": Scaler((("query", "threshold"),), ("workspaceId",), "Log Analytics Reader"),
    "azure-monitor": Scaler(
        (("resourceURI", "tenantId", "subscriptionId", "resourceGroupName", "metricName", "targetValue"),),
        (),
        "Monitoring Reader",
    ),
    "azure-pipelines": Scaler((("poolName",), ("poolID",)), ("organizationURL",)),
}
"""Scalers for Azure services, by type: all whose name begins with ``azure-`` [KEDA-1]."""


def type_problem(kind: str) -> str | None:
    """Return the problem with the type of a scaler in one line, or None; only Azure's types are known."""
    if not kind.startswith("azure-") or kind in SCALERS:
        return None
    meant = difflib.get_close_matches(kind, SCALERS, n=1, cutoff=0.0)[0]
    return f"{kind} is not a KEDA scaler; write {meant}, or another of {', '.join(sorted(SCALERS))} [KEDA-1]"


def metadata_problem(kind: str, metadata: Mapping[str, str], *, identity: bool) -> str | None:
    """Return what the metadata of a scaler lacks in one line, or None.

    Args:
        kind: the scaler's type.
        metadata: what is stated, parameters of its authentication too.
        identity: whether the scaler looks under an identity.
    """
    known = SCALERS.get(kind)
    if known is None:
        return None
    stated = {member.removesuffix("FromEnv") for member in metadata}
    if not any(stated.issuperset(members) for members in known.one_of):
        choices = ", or ".join(" and ".join(members) for members in known.one_of)
        return f"{kind} needs {choices} in its metadata; state it [KEDA-1]"
    missing = [member for member in known.by_identity if member not in stated] if identity else []
    if missing:
        return f"{kind} with an identity needs {' and '.join(missing)} in its metadata; state it [KEDA-1]"
    return None


def role_message(kind: str, identity: str) -> str | None:
    """Return in one line the role that a scaler's identity needs, or None if it is not known [KEDA-2]."""
    known = SCALERS.get(kind)
    if known is None or not known.role:
        return None
    return (
        f"{kind} uses identity {identity}, which needs {known.role}, and has no role here: without it "
        "the app does not scale, and the deployment reports no error; make sure that it has the role [KEDA-2]"
    )
