"""The report in a real Chromium: clicks, search, keys, links, print, phone, dark mode; nothing fails and nothing is requested."""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path
from typing import Any

import pytest

from stacks.loader import load
from tests.browser import REQUIRED, Browser, Keys, started
from tests.tools.report.wcag import CONTRAST
from tools.report.page import page

PICTURES = "MOORINGS_PICTURES"
"""Environment variable: a folder that takes the pictures of this test, such as docs/images."""

CLUSTER = "part-consumer-cluster-westeurope"
NODE = f"a.node[data-part='{CLUSTER}']"
ON = "[...document.querySelectorAll('a.node.on')].map(e => e.dataset.part).sort()"


def shown(browser: Browser, selector: str) -> list[str]:
    """Return the text of the elements of a selector that are displayed."""
    script = (
        f"[...document.querySelectorAll({selector!r})].filter(e => e.checkVisibility()).map(e => e.textContent.trim())"
    )
    return browser.value(script)


def test_a_click_shows_what_is_known_and_the_pull_path_from_end_to_end(browser: Browser, grown: str) -> None:
    browser.open(grown)
    browser.click(NODE)
    assert browser.one("#panel-title").text == "cluster westeurope"
    panel = browser.one("#panel-body").text
    for fact in (
        "private endpoint westeurope",
        "contosoprod.westeurope.geo.azurecr.io",
        "contosoprod.westeurope.data.azurecr.io",
    ):
        assert fact in panel
    assert browser.value(ON) == [
        "part-consumer-cluster-westeurope",
        "part-endpoint-westeurope",
        "part-network-westeurope",
        "part-registry-contosoprod",
        "part-replica-westeurope",
        "part-subnet-westeurope-nodes",
        "part-subnet-westeurope-registry",
    ]
    # One line from the cluster to the endpoint, and one that begins there and ends at the replica.
    lines = browser.value("[...document.querySelectorAll('polyline.on')].map(e => e.getAttribute('points'))")
    to_endpoint, to_replica = (line.split(" ") for line in lines)
    assert to_endpoint[-1] == to_replica[0]
    top = browser.value(
        "(r => [r.x.baseVal.value, r.y.baseVal.value])(document.querySelector('.node.replica.on rect'))"
    )
    assert to_replica[-1] == f"{top[0]:.0f},{top[1] + 14:.0f}"
    assert (
        float(
            browser.value(f"getComputedStyle(document.querySelector({NODE!r}).querySelector('rect')).strokeWidth")[:-2]
        )
        > 2
    )
    assert browser.value("location.hash") == f"#{CLUSTER}"


def test_a_private_endpoint_shows_every_consumer_that_uses_it(browser: Browser, grown: str) -> None:
    browser.open(grown)
    browser.click("a.node[data-part='part-endpoint-eastus']")
    consumers = [each for each in browser.value(ON) if each.startswith("part-consumer-")]
    assert consumers == [f"part-consumer-{kind}-eastus" for kind in ("cluster", "environment", "sandbox-group")]


def test_a_click_on_a_row_scrolls_the_picture_to_its_part(browser: Browser, grown: str) -> None:
    browser.open(grown, width=800, still=True)
    browser.click("section[aria-labelledby=paths] tr[data-part='part-consumer-cluster-southeastasia'] td")
    inside = (
        "(() => { const n = document.querySelector('a.node.chosen').getBoundingClientRect();"
        " const f = document.querySelector('.picture').getBoundingClientRect();"
        " return n.left >= f.left && n.right <= f.right && n.top >= f.top && n.bottom <= f.bottom; })()"
    )
    assert browser.value(inside) is True
    assert browser.one("#panel-title").text == "new: cluster southeastasia"
    assert len(shown(browser, "tr.chosen th")) >= 2


def test_the_keyboard_walks_the_picture_opens_a_part_and_returns_to_it(browser: Browser, grown: str) -> None:
    browser.open(grown)
    assert browser.value("document.querySelectorAll('a.node[tabindex=\"0\"]').length") == 1
    browser.value("document.querySelector('.picture').focus()")
    browser.press(Keys.TAB)
    active = "document.activeElement.dataset.part || document.activeElement.id"
    assert browser.value(active) == "part-registry-contosoprod"
    walked = []
    for key in (Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT):
        browser.press(key)
        walked.append(browser.value(active))
    assert walked == [
        "part-replica-eastus",
        "part-replica-westeurope",
        "part-network-westeurope",
        "part-network-eastus",
    ]
    browser.press(Keys.ENTER)
    assert browser.value(active) == "panel-title"
    browser.press(Keys.ESCAPE)
    assert browser.value(active) == "part-network-eastus"
    assert browser.value("document.getElementById('panel').hidden") is True
    assert browser.value("document.querySelectorAll('.on, .chosen, .focused').length") == 0


