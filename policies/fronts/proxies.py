"""Resources from the objects of the `pulumi_policy` SDK, for a policy pack that is written with it.

The SDK raises an error at every access to an unknown value, which would end the whole policy. Here such a value becomes
`UNKNOWN`, and all other values are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy.proxy import UnknownValueError

from policies import normalisation
from policies.model import Graph, Resource
from policies.resource import UNKNOWN


def resource_of(policy_resource: Any) -> Resource:
    """Return the resource of a `ResourceValidationArgs` or a `PolicyResource`."""
    edges = {
        key: tuple(each.urn for each in resources)
        for key, resources in (getattr(policy_resource, "property_dependencies", None) or {}).items()
    }
    of_properties = {urn for urns in edges.values() for urn in urns}
    every = getattr(policy_resource, "dependencies", None) or ()
    explicit = tuple(each.urn for each in every if each.urn not in of_properties)
    options = policy_resource.opts
    return normalisation.resource(
        policy_resource.resource_type,
        policy_resource.urn,
        policy_resource.name,
        unwrapped(policy_resource.props),
        dependencies={**edges, **({"": explicit} if explicit else {})},
        parent=options.parent if options else None,
        protect=bool(options and options.protect),
    )


def graph_of(stack: Any) -> Graph:
    """Return the graph of a `StackValidationArgs`."""
    return Graph(resource_of(each) for each in stack.resources)


def unwrapped(value: Any) -> Any:
    """Return the value of a proxy as dicts and lists, with `UNKNOWN` where the SDK would raise an error."""
    if isinstance(value, Mapping):
        return {key: _member(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_member(value, position) for position in range(len(value))]
    return value


def _member(container: Any, key: Any) -> Any:
    try:
        return unwrapped(container[key])
    except UnknownValueError:
        return UNKNOWN
