"""Conditions on role assignments, as far as registries have them: actions and the name of a repository [ROLE-4]."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

NAME: Final = "microsoft.containerregistry/registries/repositories:name"

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[()!])|(?P<word>AND\b|OR\b|&&|\|\|)"
    r"|ActionMatches\s*\{\s*'(?P<action>[^']*)'\s*\}"
    r"|@(?:Request|Resource)\s*\[(?P<attribute>[^\]]*)\]\s*(?P<operator>[A-Za-z:]+)\s*(?P<values>'[^']*'|\{[^}]*\}))",
    re.IGNORECASE,
)
_ANY: Final = "foranyofanyvalues:"


class ConditionError(Exception):
    """A condition holds something that is not understood here."""


def holds(text: str, action: str, repository: str) -> bool:
    """Tell whether a condition lets an action through on a repository.

    Args:
        text: the condition, version 2.0.
        action: the data action.
        repository: name of the repository.

    Raises:
        ConditionError: the condition has an operator or an attribute that is not understood.
    """
    tokens = list(_tokens(text))
    value = _either(tokens, action, repository)
    if tokens:
        raise ConditionError(f"unexpected {tokens[0].group().strip()!r}")
    return value


@cache
def _tokens(text: str) -> tuple[re.Match[str], ...]:
    """The tokens of a condition, read once: assignments of one role mostly repeat its text."""
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ConditionError(f"not understood: {text[at : at + 40].strip()!r}")
        found.append(match)
        at = match.end()
    return tuple(found)


def _next(tokens: list[re.Match[str]], *expected: str) -> bool:
    """Take the next token away where it is one of these."""
    if tokens and tokens[0].group().strip().upper() in expected:
        tokens.pop(0)
        return True
    return False


def _either(tokens: list[re.Match[str]], action: str, repository: str) -> bool:
    values = [_both(tokens, action, repository)]
    while _next(tokens, "OR", "||"):
        values.append(_both(tokens, action, repository))
    return any(values)


def _both(tokens: list[re.Match[str]], action: str, repository: str) -> bool:
    values = [_one(tokens, action, repository)]
    while _next(tokens, "AND", "&&"):
        values.append(_one(tokens, action, repository))
    return all(values)


def _one(tokens: list[re.Match[str]], action: str, repository: str) -> bool:
    if _next(tokens, "!"):
        return not _one(tokens, action, repository)
    if _next(tokens, "("):
        value = _either(tokens, action, repository)
        if not _next(tokens, ")"):
            raise ConditionError("a parenthesis is not closed")
        return value
    if not tokens or tokens[0]["mark"] or tokens[0]["word"]:
        raise ConditionError("an expression is missing")
    token = tokens.pop(0)
    if token["action"] is not None:
        return fnmatchcase(action.lower(), token["action"].lower())
    return _compared(token, repository)


def _compared(token: re.Match[str], repository: str) -> bool:
    if token["attribute"].strip().lower() != NAME:
        raise ConditionError(f"attribute {token['attribute']!r}")
    operator = token["operator"].lower().removeprefix(_ANY)
    negated, operator = operator.startswith("stringnot"), operator.replace("stringnot", "string", 1)
    exact = not operator.endswith("ignorecase")
    name = repository if exact else repository.lower()
    values = [value if exact else value.lower() for value in re.findall(r"'([^']*)'", token["values"])]
    match operator.removesuffix("ignorecase"):
        case "stringequals":
            found = name in values
        case "stringstartswith":
            found = any(name.startswith(value) for value in values)
        case "stringlike":
            found = any(fnmatchcase(name, value) for value in values)
        case _:
            raise ConditionError(f"operator {token['operator']!r}")
    return found != negated
