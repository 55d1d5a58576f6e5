"""What a stack file states in short, written out: the stamps of regions, and the ranges of subnets that state a size.

It comes before specs are read, so that everything after it sees the ordinary description.
"""

from __future__ import annotations

from planning.problems import SpecError
from stacks.carved import carved
from stacks.document import Document, located
from stacks.stamps import stamped


def expanded(document: Document) -> Document:
    """Return a description with everything written out; a value that follows from another has its line.

    Args:
        document: a description as files state it; it is not changed.

    Raises:
        SpecError: what cannot be written out, one line for each problem.
    """
    for step in (stamped, carved):
        result, problems = step(document)
        if problems:
            raise SpecError(located(problems, document))
        document = result
    return document
