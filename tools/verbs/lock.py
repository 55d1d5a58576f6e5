"""`./moorings lock`."""

from __future__ import annotations

from tools.verbs.command import verb
from tools.verbs.refusals import RefusedError


@verb("./moorings lock")
def lock() -> None:
    """Write requirements.lock from the packages in .venv, with hashes."""
    from tools.lock import write
    from tools.provision.report import SetupError

    try:
        path, count = write()
    except (SetupError, ValueError) as error:
        raise RefusedError(str(error)) from None
    print(f"{path.name}: {count} packages")
