"""The house's weeks: one row each, the last that was known, the newest two years."""

from __future__ import annotations

from healthtwin.domain import DAY_MS
from healthtwin.house.house_weeks import WEEKS_KEPT, HouseWeek, HouseWeeks
from healthtwin.store import Tables

WEEK_MS = 7 * DAY_MS


def week(number: int, false_alarms: float = 0.0) -> HouseWeek:
    return HouseWeek(
        number * WEEK_MS, 3.0, false_alarms, 0.4, {"hypoxia": (812.5, 0.21), "news_red": (4.0, None)}
    )


def test_a_week_is_as_it_was_last_told(records_url: str) -> None:
    with Tables(records_url) as tables:
        HouseWeeks(tables).note(week(1, 2.0))
        HouseWeeks(tables).note(week(1, 5.0))
        HouseWeeks(tables).note(week(2))
    with Tables(records_url) as tables:
        assert HouseWeeks(tables).list() == [week(2), week(1, 5.0)]
        assert HouseWeeks(tables).list(1) == [week(2)]


def test_what_is_older_than_two_years_is_forgotten(records_url: str) -> None:
    with Tables(records_url) as tables:
        for number in range(WEEKS_KEPT + 3):
            HouseWeeks(tables).note(week(number))
        kept = HouseWeeks(tables).list()
    assert [each.week_ms for each in kept] == [n * WEEK_MS for n in reversed(range(3, WEEKS_KEPT + 3))]


def test_a_house_without_weeks_has_none(records_url: str) -> None:
    with Tables(records_url) as tables:
        assert HouseWeeks(tables).list() == []
