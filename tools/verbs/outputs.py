"""`./moorings outputs`."""

from __future__ import annotations

import json as text

from tools.verbs.arguments import Json, LocalStack
from tools.verbs.command import verb
from tools.verbs.printing import show_json
from tools.verbs.refusals import RefusedError


@verb("./moorings outputs", "./moorings outputs prod --json")
def outputs(stack: LocalStack = "local", json: Json = False) -> None:
    """Show the outputs of a stack on the local Azure.

    These are the outputs of its last `up`: host names, the address ledger, private addresses, and addresses of compute.
    --json prints all outputs.
    """
    from tools.stack import outputs_file
    from tools.summary import summary
    from tools.verbs.running import workspace

    try:
        found = text.loads(outputs_file(workspace(), stack).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RefusedError(f"stack {stack} has no outputs: run ./moorings up {stack}") from None
    if json:
        show_json(found)
        return
    for line in summary(found):
        print(line)
