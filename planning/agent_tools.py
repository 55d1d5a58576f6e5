"""Tool policy of an SRE agent: rules at three scopes, and their precedence [SRE-5].

Deny wins over ask and ask over allow at every scope, so a narrower scope cannot reopen what a wider one closes. A call
without a rule asks. A policy that cannot be evaluated denies: it fails closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["allow", "ask", "deny"]
"""The verdict for a call; ``ask`` needs a person every time."""

_RULE = re.compile(r"(?P<tool>[A-Za-z][A-Za-z0-9_.:/-]*)(?:\((?P<call>.*)\))?")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule such as ``bash(az * delete *)``: the tool, and what its call has to look like; ``*`` stands for anything.

    Attributes:
        tool: name of the tool.
        call: pattern of the call; ``*`` for every one.
    """

    tool: str
    call: str = "*"

    def matches(self, tool: str, call: str) -> bool:
        """Tell whether the rule names that call, which is compared in its canonical form and whole."""
        return tool == self.tool and _pattern(self.call).fullmatch(call) is not None

    def covers(self, other: Rule) -> bool:
        """Tell whether every call that another rule names is named by this one too, as far as its text tells."""
        return self.matches(other.tool, other.call)

    def __str__(self) -> str:
        return self.tool if self.call == "*" else f"{self.tool}({self.call})"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one scope."""

    allow: tuple[Rule, ...] = ()
    ask: tuple[Rule, ...] = ()
    deny: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of all scopes.

    Attributes:
        everywhere: for every agent and thread.
        agents: for one custom agent, by its name.
        threads: for one conversation, by its name.
    """

    everywhere: Rules = field(default_factory=Rules)
    agents: Mapping[str, Rules] = field(default_factory=dict)
    threads: Mapping[str, Rules] = field(default_factory=dict)

    def scopes(self, agent: str | None = None, thread: str | None = None) -> tuple[Rules, ...]:
        """Return the rules that hold for a call, the widest scope first."""
        named = (self.agents.get(agent or ""), self.threads.get(thread or ""))
        return (self.everywhere, *(rules for rules in named if rules is not None))


def parse(text: str) -> Rule:
    """Read a rule; raises ValueError for text that is none."""
    match = _RULE.fullmatch(text.strip())
    if match is None or match["call"] == "":
        raise ValueError(
            f"{text!r} is not a rule; write a tool, or a tool and its call such as bash(az * delete *) [SRE-5]"
        )
    return Rule(match["tool"], match["call"] or "*")


def decide(policy: Policy, tool: str, call: str, *, agent: str | None = None, thread: str | None = None) -> Verdict:
    """Return what happens to a call; deny where the policy cannot be evaluated."""
    try:
        scopes = policy.scopes(agent, thread)
        for verdict in _ORDER:
            if any(rule.matches(tool, call) for rules in scopes for rule in stated(rules, verdict)):
                return verdict
    except Exception:
        # A policy error must not permit a call.
        return "deny"
    return "ask"


_ORDER: tuple[Verdict, ...] = ("deny", "ask", "allow")


def stated(rules: Rules, verdict: Verdict) -> tuple[Rule, ...]:
    """Return a scope's rules of one verdict."""
    return {"deny": rules.deny, "ask": rules.ask, "allow": rules.allow}[verdict]


def without_effect(wider: Sequence[Rules], rules: Rules) -> Iterator[tuple[Verdict, int, str]]:
    """Yield the rules of a scope that another rule always overrides: verdict, index and reason."""
    for verdict in ("allow", "ask"):
        stronger: tuple[Verdict, ...] = ("deny", "ask") if verdict == "allow" else ("deny",)
        for index, rule in enumerate(stated(rules, verdict)):
            found = next(
                (
                    (over, by)
                    for over in stronger
                    for scope in (*wider, rules)
                    for by in stated(scope, over)
                    if by.covers(rule)
                ),
                None,
            )
            if found:
                yield verdict, index, f"{rule} has no effect: {found[0]} {found[1]} takes precedence at every scope"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL)
