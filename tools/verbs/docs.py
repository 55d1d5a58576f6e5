"""`./moorings docs`."""

from __future__ import annotations

import sys

from tools.verbs.arguments import Verify
from tools.verbs.command import verb


@verb("./moorings docs", "./moorings docs --verify")
def docs(verify: Verify = False) -> int:
    """Write the generated pages of docs.

    These are docs/commands.md, docs/reference/fields.md and, in docs/policies, a page for each rule and the coverage table.
    """
    from policies import pages
    from tools.verbs import fields_page, page

    if not verify:
        pages.write()
        page.write()
        fields_page.write()
    stale = [*(f"docs/policies/{name}" for name in pages.stale()), *page.stale(), *fields_page.stale()]
    for name in stale:
        print(f"error: {name} is out of date; run `./moorings docs`", file=sys.stderr)
    return int(bool(stale))
