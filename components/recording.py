"""Runs a program without an engine and returns the resources that it registered, as plain data."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pulumi
from google.protobuf import empty_pb2
from pulumi.output import UNKNOWN, Unknown
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.stack import run_in_stack

Answer = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Outputs of a resource beside its inputs, or the result of an invoke; a function receives the inputs."""

STACK_TYPE = "pulumi:pulumi:Stack"


class NothingRegisteredError(AssertionError):
    """The program under test registered no resource, so every assertion would be vacuous."""


@dataclass(frozen=True)
class Registered:
    """One resource as the program registered it.

    Attributes:
        type: type token.
        name: logical name.
        parent: URN of the parent.
        inputs: plain inputs; an unknown value is `pulumi.output.UNKNOWN`.
        custom: whether it is a custom resource, as opposed to a component. depends_on: URNs of its dependencies.
        aliases: the type tokens, names or URNs it is also known by.
        ignore_changes: properties whose change is ignored.
        replace_on_changes: properties whose change replaces the resource, in addition to its provider's.
        replace_with: URNs of the resources whose replacement replaces it.
        protect: whether it is protected from deletion.
        package: whether it belongs to a parameterized package.
        provider: URN of its explicit provider; empty for the default one.
        made_from: URNs of the resources that a property depends on, by property.
        secret_outputs: outputs that are secret in addition to those of its provider.
    """

    type: str
    name: str
    parent: str
    inputs: Mapping[str, Any]
    custom: bool
    depends_on: frozenset[str]
    aliases: tuple[str, ...]
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    replace_with: tuple[str, ...]
    protect: bool
    package: bool
    provider: str = ""
    made_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    secret_outputs: tuple[str, ...] = ()


@dataclass
class Recording:
    """The resources of a program, in the order of URNs, with the outputs of the program and its components."""

    resources: dict[str, Registered] = field(default_factory=dict)
    outputs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    invokes: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    result: Any = None

    def __iter__(self) -> Iterator[Registered]:
        return iter(self.resources.values())

    def of_type(self, token: str) -> list[Registered]:
        """Return the resources of a type, in order; a token may be given without its package."""
        return [found for found in self if found.type == token or found.type.endswith(f":{token}")]

    def one(self, token: str) -> Registered:
        """Return the only resource of a type.

        Raises:
            AssertionError: there is none, or more than one.
        """
        found = self.of_type(token)
        if len(found) != 1:
            known = sorted({registered.type for registered in self})
            raise AssertionError(f"{len(found)} resources of type {token}; registered types: {known}")
        return found[0]

    def named(self, name: str) -> Registered:
        """Return the resource with that logical name.

        Raises:
            AssertionError: there is none.
        """
        found = [registered for registered in self if registered.name == name]
        if not found:
            raise AssertionError(f"no resource named {name}; there are: {sorted(r.name for r in self)}")
        return found[0]

    def urn_of(self, registered: Registered) -> str:
        """Return a recorded resource's URN."""
        return next(urn for urn, found in self.resources.items() if found is registered)

    @property
    def exports(self) -> Mapping[str, Any]:
        """What the program exported."""
        return next((out for urn, out in self.outputs.items() if f"::{STACK_TYPE}::" in urn), {})

    def component_outputs(self, name: str) -> Mapping[str, Any]:
        """Return the outputs of the component with that logical name."""
        return self.outputs[self.urn_of(self.named(name))]


SESSION: Mapping[str, Mapping[str, Any]] = {
    "azure-native:authorization:getClientConfig": {
        "clientId": "00000000-0000-0000-0000-0000000000c1",
        "objectId": "00000000-0000-0000-0000-0000000000b1",
        "subscriptionId": "00000000-0000-0000-0000-000000000001",
        "tenantId": "00000000-0000-0000-0000-0000000000aa",
    }
}
"""Default results of invokes: the client configuration."""


