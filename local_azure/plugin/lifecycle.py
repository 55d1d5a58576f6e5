"""A resource's life over ARM, as azure-native lives it: create, read, update, delete [AN-LIFECYCLE].

Everything here takes and gives plain Python values; the engine's protocol is `server`'s matter.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_azure import arm_facts
from local_azure.arm_types import split_read_only
from local_azure.plugin import translate
from local_azure.plugin.arm_client import ArmClient, ArmRequestError, UnreachableError
from local_azure.plugin.diff import apply_drift
from local_azure.plugin.values import keep_secret, reveal
from local_azure.plugin.waits import OperationCancelledError, OperationTimeoutError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.arm_types_catalogue import SdkType
    from local_azure.plugin.arm_client import Accepted
    from local_azure.plugin.waits import Budget

Json = dict[str, Any]
_ENDINGS = (ArmRequestError, UnreachableError, OperationCancelledError, OperationTimeoutError)


class AlreadyExistsError(Exception):
    """A create met a resource of that id."""


class PartialError(Exception):
    """ARM took the request and the operation did not end well: the resource may exist, in the state given."""

    def __init__(self, arm_id: str, outputs: Json, reason: str) -> None:
        super().__init__(reason)
        self.arm_id = arm_id
        self.outputs = outputs


@dataclass(frozen=True, slots=True)
class Live:
    """A resource as it is: ARM id and SDK outputs, with the inputs that go with them where they were asked for."""

    arm_id: str
    outputs: Json
    inputs: Json


class Lifecycle:
    """The operations on one type's resources at one ARM endpoint and subscription."""

    def __init__(self, client: ArmClient, sdk: SdkType, subscription: str) -> None:
        self._client = client
        self._sdk = sdk
        self._subscription = subscription

    def create(self, inputs: Json, budget: Budget) -> Live:
        """Create a resource that must not exist yet; inputs may hold secrets.

        Raises AlreadyExistsError, ArmRequestError (nothing was made) or PartialError (something may have been).
        """
        plain = reveal(inputs)
        arm_id = translate.resource_id(self._sdk, plain, self._subscription)
        body = translate.to_body(self._sdk, plain, arm_id)
        if self._client.exists(arm_id, self._sdk.version, budget):
            raise AlreadyExistsError(f"cannot create already existing resource '{arm_id}'")
        for path in self._sdk.arm.maintained:
            _set_default(body, path, [])
        return self._put(arm_id, body, inputs, budget)

    def update(self, inputs: Json, old_inputs: Json, budget: Budget) -> Live:
        """Change a resource by a PUT of all its inputs; child arrays left unset are read back and kept.

        A resource that has vanished, as after a create that failed late, is made again by the same PUT.
        """
        plain = reveal(inputs)
        arm_id = translate.resource_id(self._sdk, plain, self._subscription)
        body = translate.to_body(self._sdk, plain, arm_id, reveal(old_inputs))
        self._keep_children(arm_id, body, budget)
        return self._put(arm_id, body, inputs, budget)

    def read(self, arm_id: str, old_outputs: Json, old_inputs: Json, budget: Budget) -> Live | None:
        """Read a resource for refresh, or for import when there are no old inputs; None when it is gone."""
        try:
            response = self._client.get(arm_id, self._sdk.version, budget)
        except ArmRequestError as error:
            if error.status == 404:
                return None
            raise
        outputs = translate.to_outputs(self._sdk, response)
        if not old_inputs:
            found_at = str(response.get("id") or arm_id)
            inputs = {**translate.to_inputs(self._sdk, outputs), **translate.path_inputs(self._sdk.arm, found_at)}
            return Live(arm_id, outputs, inputs)
        return Live(arm_id, keep_secret(old_inputs, outputs), self._drift(old_outputs, outputs, old_inputs))

    def delete(self, arm_id: str, budget: Budget) -> None:
        """Delete a resource and wait until it is gone."""
        long_running = self._sdk.arm.name not in arm_facts.SYNCHRONOUS_DELETE
        self._client.delete(arm_id, self._sdk.version, budget, long_running=long_running)

    def look_up(self, arguments: Json, budget: Budget) -> Json:
        """The outputs of an existing resource, with its id: what a `get…` function answers."""
        arm_id = translate.resource_id(self._sdk, reveal(arguments), self._subscription)
        response = self._client.get(arm_id, self._sdk.version, budget)
        return {**translate.to_outputs(self._sdk, response), "id": str(response.get("id") or arm_id)}

    def act(self, action: str, arguments: Json, budget: Budget) -> Json:
        """The answer of a POST action, as it is: what a `list…` function answers."""
        arm_id = translate.resource_id(self._sdk, reveal(arguments), self._subscription)
        return self._client.post(f"{arm_id}/{action}", self._sdk.version, budget)

    def _put(self, arm_id: str, body: Json, inputs: Json, budget: Budget) -> Live:
        query = {name: str(reveal(inputs[name])) for name in translate.query_inputs(self._sdk) if name in inputs}
        accepted = self._client.put(arm_id, self._sdk.version, body, query, budget)
        try:
            response = self._finish(arm_id, accepted, budget)
        except _ENDINGS as error:
            raise self._partial(arm_id, inputs, error, budget) from error
        arm_id = str(response.get("id") or arm_id)
        return Live(arm_id, keep_secret(inputs, translate.to_outputs(self._sdk, response)), inputs)

    def _finish(self, arm_id: str, accepted: Accepted, budget: Budget) -> Json:
        """Poll, then read once more, because answers of PUT and GET differ in shape [AN-READ]."""
        long_running = self._sdk.arm.name not in arm_facts.SYNCHRONOUS_PUT
        response = self._client.finish_put(arm_id, self._sdk.version, accepted, budget, long_running=long_running)
        if response is not accepted.body:
            return response
        try:
            return self._client.get(arm_id, self._sdk.version, budget)
        except ArmRequestError:
            return response

    def _partial(self, arm_id: str, inputs: Json, error: Exception, budget: Budget) -> PartialError:
        try:
            response = self._client.get(arm_id, self._sdk.version, budget)
        except _ENDINGS as missing:
            return PartialError(arm_id, {}, f"{error}; resource created but read failed: {missing}")
        outputs = keep_secret(inputs, translate.to_outputs(self._sdk, response))
        return PartialError(str(response.get("id") or arm_id), outputs, str(error))

    def _keep_children(self, arm_id: str, body: Json, budget: Budget) -> None:
        missing = [path for path in self._sdk.arm.maintained if _find(body, path) is None]
        if not missing:
            return
        try:
            current = self._client.get(arm_id, self._sdk.version, budget)
        except ArmRequestError as error:
            if error.status != 404:
                raise
            current = {}
        writable, _ = split_read_only(self._sdk.arm, self._sdk.version, current)
        for path in missing:
            kept = _find(writable, path)
            _set_default(body, path, [] if kept is None else kept)

    def _drift(self, old_outputs: Json, new_outputs: Json, old_inputs: Json) -> Json:
        """The inputs with what changed in Azure since the last update written in."""
        seen = deepcopy(new_outputs)
        for name in translate.maintained_inputs(self._sdk):
            if name not in old_inputs:
                seen.pop(name, None)
        before = translate.to_inputs(self._sdk, reveal(old_outputs))
        after = translate.to_inputs(self._sdk, seen)
        return keep_secret(old_inputs, apply_drift(reveal(old_inputs), before, after))


def _find(body: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = body
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _set_default(body: Json, path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        body = body.setdefault(step, {})
    if body.get(path[-1]) is None:
        body[path[-1]] = value
