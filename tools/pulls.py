"""Reports the image pulls that do not work on a local Azure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local_azure.reach import command
from local_azure.store import Store


def lines(store: Path, outputs: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each pull that does not work, and the number of working pulls; nothing if there are no consumers.

    Args:
        store: folder of the local Azure's store.
        outputs: the outputs of a stack, whose `pulls` are the consumers that are not in ARM.
    """
    opened = Store(store)
    try:
        estate = command.snapshot(opened)
    finally:
        opened.close()
    found = command.verdicts(estate, command.consumers(estate, dict(outputs), command.Question()))
    for verdict in found:
        if verdict.broken is not None:
            who = f"{verdict.consumer.kind} {verdict.consumer.name}"
            broken = verdict.broken
            yield f"{who} cannot pull {verdict.consumer.image}: {broken.message} ({broken.resource or broken.link})"
    if found:
        yield command.summary(found)
