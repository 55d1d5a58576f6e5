"""Rules on Azure Container Instances."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import EVERYWHERE, OPT_IN, Graph, Resource, Rule, Verdict, fail
from policies.rules import types as t
from policies.rules.forms import all_of, must_be_set, must_not_be, same, stated
from policies.rules.variables import plain_secrets

_group = partial(Rule, types=(t.CONTAINER_GROUP,))


def _in_network(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    # Spot container groups take no subnet, and without an IP address nothing can reach them [ACI-4].
    if not same(resource.value("priority", "Regular"), "Spot") and not stated(resource, "subnetIds"):
        yield fail("subnetIds is not set, expected one subnet", "subnetIds")
    yield from must_not_be("ipAddress.type", "Public", expected="Private")(resource, graph, config)


def _variables(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    yield from plain_secrets(resource, "environmentVariables", "secureValue")


def _has_containers(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if resource.value("containers", ()) else "it has no containers"


RULES: tuple[Rule, ...] = (
    _group(
        _in_network,
        id="MOOR-ACI-001",
        title="Container group is not in a virtual network",
        severity="high",
        what="A container group is in a virtual network and has no public IP address.",
        why="Otherwise its ports are open to the internet without a firewall. Spot container groups take no subnet; they comply "
        "without a public IP address.",
        remedy="set subnetIds, and remove ipAddress.type: Public",
        docs="container-instances/container-instances-vnet",
        covers=("1.6#6", "CKV_AZURE_98", "CKV_AZURE_245", "AZP-8af8f826"),
        frameworks=("MCSB NS-1",),
    ),
    _group(
        _variables,
        id="MOOR-ACI-002",
        title="Secret is in a plain environment variable or command line",
        severity="high",
        what="Environment variables with secrets are secure values, and command lines refer to such a variable.",
        why="Everyone who can read the container group can read a plain value.",
        remedy="replace value by secureValue",
        docs="container-instances/container-instances-environment-variables",
        covers=("1.6#7", "CKV_AZURE_235"),
        frameworks=("MCSB IM-8",),
        profiles=EVERYWHERE,
        where=(_has_containers,),
    ),
    _group(
        all_of(
            must_be_set("encryptionProperties.vaultBaseUrl", "the key vault of a customer-managed key"),
            must_be_set("zones", "one zone"),
            must_be_set("diagnostics.logAnalytics.workspaceId", "a workspace"),
        ),
        id="MOOR-ACI-003",
        title="Customer-managed key, zone or diagnostics are not configured",
        severity="low",
        pillar="operations",
        what="A container group has a customer-managed key, an availability zone, and diagnostics.",
        why="The rule is for container groups that run for a long time. Opt-in.",
        remedy="set encryptionProperties, zones and diagnostics",
        docs="container-instances/container-instances-encrypt-data",
        covers=("1.6#8", "AZP-0aa61e00", "AZP-f58e8c0a", "AZP-41ebf9df"),
        profiles=OPT_IN,
    ),
)
