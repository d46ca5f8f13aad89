"""A small steady shift is the meter's until it is more than a meter may be off by; then it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import BASELINES, DAY_MS, LEARNED, AlertLevel
from healthtwin.forecast import DeviationCusum
from healthtwin.twin import explain, moments
from healthtwin.words import say
from tests.forecast.observed import USUAL, observed, ordinary, somebody
from tests.pipeline.lives import Lives

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

Shift = tuple[str, float, float, float]
"""Metric, usual value, its spread from reading to reading, and by how much it shifts for good."""

METERS = [
    ("heart_rate", 60.0, 0.0, 2.0),  # 70 days of exactly 60
    ("heart_rate", 60.0, 1.5, 5.0),  # another watch
    ("heart_rate", 82.0, 2.5, -4.5),
    ("spo2", 97.0, 0.7, -1.0),
    ("spo2", 98.0, 0.2, -2.0),
    ("temperature", 36.5, 0.1, 0.3),
    ("temperature", 36.8, 0.05, 0.5),
    ("respiratory_rate", 14.0, 0.5, 3.0),
    ("systolic", 122.0, 3.0, 9.0),
    ("diastolic", 78.0, 2.0, 5.5),
    ("hrv_rmssd", 45.0, 4.0, -9.0),
]
TROUBLE = [
    ("heart_rate", 60.0, 1.5, 8.0),
    ("heart_rate", 82.0, 2.5, 30.0),
    ("spo2", 97.0, 0.7, -3.0),
    ("temperature", 36.5, 0.1, 1.2),
    ("respiratory_rate", 14.0, 0.5, 6.5),
]


def lived(shifts: Sequence[Shift], days: int = 2) -> Lives:
    """A past of 70 days, and then every five minutes for `days` days the same person with the shift."""
    rng, lives = np.random.default_rng(5), Lives(len(shifts))
    metrics = sorted({metric for metric, *_ in shifts})

    def values(shifted: bool) -> Callable[[int], dict[str, NDArray[np.float64]]]:
        def at(_: int) -> dict[str, NDArray[np.float64]]:
            found = {metric: np.full(len(shifts), np.nan) for metric in metrics}
            for who, (metric, usual, spread, shift) in enumerate(shifts):
                found[metric][who] = usual + spread * rng.normal() + shift * shifted
            return found

        return at

    lives.during(70 * DAY_MS, 90, values(shifted=False), live=False)
    lives.during(days * DAY_MS, 5, values(shifted=True))
    return lives


def test_a_shift_within_a_meters_error_never_becomes_a_warning() -> None:
    loudest = lived(METERS).loudest()
    assert [shift for shift, level in zip(METERS, loudest, strict=True) if level > AlertLevel.INFO] == []


def test_a_shift_beyond_any_meters_error_is_told_as_a_warning() -> None:
    loudest = lived(TROUBLE, days=1).loudest()
    assert [shift for shift, level in zip(TROUBLE, loudest, strict=True) if level < AlertLevel.WARNING] == []


def test_two_meters_that_agree_warn_before_either_has_lasted_alone() -> None:
    lives = Lives(1)
    calm = {"heart_rate": 62.0, "temperature": 36.6}
    lives.during(70 * DAY_MS, 90, lambda _: calm, live=False)
    lives.during(DAY_MS // 8, 5, lambda _: {"heart_rate": 71.0, "temperature": 37.5})
    assert lives.loudest() == [AlertLevel.WARNING]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_course_inside_the_usual_range_is_ever_loud(data: st.DataObject) -> None:
    member = DeviationCusum()
    column = data.draw(st.integers(0, len(LEARNED) - 1))
    name, meter = LEARNED[column].name, BASELINES[column].meter
    center, spread = USUAL[name]
    reach = max(2 * spread, meter.lasting * center if meter.relative else meter.lasting)
    every = data.draw(st.sampled_from([1, 5, 30, 90]))
    state = member.blank(1)
    for n, share in enumerate(data.draw(st.lists(st.floats(-1, 1), min_size=1, max_size=40))):
        seen = observed(n * every, **{name: center + share * reach})
        assert member.update(state, seen, ordinary(seen), somebody()).level[0] == 0


@pytest.mark.parametrize("column", range(len(LEARNED)), ids=[metric.name for metric in LEARNED])
def test_words_and_the_range_that_is_shown_agree(column: int) -> None:
    name = LEARNED[column].name
    usual = {"blood_pressure_systolic": 122.0, "blood_pressure_diastolic": 78.0}.get(name, USUAL[name][0])
    lives = Lives(1)
    lives.during(20 * DAY_MS, 180, lambda _: {name: usual}, live=False)
    reach = BASELINES[column].meter.lasting * (usual if BASELINES[column].meter.relative else 1.0)
    for share in (-3.0, -1.5, -1.01, -0.99, -0.5, 0.0, 0.5, 0.99, 1.01, 1.5, 3.0):
        value = min(max(usual + share * reach, LEARNED[column].low), LEARNED[column].high)
        seen = observed(0, **{name: value})
        seen["time_ms"], seen["activity"] = lives.now_ms, 0.0
        (moment,) = moments(lives.state["twin"][0], seen)
        deviation, shown = moment.deviations[name], moment.usual[name]
        inside = shown.low <= value <= shown.high
        assert deviation.outside is not inside
        text = say(explain(deviation))
        assert ("above" in text or "below" in text) is not inside


def test_every_learned_metric_says_what_its_meters_may_be_off_by() -> None:
    assert all(0 < baseline.meter.lasting < baseline.meter.once for baseline in BASELINES)


@pytest.mark.parametrize(
    ("metric", "usual", "shift", "far"),
    [("heart_rate", 60.0, 8.0, 30.0), ("spo2", 98.0, -3.0, -6.0), ("temperature", 36.5, 0.8, 2.0)],
)
def test_a_new_sensor_may_read_one_meters_error_more_and_trouble_is_told_all_the_same(
    metric: str, usual: float, shift: float, far: float
) -> None:
    lives, old = Lives(4), np.full(4, 7)
    lives.during(70 * DAY_MS, 120, lambda _: {metric: usual}, live=False, sensor=7)
    new = np.array([7, 8, 8, 7])  # the same sensor, another one, another one in trouble, two in turn
    values = usual + np.array([shift, shift, far, 0.0])
    lives.during(DAY_MS // 24, 30, lambda _: {metric: usual}, sensor=old)
    lives.during(2 * DAY_MS, 10, lambda _: {metric: values}, sensor=new)
    loudest = lives.loudest()
    assert loudest[0] >= AlertLevel.WARNING
    assert loudest[1] <= AlertLevel.INFO
    assert loudest[2] >= AlertLevel.WARNING
    assert loudest[3] == 0


def test_sensors_in_turn_are_no_new_ones_and_the_first_of_all_is_none() -> None:
    lives, marked = Lives(1), []
    for n, sensor in enumerate([5, 5, 6, 5, 6, 9, 5, 9]):
        lives.now_ms += DAY_MS
        lives.measure({"heart_rate": 60.0}, sensor=sensor)
        marked.append((n, bool(lives.state["last"]["new_sensor"][0, 0])))
    assert [n for n, new in marked if new] == [2, 4, 5, 7]
    lives.measure({"heart_rate": 60.0}, sensor=0)
    assert not lives.state["last"]["new_sensor"].any()
