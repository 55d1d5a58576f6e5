"""A resource's life over ARM, as azure-native lives it: create, read, update, delete [AN-LIFECYCLE].

Everything here takes and gives plain Python values; the engine's protocol is `server`'s matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from local_azure.arm_facts import FACTS
from local_azure.arm_types_catalogue import SdkType
from local_azure.plugin import translate
from local_azure.plugin.arm_client import ArmClient, ArmRequestError, UnreachableError
from local_azure.plugin.diff import apply_drift
from local_azure.plugin.values import keep_secret, reveal
from local_azure.plugin.waits import Budget, OperationCancelledError, OperationTimeoutError

Json = dict[str, Any]
_ENDINGS = (ArmRequestError, UnreachableError, OperationCancelledError, OperationTimeoutError)
_NOT_READ = (
    "Failed to read resource after {}. Please report this issue.\nVerbose logs contain more information, see "
    "https://www.pulumi.com/docs/support/troubleshooting/#verbose-logging."
)


class AlreadyExistsError(Exception):
    """A create met a resource of that id."""


class ChildrenError(Exception):
    """An update could not read the children that it has to keep [SDK-CHILDREN]."""


class PartialError(Exception):
    """ARM accepted the request and the operation did not succeed: the resource may exist, in the state given."""

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

    def __init__(self, client: ArmClient, sdk: SdkType, subscription: str, warn: Callable[[str], None]) -> None:
        """Take what warns the user: it gets each warning that azure-native would show."""
        self._client = client
        self._sdk = sdk
        self._subscription = subscription
        self._warn = warn

    def create(self, inputs: Json, budget: Budget) -> Live:
        """Create a resource that must not exist yet, or take over a singleton; inputs may hold secrets.

        Raises AlreadyExistsError, ExistenceError, ArmRequestError (nothing was made) or PartialError (something may
        have been).
        """
        plain = reveal(inputs)
        arm_id = translate.resource_id(self._sdk, plain, self._subscription)
        body = translate.to_body(self._sdk, plain, arm_id)
        if self._sdk.in_arm and not self._is_singleton and self._client.exists(arm_id, self._sdk.version, budget):
            raise AlreadyExistsError(f"cannot create already existing resource '{arm_id}'")
        for path in self._sdk.arm.maintained:
            _set_default(body, path, [])
        return self._write("Create", arm_id, body, inputs, budget)

    def update(self, inputs: Json, old_inputs: Json, old_outputs: Json, budget: Budget) -> Live:
        """Write all inputs again; children left unset are read and sent along, removed properties go back to defaults.

        Raises ChildrenError, ArmRequestError or PartialError.
        """
        reset = {
            name: value
            for name, value in self._defaults.items()
            if inputs.get(name) is None and old_outputs.get(name) is not None
        }
        inputs = {**inputs, **reset}
        plain = reveal(inputs)
        arm_id = translate.resource_id(self._sdk, plain, self._subscription)
        body = translate.to_body(self._sdk, plain, arm_id, reveal(old_inputs))
        self._keep_children(arm_id, body, budget)
        return self._write("Update", arm_id, body, inputs, budget)

    def read(self, arm_id: str, old_outputs: Json, old_inputs: Json, budget: Budget) -> Live | None:
        """Read a resource for refresh, or for import when there are no old inputs; None when it is gone [AN-GONE]."""
        try:
            response = self._get(arm_id, budget)
        except ArmRequestError as error:
            if error.gone:
                return None
            raise
        outputs = translate.to_outputs(self._sdk, response)
        if not old_inputs:
            return Live(arm_id, outputs, translate.imported_inputs(self._sdk, arm_id, outputs))
        return Live(arm_id, keep_secret(old_inputs, outputs), self._drift(old_outputs, outputs, old_inputs))

    def delete(self, arm_id: str, budget: Budget) -> None:
        """Delete a resource and wait until it is gone; a singleton goes back to its default body [AN-SINGLETON]."""
        if self._is_singleton:
            defaults = FACTS.singletons[self._sdk.arm.name]
            body = translate.to_body(self._sdk, defaults, arm_id)
            accepted = self._client.write(arm_id, self._sdk.version, body, {}, budget)
            self._client.finish(arm_id, self._sdk.version, accepted, budget, long_running=self._polls_writes)
            return
        long_running = self._sdk.arm.name not in FACTS.synchronous_delete
        query = FACTS.delete_query.get(self._sdk.arm.name, {})
        self._client.delete(arm_id, self._sdk.version, query, budget, long_running=long_running)

    def look_up(self, arguments: Json, budget: Budget) -> Json:
        """The outputs of an existing resource, with its id: what a `get…` function answers."""
        arm_id = translate.resource_id(self._sdk, reveal(arguments), self._subscription)
        response = self._client.get(arm_id, self._sdk.version, budget)
        return {**translate.to_outputs(self._sdk, response), "id": str(response.get("id") or arm_id)}

    @property
    def _is_singleton(self) -> bool:
        return self._sdk.arm.name in FACTS.singletons

    @property
    def _defaults(self) -> Mapping[str, Any]:
        return FACTS.defaults.get(self._sdk.arm.name, {})

    @property
    def _polls_writes(self) -> bool:
        return self._sdk.arm.name not in FACTS.synchronous_put

    def _get(self, arm_id: str, budget: Budget) -> Json:
        """Read a resource, with what azure-native reads from elsewhere for some types [AN-READ-PART]."""
        response = self._client.get(arm_id, self._sdk.version, budget)
        for path, (place, member) in FACTS.read_parts.get(self._sdk.arm.name, {}).items():
            part = self._client.get(f"{arm_id}/{path}", self._sdk.version, budget)
            response.setdefault(place, {})[member] = part.get(place)
        return response

    def _write(self, operation: str, arm_id: str, body: Json, inputs: Json, budget: Budget) -> Live:
        """Send a body, wait for its end, and read the resource, because writes and reads differ in shape [AN-READ]."""
        query = {name: str(reveal(inputs[name])) for name in translate.query_inputs(self._sdk) if name in inputs}
        accepted = self._client.write(arm_id, self._sdk.version, body, query, budget)
        try:
            ended, read = self._client.finish(
                arm_id, self._sdk.version, accepted, budget, long_running=self._polls_writes
            )
        except _ENDINGS as error:
            raise self._ending(arm_id, inputs, error, budget) from error
        arm_id = str(ended.get("id") or arm_id)
        response = ended
        if not read or self._sdk.arm.name in FACTS.read_parts:
            try:
                response = self._get(arm_id, budget)
            except _ENDINGS:
                self._warn(_NOT_READ.format(operation))
        return Live(arm_id, keep_secret(inputs, translate.to_outputs(self._sdk, response)), inputs)

    def _ending(self, arm_id: str, inputs: Json, error: Exception, budget: Budget) -> Exception:
        """What a failure after the request was accepted comes to: the failure itself when nothing is there [AN-PARTIAL].

        Once time has run out, or the update is cancelled, azure-native cannot read either: the resource is kept by its id.
        """
        if isinstance(error, OperationTimeoutError):
            return PartialError(arm_id, {}, str(error))
        if isinstance(error, OperationCancelledError):
            return PartialError(arm_id, {}, f"resource created but read failed {error}: {error}")
        try:
            response = self._client.get(arm_id, self._sdk.version, budget)
        except _ENDINGS as missing:
            if isinstance(missing, ArmRequestError) and missing.gone:
                return error
            return PartialError(arm_id, {}, f"resource created but read failed {missing}: {error}")
        outputs = keep_secret(inputs, translate.to_outputs(self._sdk, response))
        return PartialError(arm_id, outputs, str(error))

    def _keep_children(self, arm_id: str, body: Json, budget: Budget) -> None:
        missing = [path for path in self._sdk.arm.maintained if _find(body, path) is None]
        if not missing:
            return
        try:
            current = self._client.get(arm_id, self._sdk.version, budget)
        except _ENDINGS as error:
            raise ChildrenError(
                f"failed maintaining unset sub-resource properties: reading cloud state: {error}"
            ) from error
        for path in missing:
            kept = _find(current, path)
            if kept is not None:
                _set_default(body, path, kept)

    def _drift(self, old_outputs: Json, new_outputs: Json, old_inputs: Json) -> Json:
        """The inputs with what changed in Azure since the last update written in."""
        seen = deepcopy(new_outputs)
        stated = reveal(old_inputs)
        for path in translate.maintained_inputs(self._sdk):
            if _find(stated, path) is None:
                (_find(seen, path[:-1]) or {}).pop(path[-1], None)
        known = reveal(old_outputs)
        for name, default in self._defaults.items():
            if name in old_inputs and known.get(name) == default:
                del known[name]
        before = translate.to_inputs(self._sdk, known)
        after = translate.to_inputs(self._sdk, seen)
        return keep_secret(old_inputs, apply_drift(stated, before, after))


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
