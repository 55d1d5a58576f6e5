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
        one_of: sets of members of which one is stated whole.
        by_identity: members that are needed where the scaler looks under an identity.
    """

    one_of: tuple[tuple[str, ...], ...]
    by_identity: tuple[str, ...]


SCALERS: Mapping[str, Scaler] = {
    "azure-servicebus": Scaler((("queueName",), ("topicName", "subscriptionName")), ("namespace",)),
    "azure-eventhub": Scaler(((),), ("eventHubNamespace", "eventHubName")),
    "azure-queue": Scaler((("queueName",),), ("accountName",)),
    "azure-blob": Scaler((("blobContainerName",),), ("accountName",)),
}
"""Scalers whose metadata is checked, by type [KEDA-1]."""

AZURE = (
    *SCALERS,
    "azure-app-insights",
    "azure-data-explorer",
    "azure-log-analytics",
    "azure-monitor",
    "azure-pipelines",
)
"""Types of all scalers whose name begins with ``azure-`` [KEDA-1]."""


def type_problem(kind: str) -> str | None:
    """Return the problem with the type of a scaler in one line, or None; other types than Azure's are not known here."""
    if not kind.startswith("azure-") or kind in AZURE:
        return None
    meant = difflib.get_close_matches(kind, AZURE, n=1, cutoff=0.0)[0]
    return f"{kind} is not a KEDA scaler; write {meant}, or another of {', '.join(sorted(AZURE))} [KEDA-1]"


def metadata_problem(kind: str, metadata: Mapping[str, str], *, identity: bool) -> str | None:
    """Return what the metadata of a scaler lacks in one line, or None.

    Args:
        kind: the scaler's type.
        metadata: as it is stated.
        identity: whether the scaler looks under an identity.
    """
    known = SCALERS.get(kind)
    if known is None:
        return None
    if not any(set(members) <= metadata.keys() for members in known.one_of):
        choices = ", or ".join(" and ".join(members) for members in known.one_of)
        return f"{kind} needs {choices} in its metadata; state it [KEDA-1]"
    missing = [member for member in known.by_identity if member not in metadata] if identity else []
    if missing:
        return f"{kind} with an identity needs {' and '.join(missing)} in its metadata; state it [KEDA-1]"
    return None