def test_search_filters_rows_and_parts_in_all_sections_and_counts_them(browser: Browser, grown: str) -> None:
    browser.open(grown)
    every = len(shown(browser, "tbody tr"))
    browser.press("/")
    assert browser.value("document.activeElement.id") == "find"
    browser.press(*"WestEurope data")
    rows = shown(browser, "tbody tr")
    assert 0 < len(rows) < every
    assert all("westeurope" in row.lower() and "data" in row.lower() for row in rows)
    found = re.fullmatch(r"(\d+) matches in (\d+) sections", browser.one("#found").text)
    assert found
    items = shown(browser, "tbody tr, li[data-item], .row[data-item], details.part")
    assert int(found[1]) == len(items)
    assert browser.one("#found").get_attribute("aria-live") == "polite"

    browser.press(Keys.ESCAPE)
    assert (browser.one("#find").get_attribute("value"), browser.one("#found").text) == ("", "")
    assert len(shown(browser, "tbody tr")) == every


def test_search_says_that_nothing_matches(browser: Browser, grown: str) -> None:
    browser.open(grown)
    browser.one("#find").send_keys("nowhere-at-all")
    assert browser.one("#found").text == "No match for “nowhere-at-all”"
    assert shown(browser, "tbody tr, details.part") == []
    browser.click("#clear")
    assert browser.one("#found").text == ""


def test_a_large_report_is_searched_and_opened_as_others_are(browser: Browser, large: str) -> None:
    browser.open(large)
    browser.one("#find").send_keys("job-31-japaneast", Keys.ENTER)
    assert browser.one("#panel-title").text == "container group job-31-japaneast"
    assert "part-endpoint-japaneast" in browser.value(ON)
    consumers = shown(browser, "details.part[id^=part-consumer-] summary")
    assert consumers == ["container group job-31-japaneast"]
    browser.click("#whole")
    assert browser.value(
        "document.querySelector('.picture').scrollWidth <= document.querySelector('.picture').clientWidth + 1"
    )


def test_a_stack_without_anything_has_a_report_that_says_so(browser: Browser, tmp_path: Path) -> None:
    text = "config:\n  moorings:stack: {name: contoso, environment: empty, location: westeurope}\n"
    (tmp_path / "Pulumi.empty.yaml").write_text(text, encoding="utf-8")
    browser.open(page("empty", load("empty", directory=tmp_path)))
    browser.one("#find").send_keys("registry", Keys.ENTER, Keys.ESCAPE, Keys.ESCAPE)
    assert "This stack has no network, no registry and nothing that pulls images." in browser.one("#main").text
    assert browser.messages() == []


def test_only_what_changes_can_be_shown(browser: Browser, grown: str) -> None:
    browser.open(grown)
    browser.click("#only")
    rows = shown(browser, "section[aria-labelledby=paths] tbody tr")
    assert len(rows) == 3
    assert all(row.startswith("new") for row in rows)
    faint = browser.value("[...document.querySelectorAll('a.node:not(.faint)')].every(e => 'mark' in e.dataset)")
    assert faint is True


def test_a_link_opens_its_part(browser: Browser, grown: str) -> None:
    browser.open(grown, fragment=CLUSTER)
    assert browser.one("#panel-title").text == "cluster westeurope"
    assert CLUSTER in browser.value(ON)


def test_nothing_is_logged_and_nothing_is_requested_whatever_is_done(browser: Browser, grown: str) -> None:
    browser.open(grown)
    browser.click(NODE)
    browser.one("#find").send_keys("eastus")
    for button in ("#larger", "#smaller", "#whole", "#actual"):
        browser.click(button)
    browser.click("#panel-close")
    browser.printed()
    assert browser.messages() == []
    assert browser.requests() == []


def test_nothing_but_the_script_of_the_page_runs(browser: Browser, grown: str) -> None:
    injected = '<script>window.injected = 1</script><img src="https://example.com/x.png" onerror="window.injected = 1">'
    browser.open(grown.replace("</main>", f"{injected}</main>"))
    assert browser.value("typeof window.injected") == "undefined"
    assert any("Content Security Policy" in message for message in browser.messages())
    assert browser.one("#find").is_displayed()


