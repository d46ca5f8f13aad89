"""What a row may say, and how a bad one is refused."""

from __future__ import annotations

import json
import math
import struct
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain import ACTIVITY_WORDS, METRIC_BY_FIELD, METRICS, MINUTE_MS, from_ms
from healthtwin.intake import FIELDS, Parsed, RefusedRow, Subjects, decode_vitals
from healthtwin.pipeline import encode

NOW = 1_772_366_400_000
"""2026-03-01T12:00:00Z"""

BIRTHS = {"p-ada": 1980, "p-bob": None}


def subjects(default: str | None = "p-ada") -> Subjects:
    return Subjects(default, BIRTHS.__getitem__)


def judged(message: object, whose: Subjects | None = None) -> Parsed:
    return decode_vitals(json.dumps(message).encode(), NOW, whose or subjects())


def refusal_of(row: object, whose: Subjects | None = None) -> RefusedRow:
    parsed = judged(row, whose)
    assert not parsed.rows
    assert len(parsed.refused) == 1
    return parsed.refused[0]


def test_one_object_and_a_list_of_one_say_the_same() -> None:
    row = {"timestamp": NOW, "sequence": 7, "heart_rate": 72, "spo2": 97.5}
    alone, listed = judged(row), judged([row])
    assert alone.single
    assert not listed.single
    assert alone.rows == listed.rows
    assert alone.rows[0].payload.values == {1: 72.0, 4: 97.5}
    assert (alone.rows[0].person, alone.rows[0].time_ms, alone.rows[0].sequence) == ("p-ada", NOW, 7)


@pytest.mark.parametrize("name", sorted(METRIC_BY_FIELD))
def test_every_metric_is_taken_by_name_and_alias_within_its_range_and_refused_outside(name: str) -> None:
    metric = METRIC_BY_FIELD[name]
    for good in (metric.low, metric.high):
        assert judged({"timestamp": NOW, name: good}).rows[0].payload.values == {metric.code: good}
    for bad in (metric.low - 1, metric.high + 1, 1e9, True, "72", [72], {"value": 72}):
        refusal = refusal_of({"timestamp": NOW, name: bad})
        assert refusal.field == name
        unit = "" if metric.unit == "1" else f" {metric.unit}"
        assert f"{metric.low:g} to {metric.high:g}{unit}" in refusal.allowed or (
            name == "activity_level" and bad == "72"
        )


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
def test_what_is_no_number_refuses_its_row_by_field_and_keeps_the_others(literal: str) -> None:
    body = f'[{{"timestamp": {NOW}, "heart_rate": {literal}}}, {{"timestamp": {NOW}, "heart_rate": 71}}]'
    parsed = decode_vitals(body.encode(), NOW, subjects())
    assert [row.payload.values for row in parsed.rows] == [{1: 71.0}]
    assert [(refusal.index, refusal.field) for refusal in parsed.refused] == [(0, "heart_rate")]
    json.dumps(parsed.refused[0].value, allow_nan=False)


def test_null_is_absent_in_every_field() -> None:
    row = dict.fromkeys(FIELDS) | {"hrv_ms": None} | {"timestamp": NOW, "heart_rate": 72}
    del row["hrv_ms"]
    (taken,) = judged(row).rows
    assert taken.payload.values == {1: 72.0}
    assert taken.payload.quality == 1.0
    assert taken.sequence is None


def test_a_row_without_any_value_is_refused() -> None:
    for row in ({"timestamp": NOW}, {"timestamp": NOW, "heart_rate": None, "quality": 0.5}):
        assert "at least one measured value" in refusal_of(row).allowed


def test_hrv_without_its_statistic_is_refused_with_the_two_that_exist() -> None:
    refusal = refusal_of({"timestamp": NOW, "hrv_ms": 40})
    assert refusal.field == "hrv_ms"
    assert "hrv_rmssd or hrv_sdnn" in refusal.allowed


def test_an_unknown_field_is_named_with_the_nearest_known_one() -> None:
    refusal = refusal_of({"timestamp": NOW, "hart_rate": 72})
    assert refusal.field == "hart_rate"
    assert "did you mean heart_rate?" in refusal.allowed
    assert "one of" in refusal_of({"timestamp": NOW, "zzz": 1, "heart_rate": 72}).allowed


