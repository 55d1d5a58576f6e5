"""What only Azure can tell, read from a stack's outputs: ids of gateways and identities, and hosts that hold a hash.

Everything else follows from the description, so that most manifests can be written before anything is made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planning.problems import SpecError

HINT = (
    "known once it is made: run `pulumi stack output --json > outputs.json` and add --outputs outputs.json "
    "(of `./moorings up`: --outputs .pulumi-local/<stack>-outputs.json)"
)


def read_outputs(file: Path) -> dict[str, Any]:
    """Return a stack's outputs from a file.

    Raises:
        SpecError: the file is not there, or holds no JSON object.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"is no JSON: {error}"
        raise SpecError((), [f"{file}: {reason}; write `pulumi stack output --json` to it"]) from None
    if not isinstance(found, dict):
        raise SpecError((), [f"{file}: is no JSON object; write `pulumi stack output --json` to it"])
    return found


@dataclass
class Known:
    """Outputs of a stack, and what was asked of them in vain.

    Attributes:
        outputs: as ``pulumi stack output --json`` prints them; empty before anything is made.
        missing: one line for each value that is needed and not there.
    """

    outputs: Mapping[str, Any]
    missing: list[str] = field(default_factory=list)

    def value(self, *path: str) -> str | None:
        """Return the text at a path of the outputs, or None where there is none."""
        found: Any = self.outputs
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) and found else None

    def needed(self, what: str, *path: str) -> str:
        """Return the text at a path; where there is none note that, and return a stand-in that is never written."""
        found = self.value(*path)
        if found is None:
            self.missing.append(f"{what}: is {HINT}")
        return found or "unknown"
