"""The picture of a change in a comment: only what it touches, within the limits of Mermaid and of GitHub."""

from __future__ import annotations

import re
from dataclasses import replace

from stacks.loader import Stack, load
from tools.report.changes import marks
from tools.report.mermaid import MOST_NODES, change, flowchart
from tools.report.picture import EMPTY, Consumer, Picture, picture


def shown(stack: Stack) -> Picture:
    return picture(stack, stack.plan.endpoints)


def drawn(now: Picture, base: Picture) -> str:
    return flowchart(now, base, marks(now, base))


def test_a_new_region_is_drawn_and_the_others_are_not(smaller: Stack) -> None:
    text = drawn(shown(load("prod")), shown(smaller))
    assert text.startswith("flowchart TB\n")
    assert re.findall(r'subgraph r\d+\["(.*)"\]', text) == ["southeastasia"]
    assert 'registry[["registry contosoprod"]]' in text
    labels = re.findall(r'n\d+\(?\[+"(.*?)"', text)
    assert labels == [
        "new: replica",
        "new: network vnet-contoso-prod-southeastasia",
        "new: cluster southeastasia",
        "new: environment southeastasia",
        "new: sandbox group southeastasia",
    ]
    # The cluster pulls from its own replica, the others from the global host; all are in the network of the region.
    assert text.count('-->|"private endpoint southeastasia"| n0') == 1
    assert text.count('-->|"private endpoint southeastasia"| registry') == 2
    assert text.count(" --- n1") == 3
    assert "registry --- n0" in text


def test_every_line_names_nodes_that_exist(smaller: Stack) -> None:
    text = drawn(shown(load("prod")), shown(smaller))
    made = set(re.findall(r"^\s+(n\d+|registry)[\[(]", text, re.M))
    named = set(re.findall(r"\b(n\d+|registry)\b", " ".join(re.findall(r"^  (\S+ (?:---|-->|-\.->).*)$", text, re.M))))
    assert named <= made


def test_what_is_removed_is_drawn_from_the_base(smaller: Stack) -> None:
    text = drawn(shown(smaller), shown(load("prod")))
    assert '"removed: cluster southeastasia"' in text
    assert "new:" not in text


def test_nothing_is_drawn_without_a_change_and_where_too_much_changes() -> None:
    assert change(load("prod"), load("prod")) == ""
    assert "new: cluster eastus" in change(load("prod"), None)
    now = shown(load("prod"))
    many = tuple(Consumer(f"job {i}", "eastus", (), (), "public") for i in range(MOST_NODES + 1))
    assert drawn(replace(now, consumers=many), now) == ""


def test_texts_cannot_end_a_label() -> None:
    now = replace(EMPTY, consumers=(Consumer('a"b`<c>#', "eastus", (), (), "public"),))
    assert '(["new: a#quot;b#96;#lt;c#gt;#35;"])' in drawn(now, EMPTY)
