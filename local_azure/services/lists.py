"""Lists: of a type, of a scope's tracked resources with ARM's filter language, and paging."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from local_azure.errors import ArmError
from local_azure.resource_id import GROUPS
from local_azure.services.cloud import Answer, Cloud, Request, ResourceType
from local_azure.store import Resource

_CLAUSE = re.compile(r"(\w+)\s+(eq|ne)\s+'((?:[^']|'')*)'", re.IGNORECASE)


def resources(cloud: Cloud, request: Request, rules: ResourceType) -> Answer:
    """Return the resources of one type below the scope or parent of the address."""
    parent = request.id.parent
    scope = request.id.scope
    found = cloud.store.children(str(parent), rules.name) if parent else cloud.store.of_type(rules.name, scope)
    if rules.name == GROUPS:
        found = [r for r in found if _matches(r, request.query.get("$filter", ""))]
    answer = paged(cloud, request, found, lambda r: rules.view(cloud, r, request.api_version))
    for resource in found:
        rules.read(cloud, resource)
    return answer


def paged(cloud: Cloud, request: Request, found: list[Any], show: Callable[[Any], Any]) -> Answer:
    """Return one page of a list; `$top` and `$skipToken` choose which."""
    query = {k.lower(): v for k, v in request.query.items()}
    try:
        start, size = int(query.get("$skiptoken", "0")), int(query.get("$top", cloud.settings.page_size))
    except ValueError as error:
        raise ArmError(400, "InvalidQueryParameter", "$top and $skipToken are numbers.") from error
    size = max(1, min(size, cloud.settings.page_size))
    page = found[start : start + size]
    more = start + size if start + size < len(found) else None
    return Answer(200, {"value": [show(item) for item in page]}, more=more)


def tracked(cloud: Cloud, request: Request) -> Answer:
    """Return the tracked resources of a subscription or group: those with a location [ARM-LIST]."""
    wanted = request.query.get("$filter", "")
    found = [
        r
        for r in cloud.store.below(request.id.scope)
        if cloud.type_of(r).kind and r.type != GROUPS and _matches(r, wanted)
    ]
    return paged(cloud, request, found, _summary)


def _summary(resource: Resource) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": resource.id, "name": resource.name, "type": resource.type}
    for member in ("location", "tags", "sku", "identity", "kind"):
        if resource.body.get(member):
            shown[member] = resource.body[member]
    return shown


def _matches(resource: Resource, wanted: str) -> bool:
    """Tell whether a resource satisfies a filter: clauses joined by `and` [ARM-LIST]."""
    if not wanted:
        return True
    clauses = _CLAUSE.findall(wanted)
    # What remains of the filter outside its clauses is a form that ARM does not support.
    left = re.sub(r"\band\b|[\s()]", "", _CLAUSE.sub("", wanted), flags=re.IGNORECASE)
    if not clauses or left:
        raise ArmError(400, "InvalidFilterInQueryString", f"Invalid $filter '{wanted}' specified in the query string.")
    tags = {k.lower(): str(v) for k, v in (resource.body.get("tags") or {}).items()}
    values = {
        "resourcetype": resource.type,
        "name": resource.name,
        "location": resource.location,
        "resourcegroup": (resource.id.split("/") + [""] * 5)[4],
    }
    tag = ""
    for field, operator, raw in clauses:
        text, word = raw.replace("''", "'").lower(), field.lower()
        if word == "tagname":
            tag, hit = text, text in tags
        elif word == "tagvalue":
            hit = tags.get(tag, "").lower() == text
        elif word in values:
            hit = values[word].lower() == text
        else:
            raise ArmError(400, "InvalidFilterInQueryString", f"Invalid $filter '{wanted}': '{field}' is not known.")
        if hit is (operator.lower() == "ne"):
            return False
    return True
