"""What no text of the project may hold."""

import re

from tests.architecture.project import ROOT, tracked

MARKER = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)


def test_no_merge_was_committed_half_done() -> None:
    files = [
        path for path in tracked() if path.endswith((".md", ".py", ".yaml", ".toml", ".j2", ".json")) or "." not in path
    ]
    assert len(files) > 500
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in files}
    assert [path for path, text in texts.items() if MARKER.search(text)] == []


def test_every_decision_has_a_number_of_its_own_and_is_headed_by_it() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    headings = [page.read_text(encoding="utf-8").splitlines()[0] for page in pages]
    assert [
        heading for number, heading in zip(numbers, headings, strict=True) if not heading.startswith(f"# {number}. ")
    ] == []
