"""Generates a page for each rule, and the coverage table, from the rules.

The pages are in docs/policies; a test compares them with the output of this module. `./moorings docs` regenerates them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, StrictUndefined

from policies.changes import CHANGE_RULES
from policies.model import Rule
from policies.preparation import with_self_checks
from policies.rules import FAMILIES, RULES
from policies.rules.not_rules import NOT_RULES

DIRECTORY: Final = Path(__file__).resolve().parent.parent / "docs" / "policies"
"""Folder of the pages."""

_PAGE = """\
# {{ rule.id }}: {{ rule.title }}

{{ rule.what }} {{ rule.why }}

| | |
|---|---|
| severity | {{ rule.severity }} |
| pillar | {{ rule.pillar }} |
| checks | {{ looks_at }} |
| profiles | {{ profiles }} |
| since | {{ rule.since }} |
{%- if rule.frameworks %}
| frameworks | {{ rule.frameworks | join(', ') }} |
{%- endif %}
{%- if rule.remediate %}
| corrected at level `remediate` | yes |
{%- endif %}

## Remediation

{{ remedy }}.
{%- if rule.page %} See <{{ rule.page }}>.{% endif %}
{% if fields %}
## Configuration

{{ note }}

| field | default | meaning |
|---|---|---|
{%- for field in fields %}
| `{{ field.name }}` | {{ field.default }} | {{ field.type }} |
{%- endfor %}

```yaml
rules:
  {{ rule.id }}: { {{- fields[0].name }}: {{ fields[0].plain -}} }
```
{% endif %}
{%- if covers %}
## Related checks

{{ covers | join(', ') }}.
{% endif %}"""

_COVERAGE = """\
# Rules and coverage

Generated from the rules. There are {{ count }} rules; profile standard enables {{ standard }}, profile regulated
{{ regulated }}. A rule that is in no profile is enabled when the settings name it.
{% for family, rules in families.items() %}
## {{ family }}

| rule | finding | severity | profiles | related checks |
|---|---|---|---|---|
{%- for rule in rules %}
| {{ row(rule) | join(' | ') }} |
{%- endfor %}
{% endfor %}
## Checks that are not adopted

| check | category | reason | related checks |
|---|---|---|---|
{%- for each in left_out %}
| {{ each.test }} | {{ each.kind }} | {{ each.reason }} | {{ each.covers | join(', ') }} |
{%- endfor %}
"""

_PROFILES = ("minimal", "standard", "regulated")


def pages() -> dict[str, str]:
    """Return the text of every page by its file's name."""
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    page = environment.from_string(_PAGE)
    families = dict(FAMILIES)
    families["Changes"] = CHANGE_RULES
    families["Policy files"] = tuple(each for each in with_self_checks(RULES) if each not in RULES)
    found = {f"{rule.id}.md": page.render(_of_page(rule)) for rules in families.values() for rule in rules}
    found["coverage.md"] = environment.from_string(_COVERAGE).render(_of_coverage(families))
    return found


def _of_page(rule: Rule) -> Mapping[str, Any]:
    return {
        "rule": rule,
        "looks_at": ", ".join(f"`{each}`" for each in rule.types) or "the whole program",
        "profiles": profiles(rule),
        "remedy": rule.remedy[:1].upper() + rule.remedy[1:],
        "fields": list(_fields(rule)),
        "note": (rule.config.__doc__ or "").strip(),
        "covers": covers(rule),
    }


def _of_coverage(families: Mapping[str, tuple[Rule, ...]]) -> Mapping[str, Any]:
    rules = [rule for each in families.values() for rule in each]
    return {
        "families": families,
        "count": len(rules),
        "standard": sum("standard" in rule.profiles for rule in rules),
        "regulated": sum("regulated" in rule.profiles for rule in rules),
        "row": _row,
        "left_out": NOT_RULES,
    }


def _row(rule: Rule) -> list[str]:
    return [f"[{rule.id}]({rule.id}.md)", rule.title, rule.severity, profiles(rule), ", ".join(covers(rule))]


def profiles(rule: Rule) -> str:
    """Return the profiles of a rule in words."""
    return ", ".join(each for each in _PROFILES if each in rule.profiles) or "opt-in"


def covers(rule: Rule) -> list[str]:
    """Return the ids of the same check in other tools, without internal row numbers."""
    return [each for each in rule.covers if "#" not in each and not each[1:].isdigit()]


def _fields(rule: Rule) -> Iterator[Mapping[str, str]]:
    for name, each in rule.config.model_json_schema().get("properties", {}).items():
        default = each.get("default")
        nested = isinstance(default, list) and bool(default) and isinstance(default[0], dict)
        shown = "several" if nested else "none" if default is None else f"`{json.dumps(default)}`"
        yield {"name": name, "default": shown, "plain": "[]" if nested else json.dumps(default), "type": _kind(each)}


def _kind(schema: Mapping[str, Any]) -> str:
    kinds = [each.get("type", "") for each in schema.get("anyOf", ())] or [schema.get("type", "")]
    return " or ".join({"array": "list", "object": "map"}.get(str(each), str(each)) for each in kinds if each != "null")


def stale(directory: Path = DIRECTORY) -> list[str]:
    """Return the names of files that are out of date, missing, or belong to no rule."""
    written = pages()
    kept = (
        {each.name: each.read_text(encoding="utf-8") for each in directory.glob("*.md")} if directory.exists() else {}
    )
    return sorted(name for name in written.keys() | kept.keys() if written.get(name) != kept.get(name))


def write(directory: Path = DIRECTORY) -> None:
    """Write all pages, and remove those that belong to no rule."""
    directory.mkdir(parents=True, exist_ok=True)
    written = pages()
    for page in directory.glob("*.md"):
        if page.name not in written:
            page.unlink()
    for name, text in written.items():
        (directory / name).write_text(text, encoding="utf-8")
