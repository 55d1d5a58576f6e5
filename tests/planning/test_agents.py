from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning import addresses, agents
from planning.addresses import Subnet
from planning.agent_tools import Policy, Rules, decide, parse, without_effect
from planning.networks import parse as parse_range


def rules(**texts: list[str]) -> Rules:
    return Rules(**{verdict: tuple(map(parse, found)) for verdict, found in texts.items()})


PLATFORM = rules(
    deny=["bash(az * delete *)", "bash(kubectl delete *)"],
    ask=["bash(az webapp restart *)"],
    allow=["bash(az monitor *)"],
)
POLICY = Policy(
    PLATFORM,
    agents={"service": rules(allow=["bash(kubectl get *)", "bash(az webapp restart *)"])},
    threads={"tonight": rules(allow=["bash(az group delete -n x)"])},
)


@pytest.mark.parametrize(
    ("call", "scope", "verdict"),
    [
        ("az group delete -n x", {}, "deny"),
        ("az group delete -n x", {"thread": "tonight"}, "deny"),
        ("az monitor metrics list", {}, "allow"),
        ("az webapp restart -n shop", {}, "ask"),
        ("az webapp restart -n shop", {"agent": "service"}, "ask"),
        ("kubectl get pods", {"agent": "service"}, "allow"),
        ("kubectl get pods", {}, "ask"),
        ("kubectl get pods", {"agent": "another"}, "ask"),
        ("rm -rf /", {}, "ask"),
    ],
)
def test_deny_wins_at_every_scope_and_what_no_rule_names_is_asked_for(
    call: str, scope: dict[str, str], verdict: str
) -> None:
    assert decide(POLICY, "bash", call, **scope) == verdict


def test_a_policy_that_cannot_be_evaluated_denies() -> None:
    broken = Policy(cast("Any", None))
    assert decide(broken, "bash", "ls") == "deny"


def test_a_rule_names_one_tool_and_a_whole_call() -> None:
    assert parse("FetchWebpage").matches("FetchWebpage", "anything at\nall")
    assert not parse("bash(ls)").matches("bash", "ls -l")
    assert not parse("bash(ls)").matches("python", "ls")
    assert str(parse(" bash(az * delete *) ")) == "bash(az * delete *)"


@pytest.mark.parametrize("text", ["", "bash()", "bash(", "(ls)", "ba sh(ls)"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a rule"):
        parse(text)


@given(
    st.sampled_from(["ls", "az group delete x", "az monitor y", ""]),
    st.lists(st.sampled_from(["bash", "bash(az *)", "bash(ls)"])),
)
def test_no_narrower_rule_reopens_what_is_denied_everywhere(call: str, allowed: list[str]) -> None:
    policy = Policy(rules(deny=["bash(az * delete *)"]), threads={"t": rules(allow=allowed)})
    if decide(policy, "bash", call) == "deny":
        assert decide(policy, "bash", call, thread="t") == "deny"


def test_a_rule_that_never_decides_is_found_with_the_one_that_does() -> None:
    found = list(without_effect((PLATFORM,), rules(allow=["bash(az group delete *)", "bash(kubectl get *)"])))
    assert found == [
        ("allow", 0, "bash(az group delete *) has no effect: deny bash(az * delete *) takes precedence at every scope")
    ]


@pytest.mark.parametrize(("prefix", "verdict"), [("10.0.0.0/27", "fits"), ("10.0.0.0/28", "short")])
def test_an_agent_takes_27_and_no_smaller_subnet(prefix: str, verdict: str) -> None:
    subnet = Subnet("eastus", "agent", parse_range(prefix))
    (row,) = addresses.ledger([subnet], [agents.consumer(subnet.key, "agent a")])
    assert (row.verdict, row.fitting_prefix) == (verdict, 27)
