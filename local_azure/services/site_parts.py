"""Parts of a site that are there with it: its configuration, settings, publishing credentials and host keys."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar

from typing_extensions import override

from local_azure.resource_id import ResourceId
from local_azure.services.cloud import Answer, Cloud, Json, Request, ResourceType
from local_azure.services.sites import DOMAIN, SITES, shown_config
from local_azure.store import Resource

CONFIGURATIONS = f"{SITES}/config"
HOSTS = f"{SITES}/host"


class _Part(ResourceType):
    """A part of a site that is there with the site and is not stored."""

    kind = ""
    provisioning = False
    methods = frozenset({"GET"})
    parts: ClassVar[frozenset[str]] = frozenset()

    @override
    def held(self, cloud: Cloud, place: ResourceId) -> Resource:
        """Return a part of a site; raises ArmError 404."""
        if place.parent is None or place.name.lower() not in self.parts:
            raise self.not_found(place)
        site = cloud.require(place.parent)
        return Resource(str(place), self.name, place.name, state={"site": site.id})


class Configurations(_Part):
    """Microsoft.Web/sites/config: how a site runs, what it is given, and who may deploy to it [SITE-CONFIG]."""

    name = CONFIGURATIONS
    parts = frozenset({"web", "appsettings", "connectionstrings", "publishingcredentials"})

    @override
    def built_in(self, cloud: Cloud, request: Request) -> Answer | None:
        """Show `web`, the configuration without settings; the others are shown by their action `list`."""
        if request.id.name.lower() != "web":
            return None
        site = cloud.require(request.id.parent or request.id)
        return _answer(self.held(cloud, request.id), shown_config(site.properties.get("siteConfig") or {}))


class Hosts(_Part):
    """Microsoft.Web/sites/host: the runtime that functions share."""

    name = HOSTS
    parts = frozenset({"default"})


def _answer(part: Resource, properties: Json) -> Answer:
    return Answer(200, {"id": part.id, "name": part.name, "type": part.type, "properties": properties})


def _list_part(cloud: Cloud, request: Request, part: Resource) -> Answer:
    """Answer what a GET of a configuration does not show."""
    site = cloud.get(part.state["site"])
    state: dict[str, Any] = site.state if site else {}
    match part.name.lower():
        case "appsettings":
            settings = state.get("appSettings") or []
            return _answer(part, {entry["name"]: entry.get("value") for entry in settings})
        case "connectionstrings":
            strings = state.get("connectionStrings") or []
            shown = {s["name"]: {"value": s.get("connectionString"), "type": s.get("type")} for s in strings}
            return _answer(part, shown)
        case "publishingcredentials":
            name = ResourceId.parse(part.state["site"]).name
            user, password = f"${name}", _secret(part, "publishing")
            return _answer(
                part,
                {
                    "publishingUserName": user,
                    "publishingPassword": password,
                    "scmUri": f"https://{user}:{password}@{name.lower()}.scm.{DOMAIN}",
                },
            )
    raise Configurations().not_found(ResourceId.parse(part.id))


def _list_keys(cloud: Cloud, request: Request, part: Resource) -> Answer:
    """Answer the keys of the functions' host."""
    keys = {"masterKey": _secret(part, "master"), "functionKeys": {"default": _secret(part, "default")}}
    return Answer(200, {**keys, "systemKeys": {}})


def _secret(part: Resource, role: str) -> str:
    """A key: always the same for one id, and worth nothing (chosen)."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{part.key}#{role}".encode()).digest()).decode()


Configurations.actions = {("POST", "list"): _list_part}
Hosts.actions = {("POST", "listkeys"): _list_keys}

TYPES = (Configurations(), Hosts())
