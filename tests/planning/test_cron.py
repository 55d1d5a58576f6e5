"""Schedules: the five fields at their bounds."""

import pytest

from planning.cron import schedule_problem


@pytest.mark.parametrize(
    "text",
    [
        "* * * * *",
        "0 0 1 1 0",
        "59 23 31 12 6",
        "0 */2 * * *",
        "20 0,1,2 * * *",
        "20 0-2 * * *",
        "5,35 * 29 2 1",
        "10-50/20,55 1/3 * * *",
        "00 03 * JAN-dec Mon-FRI",
        "0 3 ? * SUN,sat",
        "0 0 31 2 *",
    ],
)
def test_what_is_a_schedule(text: str) -> None:
    assert schedule_problem(text) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("0 3 * *", "not a cron expression with five fields"),
        ("0 0 3 * * *", "not a cron expression with five fields"),
        ("@daily", "not a cron expression with five fields"),
        ("60 3 * * *", "'60 3 * * *': '60' is not a valid minute; write 0 to 59 [CAE-24]"),
        ("0 24 * * *", "'24' is not a valid hour; write 0 to 23 [CAE-24]"),
        ("0 0 0 * *", "'0' is not a valid day of the month; write 1 to 31 [CAE-24]"),
        ("0 0 32 * *", "'32' is not a valid day of the month; write 1 to 31 [CAE-24]"),
        ("0 0 1 0 *", "'0' is not a valid month; write 1 to 12, or JAN to DEC [CAE-24]"),
        ("0 0 1 13 *", "'13' is not a valid month; write 1 to 12, or JAN to DEC [CAE-24]"),
        ("0 0 * * 7", "'7' is not a valid day of the week; write 0 to 6, or SUN to SAT [CAE-24]"),
        ("0 0 * * JAN", "'JAN' is not a valid day of the week; write 0 to 6, or SUN to SAT [CAE-24]"),
        ("0 MON * * *", "'MON' is not a valid hour; write 0 to 23 [CAE-24]"),
        ("0 22-24 * * *", "'24' is not a valid hour"),
        ("0 5-1 * * *", "'5-1' ends before it starts; write two ranges [CAE-24]"),
        ("*/0 * * * *", "'*/0' steps by 0; write a step of 1 or more [CAE-24]"),
        (
            "*-5 * * * *",
            "'*-5' is not a valid minute; write 0 to 59, *, a range such as 1-5, or a step such as */2 [CAE-24]",
        ),
        ("0,,5 * * * *", "'' is not a valid minute"),
        ("-5 * * * *", "'-5' is not a valid minute"),
        ("a * * * *", "'a' is not a valid minute"),
        ("0 0 L * *", "'L' is not a valid day of the month"),
        ("0 0 * * MON#2", "'MON#2' is not a valid day of the week"),
    ],
)
def test_what_is_none_is_reported_by_its_field(text: str, wrong: str) -> None:
    assert wrong in str(schedule_problem(text))
