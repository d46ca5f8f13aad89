"""One function, one record per person: how a stream is cut into batches changes no byte of the features."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.arrays import COLUMN, blank_observations, blank_profiles
from healthtwin.forecast import nothing_expected
from healthtwin.forecast.feature_names import FEATURE, FEATURES, SERIES
from healthtwin.forecast.features import FEATURE_STATE, advance, blank_features
from healthtwin_lab.cohorts.stays import Stays
from healthtwin_lab.cohorts.tables import feature_table, observations_of, profiles_of
from tests.forecast.observed import observed, ordinary, somebody

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray


def made_up(people: int, steps: int, seed: int) -> tuple[StructuredArray, StructuredArray]:
    """Irregular, sparse readings of some people, shape (steps, people), and their profiles."""
    rng = np.random.default_rng(seed)
    rows = blank_observations(steps * people).reshape(steps, people)
    gaps = rng.choice([5, 5, 5, 60, 60, 240, 2000], (steps, people)) * MINUTE_MS
    rows["time_ms"] = 1_772_366_400_000 + np.cumsum(gaps, axis=0)
    middle = {"heart_rate": 80, "respiratory_rate": 18, "oxygen_saturation": 94, "hrv_rmssd": 40}
    for name, value in middle.items():
        drawn = rng.normal(value, 4.0, (steps, people))
        rows["value"][:, :, COLUMN[name]] = np.where(rng.random(drawn.shape) < 0.4, np.nan, drawn)
    rows["quality"] = rng.choice([1.0, 0.2], (steps, people), p=[0.9, 0.1])
    profiles = blank_profiles(people)
    profiles["birth_year"] = rng.integers(1930, 2000, people)
    return rows, profiles


def all_at_once(
    rows: StructuredArray, profiles: StructuredArray
) -> tuple[StructuredArray, NDArray[np.float32]]:
    state = blank_features(len(profiles))
    tables = [advance(state, step, profiles, nothing_expected(len(profiles))) for step in rows]
    return state, np.stack(tables)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), cuts=st.lists(st.integers(1, 6), max_size=4))
def test_any_cut_into_batches_gives_the_same_bytes(seed: int, cuts: list[int]) -> None:
    rows, profiles = made_up(people=7, steps=12, seed=seed)
    whole_state, whole = all_at_once(rows, profiles)
    edges = [0, *sorted(set(cuts)), 7]
    state, parts = blank_features(7), np.empty_like(whole)
    for k, step in enumerate(rows):
        for begin, end in pairwise(edges):
            cut = slice(begin, end)
            parts[k, cut] = advance(state[cut], step[cut], profiles[cut], nothing_expected(end - begin))
    assert parts.tobytes() == whole.tobytes()
    assert state.tobytes() == whole_state.tobytes()


def test_one_reading_alone_gives_the_bytes_that_two_thousand_together_give() -> None:
    rows, profiles = made_up(people=2100, steps=4, seed=1)
    _, whole = all_at_once(rows, profiles)
    for person in (0, 1023, 1024, 2099):
        state = blank_features(1)
        one = [
            advance(state, step[person : person + 1], profiles[person : person + 1], nothing_expected(1))
            for step in rows
        ]
        assert np.concatenate(one).tobytes() == whole[:, person].tobytes()


def test_the_training_table_holds_what_the_running_house_computes() -> None:
    rng = np.random.default_rng(4)
    lengths = [9, 3, 14]
    person = np.repeat(np.arange(3), lengths).astype(np.intp)
    value = np.full((len(person), 9), np.nan)
    value[:, COLUMN["heart_rate"]] = rng.normal(80, 5, len(person))
    value[::2, COLUMN["oxygen_saturation"]] = rng.normal(94, 2, len(person[::2]))
    stays = Stays(
        people=np.array(["a", "b", "c"]),
        person=person,
        hours=np.concatenate([np.arange(length, dtype=float) for length in lengths]),
        time=np.arange(len(person)),
        value=value,
        age=np.array([50.0, np.nan, 71.5]),
        sex=np.array([0, 1, -1], np.int8),
        label=np.zeros(len(person), np.int8),
        sha256="",
        time_unit="hours",
        missing=(),
        impossible={},
    )
    table = feature_table(stays)
    observations, profiles = observations_of(stays), profiles_of(stays)
    for who in range(3):
        state = blank_features(1)
        for row in np.flatnonzero(person == who):
            one = advance(state, observations[row : row + 1], profiles[who : who + 1], nothing_expected(1))
            assert one[0].tobytes() == table.x[row].tobytes()


def test_what_was_never_measured_is_unknown_and_never_zero() -> None:
    row = advance(blank_features(1), observed(0), somebody(), nothing_expected(1))[0]
    for metric in SERIES:
        for column in ("now", "age", "own", "slope_3h", "spread_12h", "low_6h"):
            assert np.isnan(row[FEATURE[f"{metric}.{column}"]]), (metric, column)
    assert np.isnan(row[FEATURE["known_hours"]])
    assert np.isnan(row[FEATURE["oxygen"]])


def test_an_observation_without_values_moves_nothing_but_the_ages() -> None:
    state = blank_features(1)
    advance(state, observed(0, heart_rate=70.0), somebody(), nothing_expected(1))
    before = state.copy()
    row = advance(state, observed(90), somebody(), nothing_expected(1))[0]
    assert state.tobytes() == before.tobytes()
    assert row[FEATURE["heart_rate.age"]] == 1.5
    assert row[FEATURE["heart_rate.now"]] == 70.0


def test_a_value_is_carried_with_its_age_until_half_a_day_then_it_is_unknown() -> None:
    state = blank_features(1)
    advance(state, observed(0, oxygen_saturation=95.0), somebody(), nothing_expected(1))
    later = advance(state, observed(11 * 60), somebody(), nothing_expected(1))[0]
    much_later = advance(state, observed(13 * 60), somebody(), nothing_expected(1))[0]
    assert later[FEATURE["oxygen_saturation.now"]] == 95.0
    assert np.isnan(much_later[FEATURE["oxygen_saturation.now"]])
    assert much_later[FEATURE["oxygen_saturation.age"]] == 13.0


def test_a_poor_signal_counts_as_not_measured() -> None:
    state = blank_features(1)
    advance(state, observed(0, heart_rate=170.0, quality=0.1), somebody(), nothing_expected(1))
    assert state.tobytes() == blank_features(1).tobytes()


def test_the_slope_of_a_straight_line_is_found_by_the_long_memories() -> None:
    state = blank_features(1)
    for k in range(49):
        minute = 15 * k
        row = advance(
            state, observed(minute, heart_rate=70.0 + minute / 60.0), somebody(), nothing_expected(1)
        )[0]
    for memory, least in (("1h", 0.8), ("3h", 0.85), ("12h", 0.45)):
        assert least < row[FEATURE[f"heart_rate.slope_{memory}"]] <= 1.0
    assert row[FEATURE["heart_rate.change"]] == 0.25


def test_sixty_readings_in_an_hour_weigh_like_one_an_hour() -> None:
    dense, hourly = blank_features(1), blank_features(1)
    for minute in range(0, 12 * 60 + 1, 5):
        dense_row = advance(dense, observed(minute, heart_rate=75.0), somebody(), nothing_expected(1))[0]
        if minute % 60 == 0:
            hourly_row = advance(hourly, observed(minute, heart_rate=75.0), somebody(), nothing_expected(1))[
                0
            ]
    at = FEATURE["heart_rate.measured_12h"]
    assert abs(dense_row[at] - hourly_row[at]) < 0.15 * hourly_row[at]


def test_the_own_usual_is_the_twins_where_it_knows_and_the_records_otherwise() -> None:
    state = blank_features(1)
    for hour in range(6):
        now = observed(60 * hour, heart_rate=80.0)
        row = advance(state, now, somebody(), nothing_expected(1))[0]
    assert row[FEATURE["heart_rate.own"]] == 80.0
    now = observed(360, heart_rate=80.0)
    row = advance(state, now, somebody(), ordinary(now))[0]
    assert row[FEATURE["heart_rate.own"]] == 65.0
    assert row[FEATURE["heart_rate.above_own"]] == 15.0


def test_events_are_counted_in_hours_and_dated() -> None:
    state = blank_features(1)
    for hour, saturation in enumerate((96.0, 89.0, 96.0, 96.0)):
        row = advance(
            state, observed(60 * hour, oxygen_saturation=saturation), somebody(), nothing_expected(1)
        )[0]
    assert row[FEATURE["spo2_below_90.age"]] == 2.0
    assert 0.6 < row[FEATURE["spo2_below_90.hours_6h"]] < 1.0
    assert row[FEATURE["breathing_from_25.age"]] == 48.0
    assert 89.0 < row[FEATURE["oxygen_saturation.low_6h"]] < 92.0


def test_an_old_reading_after_a_newer_one_takes_no_time_back() -> None:
    state = blank_features(1)
    advance(state, observed(60, heart_rate=70.0), somebody(), nothing_expected(1))
    row = advance(state, observed(30, heart_rate=90.0), somebody(), nothing_expected(1))[0]
    assert np.isfinite(row[FEATURE["heart_rate.slope_1h"]])
    assert row[FEATURE["heart_rate.age"]] == 0.0


def test_every_feature_has_a_name_of_its_own_and_words() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    assert all(feature.words and feature.unit for feature in FEATURES)


def test_the_record_of_a_person_is_small_and_of_one_size() -> None:
    assert FEATURE_STATE.itemsize <= 1200
