"""Microsoft.Web: App Service plans and sites."""

from __future__ import annotations

from local_azure.arm_family import Family, Marks, TypeRow

PLANS = "Microsoft.Web/serverfarms"
SITES = "Microsoft.Web/sites"

_PACKAGE = "azure-mgmt-web 11.0.1 (2025-05-01)"
_HOST = frozenset({"location", "reserved", "isXenon", "hyperV", "hostingEnvironmentProfile"})

FAMILY = Family(
    types=(
        TypeRow(PLANS, "web", "AppServicePlan", ("name",)),
        TypeRow(SITES, "web", "WebApp", ("name",)),
    ),
    flattened={"web": frozenset({"PushSettings"})},
    top_level={"web:PushSettings": frozenset({"kind"})},
    since={"web:FunctionAppConfig": {"siteUpdateStrategy": "2025-05-01"}},
    required={"web/AppServicePlan": frozenset({"location"}), "web/WebApp": frozenset({"location"})},
    marks={
        PLANS: Marks(_PACKAGE, _HOST),
        SITES: Marks(
            _PACKAGE,
            _HOST | {"cloningInfo"},
            nested=frozenset({"siteConfig.vnetName"}),
            forced=frozenset({"location", "kind"}),
        ),
    },
)
