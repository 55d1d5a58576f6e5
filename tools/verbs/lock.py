"""`./moorings lock`."""

from __future__ import annotations

from tools.verbs.command import verb
from tools.verbs.refusals import RefusedError


@verb("./moorings lock")
def lock() -> None:
    """Write requirements.lock from what .venv holds."""
    from tools.lock import write

    try:
        path, count = write()
    except ValueError as error:
        raise RefusedError(str(error)) from None
    print(f"{path.name}: {count} packages")
