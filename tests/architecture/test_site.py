"""The navigation of the site, and the page of all fields."""

from __future__ import annotations

import re

from ruamel.yaml import YAML

from stacks.schema import schema
from tests.architecture.project import ROOT, tracked
from tools.provision.environment import pins
from tools.verbs import fields_page

SITE = YAML(typ="safe").load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def pages() -> list[str]:
    """Every page of the navigation."""
    found: list[str] = []
    waiting = list(SITE["nav"])
    while waiting:
        for target in waiting.pop(0).values():
            if isinstance(target, str):
                found.append(target)
            else:
                waiting += target
    return found


def test_the_navigation_has_every_page_but_those_of_single_rules_once() -> None:
    there = [path.removeprefix("docs/") for path in tracked(".md") if path.startswith("docs/")]
    assert sorted(pages()) == sorted(path for path in there if not re.match(r"policies/MOOR-", path))


def test_every_page_is_called_as_its_heading_in_decisions() -> None:
    (decisions,) = (entry["Decisions"] for entry in SITE["nav"] if "Decisions" in entry)
    for entry in decisions:
        ((title, path),) = entry.items()
        heading = (ROOT / "docs" / path).read_text(encoding="utf-8").splitlines()[0]
        assert heading.endswith(f". {title}"), path


def test_a_page_of_the_site_requests_nothing_from_other_hosts() -> None:
    assert SITE["theme"]["font"] is False
    assert not {"extra_css", "extra_javascript"} & set(SITE)


def test_the_site_follows_the_colors_of_the_system_unless_a_reader_chooses() -> None:
    # The theme reads the preference only where it offers the choice.
    palette = SITE["theme"]["palette"]
    assert [each["media"] for each in palette] == [
        f"(prefers-color-scheme{each})" for each in ("", ": light", ": dark")
    ]
    assert all(each["toggle"] for each in palette)


def test_the_packages_of_the_site_are_pinned_apart_from_those_of_the_project() -> None:
    site = pins(ROOT / "tools" / "site" / "requirements.lock")
    assert "zensical" in site
    assert "zensical" not in pins(ROOT / "requirements.lock")
    assert "://" not in (ROOT / "tools" / "site" / "requirements.lock").read_text(encoding="utf-8")


def test_the_page_of_the_fields_is_fresh_and_has_every_field() -> None:
    assert fields_page.stale() == [], "run `./moorings docs`"
    text = fields_page.text()
    whole = schema()
    assert text.count("\n## ") > 60
    for name in ("RegistrySpec", "ClusterSpec", "SubnetSpec", "AppSpec"):
        for key in whole["$defs"][name]["properties"]:
            assert f"\n| `{key}` | " in text
    assert "| `regional_endpoints` | true or false | `false` |" in text
    assert "| `replicas` | map of [Replica](#replica) | none |" in text


def test_every_link_of_the_page_leads_to_a_heading_of_it() -> None:
    text = fields_page.text()
    headings = {
        re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in re.findall(r"^## (.*)$", text, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= headings
