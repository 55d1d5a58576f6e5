"""The report in a real Chromium: nothing fails or is loaded, narrow and dark windows are readable, and it prints."""

from __future__ import annotations

import os
import shutil
import struct
from pathlib import Path

import pytest

from tests.browser import DARK, measured, printed, screenshot

PICTURES = "MOORINGS_PICTURES"
"""Environment variable: a folder that takes the pictures of this test, such as docs/images."""


def test_nothing_fails_and_nothing_is_loaded(grown: str, tmp_path: Path) -> None:
    found = measured(grown, "{errors, loaded: performance.getEntriesByType('resource').map(e => e.name)}", tmp_path)
    assert found == {"errors": [], "loaded": []}


@pytest.mark.parametrize("width", [500, 1280])
def test_the_page_is_as_wide_as_its_window_and_only_pictures_and_tables_scroll(
    grown: str, tmp_path: Path, width: int
) -> None:
    script = "{inner: innerWidth, wide: document.documentElement.scrollWidth}"
    found = measured(grown, script, tmp_path, f"--window-size={width},900")
    assert found == {"inner": width, "wide": width}


def test_a_dark_window_has_a_dark_ground(grown: str, tmp_path: Path) -> None:
    script = "getComputedStyle(document.body).backgroundColor"
    assert measured(grown, script, tmp_path, DARK) == "rgb(20, 22, 26)"
    assert measured(grown, script, tmp_path) == "rgb(255, 255, 255)"


def test_the_keyboard_reaches_links_what_scrolls_and_what_unfolds(grown: str, tmp_path: Path) -> None:
    script = (
        "[...document.querySelectorAll('a, [tabindex], summary')]"
        ".map(e => { e.focus(); return document.activeElement === e && e.tabIndex === 0; })"
    )
    found = measured(grown, script, tmp_path)
    assert len(found) > 12
    assert all(found)


def test_texts_stay_in_their_boxes(grown: str, tmp_path: Path) -> None:
    script = (
        "[...document.querySelectorAll('svg g')].flatMap(g => { const box = g.querySelector('rect').getBBox();"
        " return [...g.querySelectorAll('text')].filter(t => t.getBBox().x + t.getBBox().width > box.x + box.width)"
        ".map(t => t.textContent); })"
    )
    assert measured(grown, script, tmp_path) == []


def test_it_prints(grown: str, tmp_path: Path) -> None:
    assert printed(grown, tmp_path).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "width", "height", "flags"),
    [("desktop", 1280, 900, ()), ("phone", 500, 900, ()), ("dark", 1280, 900, (DARK,))],
)
def test_pictures_of_the_report(
    grown: str, tmp_path: Path, name: str, width: int, height: int, flags: tuple[str, ...]
) -> None:
    picture = tmp_path / f"report-{name}.png"
    data = screenshot(grown, picture, tmp_path, width, height, *flags)
    assert struct.unpack(">II", data[16:24]) == (width, height)
    if folder := os.environ.get(PICTURES):
        shutil.copy(picture, folder)
