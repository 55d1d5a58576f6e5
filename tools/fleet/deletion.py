"""The order in which the stacks on the local Azure are deleted: each after the stacks that use its outputs."""

from __future__ import annotations

from stacks.order import Order, order, readable
from tools.engine import Engine, Workspace


def deletion_order(workspace: Workspace) -> Order:
    """Return what each stack on the local Azure waits for, as the copies of the stack files of their last runs state it.

    A stack whose copy cannot be read has no place in the order, and is deleted before all others.

    Raises:
        SpecError: the copies refer to one another in a circle.
    """
    deployed = [file.stem for file in sorted(Engine(workspace, "").state_file.parent.glob("*.json"))]
    known = readable(deployed, workspace.local)
    needs = order(known, workspace.name, workspace.local).needs
    unknown = [name for name in deployed if name not in needs]
    before = {name: (*(each for each in known if name in needs[each]), *unknown) for name in known}
    return Order({**before, **dict.fromkeys(unknown, ())}, {})