def test_a_field_stated_twice_is_refused_even_when_hidden_by_an_escape() -> None:
    for body in (
        f'{{"timestamp": {NOW}, "heart_rate": 72, "heart_rate": 75}}',
        f'{{"timestamp": {NOW}, "heart_rate": 72, "heart\\u005frate": 75, "device": "a\\u003ab"}}',
    ):
        (refusal,) = decode_vitals(body.encode(), NOW, subjects()).refused
        assert (refusal.field, refusal.allowed) == ("heart_rate", "each field once")


def test_the_same_measurement_under_two_names_is_refused() -> None:
    refusal = refusal_of({"timestamp": NOW, "spo2": 97, "oxygen_saturation": 96})
    assert "once" in refusal.allowed
    assert judged({"timestamp": NOW, "spo2": 97, "oxygen_saturation": None}).rows


def test_a_diastolic_pressure_above_the_systolic_is_refused() -> None:
    assert (
        refusal_of({"timestamp": NOW, "systolic": 80, "diastolic": 120}).field == "blood_pressure_diastolic"
    )


@pytest.mark.parametrize(("word", "level"), sorted(ACTIVITY_WORDS.items()))
def test_activity_may_be_a_word(word: str, level: float) -> None:
    code = METRICS["activity_level"].code
    assert judged({"timestamp": NOW, "activity_level": word}).rows[0].payload.values == {code: level}


def test_an_unknown_word_for_activity_is_refused_with_the_known_ones() -> None:
    refusal = refusal_of({"timestamp": NOW, "activity_level": "jumping"})
    assert all(word in refusal.allowed for word in ACTIVITY_WORDS)


def test_what_surrounds_a_reading_is_kept() -> None:
    (row,) = judged(
        {
            "timestamp": NOW,
            "heart_rate": 72,
            "quality": 0.4,
            "posture": "lying",
            "asleep": True,
            "device": "Polar H10",
            "location": {"latitude": 52.5, "longitude": 13.4, "accuracy_m": 12},
        }
    ).rows
    payload = row.payload
    assert (payload.quality, payload.posture, payload.asleep) == (0.4, "lying", True)
    assert payload.source == "Polar H10"
    assert struct.pack(">d", 52.5) not in encode(payload)  # a place is judged and not kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sequence", -1),
        ("sequence", 1.0),
        ("sequence", True),
        ("sequence", "1"),
        ("sequence", 2**63),
        ("quality", 1.01),
        ("quality", "good"),
        ("posture", "upside down"),
        ("posture", 1),
        ("asleep", 1),
        ("asleep", "yes"),
        ("device", ""),
        ("device", "x" * 101),
        ("device", "line\nbreak"),
        ("device", 5),
        ("location", [52.5, 13.4]),
        ("location.latitude", {"latitude": 91, "longitude": 0}),
        ("location.longitude", {"latitude": 0}),
        ("location.accuracy_m", {"latitude": 0, "longitude": 0, "accuracy_m": -1}),
        ("location.lat", {"lat": 0, "longitude": 0}),
        ("person", "p-eve"),
        ("person", 5),
        ("consciousness", 0.5),
    ],
)
def test_a_field_that_is_no_metric_is_judged_as_strictly(field: str, value: object) -> None:
    assert refusal_of({"timestamp": NOW, "heart_rate": 72, field.partition(".")[0]: value}).field == field


@pytest.mark.parametrize("row", [None, 5, "x", [], True])
def test_a_row_that_is_no_object_is_refused_beside_a_good_one(row: object) -> None:
    parsed = judged([row, {"timestamp": NOW, "heart_rate": 72}])
    assert [refusal.index for refusal in parsed.refused] == [0]
    assert [taken.index for taken in parsed.rows] == [1]


# ---------------------------------------------------------------- whose


def test_a_token_for_several_people_must_say_whose_reading_it_is() -> None:
    several = subjects(default=None)
    assert refusal_of({"timestamp": NOW, "heart_rate": 72}, several).field == "person"
    assert judged({"timestamp": NOW, "heart_rate": 72, "person": "p-bob"}, several).rows[0].person == "p-bob"


