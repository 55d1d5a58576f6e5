"""`./moorings doctor`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from tools.verbs.arguments import Json
from tools.verbs.command import ROOT, verb
from tools.verbs.printing import show_json


@verb(
    "./moorings doctor",
    "./moorings doctor --subscription 00000000-0000-0000-0000-000000000001",
    "./moorings doctor --json",
)
def doctor(
    subscription: Annotated[
        str,
        typer.Option(
            envvar=["ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"],
            help="Also check the credential and the resource providers of this subscription.",
        ),
    ] = "",
    json: Json = False,
) -> int:
    """Show what this machine or a subscription lacks.

    Each line is `ok`, `missing` (a run fails without it, and the exit code is 1) or `note` (only some commands need it).
    The verb also works before `make setup`. Azure is asked only if a subscription is stated, and is only read; `preflight`
    compares it with one stack in detail.
    """
    from tools.doctor.machine import MISSING, checks, report
    from tools.doctor.subscription import checks as on_the_way

    found = [*checks(ROOT), *on_the_way(subscription)]
    if json:
        show_json([asdict(check) for check in found])
    else:
        for line in report(found):
            print(line)
    return int(any(check.state == MISSING for check in found))
