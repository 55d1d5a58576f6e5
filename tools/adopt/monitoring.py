"""Log Analytics workspaces and Azure Monitor workspaces."""

from __future__ import annotations

from typing import Final

from tools.adopt.estate import Estate, Json, dig, keyed, region, stated

WORKSPACES: Final = "Microsoft.OperationalInsights/workspaces"
METRICS: Final = "Microsoft.Monitor/accounts"


def read(estate: Estate) -> Json:
    """Return the section `monitoring`."""
    return stated(workspaces=_workspaces(estate), metrics_workspaces=_metrics(estate))


def _workspaces(estate: Estate) -> Json:
    found: Json = {}
    for each in estate.owned(WORKSPACES):
        key, follows = keyed(each, estate.names.workspace(""), found)
        estate.describe(("monitoring", "workspaces", key), each)
        cap = dig(each.properties, "workspaceCapping", "dailyQuotaGb")
        found[key] = stated(
            name=None if follows else each.name,
            location=None if region(each) == estate.home else region(each),
            retention_days=each.properties.get("retentionInDays"),
            daily_cap_gb=cap if isinstance(cap, int | float) and cap > 0 else None,
            shared_keys=not dig(each.properties, "features", "disableLocalAuth"),
        )
    return found


def _metrics(estate: Estate) -> Json:
    found: Json = {}
    for each in estate.owned(METRICS):
        key, follows = keyed(each, estate.names.metrics_workspace(""), found)
        estate.describe(("monitoring", "metrics_workspaces", key), each)
        found[key] = stated(
            name=None if follows else each.name, location=None if region(each) == estate.home else region(each)
        )
    return found
