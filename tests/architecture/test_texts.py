"""Merge markers, numbers of decisions and links in the texts of the project."""

import re
from pathlib import Path

from tests.architecture.project import ROOT, tracked

MARKER = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes from the headings of a page."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_no_file_contains_a_merge_marker() -> None:
    files = [
        path for path in tracked() if path.endswith((".md", ".py", ".yaml", ".toml", ".j2", ".json")) or "." not in path
    ]
    assert len(files) > 500
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in files}
    assert [path for path, text in texts.items() if MARKER.search(text)] == []


def test_the_heading_of_every_decision_has_the_number_of_its_file() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    headings = [page.read_text(encoding="utf-8").splitlines()[0] for page in pages]
    assert [
        heading for number, heading in zip(numbers, headings, strict=True) if not heading.startswith(f"# {number}. ")
    ] == []


def test_every_link_of_a_document_leads_to_a_file_and_a_heading_that_exist() -> None:
    pages = [ROOT / path for path in tracked() if path.endswith(".md")]
    links = [(page, *found) for page in pages for found in LINK.findall(page.read_text(encoding="utf-8"))]
    assert len(links) > 200
    broken = [
        (str(page.relative_to(ROOT)), path, anchor)
        for page, path, anchor in links
        for target in [page.parent / path if path else page]
        if not target.exists() or (anchor and anchor not in anchors(target))
    ]
    assert broken == []
