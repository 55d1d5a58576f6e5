"""The usage that a cost estimate assumes, in `stacks/_cost.yaml`: what no stack file states."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Final

from pydantic import Field, ValidationError

from components.spec import Spec
from planning.problems import Problem, SpecError, unknown
from stacks.document import Document, located, read
from stacks.files import stack_names
from stacks.messages import problems_of

FILE: Final = "_cost.yaml"
"""Name of the file, beside the stack files."""

HOURS: Final = 730
"""Hours of a month in Azure's own estimates [COST-WORKSHEET]."""

_HOURS_OF_A_DAY: Final = 24
_SECONDS_OF_AN_HOUR: Final = 3600

Quantity = Annotated[float, Field(ge=0)]


class Usage(Spec):
    """The usage of one stack in a month; what is left out is not known, and not estimated."""

    hours: Annotated[
        float, Field(gt=0, le=744, description="Hours of a month in which resources exist, and replicas run.")
    ] = HOURS
    stored_gib: Annotated[
        Quantity | None, Field(description="Content of the registry in GiB, which each replica stores too.")
    ] = None
    endpoint_gb: Annotated[
        Quantity | None, Field(description="Data through each private endpoint in GB, such as pulls.")
    ] = None
    outbound_gb: Annotated[
        Quantity | None, Field(description="Data through each NAT gateway and each firewall in GB.")
    ] = None
    logs_gb_per_day: Annotated[
        Quantity | None,
        Field(description="Logs that each workspace receives in a day, in GB; its daily cap limits it."),
    ] = None
    session_hours: Annotated[
        Quantity | None, Field(description="Hours of sessions of each session pool, of all its sessions together.")
    ] = None

    @property
    def days(self) -> float:
        """Days of the month."""
        return self.hours / _HOURS_OF_A_DAY

    @property
    def share(self) -> float:
        """The part of a month, for meters by the month."""
        return self.hours / HOURS

    @property
    def seconds(self) -> float:
        """Seconds of the month."""
        return self.hours * _SECONDS_OF_AN_HOUR


class UsageFile(Usage):
    """The usage of all stacks, and of single ones."""

    stacks: Annotated[
        dict[str, Usage], Field(description="What differs for one stack, by its name; the rest is as above.")
    ] = {}

    def of(self, stack: str) -> Usage:
        """Return the usage of a stack: as stated for it, else for all stacks."""
        own = self.stacks.get(stack, Usage())
        common = {name: getattr(self, name) for name in self.model_fields_set - {"stacks"}}
        return Usage(**{**common, **{name: getattr(own, name) for name in own.model_fields_set}})


def usage(stack: str, path: FilePath) -> Usage:
    """Return the usage of a stack in a file, which need not exist.

    Raises:
        SpecError: the file has problems, one line each.
    """
    shown = f"{path.parent.name}/{path.name}"
    document = read(path, shown) if path.exists() else Document({}, {})
    try:
        found = UsageFile.model_validate(document.data or {})
    except ValidationError as error:
        raise SpecError(located(problems_of(error, UsageFile, document), document)) from None
    known = stack_names(path.parent)
    strange = [Problem(("stacks", name), unknown("stack", name, known)) for name in found.stacks if name not in known]
    if strange:
        raise SpecError(located(strange, document))
    return found.of(stack)
