"""Maintenance windows of a cluster: the four schedules of Azure, and dates on which nothing changes [AKS-10]."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from components.aks.maintenance_spec import WindowSpec


@pytest.mark.parametrize(
    ("stated", "schedule"),
    [
        ({}, {"weekly": {"day_of_week": "Sunday", "interval_weeks": 1}}),
        ({"day": "Monday", "interval_weeks": 2}, {"weekly": {"day_of_week": "Monday", "interval_weeks": 2}}),
        ({"daily": {"interval_days": 3}}, {"daily": {"interval_days": 3}}),
        (
            {"monthly": {"day_of_month": 15, "interval_months": 2}},
            {"absolute_monthly": {"day_of_month": 15, "interval_months": 2}},
        ),
        (
            {"monthly": {"week": "Last", "day": "Friday"}},
            {"relative_monthly": {"week_index": "Last", "day_of_week": "Friday", "interval_months": 1}},
        ),
    ],
)
def test_a_window_has_one_of_four_schedules(stated: dict[str, Any], schedule: dict[str, Any]) -> None:
    assert WindowSpec.model_validate(stated).schedule == schedule


@pytest.mark.parametrize("end", ["2027-01-04", date(2027, 1, 4)])
def test_dates_are_taken_as_yaml_reads_them_and_as_text(end: object) -> None:
    spec = WindowSpec.model_validate({"not_allowed": [{"start": "2026-12-20", "end": end}]})
    assert [(each.start, each.end) for each in spec.not_allowed] == [("2026-12-20", "2027-01-04")]


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"day": "Monday", "daily": {}}, "beside day, a window has one schedule"),
        ({"daily": {}, "monthly": {"day_of_month": 1}}, "beside monthly, a window has one schedule"),
        ({"interval_weeks": 2, "monthly": {"day_of_month": 1}}, "beside interval_weeks, a window has one schedule"),
        ({"monthly": {}}, "needs day_of_month, or week and day"),
        ({"monthly": {"week": "First"}}, "needs day_of_month, or week and day"),
        ({"monthly": {"day_of_month": 1, "week": "First", "day": "Monday"}}, "needs day_of_month, or week and day"),
        ({"monthly": {"day_of_month": 1, "day": "Monday"}}, "needs day_of_month, or week and day"),
        ({"not_allowed": [{"start": "2026-12-20", "end": "2026-12-19"}]}, "is before start"),
        ({"not_allowed": [{"start": "Christmas", "end": "2026-12-19"}]}, "'Christmas' is no date"),
    ],
)
def test_what_is_no_window_is_refused(stated: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        WindowSpec.model_validate(stated)
