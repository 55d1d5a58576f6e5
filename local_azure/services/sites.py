"""App Service plans, and the sites on them: function apps with their place of deployment."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.storage import ACCOUNTS, CONTAINERS
from local_azure.facts.web import PLANS, SITES
from local_azure.operations import SYNC_ALWAYS_OK
from local_azure.resource_id import same
from local_azure.services import host_names, reserved_words
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick
from local_azure.services.identities import assigned
from local_azure.store import Resource

FUNCTIONS = f"{SITES}/functions"

DOMAIN = "azurewebsites.net"
FLEX = "FlexConsumption"

HIDDEN = frozenset({"appSettings", "connectionStrings"})
"""Members of a site's configuration that only an action shows [SITE-CONFIG]."""

_TIERS = {
    "FC": FLEX,
    "Y": "Dynamic",
    "EP": "ElasticPremium",
    "P": "PremiumV3",
    "S": "Standard",
    "B": "Basic",
    "F": "Free",
}


def has_function(cloud: Cloud, site: Resource | None, function: str) -> bool:
    """Tell whether a site has a function: one that is stored, or any where `functions_assumed` says so (chosen)."""
    if site is None or site.type != SITES:
        return False
    return cloud.settings.functions_assumed or cloud.store.exists(f"{site.id}/functions/{function}")


class Plans(ResourceType):
    """Microsoft.Web/serverfarms."""

    name = PLANS
    kept = ("location", "tags", "kind")
    pattern = r"[A-Za-z0-9_-]{1,60}"
    lifecycle = SYNC_ALWAYS_OK  # chosen

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Fill in the SKU's tier."""
        sku = dict(request.body.get("sku") or {"name": "F1"})
        size = str(sku.get("name") or "")
        tier = next((tier for start, tier in _TIERS.items() if size.upper().startswith(start)), None)
        if tier is None:
            raise bad_request("InvalidSku", f"The SKU '{size}' of App Service plan '{request.id.name}' is not known.")
        sku = {"tier": tier, "size": size, "family": "".join(filter(str.isalpha, size)), "capacity": 0, **sku}
        identity = assigned(cloud, request.id, request.body.get("identity"))
        properties = {"perSiteScaling": False, "zoneRedundant": False, **request.stated, "status": "Ready"}
        return self.result(request, existing, properties, sku=sku, **identity)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while sites are on the plan."""
        held = [site.name for site in cloud.store.of_type(SITES) if same(site.properties["serverFarmId"], resource.id)]
        if held:
            message = (
                f"Server farm '{resource.name}' cannot be deleted because it has web app(s) {held[0]} assigned to it."
            )
            raise ArmError(409, "Conflict", message)


class Sites(ResourceType):
    """Microsoft.Web/sites."""

    name = SITES
    kept = Plans.kept
    pattern = r"[A-Za-z0-9]([A-Za-z0-9-]{0,58}[A-Za-z0-9])"
    provisioning = False
    lifecycle = SYNC_ALWAYS_OK  # chosen
    scoped: ClassVar = {("POST", "checknameavailability"): host_names.checker(SITES, pattern)}

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check host name, plan and place of deployment."""
        reserved_words.refuse(request.id.name)
        sent = request.stated
        host = f"{request.id.name.lower()}.{DOMAIN}"
        # The name is a host name, so it is unique in all of Azure and not only in its resource group.
        for other in cloud.store.named(SITES, request.id.name):
            if other.key != str(request.id).lower():
                message = f"Website with given name {request.id.name} already exists."
                raise ArmError(409, "Conflict", message)
        plan = cloud.get(str(sent.get("serverFarmId") or ""))
        if plan is None or plan.type != PLANS or plan.location != request.body.get("location"):
            message = f"Cannot find serverFarm with name {str(sent.get('serverFarmId')).rpartition('/')[2]}."
            raise ArmError(404, "NotFound", message)
        if plan.body["sku"]["tier"] == FLEX:
            _check_flex(cloud, sent)
        resource = existing or self.new(request)
        resource.state |= pick(sent.get("siteConfig") or {}, *HIDDEN)
        properties = {
            "enabled": True,
            "httpsOnly": False,
            "publicNetworkAccess": "Enabled",
            **sent,
            **({"siteConfig": shown_config(sent["siteConfig"])} if "siteConfig" in sent else {}),
            "state": "Running",
            "sku": plan.body["sku"]["tier"],
            "defaultHostName": host,
            "hostNames": [host],
        }
        return self.result(request, resource, properties, **assigned(cloud, request.id, request.body.get("identity")))


def shown_config(config: Json) -> Json:
    """A site's configuration as a GET shows it: without app settings and connection strings."""
    return {name: value for name, value in config.items() if name not in HIDDEN}


def _check_flex(cloud: Cloud, sent: Json) -> None:
    """Raise ArmError for what a Flex Consumption app has to state and must not state [FUNC-1]."""
    config = sent.get("functionAppConfig") or {}
    storage = (config.get("deployment") or {}).get("storage") or {}
    if not storage.get("value") or not (config.get("runtime") or {}).get("name"):
        message = "Site.FunctionAppConfig is invalid. It needs deployment storage and a runtime on Flex Consumption."
        raise bad_request("BadRequest", message)
    settings = {entry["name"] for entry in (sent.get("siteConfig") or {}).get("appSettings") or []}
    refused = sorted(settings & {"FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE"})
    if refused:
        message = f"The following app setting (Site.SiteConfig.AppSettings.{refused[0]}) for Flex Consumption sites is invalid."
        raise bad_request("BadRequest", message)
    place = urlsplit(storage["value"])
    account = next(iter(cloud.store.named(ACCOUNTS, place.netloc.split(".")[0])), None)
    container = f"{account.id}/blobServices/default/containers/{place.path.strip('/')}" if account else ""
    message = f"The deployment storage '{storage['value']}' was not found (code chosen)."
    cloud.named(container, CONTAINERS, "BadRequest", message)


class Functions(ResourceType):
    """Microsoft.Web/sites/functions: what a deployment leaves behind; here it is written by hand."""

    name = FUNCTIONS
    kind = ""
    provisioning = False
    methods = frozenset({"GET", "PUT", "DELETE"})

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Keep what is sent."""
        return self.result(request, existing, {**request.properties, "name": request.id.name})


TYPES = (Plans(), Sites(), Functions())
