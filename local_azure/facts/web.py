"""Microsoft.Web: App Service plans and sites."""

from __future__ import annotations

from local_azure.arm_family import Action, Family, Marks, TypeRow

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
    read_parts={SITES: {"config/web": ("properties", "siteConfig")}},
    delete_query={SITES: {"deleteEmptyServerFarm": "false"}},
    actions={
        f"web:listWebApp{name}": Action(SITES, path)
        for name, path in (
            ("ApplicationSettings", "config/appsettings/list"),
            ("ConnectionStrings", "config/connectionstrings/list"),
            ("PublishingCredentials", "config/publishingcredentials/list"),
            ("HostKeys", "host/default/listkeys"),
        )
    },
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
