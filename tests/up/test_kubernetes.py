"""Gateways and virtual nodes on the real engine: made, left alone, changed where they may be, and gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from local_azure.store import Store
from planning.virtual_nodes import value_problems
from stacks.loader import load
from stacks.manifests.render import render
from tests.engine import rehearsal
from tests.up import findings
from tests.up.judge import violations

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent


def granted(store: Path, guid: str) -> list[str]:
    """Last part of each scope on which a role was assigned, below the registry's own."""
    found = Store(store).of_type("Microsoft.Authorization/roleAssignments")
    mine = [assignment for assignment in found if guid in str(assignment.properties["roleDefinitionId"])]
    return sorted(str(assignment.properties["scope"]).rpartition("/")[2] for assignment in mine)


def test_a_gateway_and_virtual_nodes_come_and_go_with_their_clusters(tmp_path: Path) -> None:
    with rehearsal(tmp_path, HERE / "kubernetes", "") as stack:
        findings.check(stack, "kubernetes", "before")
        first = stack.up()
        assert (first.code, set(first.changes)) == (0, {"create"}), first.output
        assert violations(stack.azure.store) == []
        findings.check(stack, "kubernetes", "after")
        store = stack.azure.store
        assert granted(store, "b24988ac-6180-42a0-ab88-20f7382dd24c") == ["rg-nodes-contoso-k8s-west"]
        assert granted(store, "fbc52c3f-28ad-4303-a892-8a056630b8f1") == ["rg-contoso-k8s-gateway-web"]
        assert granted(store, "4d97b98b-1d4f-4787-a291-c67834d212e7") == [
            "cg",
            "gateway",
            "nodes",
            "nodes",
            "waf-contoso-k8s-web",
        ]

        outputs = stack.outputs()
        gateway = outputs["compute"]["gateways"]["web"]
        assert gateway["hosts"]["public"].endswith(".alb.azure.com")
        assert outputs["compute"]["clusters"]["west"]["image_host"] == "contosok8s.westeurope.geo.azurecr.io"
        files = render(load("test", directory=stack.stack_file.parent), outputs)
        assert gateway["id"] in files["east/gateway-web.yaml"]
        assert gateway["firewall_id"] in files["east/gateway-web.yaml"]
        report = YAML(typ="safe").load(files["west/helm/virtual-nodes.yaml"])
        assert list(value_problems(report)) == []
        assert report["acrTrustedAccess"]["identityResourceId"].endswith("/id-contoso-k8s-burst")

        assert stack.refresh().code == 0
        again = stack.up()
        assert (again.code, again.steps) == (0, []), again.output

        text = stack.stack_file.read_text(encoding="utf-8")
        stack.stack_file.write_text(
            text.replace("        routes:\n", "        firewall: {mode: Detection}\n        routes:\n")
        )
        changed = stack.up()
        assert (changed.code, [(op, name) for op, _, name in changed.steps]) == (
            0,
            [("update", "contoso-k8s-gateway-web-firewall")],
        ), changed.output

        gone = stack.destroy()
        assert gone.code == 0, gone.output
        assert stack.ids() == []
