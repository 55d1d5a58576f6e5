"""The report as a document: complete without a network, without color and by keyboard, and what it says of a change."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from policies.model import Finding
from stacks.loader import Stack, load
from tools.report.changes import address_rows
from tools.report.page import Base, page
from tools.report.picture import picture

_URL = ("src", "srcset", "action", "data", "poster", "background")


class Document(HTMLParser):
    """What the tests ask of a page: its elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_nothing_is_loaded_and_no_script_runs(grown: str) -> None:
    document = Document(grown)
    assert not {tag for tag, _ in document.elements} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
    }
    assert [
        each for _, attributes in document.elements for each in attributes if each in _URL or each.startswith("on")
    ] == []
    assert all(each["href"].startswith("#") for each in document.all("a"))
    assert "url(" not in grown
    assert "@import" not in grown
    policy = next(each for each in document.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_document_has_landmarks_headings_in_order_and_references_that_exist(grown: str) -> None:
    document = Document(grown)
    for landmark in ("header", "nav", "main", "footer"):
        assert len(document.all(landmark)) == 1
    assert document.all("html")[0]["lang"] == "en"
    ids = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in document.elements:
        for name in ("aria-labelledby", "href"):
            if name in attributes:
                assert attributes[name].lstrip("#") in ids
    levels = [int(tag[1]) for tag, _ in document.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_headers_and_what_scrolls_can_be_reached_by_keyboard(grown: str) -> None:
    document = Document(grown)
    assert document.all("th")
    assert all(each.get("scope") in {"col", "row"} for each in document.all("th"))
    scrolling = [each for each in document.all("div") if "wide" in each.get("class", "")]
    assert len(scrolling) >= 4
    assert all(each["tabindex"] == "0" and each["role"] == "region" and each["aria-label"] for each in scrolling)
    assert ":focus-visible { outline: 3px solid" in grown
    pictures = document.all("svg")
    assert all(each["role"] == "img" and (each.get("aria-label") or each.get("aria-labelledby")) for each in pictures)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("color", "least"), [("text", 7.0), ("quiet", 4.5), ("link", 4.5), ("edge", 3.0), ("bar", 3.0)]
)
def test_colors_have_the_contrast_of_wcag_on_the_ground(grown: str, scheme: int, color: str, least: float) -> None:
    # WCAG 2.2: 4.5 for text (1.4.3), 7 for enhanced text (1.4.6), 3 for graphics (1.4.11).
    values = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", re.findall(r":root \{(.*?)\}", grown)[scheme]))
    for ground in ("ground", "fill"):
        assert contrast(values[color], values[ground]) >= least, (color, ground)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors, by the formula of WCAG 2."""

    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_a_new_region_is_listed_with_what_it_opens_in_the_firewalls(grown: str) -> None:
    text = Document(grown).text
    for line in ("new: replica southeastasia", "new: network southeastasia", "new: consumer cluster southeastasia"):
        assert line in text
    assert "changed: replica" not in text
    # A replica in global routing adds its data host to what the others download from [ACR-1].
    assert "eastus: contosoprod.southeastasia.data.azurecr.io https:443" in text
    assert "Close in the firewall" not in text
    assert len(re.findall(r"<text[^>]*>new: ", grown)) == len(re.findall(r'<rect class="new', grown)) == 1 + 1 + 3


def test_the_reverse_change_is_listed_as_removed_and_closed(smaller: Stack) -> None:
    text = Document(page("prod", smaller, Base("abc1234", load("prod")))).text
    assert "removed: network southeastasia" in text
    assert "Close in the firewall after the change eastus: contosoprod.southeastasia.data.azurecr.io" in text
    assert "Open in the firewall" not in text


def test_addresses_are_shown_before_after_and_with_headroom(smaller: Stack) -> None:
    rows = {(row.network, row.subnet): row for row in address_rows(load("prod"), smaller)}
    row = rows["eastus", "registry"]
    # One global address, and a data and a regional one for each of two, three and four regions [ACR-7].
    assert (row.before, row.need, row.wanted) == (1 + 2 * 2, 1 + 2 * 3, 1 + 2 * 4)
    assert row.capacity == 256 - 5
    assert rows["southeastasia", "registry"].before is None


def test_pull_paths_lead_through_the_endpoint_of_the_network_to_the_own_replica() -> None:
    stack = load("prod")
    found = {each.name: each for each in picture(stack, stack.plan.endpoints).consumers}
    cluster = found["cluster westeurope"]
    assert (cluster.endpoint, cluster.replica) == ("westeurope", "westeurope")
    assert cluster.host == "contosoprod.westeurope.geo.azurecr.io"
    assert cluster.path[1] == "network westeurope"
    # Images of Container Apps are named with the global host, for which no source says that regional hosts work [IMAGE-HOST].
    environment = found["environment westeurope"]
    assert (environment.host, environment.replica) == ("contosoprod.azurecr.io", None)
    assert environment.path[-1] == "nearest replica in global routing"


def test_without_a_base_nothing_is_compared_and_without_findings_none_are_claimed() -> None:
    text = Document(page("prod", load("prod"))).text
    assert "nothing is compared" in text
    assert "No findings were given" in text
    assert "No finding is open" in Document(page("prod", load("prod"), findings=[])).text


def test_findings_are_listed_and_text_from_files_is_no_markup() -> None:
    finding = Finding("MOOR-X-1", "urn", "fail", "<b>open</b> & public", resource="vault")
    written = page("prod", load("prod"), findings=[finding])
    assert "&lt;b&gt;open&lt;/b&gt; &amp; public" in written
    assert "MOOR-X-1" in written
    assert "vault" in written


@pytest.mark.parametrize("name", ["dev", "local", "prod"])
def test_every_stack_of_this_project_has_a_report(name: str) -> None:
    stack = load(name)
    document = Document(page(name, stack))
    assert all(row.subnet.name in document.text for row in stack.plan.ledger)
    assert all(line in document.text for line in (" ".join(warning.split()) for warning in stack.warnings))
