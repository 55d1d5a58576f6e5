"""What other tools test on these resources and these rules do not, each with the reason."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Kind = Literal["wrong today", "only at run time", "in the cluster", "not adopted", "elsewhere"]


class NotRule(NamedTuple):
    """A test that is left out on purpose.

    Attributes:
        row: number of its row in the union of what other tools test.
        test: the test in a few words.
        kind: why in two words.
        reason: why.
        covers: ids of the test in other tools.
    """

    row: str
    test: str
    kind: Kind
    reason: str
    covers: tuple[str, ...] = ()


NOT_RULES: Final[tuple[NotRule, ...]] = (
    NotRule(
        "1.1#11",
        "registry: zoneRedundancy is on",
        "wrong today",
        "Registries are always zone redundant where the region has zones, and the property is being retired: the test finds "
        "fault with every registry that is in order [ACR-9].",
        ("CKV_AZURE_233", "AZP-9d2b0a20", "APRL-63491f70"),
    ),
    NotRule(
        "1.1#14",
        "registry: content trust is on",
        "wrong today",
        "Docker Content Trust is retired in favour of notation, and the service refuses it beside a key of one's own.",
        ("AZR-000009", "CKV_AZURE_164"),
    ),
    NotRule(
        "1.1#18",
        "registry: tokens for ARM are refused",
        "wrong today",
        "Container Apps sign in with such tokens: who follows the test stops every pull by identity. MOOR-DOM-012 finds "
        "fault with the opposite.",
        ("AZP-42781ec6", "AZP-785596ed", "RC-A02.07"),
    ),
    NotRule(
        "1.1#22",
        "registry: no vulnerable images",
        "only at run time",
        "What a scanner found is known after images were pushed; no program states it. MOOR-ACR-021 asks for the scanner.",
        ("AZR-000003", "AZP-090c7b07"),
    ),
    NotRule(
        "1.1#23",
        "registry: less than 90 % of the storage is used",
        "only at run time",
        "Usage is measured; MOOR-DOM-019 judges what is planned.",
        ("AZR-000001", "APRL-3ef86f16"),
    ),
    NotRule(
        "1.1#31",
        "registry: virtual network service endpoint",
        "not adopted",
        "A legacy preview that private endpoints replace; asking for both asks for two ways in.",
        ("AZP-c4857be7",),
    ),
    NotRule(
        "1.2#46",
        "cluster: fleet membership, backup, disruption budgets, probes, replicas of workloads",
        "in the cluster",
        "Workloads are objects in the cluster, out of sight of a program that makes the cluster; the Azure Policy add-on that "
        "MOOR-AKS-012 asks for judges them. Fleet and backup are choices, not faults.",
        ("AZP-c7f49635", "APRL-269a9f1a", "APRL-a08a06a0", "APRL-cd6791b1", "APRL-bcfe71f1"),
    ),
    NotRule(
        "1.4#18",
        "security group that AKS keeps is untouched",
        "only at run time",
        "AKS makes the group in its node resource group; no program states it.",
        ("PSR-NSG.AKSRules",),
    ),
    NotRule(
        "1.6#14",
        "exemptions expire",
        "elsewhere",
        "The engine judges exemptions itself: MOOR-POL-001 and MOOR-POL-002.",
        ("PSR-Policy.WaiverExpiry",),
    ),
    NotRule(
        "D28",
        "replacement or deletion of what others live on",
        "elsewhere",
        "It is judged on the plan, not on the program: MOOR-CHG-001. MOOR-DOM-216 asks for protection beforehand.",
    ),
)