# ---------------------------------------------------------------- when


@pytest.mark.parametrize(
    "timestamp",
    [
        None,
        True,
        1.5,
        float(NOW),
        str(NOW),
        NOW // 1000,
        -1,
        "2026-03-01",
        "2026-03-01T12:00:00",
        "yesterday",
        "2026-03-01T25:00:00Z",
        "",
        {"ms": NOW},
    ],
)
def test_a_time_that_could_mean_two_instants_or_none_is_refused(timestamp: object) -> None:
    assert refusal_of({"timestamp": timestamp, "heart_rate": 72}).field == "timestamp"


def test_a_row_without_a_time_is_refused() -> None:
    assert refusal_of({"heart_rate": 72}).field == "timestamp"


def test_a_clock_may_run_five_minutes_ahead_and_no_more() -> None:
    assert judged({"timestamp": NOW + 5 * MINUTE_MS, "heart_rate": 72}).rows
    assert refusal_of({"timestamp": NOW + 5 * MINUTE_MS + 1, "heart_rate": 72}).field == "timestamp"


def test_nothing_is_measured_before_birth() -> None:
    assert judged({"timestamp": "1980-01-01T00:00:00+14:00", "heart_rate": 72}).rows
    refusal = refusal_of({"timestamp": "1979-06-01T00:00:00Z", "heart_rate": 72})
    assert (refusal.field, "1980" in refusal.allowed) == ("timestamp", True)


def test_readings_of_any_age_are_taken_when_no_birth_is_known() -> None:
    row = {"timestamp": "1931-06-01T00:00:00Z", "heart_rate": 72, "person": "p-bob"}
    assert judged(row).rows[0].time_ms < 0
    assert refusal_of(row | {"timestamp": "1850-06-01T00:00:00Z"}).field == "timestamp"


@given(
    st.datetimes(datetime(1980, 1, 2), datetime(2026, 3, 1)),  # noqa: DTZ001 - the zone is drawn beside it
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_a_text_and_a_number_for_the_same_instant_mean_the_same(local: datetime, offset_min: int) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(minutes=offset_min)))
    parsed = judged({"timestamp": moment.isoformat(), "heart_rate": 72})
    if parsed.refused:
        assert moment > from_ms(NOW + 5 * MINUTE_MS) or moment < datetime(1980, 1, 1, tzinfo=UTC)
    else:
        assert abs(from_ms(parsed.rows[0].time_ms) - moment) < timedelta(milliseconds=1)


# ---------------------------------------------------------------- laws

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
rows = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=12), anything, max_size=6)


@given(st.lists(rows | anything, min_size=1, max_size=8))
def test_every_row_is_either_taken_or_refused_once_and_the_answer_is_always_json(
    message: list[object],
) -> None:
    parsed = judged(message)
    indices = sorted([row.index for row in parsed.rows] + [refusal.index for refusal in parsed.refused])
    assert indices == list(range(len(message)))
    for refusal in parsed.refused:
        json.dumps([refusal.field, refusal.value, refusal.allowed], allow_nan=False).encode()
        assert refusal.allowed


@given(st.lists(rows, min_size=1, max_size=8))
def test_a_bad_neighbour_never_changes_how_a_row_is_judged(message: list[object]) -> None:
    together = judged(message)
    for row in together.rows:
        (alone,) = judged(message[row.index]).rows
        assert (alone.payload, alone.time_ms, alone.sequence) == (row.payload, row.time_ms, row.sequence)


@given(st.sampled_from(sorted(METRICS)), st.floats(allow_nan=False, allow_infinity=False))
def test_a_metric_is_taken_exactly_when_it_lies_in_its_range(name: str, value: float) -> None:
    metric = METRICS[name]
    inside = metric.low <= value <= metric.high
    if name in {"consciousness", "supplemental_oxygen"}:
        inside = value in {0, 1}
    parsed = judged({"timestamp": NOW, name: value})
    assert bool(parsed.rows) == inside
    assert not math.isnan(sum(v for row in parsed.rows for v in row.payload.values.values()))
