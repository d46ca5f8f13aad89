"""The house's weeks: one row each, the last that was known, the newest two years."""

from __future__ import annotations

from healthtwin.domain import DAY_MS
from healthtwin.store import Records
from healthtwin.store.records import WEEKS_KEPT, HouseWeek

WEEK_MS = 7 * DAY_MS


def week(number: int, false_alarms: float = 0.0) -> HouseWeek:
    return HouseWeek(
        number * WEEK_MS, 3.0, false_alarms, 0.4, {"hypoxia": (812.5, 0.21), "news_red": (4.0, None)}
    )


def test_a_week_is_as_it_was_last_told(records_url: str) -> None:
    with Records(records_url) as records:
        records.house_weeks.note(week(1, 2.0))
        records.house_weeks.note(week(1, 5.0))
        records.house_weeks.note(week(2))
    with Records(records_url) as records:
        assert records.house_weeks.list() == [week(2), week(1, 5.0)]
        assert records.house_weeks.list(1) == [week(2)]


def test_what_is_older_than_two_years_is_forgotten(records_url: str) -> None:
    with Records(records_url) as records:
        for number in range(WEEKS_KEPT + 3):
            records.house_weeks.note(week(number))
        kept = records.house_weeks.list()
    assert [each.week_ms for each in kept] == [n * WEEK_MS for n in reversed(range(3, WEEKS_KEPT + 3))]


def test_a_house_without_weeks_has_none(records_url: str) -> None:
    with Records(records_url) as records:
        assert records.house_weeks.list() == []
