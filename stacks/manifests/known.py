"""Values that only Azure determines, read from a stack's outputs: ids of gateways and identities, and hashed hosts.

All other values follow from the stack file, so most manifests can be generated before the first update.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planning.problems import SpecError

HINT = (
    "known after the first update: run `pulumi stack output --json > outputs.json` and add --outputs outputs.json "
    "(of `./moorings up`: --outputs .pulumi-local/<stack>-outputs.json)"
)


def read_outputs(file: Path) -> dict[str, Any]:
    """Return a stack's outputs from a file.

    Raises:
        SpecError: the file does not exist, or is not a JSON object.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"is not JSON: {error}"
        raise SpecError((), [f"{file}: {reason}; write `pulumi stack output --json` to it"]) from None
    if not isinstance(found, dict):
        raise SpecError((), [f"{file}: is not a JSON object; write `pulumi stack output --json` to it"])
    return found


@dataclass
class Known:
    """Outputs of a stack, and the values that they lack.

    Attributes:
        outputs: as ``pulumi stack output --json`` prints them; empty before the first update.
        missing: one line for each missing value.
    """

    outputs: Mapping[str, Any]
    missing: list[str] = field(default_factory=list)

    def value(self, *path: str) -> str | None:
        """Return the text at a path of the outputs, or None."""
        found: Any = self.outputs
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) and found else None

    def needed(self, what: str, *path: str) -> str:
        """Return the text at a path; if it is missing, record that and return a placeholder, which is never written."""
        found = self.value(*path)
        if found is None:
            self.missing.append(f"{what}: is {HINT}")
        return found or "unknown"
