"""The engine's resource provider protocol, each call of it one method.

One server may be attached by the default provider and by parameterized providers at once: the type token of each call
says which ARM type and API version is meant. Method names are the protocol's.
"""

# ruff: noqa: N802 - the protocol names the methods

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NoReturn

import grpc
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local_azure import arm_generic
from local_azure.arm_types import lookup, lookup_token
from local_azure.arm_types_catalogue import SdkType
from local_azure.generic import no_rules
from local_azure.plugin import check, data_plane, generic, invoke, translate
from local_azure.plugin.arm_client import ArmClient, ArmRequestError, ExistenceError, UnreachableError
from local_azure.plugin.diff import difference
from local_azure.plugin.lifecycle import AlreadyExistsError, ChildrenError, Lifecycle, PartialError
from local_azure.plugin.parameterize import BASE, package_of_arguments, package_of_value
from local_azure.plugin.rpc_errors import partial_status, plain_status
from local_azure.plugin.schema import schema_text
from local_azure.plugin.served import Served, Serving, refusal
from local_azure.plugin.sessions import Session, Sessions
from local_azure.plugin.values import from_struct, reveal, secret_texts, to_struct
from local_azure.plugin.waits import OperationCancelledError, OperationTimeoutError

VERSION: Final = "3.29.0"
"""The azure-native version whose behaviour and types the bridge speaks."""
_EXPECTED = (
    AlreadyExistsError,
    ArmRequestError,
    ChildrenError,
    ExistenceError,
    invoke.InvokeError,
    OperationCancelledError,
    OperationTimeoutError,
    UnreachableError,
    ValueError,
)


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The resource provider over one ARM endpoint; `scale` multiplies every wait."""

    def __init__(self, client: ArmClient, scale: float) -> None:
        self._client = client
        self._sessions = Sessions(scale)
        self._served = Served(client)
        self._packages: dict[str, str] = {}

    def stop_waiting(self) -> None:
        """End every wait, so that running operations fail at once and the process can leave."""
        self._sessions.cancel_all()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ProviderHandshakeResponse:
        """Answer the engine's greeting with what the bridge accepts."""
        self._sessions.attach(context.peer(), request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Take note of the engine's address, which takes warnings."""
        self._sessions.attach(context.peer(), request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Tell the version."""
        del request, context
        return plugin_pb2.PluginInfo(version=VERSION)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """End the waits of the caller's running operations."""
        del request
        self._sessions.of(context.peer()).waits.cancel()
        return empty_pb2.Empty()

    def Parameterize(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ParameterizeResponse:
        """Accept a module at an API version and name its package."""
        try:
            if request.WhichOneof("parameters") == "args":
                package = package_of_arguments(request.args.args)
            else:
                package = package_of_value(request.value.value)
        except ValueError as error:
            _refuse(context, error)
        self._packages[context.peer()] = package
        return provider_pb2.ParameterizeResponse(name=package, version=VERSION)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.GetSchemaResponse:
        """Give the schema of the package that is named, or of what the connection was parameterized with."""
        package = request.subpackage_name or self._packages.get(context.peer(), BASE)
        try:
            text = schema_text(package, VERSION)
        except ValueError as error:
            _refuse(context, error)
        return provider_pb2.GetSchemaResponse(schema=text)

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Accept any provider configuration."""
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """A change of provider configuration never replaces resources."""
        del request, context
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ConfigureResponse:
        """Take over subscription, tenant and default location for this connection."""
        settings = {key.rsplit(":", 1)[-1]: value for key, value in request.variables.items()}
        settings |= reveal(from_struct(request.args))
        self._sessions.configure(context.peer(), settings)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptOutputs=False, supports_autonaming_configuration=True
        )

    def Check(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Fill in name, location and API version, and refuse inputs that the type does not have."""
        session, sdk = self._of(context), self._type(request, context, request.news)
        inputs, olds = from_struct(request.news), reveal(from_struct(request.olds))
        logical = request.name or request.urn.rsplit("::", 1)[-1]
        naming = check.Naming.of(request.autonaming) if request.HasField("autonaming") else None
        inputs = check.with_name(sdk, inputs, olds, logical, request.randomSeed, naming)

        def location_of_group(group: str) -> str | None:
            return self._location_of_group(session, group)

        inputs = check.with_location(sdk, inputs, olds, session.location, location_of_group)
        inputs = check.with_api_version(sdk, inputs)
        reasons = [*self._unserved(session, sdk, request.urn), *check.failures(sdk, inputs)]
        found = [provider_pb2.CheckFailure(reason=reason) for reason in reasons]
        return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=found)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """Compare new inputs with old ones and say what replaces."""
        sdk = self._type(request, context, request.news)
        found = difference(sdk, from_struct(request.old_inputs), from_struct(request.news), from_struct(request.olds))
        kinds = provider_pb2.PropertyDiff.Kind
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some if found.changes else none,
            replaces=sorted(found.replaces),
            deleteBeforeReplace=found.delete_first,
            diffs=sorted(set(found.changes)),
            hasDetailedDiff=bool(found.detailed),
            detailedDiff={
                path: provider_pb2.PropertyDiff(kind=kinds.Value(kind), inputDiff=path in found.inputs)
                for path, kind in found.detailed.items()
            },
        )

    def Create(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        """Create a resource, or promise its outputs during preview."""
        sdk, inputs = self._type(request, context, request.properties), from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(translate.preview_outputs(sdk, inputs)))
        session = self._of(context)
        try:
            live = self._life(session, sdk, request.urn).create(inputs, session.waits.begin(request.timeout))
        except PartialError as error:
            _abort_partial(context, error, request.properties, inputs)
        except _EXPECTED as error:
            _refuse(context, error, inputs)
        return provider_pb2.CreateResponse(id=live.arm_id, properties=to_struct(live.outputs))

    def Update(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        """Update a resource, or promise its outputs during preview: name and location cannot change."""
        sdk, inputs = self._type(request, context, request.news), from_struct(request.news)
        if request.preview:
            olds = from_struct(request.olds)
            stable = {name: olds[name] for name in ("name", "location") if name in olds}
            outputs = {**translate.preview_outputs(sdk, inputs), **stable}
            return provider_pb2.UpdateResponse(properties=to_struct(outputs))
        session, old_inputs, olds = self._of(context), from_struct(request.old_inputs), from_struct(request.olds)
        budget = session.waits.begin(request.timeout)
        try:
            live = self._life(session, sdk, request.urn).update(inputs, old_inputs, olds, budget)
        except PartialError as error:
            _abort_partial(context, error, request.news, inputs)
        except _EXPECTED as error:
            _refuse(context, error, inputs)
        return provider_pb2.UpdateResponse(properties=to_struct(live.outputs))

    def Read(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        """Read a resource for refresh or import; an empty id says that it is gone."""
        session, inputs = self._of(context), from_struct(request.inputs)
        try:
            sdk = self._type(request, context, request.inputs, request.id)
            life = self._life(session, sdk, request.urn)
            budget = session.waits.begin(request.timeout)
            live = life.read(request.id, from_struct(request.properties), inputs, budget)
        except _EXPECTED as error:
            _refuse(context, error, inputs)
        if live is None:
            return provider_pb2.ReadResponse(id="")
        return provider_pb2.ReadResponse(
            id=live.arm_id, properties=to_struct(live.outputs), inputs=to_struct(live.inputs)
        )

    def Delete(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Delete a resource."""
        session = self._of(context)
        sdk = self._type(request, context, request.old_inputs, request.id)
        try:
            self._life(session, sdk, request.urn).delete(request.id, session.waits.begin(request.timeout))
        except _EXPECTED as error:
            _refuse(context, error, from_struct(request.old_inputs))
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        """Answer a function."""
        arguments = from_struct(request.args)
        try:
            answer = invoke.call(self._client, self._of(context), request.tok, arguments)
        except _EXPECTED as error:
            _refuse(context, error, arguments)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(to_struct(answer))
        return response

    def _of(self, context: grpc.ServicerContext) -> Session:
        return self._sessions.of(context.peer())

    def _life(self, session: Session, sdk: SdkType, urn: str) -> Lifecycle:
        return Lifecycle(self._client, sdk, session.subscription, lambda text: session.warn(urn, text))

    def _type(self, request: Any, context: grpc.ServicerContext, inputs: Struct, arm_id: str = "") -> SdkType:
        token = request.type or request.urn.split("::")[2].rsplit("$", 1)[-1]
        if token == arm_generic.TOKEN:
            return generic.bound(from_struct(inputs), arm_id)
        selector = inputs.fields["recordType"].string_value if "recordType" in inputs.fields else ""
        if not selector and arm_id:
            segments = arm_id.split("/")
            selector = segments[-2] if len(segments) > 1 else ""
        # A state may hold the tokens of SDK v2 that name an API version, such as azure-native:network/v20230401:Subnet.
        # The provider has none of them since v3 [AN-TOKENS].
        sdk = None if "/" in token else data_plane.TYPES.get(token) or lookup_token(token, selector)
        if sdk is None:
            _refuse(context, ValueError(f"Resource type {token} not found"))
        return sdk

    def _unserved(self, session: Session, sdk: SdkType, urn: str) -> Iterator[str]:
        """Why the type of a resource cannot be had here; warn once where it is served by its shape alone."""
        serving = self._served.of(sdk.arm.name, session) if sdk.in_arm else Serving.RULES
        if serving is Serving.NO:
            yield refusal(sdk)
        elif serving is Serving.SHAPE_ONLY and sdk.arm.name not in session.warned:
            session.warned.add(sdk.arm.name)
            session.warn(urn, no_rules(sdk.arm.name))

    def _location_of_group(self, session: Session, group: str) -> str | None:
        arm = lookup("Microsoft.Resources/resourceGroups")
        if arm is None:
            return None
        try:
            found = self._client.get(
                f"/subscriptions/{session.subscription}/resourceGroups/{group}", arm.sdk_version, session.waits.begin()
            )
        except (ArmRequestError, UnreachableError):
            return None
        location = found.get("location")
        return location if isinstance(location, str) else None


def _refuse(context: grpc.ServicerContext, error: Exception, inputs: Any = None) -> NoReturn:
    context.abort_with_status(plain_status(error, secret_texts(inputs)))
    raise AssertionError("abort_with_status returned")


def _abort_partial(context: grpc.ServicerContext, error: PartialError, request_inputs: Struct, inputs: Any) -> NoReturn:
    status = partial_status(error, error.arm_id, error.outputs, request_inputs, secret_texts(inputs))
    context.abort_with_status(status)
    raise AssertionError("abort_with_status returned")
