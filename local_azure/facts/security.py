"""Microsoft.Security: plans of Defender for Cloud; no service here makes these."""

from __future__ import annotations

from local_azure.arm_family import UNREAD, Family, TypeRow

PRICINGS = "Microsoft.Security/pricings"

FAMILY = Family(
    types=(TypeRow(PRICINGS, "security", "Pricing", ("scopeId", "pricingName"), "extension"),),
    marks={PRICINGS: UNREAD},
)
