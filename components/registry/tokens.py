"""Tokens of a registry and their scope maps.

Passwords are not generated here: the engine would keep them in its state. [ACR-TOKEN, ACR-TOKEN-PASSWORD]
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
import pulumi_azure_native as azure_native

from components.registry.token_spec import ScopeMapSpec, TokenSpec
from planning import scope_maps


class Place(TypedDict):
    """The arguments that name the registry of a child."""

    registry_name: pulumi.Input[str]
    resource_group_name: pulumi.Input[str]


def make_tokens(
    parent: pulumi.ComponentResource,
    maps: Mapping[str, ScopeMapSpec],
    tokens: Mapping[str, TokenSpec],
    *,
    registry_id: pulumi.Input[str],
    place: Place,
) -> dict[str, "azure_native.containerregistry.Token"]:
    """Make one scopeMaps per scope map and one tokens per token, and return the tokens by key.

    Args:
        parent: the component that owns them; names start with its name.
        maps: scope maps by name.
        tokens: tokens by name.
        registry_id: ARM id of the registry.
        place: names of the registry and its resource group.
    """
    name, options = parent.pulumi_resource_name, pulumi.ResourceOptions(parent=parent)
    made = {
        key: azure_native.containerregistry.ScopeMap(
            f"{name}-scope-map-{key}",
            scope_map_name=key,
            description=spec.description,
            actions=scope_maps.arm_actions(spec.repositories),
            opts=options,
            **place,
        )
        for key, spec in maps.items()
    }
    predefined = pulumi.Output.from_input(registry_id)
    return {
        key: azure_native.containerregistry.Token(
            f"{name}-token-{key}",
            token_name=key,
            scope_map_id=made[spec.scope_map].id
            if spec.scope_map in made
            else pulumi.Output.concat(predefined, "/scopeMaps/", spec.scope_map),
            status="enabled" if spec.enabled else "disabled",
            opts=options,
            **place,
        )
        for key, spec in tokens.items()
    }
