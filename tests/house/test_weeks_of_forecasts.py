"""A house notes how its forecasts stood, week by week, and tells each week by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import DAY_MS, HOUR_MS, Said
from healthtwin.forecast import Drift, shipped_models
from healthtwin.forecast.targets import WATCHED
from healthtwin.house import TrainedAlarmsItem
from healthtwin.house.weeks import week_items, week_of, week_to_note
from tests.house.a_house import START, house_at_work

if TYPE_CHECKING:
    from pathlib import Path

WEEK_MS = 7 * DAY_MS


@pytest.mark.skipif(shipped_models() is None, reason="no models lie in healthtwin/forecast/models")
def test_a_house_keeps_each_week_over_a_restart(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        person = at.person()
        for day in range(9):
            at_ms = START + day * DAY_MS
            at.send(person, at_ms, spo2=97.0, heart_rate=72.0, respiratory_rate=15.0)
            at.tick(at_ms + HOUR_MS)
            while not at.house.tidy():
                pass
        weeks = at.house.operations.weeks()
        monday = week_of(START)
        assert [each.week for each in weeks] == [monday + 2 * WEEK_MS, monday + WEEK_MS, monday]
        assert all({item.target for item in each.drift} == set(WATCHED) for each in weeks)
        assert weeks[1].allowed > 0
        told = at.house.operations.health().trained_alarms
        assert told is not None
        assert sum(each.allowed for each in weeks) == pytest.approx(told.allowed)
        at.restart()
        assert at.house.operations.weeks() == weeks


def test_a_house_in_which_no_time_was_noted_has_no_week(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        at.house.tidy()
        assert at.house.operations.weeks() == []


def test_weeks_are_told_by_themselves_and_none_has_less_than_none() -> None:
    drift = [
        Drift("hypoxia", 400.04, 0.31, Said("drift-unlike")),
        Drift("news_red", 3.0, None, Said("drift-too-little")),
    ]
    totals = [(10.0, 4.0), (18.0, 13.0), (12.0, 9.0)]  # somebody was erased in the third
    stored = [
        week_to_note(START + i * WEEK_MS, TrainedAlarmsItem(*total, 0.1 * i), drift)
        for i, total in enumerate(totals)
    ]
    weeks = week_items(stored[::-1])
    assert [(each.allowed, each.false) for each in weeks] == [(0.0, 0.0), (8.0, 9.0), (10.0, 4.0)]
    first, second = weeks[0].drift
    assert (first.hours, first.index, first.words) == (400.0, 0.31, "unlike training")
    assert (second.index, second.words) == (None, "too little to tell")
