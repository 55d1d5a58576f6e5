"""Settings: which rules are enabled, at which level, and the configuration of single rules.

Settings are in one file next to the policies, with a section for each stack that differs::

    baseline: "2026_12"
    profile: standard
    undetermined: advisory
    rules:
      MOOR-ACR-003: {level: advisory}
    stacks:
      prod: {profile: regulated, undetermined: mandatory}
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planning.problems import SpecError
from policies.documents import problem_lines
from policies.model import Level, Profile, Rule, RuleConfig, Severity
from stacks.document import Document, read

FILE: Final = "settings.yaml"
"""Name of the settings file."""

Quarter = Annotated[str, Field(pattern=r"^\d{4}_(03|06|09|12)$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StackSettings(_Section):
    """Settings of one stack; values that are not stated are those of all stacks."""

    baseline: Quarter | None = None
    profile: Profile | None = None
    undetermined: Level | None = None
    levels: dict[Severity, Level] = {}
    rules: dict[str, dict[str, Any]] = {}


class Settings(_Section):
    """Settings of all stacks.

    Attributes:
        baseline: the quarter whose rules are enabled; None enables every rule, so that an upgrade may add failures.
        profile: minimal, standard or regulated.
        undetermined: level of undetermined verdicts.
        levels: level of failures, by severity.
        rules: level and configuration of single rules, by id; a rule named here is enabled in every profile.
        longest_exemption_days: longest time until an exemption expires.
        stacks: settings that differ, by stack.
    """

    baseline: Quarter | None = None
    profile: Profile = "standard"
    undetermined: Level = "advisory"
    levels: dict[Severity, Level] = {}
    rules: dict[str, dict[str, Any]] = {}
    longest_exemption_days: Annotated[int, Field(ge=1, le=3660)] = 366
    stacks: dict[str, StackSettings] = {}

    def of_stack(self, stack: str) -> Settings:
        """Return the settings, overridden by those of one stack."""
        own = self.stacks.get(stack)
        if own is None:
            return self
        rules = {name: {**self.rules.get(name, {}), **own.rules.get(name, {})} for name in {**self.rules, **own.rules}}
        given = {name: getattr(own, name) for name in ("baseline", "profile", "undetermined") if getattr(own, name)}
        return self.model_copy(update={**given, "levels": {**self.levels, **own.levels}, "rules": rules})


DEFAULT_LEVELS: Final[Mapping[Severity, Level]] = {
    "critical": "mandatory",
    "high": "mandatory",
    "medium": "advisory",
    "low": "advisory",
}
"""Level of failures where the settings state none."""


@dataclass(frozen=True, slots=True)
class Active:
    """One rule that is enabled.

    Attributes:
        rule: the rule.
        config: its configuration.
        level: level of failures.
        undetermined: level of undetermined verdicts.
    """

    rule: Rule
    config: RuleConfig
    level: Level
    undetermined: Level


def load(path: Path) -> Settings:
    """Read the settings file; without one, the defaults apply.

    Raises:
        SpecError: every problem found, with its line.
    """
    if not path.exists():
        return Settings()
    document = read(path, path.name)
    try:
        return Settings.model_validate(document.data or {})
    except ValidationError as error:
        raise SpecError((), problem_lines(error, document)) from None


def select(
    rules: Iterable[Rule],
    settings: Settings,
    document: Document | None = None,
    declared: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> list[Active]:
    """Return the rules that are enabled, with level and configuration.

    Args:
        rules: all rules.
        settings: those of one stack, from `Settings.of_stack`.
        document: the file, for the lines in messages.
        declared: configuration by rule that the stack file states already; it enables no rule, and settings override it.

    Raises:
        SpecError: the settings name an unknown rule, or configure one with an invalid value.
    """
    known = {rule.id: rule for rule in rules}
    problems: list[str] = []
    active: list[Active] = []
    newest = max((rule.since for rule in known.values()), default="")
    if settings.baseline and settings.baseline > newest:
        where = f"{document.locate(('baseline',))} baseline" if document else "baseline"
        problems.append(
            f"{where}: {settings.baseline} is later than the newest rules; write {newest} or an earlier one"
        )
    for name in settings.rules:
        if name not in known:
            problems.append(f"{_place(document, name)}: unknown rule {name}; remove it or correct its id")
    for rule in known.values():
        given = dict(settings.rules.get(rule.id, {}))
        level = given.pop("level", None)
        undetermined = given.pop("undetermined", settings.undetermined)
        problems += _wrong_levels(_place(document, rule.id), level, undetermined)
        if level == "remediate" and rule.remediate is None:
            able = ", ".join(each.id for each in known.values() if each.remediate)
            problems.append(f"{_place(document, rule.id)}.level: the rule corrects nothing; rules that do are {able}")
        try:
            config = rule.config.model_validate({**declared.get(rule.id, {}), **given})
        except ValidationError as error:
            place = _place(document, rule.id)
            problems += [f"{place}.{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
            continue
        if _is_on(rule, settings):
            usual = settings.levels.get(rule.severity, DEFAULT_LEVELS[rule.severity])
            active.append(Active(rule, config, level or usual, undetermined))
    if problems:
        raise SpecError((), problems)
    return [each for each in active if each.level != "disabled"]


def override(
    active: Sequence[Active],
    rules: Iterable[Rule],
    levels: Mapping[str, Level],
    configs: Mapping[str, Mapping[str, Any]],
) -> list[Active]:
    """Override the enabled rules with the engine's own configuration (`--policy-pack-config`), which can enable others.

    Args:
        active: the rules that the settings enable.
        rules: all rules.
        levels: level by rule.
        configs: configuration by rule.

    Raises:
        SpecError: a rule is configured with an invalid value.
    """
    on = {each.rule.id: each for each in active}
    result: list[Active] = []
    problems: list[str] = []
    for rule in rules:
        before = on.get(rule.id) or Active(rule, rule.config(), "disabled", "advisory")
        try:
            given = {**before.config.model_dump(), **configs.get(rule.id, {})}
            config = rule.config.model_validate(given) if rule.id in configs else before.config
        except ValidationError as error:
            problems += [f"{rule.id}.{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
            continue
        result.append(replace(before, config=config, level=levels.get(rule.id, before.level)))
    if problems:
        raise SpecError((), problems)
    return [each for each in result if each.level != "disabled"]


def _is_on(rule: Rule, settings: Settings) -> bool:
    if rule.id in settings.rules:
        return True
    return settings.profile in rule.profiles and (settings.baseline is None or rule.since <= settings.baseline)


_LEVELS = ("disabled", "advisory", "mandatory", "remediate")


def _wrong_levels(place: str, level: Any, undetermined: Any) -> list[str]:
    lines = []
    if level is not None and level not in _LEVELS:
        lines.append(f"{place}.level: expected one of {', '.join(_LEVELS)}, got {level!r}")
    if undetermined not in _LEVELS[:3]:
        lines.append(f"{place}.undetermined: expected one of {', '.join(_LEVELS[:3])}, got {undetermined!r}")
    return lines


def _place(document: Document | None, rule: str) -> str:
    path = ("rules", rule)
    return f"{document.locate(path)} {'.'.join(path)}" if document else ".".join(path)


def unknown_stacks(settings: Settings, document: Document, stacks: Collection[str]) -> list[str]:
    """Return a line for each stack in the settings that has no stack file; none where there are no stack files at all.

    Args:
        settings: those of the file.
        document: the file, for the lines in messages.
        stacks: the stacks that have a file.
    """
    strangers = [name for name in settings.stacks if stacks and name not in stacks]
    known = ", ".join(sorted(stacks))
    return [
        f"{document.locate(('stacks', name))} stacks.{name}: there is no stack {name}; stacks here: {known}"
        for name in strangers
    ]
