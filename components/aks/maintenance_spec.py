"""The shape of maintenance windows [AKS-10]."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from components.spec import Spec, held_to, refuse
from planning.kubernetes_upgrades import date_problem
from planning.problems import Path

DayOfWeek = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


Date = Annotated[str, BeforeValidator(str), held_to(date_problem), WithJsonSchema({"type": "string", "format": "date"})]
"""A date, which YAML reads as one unless it is quoted."""


class DailySpec(Spec):
    """Every day, or every few days."""

    interval_days: Annotated[int, Field(ge=1, le=7)] = 1


class MonthlySpec(Spec):
    """Every month, or every few months, on a date, or on a weekday of a certain week."""

    day_of_month: Annotated[int | None, Field(ge=1, le=31)] = None
    week: Literal["First", "Second", "Third", "Fourth", "Last"] | None = None
    day: Annotated[DayOfWeek | None, Field(description="Weekday of that week.")] = None
    interval_months: Annotated[int, Field(ge=1, le=6)] = 1

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        relative = self.week is not None and self.day is not None
        if (self.day_of_month is not None) == relative or (self.week is None) != (self.day is None):
            refuse([((), "needs day_of_month, or week and day; state one of the two [AKS-10]")])
        return self


class DatesSpec(Spec):
    """Dates without maintenance, the last one included."""

    start: Date
    end: Date

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if self.end < self.start:
            refuse([(("end",), f"{self.end} is before start, {self.start}; change one [AKS-10]")])
        return self


class WindowSpec(Spec):
    """A maintenance window of 4 to 24 hours from a start time: weekly, or as ``daily`` or ``monthly`` states [AKS-10]."""

    day: DayOfWeek = "Sunday"
    interval_weeks: Annotated[int, Field(ge=1, le=4)] = 1
    daily: Annotated[DailySpec | None, Field(description="Instead of day and interval_weeks.")] = None
    monthly: Annotated[MonthlySpec | None, Field(description="Instead of day and interval_weeks.")] = None
    start_time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Such as 01:00, quoted.")] = (
        "01:00"
    )
    duration_hours: Annotated[int, Field(ge=4, le=24)] = 4
    utc_offset: Annotated[str, Field(pattern=r"^[+-](0\d|1[0-4]):[0-5]\d$", description="Such as +01:00, quoted.")] = (
        "+00:00"
    )
    not_allowed: Annotated[list[DatesSpec], Field(description="Dates without maintenance, such as holidays.")] = []

    def _problems(self) -> Iterator[tuple[Path, str]]:
        stated = [name for name in ("daily", "monthly") if getattr(self, name) is not None]
        stated += sorted(self.model_fields_set & {"day", "interval_weeks"})[:1]
        if len(stated) > 1:
            yield (stated[0],), f"beside {stated[1]}, a window has one schedule; remove one [AKS-10]"

    @property
    def schedule(self) -> dict[str, dict[str, Any]]:
        """The schedule in ARM's words."""
        if self.daily:
            return {"daily": {"interval_days": self.daily.interval_days}}
        if self.monthly is None:
            return {"weekly": {"day_of_week": self.day, "interval_weeks": self.interval_weeks}}
        interval = {"interval_months": self.monthly.interval_months}
        if self.monthly.day_of_month is not None:
            return {"absolute_monthly": {"day_of_month": self.monthly.day_of_month, **interval}}
        return {"relative_monthly": {"week_index": self.monthly.week, "day_of_week": self.monthly.day, **interval}}


class MaintenanceSpec(Spec):
    """Windows for upgrades of the cluster and of its node images."""

    upgrades: WindowSpec = WindowSpec()
    node_images: WindowSpec = WindowSpec(day="Saturday")
