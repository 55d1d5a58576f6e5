"""Which types the ARM endpoint serves, so that a preview refuses what an update could not make [LOCAL-SERVED]."""

from __future__ import annotations

from enum import Enum
from typing import Final

from local_azure.arm_types_catalogue import SdkType
from local_azure.generic import SHAPE_ONLY
from local_azure.plugin.arm_client import ArmClient, ArmRequestError, UnreachableError
from local_azure.plugin.sessions import Session

_VERSION: Final = "2021-04-01"
_NAMESPACE_UNKNOWN: Final = "InvalidResourceNamespace"


class Serving(Enum):
    """How an endpoint serves a type."""

    RULES = "rules"
    SHAPE_ONLY = "shape"
    NO = "no"


class Served:
    """The types of one endpoint, asked for once a resource provider."""

    def __init__(self, client: ArmClient) -> None:
        self._client = client
        self._known: dict[str, dict[str, Serving]] = {}

    def of(self, type_name: str, session: Session) -> Serving:
        """How a type is served; an endpoint that does not describe its providers is taken to serve everything."""
        namespace, _, kind = type_name.lower().partition("/")
        if not kind:
            return Serving.RULES
        if namespace not in self._known:
            found = self._ask(namespace, session)
            if found is None:
                return Serving.RULES
            self._known[namespace] = found
        return self._known[namespace].get(kind, Serving.NO)

    def _ask(self, namespace: str, session: Session) -> dict[str, Serving] | None:
        path = f"/subscriptions/{session.subscription}/providers/{namespace}"
        try:
            answer = self._client.get(path, _VERSION, session.waits.begin())
        except ArmRequestError as error:
            return {} if error.code == _NAMESPACE_UNKNOWN else None
        except UnreachableError:
            return None
        types = answer.get("resourceTypes")
        if not isinstance(types, list):
            return None
        return {
            str(each["resourceType"]).lower(): Serving.SHAPE_ONLY
            if each.get("capabilities") == SHAPE_ONLY
            else Serving.RULES
            for each in types
        }


def refusal(sdk: SdkType) -> str:
    """What is said of a resource whose type is not served, and what to do."""
    return (
        f"{sdk.arm.name} is not served by this local Azure, which has no rules for it. `python -m local_azure serve --generic` "
        "serves such types by their shape alone, and `make foreign DIR=…` runs programs on it"
    )
