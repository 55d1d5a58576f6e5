"""Checks of other tools that are not adopted, each with the reason."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Kind = Literal["outdated", "run time only", "in the cluster", "not adopted", "covered elsewhere"]


class NotRule(NamedTuple):
    """A check that is not adopted.

    Attributes:
        row: number of its row in the union of the checks of other tools.
        test: the check in a few words.
        kind: category of the reason.
        reason: the reason.
        covers: ids of the check in other tools.
    """

    row: str
    test: str
    kind: Kind
    reason: str
    covers: tuple[str, ...] = ()


NOT_RULES: Final[tuple[NotRule, ...]] = (
    NotRule(
        "1.1#11",
        "registry: zoneRedundancy is enabled",
        "outdated",
        "Registries are always zone redundant where the region has availability zones, and the property is being retired: the "
        "check fails for every correct registry [ACR-9].",
        ("CKV_AZURE_233", "AZP-9d2b0a20", "APRL-63491f70"),
    ),
    NotRule(
        "1.1#14",
        "registry: content trust is enabled",
        "outdated",
        "Docker Content Trust is retired in favor of Notation, and Azure refuses it with a customer-managed key.",
        ("AZR-000009", "CKV_AZURE_164"),
    ),
    NotRule(
        "1.1#18",
        "registry: ARM audience tokens are disabled",
        "outdated",
        "Container Apps authenticate with such tokens, so that the setting stops every pull with a managed identity. "
        "MOOR-DOM-012 requires the opposite.",
        ("AZP-42781ec6", "AZP-785596ed", "RC-A02.07"),
    ),
    NotRule(
        "1.1#22",
        "registry: no vulnerable images",
        "run time only",
        "Scan results exist after images have been pushed; no program states them. MOOR-ACR-021 requires the scanner.",
        ("AZR-000003", "AZP-090c7b07"),
    ),
    NotRule(
        "1.1#23",
        "registry: less than 90 % of the storage is used",
        "run time only",
        "Usage is measured at run time; MOOR-DOM-019 judges the plan.",
        ("AZR-000001", "APRL-3ef86f16"),
    ),
    NotRule(
        "1.1#31",
        "registry: virtual network service endpoint",
        "not adopted",
        "A legacy preview that private endpoints replace; requiring both would require two network paths.",
        ("AZP-c4857be7",),
    ),
    NotRule(
        "1.2#46",
        "cluster: fleet membership, backup, disruption budgets, probes, replicas of workloads",
        "in the cluster",
        "Workloads are objects in the cluster, which the program that creates the cluster does not contain; the Azure Policy "
        "add-on of MOOR-AKS-012 judges them. Fleet membership and backup are choices.",
        ("AZP-c7f49635", "APRL-269a9f1a", "APRL-a08a06a0", "APRL-cd6791b1", "APRL-bcfe71f1"),
    ),
    NotRule(
        "1.4#18",
        "network security group managed by AKS is unchanged",
        "run time only",
        "AKS creates the group in the node resource group; no program states it.",
        ("PSR-NSG.AKSRules",),
    ),
    NotRule(
        "1.6#14",
        "exemptions expire",
        "covered elsewhere",
        "The engine judges exemptions itself: MOOR-POL-001 and MOOR-POL-002.",
        ("PSR-Policy.WaiverExpiry",),
    ),
    NotRule(
        "D28",
        "replacement or deletion of a resource with dependents",
        "covered elsewhere",
        "MOOR-CHG-001 judges it on the plan. MOOR-DOM-216 requires protection beforehand.",
    ),
)
