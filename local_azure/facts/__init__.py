"""Facts of one resource provider each; a provider joins by its module and one entry here."""

from __future__ import annotations

from local_azure.arm_family import Family
from local_azure.facts import (
    managed_identity,
    operational_insights,
)

FAMILIES: tuple[Family, ...] = (
    operational_insights.FAMILY,
    managed_identity.FAMILY,
)
"""Every provider beyond the registry, its network and its access."""
