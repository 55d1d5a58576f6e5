"""The state after `pulumi import`, made that of a program that made the resources.

An import reads every member that Azure shows, also those that nobody stated. They would be differences in every preview. And
resources of the provider's generic class cannot be imported [AN-GENERIC], so they are added here as the provider reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_azure.plugin import translate
from tools.adopt.differences import settled
from tools.adopt.imports import UNREADABLE
from tools.adopt.planned import Json, Planned


@dataclass(frozen=True, slots=True)
class Settled:
    """A state after settling.

    Attributes:
        state: the state, in the form of `pulumi stack export`.
        changed: how many resources have other inputs.
        added: logical names of the resources that were added.
    """

    state: Json
    changed: int
    added: tuple[str, ...]


def settle(state: Mapping[str, Any], planned: Sequence[Planned]) -> Settled:
    """Return the state without what Azure shows by itself, and with the resources that cannot be imported.

    What an update would change stays a difference, so that a preview shows it.

    Args:
        state: what `pulumi stack export` printed after the import.
        planned: what the program registers.
    """
    deployment = state.get("deployment") or {}
    held: list[Json] = list(deployment.get("resources") or ())
    by_urn = {each.urn: each for each in planned}
    changed, resources = 0, []
    for each in held:
        its = by_urn.get(str(each.get("urn")))
        inputs = settled(its, each.get("inputs") or {}) if its and its.custom else each.get("inputs")
        changed += inputs != each.get("inputs")
        resources.append(each if inputs is None else {**each, "inputs": inputs})
    known = {str(each.get("urn")) for each in held}
    added = [each for each in planned if each.type == UNREADABLE and each.shown and each.urn not in known]
    provider = _provider(held)
    resources += [_entry(each, provider) for each in added]
    return Settled(
        {**state, "deployment": {**deployment, "resources": resources}}, changed, tuple(each.name for each in added)
    )


def _provider(held: Sequence[Json]) -> str:
    """The reference of the engine's own provider in a state."""
    own = (
        each for each in held if each.get("type") == "pulumi:providers:azure-native" and "::default" in str(each["urn"])
    )
    return next((f"{each['urn']}::{each['id']}" for each in own), "")


def _entry(planned: Planned, provider: str) -> Json:
    sdk, shown = planned.sdk, planned.shown
    outputs = translate.to_outputs(sdk, shown.body) if sdk and shown else {}
    return {
        "urn": planned.urn,
        "custom": True,
        "id": shown.id if shown else planned.arm_id,
        "type": planned.type,
        "inputs": planned.inputs,
        "outputs": {**planned.inputs, **outputs},
        "parent": planned.parent,
        "provider": provider,
        "protect": True,
    }
