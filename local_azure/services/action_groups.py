"""Action groups: who is notified when an alert fires."""

from __future__ import annotations

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.alerts import ACTION_GROUPS
from local_azure.operations import SYNC
from local_azure.services.cloud import Cloud, Json, Request, ResourceType
from local_azure.services.identities import assigned
from local_azure.store import Resource

_RECEIVERS = (
    "armRoleReceivers",
    "automationRunbookReceivers",
    "azureAppPushReceivers",
    "azureFunctionReceivers",
    "emailReceivers",
    "eventHubReceivers",
    "itsmReceivers",
    "logicAppReceivers",
    "smsReceivers",
    "voiceReceivers",
    "webhookReceivers",
)
_CONFIRMED = ("emailReceivers", "smsReceivers")
"""Receivers that show a status: somebody can unsubscribe [MON-ACTION]."""

_LONGEST_SHORT_NAME = 12


class ActionGroups(ResourceType):
    """Microsoft.Insights/actionGroups."""

    name = ACTION_GROUPS
    kind = "anywhere"
    provisioning = False
    pattern = r"[^:<>+/&%\\?|]{1,260}"
    patched = frozenset({"tags", "properties", "identity"})
    lifecycle = SYNC

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the short name and the receivers, and show their status [MON-ACTION]."""
        sent = request.stated
        short = sent["groupShortName"]
        if len(short) > _LONGEST_SHORT_NAME:
            message = (
                f"The action group short name '{short}' is too long. Please specify a short name with "
                f"'{_LONGEST_SHORT_NAME}' or less characters"
            )
            raise bad_request("GroupShortNameIsTooLong", message)
        receivers = {kind: sent.get(kind) or [] for kind in _RECEIVERS}
        for kind, each in receivers.items():
            _names(kind, each)
        for webhook in receivers["webhookReceivers"]:
            _uri(webhook)
        for kind in _CONFIRMED:
            receivers[kind] = [{**receiver, "status": "Enabled"} for receiver in receivers[kind]]
        properties = {**sent, **receivers}
        return self.result(request, existing, properties, **assigned(cloud, request.id, request.body.get("identity")))


def _names(kind: str, receivers: list[Json]) -> None:
    """Raise ArmError for a receiver without a name, or for two of one name."""
    word = f"{kind[0].upper()}{kind[1:-1]}"
    names = [str(receiver.get("name") or "") for receiver in receivers]
    if "" in names:
        raise bad_request(f"{word}NameIsNullOrEmpty", f"{word}NameIsNullOrEmpty")
    if len({name.lower() for name in names}) < len(names):
        raise bad_request(f"{word}NameIsNotUnique", f"The names of {kind} must be unique (code chosen).")


def _uri(webhook: Json) -> None:
    """Raise ArmError for an address of another scheme; the message does not repeat it, since it may hold a key.

    A text without a scheme is taken, since rehearsals have no secrets (chosen).
    """
    scheme, separator, _ = str(webhook.get("serviceUri") or "").partition("://")
    if separator and scheme.lower() not in {"http", "https"}:
        message = f"The service URI of webhook receiver '{webhook['name']}' is not valid (code chosen)."
        raise bad_request("WebhookReceiverServiceUriIsInvalid", message)


TYPES = (ActionGroups(),)
