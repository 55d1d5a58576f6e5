"""Microsoft.Web: App Service plans and sites."""

from __future__ import annotations

from local_azure.arm_family import Family, TypeRow

PLANS = "Microsoft.Web/serverfarms"
SITES = "Microsoft.Web/sites"

FAMILY = Family(
    types=(
        TypeRow(PLANS, "web", "AppServicePlan", ("name",)),
        TypeRow(SITES, "web", "WebApp", ("name",)),
    ),
    flattened={"web": frozenset({"PushSettings"})},
    top_level={"web:PushSettings": frozenset({"kind"})},
    since={"web:FunctionAppConfig": {"siteUpdateStrategy": "2025-05-01"}},
    required={"web/AppServicePlan": frozenset({"location"}), "web/WebApp": frozenset({"location"})},
    force_new={PLANS: frozenset({"location"}), SITES: frozenset({"location", "kind"})},
)
