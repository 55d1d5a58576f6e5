"""Rules on federated identity credentials: which external tokens an identity accepts [FIC-EXCHANGE]."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from planning.identities import audience_problem, subject_problem
from policies.model import EVERYWHERE, Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t

_credential = partial(
    Rule,
    types=(t.FEDERATED_CREDENTIAL,),
    docs="https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
    profiles=EVERYWHERE,
)


class Audiences(RuleConfig):
    """Further audiences that are allowed."""

    audiences: tuple[str, ...] = ()


def _audience(resource: Resource, graph: Graph, config: Audiences) -> Iterator[Verdict]:
    found = [str(each) for _, each in resource.each("audiences")]
    problem = audience_problem([each for each in found if each not in config.audiences] or found)
    if problem and not (len(found) == 1 and found[0] in config.audiences):
        yield fail(problem, "audiences")


def _subject(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    problem = subject_problem(str(resource.value("subject", "")))
    if problem:
        yield fail(problem, "subject")


RULES: tuple[Rule, ...] = (
    _credential(
        _audience,
        id="MOOR-MSI-001",
        title="Audience of the federated credential is not the token exchange",
        severity="high",
        pillar="reliability",
        what="A federated identity credential has the audience of the token exchange of its cloud, and no other.",
        why="Azure accepts a token only if its audience equals the one in the credential. With another audience, "
        "sign-ins fail, or "
        "tokens that were issued for another service are accepted.",
        remedy="set audiences: [api://AzureADTokenExchange], or add the audience to the configuration",
        config=Audiences,
    ),
    _credential(
        _subject,
        id="MOOR-MSI-002",
        title="Subject of the federated credential contains a wildcard",
        severity="high",
        what="The subject of a federated identity credential is one exact value.",
        why="Azure compares the subject as text: a wildcard matches nothing, and its author expects more identities "
        "to have access "
        "than intended.",
        remedy="set subject to the exact subject of the token, with one credential for each",
    ),
)
