"""Resource groups: names, tags, a fixed location, and a delete that takes everything inside with it."""

from __future__ import annotations

import re
import uuid
from typing import ClassVar

from typing_extensions import override

from local_azure.errors import ArmError
from local_azure.operations import SYNC_CREATED, SYNC_OK, Lifecycle, Polls, Style, Transition
from local_azure.resource_id import GROUPS, ResourceId
from local_azure.services import lists, registry_outages
from local_azure.services.cloud import Cloud, Request, ResourceType
from local_azure.store import Resource

_NAME = re.compile(r"^[-\w._()]{1,90}$")


class ResourceGroups(ResourceType):
    """Microsoft.Resources/resourceGroups."""

    name = GROUPS
    kept = ("location", "tags", "managedBy")
    lifecycle = Lifecycle(
        SYNC_CREATED, SYNC_OK, Transition(Style.RESULT, 202, "Deleting", 30.0, retry_after=15, empty=True)
    )
    """Group delete: 202 with Location, then 200 [REC-AZ]."""
    polls = Polls("{subscription}/operationresults/{guid}", "{subscription}/operationresults/{guid}")
    scoped: ClassVar = {("GET", "resources"): lists.tracked}

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Keep location, tags and managedBy; refuse a name that ARM does not take [ARM-NAMES]."""
        name = request.id.name
        if not _NAME.match(name) or name.endswith("."):
            message = (
                f"The provided resource group name '{name}' has these invalid characters or a length over 90: it may "
                "hold letters, digits, '-', '_', '(', ')' and '.', and must not end with '.'."
            )
            raise ArmError(400, "InvalidResourceGroup", message)
        return self.result(request, existing, {})

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> ArmError | None:
        """Delete what is inside in any order that works; what cannot go keeps the group [ARM-RGDEL]."""
        left = _empty(cloud, resource.id)
        if left:
            identifiers = ",".join(each.id.rpartition("/providers/")[2] for each in left)
            message = (
                f"Deletion of resource group '{resource.name}' failed as resources with identifiers "
                f"'{identifiers}' could not be deleted. The provisioning state of the resource group "
                f"will be rolled back. The tracking Id is '{uuid.uuid4()}'. Please check audit logs for more details."
            )
            return ArmError(409, "ResourceGroupDeletionBlocked", message)
        cloud.drop(resource)
        return None


def _empty(cloud: Cloud, scope: str) -> list[Resource]:
    """Delete all resources below a group; return those that others outside hold on to."""
    while True:
        inside = cloud.store.below(scope)
        gone = False
        for resource in reversed(inside):
            if not cloud.store.exists(resource.id):
                continue
            rules = cloud.type_of(resource)
            if "DELETE" not in rules.methods:
                continue
            try:
                registry_outages.refuse(cloud, "DELETE", ResourceId.parse(resource.id), None)
                rules.refuse_delete(cloud, resource)
            except ArmError:
                continue
            gone = rules.remove(cloud, resource) is None or gone
        if not gone:
            return cloud.store.below(scope)