def test_without_the_script_everything_is_readable_and_links_lead_to_parts(browser: Browser, grown: str) -> None:
    browser.open(grown, script=False)
    assert browser.value("document.documentElement.className") == ""
    assert browser.value("[...document.querySelectorAll('details')].every(e => e.open)") is True
    assert len(shown(browser, "details.part dl")) > 20
    assert shown(browser, ".tools, .sizes, #panel") == []
    browser.click(NODE)
    assert browser.value("document.querySelector(':target').id") == CLUSTER


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_as_wide_as_its_window_and_only_pictures_and_tables_scroll(
    browser: Browser, grown: str, width: int
) -> None:
    size = "[innerWidth, document.documentElement.scrollWidth]"
    browser.open(grown, width=width)
    assert browser.value(size) == [width, width] if width < 600 else browser.value(size)[1] <= width
    browser.click(NODE)
    assert browser.value(size)[1] <= width
    fit = "(e => [e.scrollWidth, e.clientWidth])(document.querySelector('.picture'))"
    browser.click("#panel-close")
    browser.click("#whole")
    wide, frame = browser.value(fit)
    assert wide <= frame + 1


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_texts_have_the_contrast_of_wcag(browser: Browser, grown: str, dark: bool) -> None:
    browser.open(grown, dark=dark)
    assert browser.value("getComputedStyle(document.body).backgroundColor") == (
        "rgb(20, 22, 26)" if dark else "rgb(255, 255, 255)"
    )
    browser.click("a[href='#part-subnet-eastus-registry']")
    found: list[Any] = browser.value(CONTRAST)
    assert len(found) > 300
    # WCAG 2.2, 1.4.3: 4.5, and 3 for large text, which headings are; what is dimmed is neither chosen nor on the path.
    assert [(text, ratio) for text, ratio in found if ratio < 4.5] == []


def test_kinds_of_addresses_differ_by_their_patterns_and_not_only_by_color(browser: Browser, grown: str) -> None:
    browser.open(grown)
    fills = browser.value(
        "[...document.querySelectorAll('.legend .space rect')].map(e => [e.getAttribute('class'), getComputedStyle(e).fill])"
    )
    patterns = [fill for _, fill in fills if "url(" in fill]
    assert len(fills) == len({fill for _, fill in fills}) == 6
    assert {kind for kind, fill in fills if "url(" not in fill} == {"used", "free"}
    assert all(browser.value(f"document.querySelector('pattern{fill[5:-2]}') !== null") for fill in patterns)


def test_reduced_motion_has_no_transitions(browser: Browser, grown: str) -> None:
    duration = "getComputedStyle(document.querySelector('a.node')).transitionDuration"
    browser.open(grown, still=True)
    assert browser.value(duration) == "0s"
    browser.open(grown)
    assert browser.value(duration) != "0s"


def test_texts_stay_in_their_boxes(browser: Browser, grown: str) -> None:
    script = (
        "[...document.querySelectorAll('a.node')].flatMap(g => { const box = g.querySelector('rect').getBBox();"
        " return [...g.querySelectorAll('text')].filter(t => { const b = t.getBBox();"
        " return b.x + b.width > box.x + box.width || b.y < box.y - 1 || b.y + b.height > box.y + box.height + 1 &&"
        " !g.classList.contains('network'); }).map(t => t.textContent); })"
    )
    browser.open(grown)
    assert browser.value(script) == []


def test_print_shows_everything_expanded_on_white(browser: Browser, grown: str) -> None:
    browser.open(grown, dark=True)
    folded = "document.querySelectorAll('details:not([open])').length"
    assert browser.value(folded) > 20
    browser.one("#find").send_keys("westeurope")
    browser.value(f"addEventListener('beforeprint', () => {{ window.folded = {folded}; }})")
    document = browser.printed()
    assert document.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", document)) > 3
    assert browser.value("window.folded") == 0
    browser.media(dark=True, printing=True)
    assert browser.value("document.querySelectorAll('tbody tr.out').length") > 0
    assert len(shown(browser, "tbody tr")) == browser.value("document.querySelectorAll('tbody tr').length")
    assert browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert shown(browser, ".tools, nav, #panel") == []
    # A page of A4 has 794 CSS pixels; nothing is cut off at its edge.
    browser.window(794, 1123)
    assert browser.value("document.documentElement.scrollWidth <= innerWidth") is True


@pytest.mark.parametrize(
    ("name", "width", "height", "dark"),
    [("desktop", 1280, 1000, False), ("phone", 390, 844, False), ("dark", 1280, 1000, True)],
)
def test_pictures_of_the_report(
    browser: Browser, grown: str, tmp_path: Path, name: str, width: int, height: int, dark: bool
) -> None:
    browser.open(grown, width=width, height=height, dark=dark, still=True)
    if name == "dark":
        browser.click(NODE)
    browser.value("document.getElementById('topology').scrollIntoView()" if name != "phone" else "scrollTo(0, 0)")
    data = browser.screenshot()
    assert struct.unpack(">II", data[16:24]) == (width, height)
    if folder := os.environ.get(PICTURES):
        (Path(folder) / f"report-{name}.png").write_bytes(data)


@pytest.mark.parametrize(
    ("setting", "outcome"),
    [("", pytest.skip.Exception), ("required", pytest.fail.Exception)],
    ids=["skipped", "failed"],
)
def test_without_a_browser_a_test_is_skipped_aloud_and_fails_where_one_is_required(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv(REQUIRED, setting)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(outcome, match="apt-get install chromium chromium-driver"), started(tmp_path):
        pass
