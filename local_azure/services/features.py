"""Features of a subscription that have to be registered before they can be used [FEATURES]."""

from __future__ import annotations

from local_azure.refusals import method_not_allowed
from local_azure.resource_id import ResourceId
from local_azure.services.cloud import Answer, Cloud, Request

ENCRYPTION_AT_HOST = "Microsoft.Compute/EncryptionAtHost"
_SCOPE = "/providers/microsoft.features"


def is_feature(address: ResourceId) -> bool:
    """Whether an address is that of one feature: …/providers/Microsoft.Features/providers/NAMESPACE/features/NAME."""
    return address.scope.lower().endswith(_SCOPE) and tuple(word.lower() for word in address.types) == ("features",)


def is_registered(cloud: Cloud, feature: str) -> bool:
    """Whether the subscription has registered a feature, such as `Microsoft.Compute/EncryptionAtHost`."""
    return feature.lower() not in {each.lower() for each in cloud.settings.unregistered_features}


def shown(cloud: Cloud, request: Request) -> Answer:
    """Answer the state of a feature: registered, unless the settings say otherwise (chosen)."""
    if request.method != "GET":
        raise method_not_allowed(request.method, request.id)
    name = f"{request.id.namespace}/{request.id.name}"
    state = "Registered" if is_registered(cloud, name) else "NotRegistered"
    body = {
        "id": str(request.id),
        "name": name,
        "type": "Microsoft.Features/providers/features",
        "properties": {"state": state},
    }
    return Answer(200, body)
