from __future__ import annotations

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from healthtwin.domain.arrays import COLUMN
from healthtwin.twin import (
    daily_rhythm,
    deviations,
    expect,
    explain,
    learn,
    moments,
    note_departures,
    usual_ranges,
)
from healthtwin.words import say
from tests.twin.people import START_MS, observations, somebody

HEART = COLUMN["heart_rate"]
NOW = START_MS + 40 * DAY_MS


def seen(twins: np.ndarray, time_ms: int, value: float) -> np.ndarray:
    row = observations([time_ms], value=value)
    note_departures(twins, row, expect(twins, row))
    return row


def since(twins: np.ndarray) -> int:
    return int(twins["since_s"][0, HEART]) * 1000


def test_a_departure_is_dated_from_its_first_reading_and_lasts_until_the_value_is_clearly_back() -> None:
    twins = somebody(spread=4)
    usual = expect(twins, observations([NOW]))
    center, spread = usual.center[0, HEART], usual.spread[0, HEART]
    seen(twins, NOW, center + 1.9 * spread)
    assert since(twins) == 0
    for minutes, distance in ((5, 2.6), (10, 3.0), (15, 1.7), (20, 2.4)):
        seen(twins, NOW + minutes * MINUTE_MS, center + distance * spread)
        assert since(twins) == NOW + 5 * MINUTE_MS
    seen(twins, NOW + 25 * MINUTE_MS, center + 1.0 * spread)
    assert since(twins) == 0


def test_a_departure_to_the_other_side_starts_anew() -> None:
    twins = somebody()
    seen(twins, NOW, 100.0)
    seen(twins, NOW + HOUR_MS, 40.0)
    assert since(twins) == NOW + HOUR_MS
    seen(twins, NOW + 2 * HOUR_MS, 79.0 + 60)
    assert since(twins) == NOW + 2 * HOUR_MS


def test_a_missing_value_neither_starts_nor_ends_a_departure() -> None:
    twins = somebody()
    seen(twins, NOW, 100.0)
    kept = twins.tobytes()
    seen(twins, NOW + HOUR_MS, np.nan)
    assert twins.tobytes() == kept


def test_a_departure_is_followed_while_learning_is_frozen() -> None:
    twins = somebody()
    for minutes in (0, 20, 40):
        row = seen(twins, NOW + minutes * MINUTE_MS, 95.0)
        learn(twins, row, 0.0)
    found = deviations(twins[0], row[0])
    assert found[0].since_ms == NOW
    text = say(explain(found[0], activity=0.0, now_ms=int(row["time_ms"][0])))
    assert text == "95 /min, 25 /min above your usual 70 ± 10 at 00:00, resting, for 40 minutes"


def test_deviations_come_most_unusual_first_and_leave_out_what_is_unknown() -> None:
    twins = somebody()
    for day in range(40):
        learn(twins, observations([START_MS + day * DAY_MS], "respiratory_rate", 14.0 + day % 3))
    row = observations([NOW], value=71.0)
    row["value"][0, COLUMN["respiratory_rate"]] = 4.0
    row["value"][0, COLUMN["body_temperature"]] = 39.0
    found = deviations(twins[0], row[0])
    assert [deviation.metric for deviation in found] == ["respiratory_rate", "heart_rate"]
    assert found[0].direction == "below"
    assert found[0].z < -3
    assert abs(found[1].z) < 3


def test_personal_thresholds_are_shown_and_stay_within_the_possible() -> None:
    twins = somebody()
    for day in range(40):
        learn(twins, observations([START_MS + day * DAY_MS], "oxygen_saturation", 99.0 + day % 2))
    ranges = {usual.metric: usual for usual in usual_ranges(twins[0], observations([NOW])[0])}
    assert set(ranges) == {"heart_rate", "oxygen_saturation"}
    assert ranges["oxygen_saturation"].high == 100
    heart = ranges["heart_rate"]
    assert heart.low < heart.center < heart.high
    assert 55 < heart.low < 66
    assert 74 < heart.high < 85


def test_an_athlete_and_a_sedentary_person_get_different_thresholds() -> None:
    athlete, sedentary = somebody(center=48), somebody(center=82)
    row = observations([NOW], value=80.0)
    assert deviations(athlete[0], row[0])[0].z > 3
    assert abs(deviations(sedentary[0], row[0])[0].z) < 2


def test_the_rhythm_of_the_day_has_a_band_for_every_hour_once_something_is_known() -> None:
    bands = daily_rhythm(somebody(per_day=6)[0], "heart_rate", NOW, activity=0.0)
    assert [band.hour for band in bands if band is not None] == list(range(24))
    assert all(band is None for band in daily_rhythm(somebody()[0], "respiratory_rate", NOW))


def test_moments_say_what_ranges_deviations_and_rhythms_say_one_by_one() -> None:
    twins = somebody()
    rows = observations([NOW, NOW + 5 * HOUR_MS, NOW + 9 * HOUR_MS], value=84.0)
    rows["hour"] = [3, 8, 12]
    rows["activity"] = [0.0, np.nan, 1.0]
    rows["value"][2, HEART] = np.nan
    for row, moment in zip(rows, moments(twins[0], rows), strict=True):
        measured = {"heart_rate"} if np.isfinite(row["value"][HEART]) else set()
        ranges = {each.metric: each for each in usual_ranges(twins[0], row) if each.metric in measured}
        assert moment.usual == ranges
        assert moment.deviations == {each.metric: each for each in deviations(twins[0], row)}
        assert moment.rhythms == {
            name: daily_rhythm(twins[0], name, int(row["time_ms"])) for name in measured
        }
    assert moments(twins[0], rows[:0]) == ()
