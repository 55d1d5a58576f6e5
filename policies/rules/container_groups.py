"""Rules on container groups of Azure Container Instances."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import Graph, Resource, Rule, Undetermined, Verdict, fail, undetermined
from policies.rules import types as t
from policies.rules.forms import EVERYWHERE, OPT_IN, all_of, declare, must_be_set, must_not_be, stated

_group = partial(declare, types=(t.CONTAINER_GROUP,))

SENSITIVE = re.compile(r"(?i)(password|passwd|secret|token|api_?key|accountkey|connection_?string|credential)")
"""Names of variables that hold something to keep."""


def _variables(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for container, _ in resource.each("containers"):
        for place, _ in resource.each(f"{container}.environmentVariables"):
            try:
                name = str(resource.value(f"{place}.name", ""))
                plain = stated(resource, f"{place}.value") and not resource.is_secret(f"{place}.value")
            except Undetermined as unknown:
                yield undetermined(str(unknown), unknown.path)
                continue
            if SENSITIVE.search(name) and plain:
                yield fail(f"{place} ({name}) has a plain value, allowed is secureValue", f"{place}.value")


def _in_network(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if not stated(resource, "subnetIds"):
        yield fail("subnetIds is not stated, allowed is one subnet", "subnetIds")
    yield from must_not_be("ipAddress.type", "Public", allowed="Private")(resource, graph, config)


def _has_containers(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if resource.value("containers", ()) else "it states no containers"


RULES: tuple[Rule, ...] = (
    _group(
        _in_network,
        id="MOOR-ACI-001",
        title="Container group is on the internet",
        severity="high",
        what="A container group is in a network and has no public address.",
        why="Its ports otherwise stand open to anybody, without a firewall.",
        remedy="state subnetIds and remove ipAddress.type: Public",
        docs="container-instances/container-instances-vnet",
        covers=("1.6#6", "CKV_AZURE_98", "CKV_AZURE_245", "AZP-8af8f826"),
        frameworks=("MCSB NS-1",),
    ),
    _group(
        _variables,
        id="MOOR-ACI-002",
        title="Container's secret is a plain variable",
        severity="high",
        what="Variables that hold secrets are secure values.",
        why="A plain value is shown to whoever may read the group.",
        remedy="write secureValue",
        docs="container-instances/container-instances-environment-variables",
        covers=("1.6#7", "CKV_AZURE_235"),
        frameworks=("MCSB IM-8",),
        profiles=EVERYWHERE,
        where=(_has_containers,),
    ),
    _group(
        all_of(
            must_be_set("encryptionProperties.vaultBaseUrl", "the vault of a key of one's own"),
            must_be_set("zones", "one zone"),
            must_be_set("diagnostics.logAnalytics.workspaceId", "a workspace"),
        ),
        id="MOOR-ACI-003",
        title="Container group lacks key, zone or logs",
        severity="low",
        pillar="operations",
        what="A container group has a key of one's own, a zone, and logs.",
        why="For groups that live long. Off unless named.",
        remedy="state encryptionProperties, zones and diagnostics",
        docs="container-instances/container-instances-encrypt-data",
        covers=("1.6#8", "AZP-0aa61e00", "AZP-f58e8c0a", "AZP-41ebf9df"),
        profiles=OPT_IN,
    ),
)
