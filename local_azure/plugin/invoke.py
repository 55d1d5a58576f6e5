"""Functions that a program may call: lookups of resources, list actions, and who the client is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure import arm_facts, arm_generic
from local_azure.arm_types import lookup_token
from local_azure.plugin import generic
from local_azure.plugin.lifecycle import Lifecycle
from local_azure.plugin.sessions import DEFAULT_OBJECT

if TYPE_CHECKING:
    from local_azure.arm_types_catalogue import SdkType
    from local_azure.plugin.arm_client import ArmClient
    from local_azure.plugin.sessions import Session

_PARTS = 3


def call(client: ArmClient, session: Session, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Answer a function by its token, such as `azure-native:network:getNetworkInterface`.

    Raises ValueError for a function that is not known, ArmRequestError when ARM refuses.
    """
    parts = token.split(":")
    if len(parts) != _PARTS:
        raise ValueError(f"unknown function '{token}'")
    package, module, name = parts
    if (module, name) == ("authorization", "getClientConfig"):
        return {
            "clientId": session.client,
            "objectId": DEFAULT_OBJECT,
            "subscriptionId": session.subscription,
            "tenantId": session.tenant,
        }
    action = arm_facts.LIST_ACTIONS.get(f"{module}:{name}")
    if action is None and name.startswith("get"):
        sdk = _type(f"{package}:{module}:{name.removeprefix('get')}", token, arguments)
        return Lifecycle(client, sdk, session.subscription).look_up(arguments, session.waits.begin())
    if action is None:
        raise ValueError(f"unknown function '{token}'")
    cls = next(row.cls for row in arm_facts.TYPES if row.name == action[0])
    sdk = _type(f"{package}:{module}:{cls}", token, arguments)
    return Lifecycle(client, sdk, session.subscription).act(action[1], arguments, session.waits.begin())


def _type(token: str, function: str, arguments: dict[str, Any]) -> SdkType:
    if token == arm_generic.TOKEN:
        return generic.bound(arguments)
    sdk = lookup_token(token, str(arguments.get("recordType", "")))
    if sdk is None:
        raise ValueError(f"unknown function '{function}'")
    return sdk
