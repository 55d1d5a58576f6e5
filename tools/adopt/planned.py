"""What the program of a description registers, computed without an engine, with Azure's resources as its answers.

Names, types, parents and inputs are the program's own, so that what is imported cannot differ from what it registers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from pulumi.output import UNKNOWN
from pulumi.runtime import mocks

from components.recording import Registered, identified, run_recorded
from local_azure import arm_generic
from local_azure.arm_types import lookup_token
from local_azure.arm_types_catalogue import SdkType
from local_azure.loading.listings import Listed, Listing
from local_azure.plugin import translate
from local_azure.plugin.generic import bound
from planning.resource_ids import VAULT
from stacks.loader import Stack
from stacks.previous import READ
from tools.engine import project_name
from tools.local_services import ROOT

Json = dict[str, Any]

PROJECT = project_name(ROOT)
"""Name of the project, which is part of every URN."""
CLIENT = "azure-native:authorization:getClientConfig"
PROVIDER = "pulumi:providers:azure-native"
_NOBODY = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Planned:
    """A resource that the program registers.

    Attributes:
        urn: its URN.
        type: type token.
        name: logical name.
        parent: URN of its parent; empty for one without.
        custom: whether it is a resource of Azure, as opposed to a component.
        arm_id: its ARM id; empty for a component, and where the id depends on what is not known.
        inputs: its inputs, by the SDK's names; those that are not known are left out.
        unknown: names of inputs that are not known, wholly or in part.
        ignored: inputs whose changes the program ignores.
        provider: URN of the explicit provider; empty for the default one.
        subscription: GUID of the subscription that it lies in.
        shown: what Azure shows of it; None where it does not exist.
    """

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    arm_id: str
    inputs: Json
    unknown: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    provider: str = ""
    subscription: str = ""
    shown: Listed | None = field(default=None, hash=False)

    @property
    def sdk(self) -> SdkType | None:
        """What the SDK knows of its type."""
        return sdk_type(self.type, self.inputs)


def sdk_type(token: str, inputs: Mapping[str, Any]) -> SdkType | None:
    """Return what the SDK knows of a type; inputs decide where a class stands for several ARM types."""
    if token == arm_generic.TOKEN:
        return bound(inputs)
    selector = inputs.get("recordType")
    return lookup_token(token, selector if isinstance(selector, str) else "")


def plan(stack: Stack, name: str, listing: Listing, subscription: str) -> list[Planned]:
    """Run the program of a description and return what it registers, in an order in which each comes after its parent.

    Args:
        stack: the checked description.
        name: the stack's name.
        listing: what Azure shows.
        subscription: GUID of the stack's own subscription.
    """
    from stacks.program import run  # noqa: PLC0415 - takes the SDK, which a refusal does not need

    answers = _Answers(listing, subscription)
    # No time passes between reads of addresses that nothing will add.
    recording = run_recorded(
        lambda: run(stack, {"MOORINGS_TIME_SCALE": "0"}), project=PROJECT, stack=name, preview=True, mocked=answers
    )
    urns = _urns(recording.resources, name)
    found = [_planned(each, urns, urn, answers, listing) for urn, each in recording.resources.items()]
    return sorted((each for each in found if not each.type.startswith("pulumi:")), key=lambda each: each.urn.count("$"))


def _urns(registered: Mapping[str, Registered], stack: str) -> dict[str, str]:
    """The URN that the engine makes of each recorded resource: with the types of all its parents but the stack [PUL-URN]."""

    def types(urn: str) -> list[str]:
        found = registered.get(urn)
        return [] if found is None else [*types(found.parent), found.type]

    return {
        urn: f"urn:pulumi:{stack}::{PROJECT}::{'$'.join(types(urn))}::{found.name}" for urn, found in registered.items()
    }


def _planned(
    registered: Registered, urns: Mapping[str, str], recorded: str, answers: _Answers, listing: Listing
) -> Planned:
    inputs = {key: value for key, value in registered.inputs.items() if value is not None}
    unknown = frozenset(key for key, value in inputs.items() if _has_unknown(value))
    known = {key: value for key, value in inputs.items() if key not in unknown}
    subscription = answers.subscription_of(registered.provider)
    arm_id = arm_id_of(registered.type, known, subscription) if registered.custom else ""
    return Planned(
        urns[recorded],
        registered.type,
        registered.name,
        urns.get(registered.parent, ""),
        registered.custom,
        arm_id,
        known,
        unknown,
        registered.ignore_changes,
        urns.get(registered.provider, "") if answers.is_explicit(registered.provider) else "",
        subscription,
        listing.get(arm_id) if arm_id else None,
    )


def arm_id_of(token: str, inputs: Mapping[str, Any], subscription: str) -> str:
    """Return the ARM id of a resource from its inputs; empty where they do not tell it."""
    sdk = sdk_type(token, inputs)
    if sdk is None:
        return ""
    try:
        # ARM shows ids without the encoding of URLs, and without an empty parent.
        return unquote(translate.resource_id(sdk, inputs, subscription)).replace("//", "/")
    except ValueError:
        return ""


class _Answers(mocks.Mocks):
    """Answers registrations and lookups with what Azure shows."""

    def __init__(self, listing: Listing, subscription: str) -> None:
        self._listing, self._subscription = listing, subscription
        self._providers: dict[str, str] = {}

    def subscription_of(self, provider: str) -> str:
        """The subscription of an explicit provider, by its URN; the stack's own for the default one."""
        return self._providers.get(provider.rpartition("::")[2], self._subscription)

    def _tenant(self) -> str:
        """The tenant of the subscription, which vaults show; a placeholder where no resource shows it."""
        shown = (each.properties.get("tenantId") for each in self._listing.of_type(VAULT))
        return next((str(each) for each in shown if each), _NOBODY)

    def is_explicit(self, provider: str) -> bool:
        """Whether a URN is that of a provider that the program makes."""
        return provider.rpartition("::")[2] in self._providers

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.typ == PROVIDER:
            self._providers[args.name] = str(args.inputs.get("subscriptionId") or self._subscription)
            return f"{args.name}-id", dict(args.inputs)
        if not args.custom:
            return "", dict(args.inputs)
        subscription = self.subscription_of((args.provider or "").rpartition("::")[0])
        arm_id = arm_id_of(args.typ, args.inputs, subscription)
        shown = self._listing.get(arm_id) if arm_id else None
        sdk = sdk_type(args.typ, args.inputs)
        outputs = {"name": shown.name, **translate.to_outputs(sdk, shown.body)} if shown and sdk else {}
        return (shown.id if shown else arm_id), {**args.inputs, **identified(args.inputs), **outputs}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        if args.token == CLIENT:
            return {
                "clientId": _NOBODY, "objectId": _NOBODY, "subscriptionId": self._subscription, "tenantId": self._tenant()
            }, []  # fmt: skip
        if args.token == READ:
            return {"outputs": {}}, []
        package, module, function = (*args.token.split(":"), "", "")[:3]
        token = f"{package}:{module}:{function.removeprefix('get')}"
        sdk = sdk_type(token, args.args)
        arm_id = arm_id_of(token, args.args, self._subscription)
        shown = self._listing.get(arm_id) if arm_id else None
        return ({**translate.to_outputs(sdk, shown.body), "id": shown.id} if shown and sdk else {}), []


def _has_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_unknown, value.values()))
    return any(map(_has_unknown, value)) if isinstance(value, list) else value is UNKNOWN