class _Mocks(mocks.Mocks):
    """Answers registrations with their inputs and the test's answers."""

    def __init__(self, answers: Mapping[str, Answer], recording: Recording, *, preview: bool) -> None:
        self._answers, self._recording, self._preview = answers, recording, preview

    def _answer(self, token: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        short = token.rsplit(":", 1)[-1]
        answer = self._answers.get(token, self._answers.get(short, {}))
        return answer(inputs) if callable(answer) else answer

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if self._preview or not args.custom:
            # A component has no answers; in a preview, outputs that are not inputs stay unknown, and so does an empty
            # id.
            return "", {**args.inputs, **identified(args.inputs)}
        state = {**args.inputs, **identified(args.inputs), **self._answer(args.typ, args.inputs)}
        return str(state.pop("id", f"{args.name}-id")), state

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        self._recording.invokes.append((args.token, args.args))
        return {**SESSION.get(args.token, {}), **self._answer(args.token, args.args)}, []


def identified(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The identity block as Azure answers it: a map by id where the program gives a list of ids."""
    identity = inputs.get("identity")
    ids = identity.get("userAssignedIdentities") if isinstance(identity, Mapping) else None
    if not isinstance(identity, Mapping) or not isinstance(ids, list):
        return {}
    # An unknown id cannot be a key, so the whole map is unknown.
    known = {each: {} for each in ids if isinstance(each, str)}
    return {"identity": {**identity, "userAssignedIdentities": known}}


class _Monitor(mocks.MockMonitor):
    """Records the options of a registration."""

    def __init__(self, answering: mocks.Mocks, recording: Recording) -> None:
        super().__init__(answering)
        self._recording = recording

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the engine's own method name
        response = super().RegisterResource(request)
        if request.type != STACK_TYPE:
            self._recording.resources[response.urn] = Registered(
                type=request.type,
                name=request.name,
                parent=request.parent,
                inputs=_plain(request.object),
                custom=request.custom,
                depends_on=frozenset(request.dependencies),
                aliases=tuple(alias.urn or alias.spec.type or alias.spec.name for alias in request.aliases),
                ignore_changes=tuple(request.ignoreChanges),
                replace_on_changes=tuple(request.replaceOnChanges),
                replace_with=tuple(request.replace_with),
                protect=request.protect,
                package=bool(request.packageRef),
                provider=request.provider.rpartition("::")[0],
                made_from={key: tuple(each.urns) for key, each in request.propertyDependencies.items()},
                secret_outputs=tuple(request.additionalSecretOutputs),
            )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the engine's own method name
        self._recording.outputs[request.urn] = _plain(request.outputs)
        return empty_pb2.Empty()


def _registered(hook: pulumi.ResourceHook) -> asyncio.Future[None]:
    """Answer the registration of a hook."""
    del hook
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done


def _plain(properties: Any) -> dict[str, Any]:
    """Return properties as plain data, with `UNKNOWN` for every unknown value."""

    def one(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: one(item) for key, item in value.items()}
        if isinstance(value, list):
            return [one(item) for item in value]
        return UNKNOWN if isinstance(value, Unknown) else value

    return one(rpc.deserialize_properties(properties, keep_unknowns=True))


def run_recorded(
    program: Callable[[], Any],
    *,
    answers: Mapping[str, Answer] | None = None,
    config: Mapping[str, str] | None = None,
    project: str = "moorings",
    stack: str = "test",
    preview: bool = False,
    mocked: mocks.Mocks | None = None,
) -> Recording:
    """Run a program to its end without an engine and return the resources that it registered.

    Args:
        program: registers resources; its result is kept.
        answers: by type token or its last part: outputs of a resource beside its inputs, or the result of an invoke.
        config: the stack's configuration, keys with their namespace.
        project: project name.
        stack: stack name.
        preview: whether the run is a dry run, in which ids and computed outputs are unknown.
        mocked: what answers registrations and invokes; by default inputs and `answers`.

    Raises:
        NothingRegisteredError: the program registered nothing.
    """
    recording = Recording()

    def body() -> None:
        recording.result = program()

    async def run() -> None:
        # The failure is raised below; futures that are not awaited would report it again, during another test.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        # A failed run leaves outputs of its closed event loop behind.
        settings.reset_options()
        # Not set_mocks: it makes a stack of its own, whose empty outputs may arrive after the program's.
        settings.configure(
            mocks.MockSettings(
                monitor=_Monitor(mocked or _Mocks(answers or {}, recording, preview=preview), recording),
                engine=mocks.MockEngine(None),
                project=project,
                stack=stack,
                dry_run=preview,
                organization=None,
            )
        )
        pulumi.runtime.set_all_config(dict(config or {}))
        # Only an engine calls hooks and accepts their registration.
        with patch.object(pulumi.resource_hooks, "register_resource_hook", _registered):
            await run_in_stack(body)

    asyncio.run(run())
    recording.resources = dict(sorted(recording.resources.items()))
    if not recording.resources:
        raise NothingRegisteredError("the program registered no resource, so there is nothing to assert")
    return recording
