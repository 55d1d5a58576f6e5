"""What the policies find in every example and own stack, before its first `up` and after it; other findings fail the test."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from policies.fronts.pack import REPORT_VARIABLE
from tests.engine import Rehearsal
from tools.local_services import ROOT

Phase = Literal["before", "after"]
Status = Literal["fail", "undetermined"]
BOTH: tuple[Phase, ...] = ("before", "after")
MOST_UNDETERMINED = 0.02


@dataclass(frozen=True)
class Expected:
    """One finding that is right.

    Attributes:
        rule: id of the rule.
        resource: logical name of the resource, without the stack's own part in front.
        reason: why the example has it.
        status: the verdict.
        phases: when it is found: before the first `up`, after it, or both.
    """

    rule: str
    resource: str
    reason: str
    status: Status = "fail"
    phases: tuple[Phase, ...] = BOTH


_PUBLIC = "the example admits public addresses, so that it needs no private endpoint"
_NO_NETWORK = "the environment is made without a network, as the simplest one"
_NO_LOGS = "the environment is made without logs, as the simplest one"

EXPECTED: dict[str, tuple[Expected, ...]] = {
    "local": (),
    "dev": (),
    "prod": (),
    "defaults": (
        Expected("MOOR-ACR-006", "registry-registry", "the smallest stack file: a closed registry, which warns of it"),
    ),
    "waf_aligned": (),
    "routing": (
        Expected("MOOR-NET-001", "network-spoke-vnet", "subnet bare states that it has no network security group"),
        Expected("MOOR-NET-026", "network-hub-vnet", "the subnet of Bastion states no security rules"),
    ),
    "max": (
        Expected(
            "MOOR-ACR-032",
            "artifact-cache-rule-library",
            "the id of the credential set is known with the registry",
            status="undetermined",
            phases=("before",),
        ),
        Expected("MOOR-ACR-003", "registry-registry", "dual stack needs public access for IPv6"),
        Expected("MOOR-ACR-019", "registry-content-token-edge-site-1", "the example has an enabled token"),
        Expected("MOOR-DOM-018", "registry-content-webhook-deployer", "the receiver is not known to be idempotent"),
        Expected("MOOR-DOM-018", "registry-content-webhook-mirror", "the receiver is not known to be idempotent"),
        Expected(
            "MOOR-ACR-031",
            "container-group-batch-group",
            "the login server has a hash, which is known with the registry",
            status="undetermined",
            phases=("before",),
        ),
        Expected(
            "MOOR-DOM-109", "registry-replica-uksouth", "the replica is for clients outside, and nothing runs there"
        ),
        Expected("MOOR-NET-003", "network-hub-vnet", "subnet build states default outbound access"),
        Expected("MOOR-NET-015", "network-hub-nsg-endpoints", "a rule of the example denies all inbound traffic"),
    ),
    "access": (Expected("MOOR-ACR-008", "registry-registry", "the example is of SKU Standard"),),
    "agents": (
        Expected("MOOR-ACA-011", "apps-main-environment", _NO_NETWORK),
        Expected("MOOR-ACA-017", "apps-main-environment", _NO_LOGS),
        Expected("MOOR-ACR-003", "registry-registry", _PUBLIC),
        Expected(
            "MOOR-ACA-019",
            "apps-main-orchestrator-app",
            "the scheduler's endpoint and the image of its worker are known with the scheduler",
            status="undetermined",
            phases=("before",),
        ),
    ),
    "aks": (
        Expected("MOOR-ACR-003", "registry-registry", _PUBLIC),
        Expected(
            "MOOR-DOM-024",
            "cluster-west-cluster",
            "which of two subnets a node pool uses is known with the network's id",
            status="undetermined",
            phases=("before",),
        ),
    ),
    "container_apps": (
        Expected("MOOR-ACA-012", "apps-legacy-environment", "a consumption-only environment without zones"),
        Expected("MOOR-ACA-017", "apps-legacy-environment", _NO_LOGS),
        Expected("MOOR-DOM-022", "sessions-node-pool", "the pool states outbound access"),
        Expected("MOOR-DOM-022", "sessions-shell-pool", "the pool states an API key for its MCP server"),
        Expected(
            "MOOR-DOM-109", "registry-replica-northeurope", "a replica without consumers, which the check warns of"
        ),
        Expected(
            "MOOR-DOM-020",
            "apps-legacy-environment",
            "a consumption-only environment may be in a delegated subnet or not, until its id is known",
            status="undetermined",
            phases=("before",),
        ),
    ),
    "container_instances": (
        Expected(
            "MOOR-STO-006",
            "address-drift-host-storage",
            "a function app without a network reaches its account over the public endpoint; shared keys are off",
        ),
        Expected(
            "MOOR-LOG-002", "workspace-main-workspace", "container groups send logs with the workspace's key only"
        ),
    ),
    "egress": (Expected("MOOR-ACR-003", "registry-registry", _PUBLIC),),
    "elsewhere": (),
    "enterprise": (),
    "kubernetes": (
        Expected("MOOR-ACR-003", "registry-registry", _PUBLIC),
        Expected("MOOR-AKS-012", "cluster-west-cluster", "the add-on does not work with virtual nodes"),
        Expected(
            "MOOR-GEN-012",
            "virtual-nodes-west-nodes",
            "the scope is the node resource group, which virtual nodes need, once the cluster's id is known",
            status="undetermined",
            phases=("before",),
        ),
    ),
    "sandboxes": (
        Expected("MOOR-ACA-011", "apps-one-environment", _NO_NETWORK),
        Expected("MOOR-ACA-011", "apps-other-environment", _NO_NETWORK),
        Expected("MOOR-ACA-017", "apps-one-environment", _NO_LOGS),
        Expected("MOOR-ACA-017", "apps-other-environment", _NO_LOGS),
        Expected("MOOR-ACR-003", "registry-registry", _PUBLIC),
    ),
}
"""Every finding of every example; what passes or does not apply is not listed."""

_STARTS = {
    "container_apps": "contoso-apps-",
    "container_instances": "contoso-cg-",
    "kubernetes": "contoso-k8s-",
    "sandboxes": "contoso-boxes-",
    "waf_aligned": "contoso-waf-",
}


@contextmanager
def _reporting(path: Path) -> Iterator[None]:
    before = os.environ.get(REPORT_VARIABLE)
    os.environ[REPORT_VARIABLE] = str(path)
    try:
        yield
    finally:
        if before is None:
            del os.environ[REPORT_VARIABLE]
        else:
            os.environ[REPORT_VARIABLE] = before


def found(stack: Rehearsal) -> list[dict[str, Any]]:
    """Every finding of a preview with the policy pack."""
    report = stack.program.parent / "policy-report.json"
    report.unlink(missing_ok=True)
    with _reporting(report):
        outcome = stack.preview("--policy-pack", str(ROOT / "policies"))
    assert report.exists(), outcome.output
    findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    stops = any(each["status"] == "fail" and each["level"] == "mandatory" for each in findings)
    assert (outcome.code != 0) is stops, outcome.output
    return findings


def check(stack: Rehearsal, example: str, phase: Phase) -> None:
    """Judge a stack as it is, and compare the findings with those that are right."""
    findings = found(stack)
    start = _STARTS.get(example, f"contoso-{example}-")
    loud = [each for each in findings if each["status"] in {"fail", "undetermined"}]
    reported = {(each["rule"], each["resource"].removeprefix(start), each["status"]): each["message"] for each in loud}
    right = {(each.rule, each.resource, each.status) for each in EXPECTED[example] if phase in each.phases}
    assert {key: text for key, text in reported.items() if key not in right} == {}, f"{example} {phase}: not expected"
    assert right - reported.keys() == set(), f"{example} {phase}: not found"
    # Every finding is at a line of its stack file, and none at the file's start for want of a better one.
    assert [each for each in loud if not each["file"] or each["line"] == 1] == []
    applying = [each for each in findings if each["status"] != "not_applicable"]
    undetermined = [each for each in applying if each["status"] == "undetermined"]
    assert len(undetermined) < MOST_UNDETERMINED * len(applying), undetermined
