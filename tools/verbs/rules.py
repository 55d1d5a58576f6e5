"""`./moorings rules`."""

from __future__ import annotations

from typing import Annotated

import typer

from tools.verbs.arguments import Json, Profile
from tools.verbs.command import verb
from tools.verbs.printing import show_json


@verb("./moorings rules", "./moorings rules --profile minimal --json")
def rules(
    profile: Annotated[Profile | None, typer.Option(help="Only the rules of this profile.", show_default=False)] = None,
    json: Json = False,
) -> None:
    """List the rules of the policies.

    The columns are id, severity, first baseline, profiles and title.
    """
    from policies.preparation import with_self_checks
    from policies.rules import RULES

    listed = [
        {
            "id": each.id,
            "severity": each.severity,
            "since": each.since,
            "profiles": sorted(each.profiles),
            "title": each.title,
        }
        for each in with_self_checks(RULES)
        if profile is None or profile in each.profiles
    ]
    if json:
        show_json(listed)
        return
    for each in listed:
        where = ",".join(each["profiles"]) or "opt-in"
        print(f"{each['id']:14} {each['severity']:8} {each['since']} {where:27} {each['title']}")
