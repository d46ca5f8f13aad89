"""What every detector of `healthtwin.sensing` owes its callers, whatever it measures.

A new detector joins by a row of `DETECTORS`: how it is called with columns of a good recording.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from healthtwin.domain import METRICS
from healthtwin.domain.errors import InvalidInput
from healthtwin.sensing import Measurement, MotionTest, measure_motion, measure_ppg
from healthtwin.words import say
from healthtwin_lab.evaluate.planted_motion import Planted, chest_breathing, hand_tremor, standing, walking
from tests.sensing.planted_pulse import planted

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Detector:
    """How to call it: a good clock, its columns, and the call itself."""

    name: str
    time_ms: Floats
    columns: tuple[Floats, ...]
    call: Callable[..., Measurement]


def moving(test: MotionTest, recording: Planted) -> Detector:
    """A test of motion with a recording that suits it."""
    time_ms, *columns = recording.columns().values()
    return Detector(test, time_ms, tuple(columns), partial(measure_motion, test))


GOOD = planted(seconds=65)
DETECTORS = [
    Detector("ppg", GOOD.time_ms, (GOOD.light,), measure_ppg),
    Detector("ppg of three colours", GOOD.time_ms, (GOOD.light, GOOD.light / 3, GOOD.light * 0), measure_ppg),
    moving("breathing", chest_breathing(15, np.random.default_rng(1))),
    moving("tremor_rest", hand_tremor(4.0, 1.0, np.random.default_rng(2), seconds=30)),
    moving("tremor_posture", hand_tremor(9.0, 1.0, np.random.default_rng(3), seconds=30).rounded()),
    moving("balance", standing(0.15, np.random.default_rng(4))),
    moving("gait", walking(100, np.random.default_rng(5), limp=0.03)),
    moving("activity", walking(100, np.random.default_rng(6)).rounded()),
]

every_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)


def values_of(call: Callable[[], Measurement]) -> dict[str, float]:
    """What was measured; nothing where it was refused, be it as no signal or as one without the measure."""
    try:
        answer = call()
    except InvalidInput:
        return {}
    check_answer(answer)
    return dict(answer.values)


def check_answer(answer: Measurement) -> None:
    """Values or reasons, never both, never NaN, all of it JSON."""
    assert not set(answer.values) & set(answer.refused)
    assert set(answer.values) | set(answer.refused) <= set(METRICS)
    for name, value in answer.values.items():
        assert METRICS[name].check(value) == value
    for refusal in answer.refused.values():
        assert refusal.code.isidentifier()
        assert refusal.code.islower()
        assert say(refusal.said)[0].isupper()
        assert say(refusal.said).endswith(".")
    assert 0.0 <= answer.quality <= 1.0
    assert math.isfinite(answer.duration_s)
    json.dumps(answer.as_json(say), allow_nan=False)


@every_detector
def test_a_good_recording_is_answered_with_values(detector: Detector) -> None:
    answer = detector.call(detector.time_ms, *detector.columns)
    check_answer(answer)
    assert answer.values
    assert answer.quality > 0.5


@every_detector
def test_the_same_recording_gives_the_same_answer(detector: Detector) -> None:
    first = detector.call(detector.time_ms, *detector.columns)
    assert detector.call(detector.time_ms.copy(), *detector.columns) == first
    assert (
        detector.call(detector.time_ms.tolist(), *(column.tolist() for column in detector.columns)) == first
    )


@every_detector
@pytest.mark.parametrize("start_ms", [1000.0, -5000.0, 1_764_000_000_000.0])
def test_it_does_not_matter_when_a_recording_begins(detector: Detector, start_ms: float) -> None:
    here = detector.call(detector.time_ms, *detector.columns)
    there = detector.call(detector.time_ms + start_ms, *detector.columns)
    assert there.values == pytest.approx(here.values, rel=3e-3)  # since 1970 a float counts 0.0002 ms
    assert set(there.refused) == set(here.refused)


@every_detector
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_named_with_its_place(detector: Detector, bad: float) -> None:
    for place in range(len(detector.columns)):
        columns = [column.copy() for column in detector.columns]
        columns[place][17] = bad
        with pytest.raises(InvalidInput, match="row 17"):
            detector.call(detector.time_ms, *columns)
    time = detector.time_ms.copy()
    time[17] = bad
    with pytest.raises(InvalidInput, match="time_ms"):
        detector.call(time, *detector.columns)


@every_detector
@pytest.mark.parametrize("count", [0, 1, 4, 15])
def test_a_handful_of_samples_is_no_signal(detector: Detector, count: int) -> None:
    with pytest.raises(InvalidInput, match=f"{count} samples"):
        detector.call(detector.time_ms[:count], *(column[:count] for column in detector.columns))


@every_detector
def test_columns_of_other_lengths_are_refused(detector: Detector) -> None:
    with pytest.raises(InvalidInput, match="as many as time_ms"):
        detector.call(detector.time_ms[:-1], *detector.columns)


@every_detector
def test_a_clock_that_stands_still_or_runs_backwards_is_refused(detector: Detector) -> None:
    still, back = detector.time_ms.copy(), detector.time_ms.copy()
    still[40] = still[39]
    back[[40, 41]] = back[[41, 40]]
    for time in (still, back):
        with pytest.raises(InvalidInput, match="swapped"):
            detector.call(time, *detector.columns)


@every_detector
def test_swapped_columns_are_noticed(detector: Detector) -> None:
    first, *rest = detector.columns
    with pytest.raises(InvalidInput, match="swapped"):
        detector.call(first, detector.time_ms, *rest)
    with pytest.raises(InvalidInput, match="swapped"):
        detector.call(detector.time_ms, detector.time_ms, *rest)


@every_detector
@pytest.mark.parametrize("factor", [0.001, 1000.0])
def test_seconds_and_microseconds_are_not_taken_for_milliseconds(detector: Detector, factor: float) -> None:
    with pytest.raises(InvalidInput, match="milliseconds"):
        detector.call(detector.time_ms * factor, *detector.columns)


@every_detector
def test_what_is_no_list_of_numbers_is_refused(detector: Detector) -> None:
    _, *rest = detector.columns
    for bad in ("abc", [["1", "2"], ["3", "4"]], ["x"] * len(detector.time_ms)):
        with pytest.raises(InvalidInput):
            detector.call(detector.time_ms, bad, *rest)


@every_detector
def test_slow_sampling_is_refused_with_its_rate(detector: Detector) -> None:
    slow = slice(None, None, round(200.0 / float(np.median(np.diff(detector.time_ms)))))
    answer = detector.call(detector.time_ms[slow], *(column[slow] for column in detector.columns))
    check_answer(answer)
    assert not answer.values
    assert {refusal.code for refusal in answer.refused.values()} == {"sampling_too_slow"}
    assert "5 samples a second" in say(next(iter(answer.refused.values())).said)


@every_detector
@pytest.mark.parametrize("level", [0.0, 1.0, 255.0])
def test_nothing_moving_gives_no_value(detector: Detector, level: float) -> None:
    still = [np.full(len(column), level) for column in detector.columns]
    assert not values_of(lambda: detector.call(detector.time_ms, *still))


@every_detector
@pytest.mark.parametrize("seed", range(4))
def test_noise_gives_no_value(detector: Detector, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (len(detector.columns), len(detector.time_ms))
    for noise in (rng.normal(size=shape), np.cumsum(rng.normal(size=shape), axis=1)):
        assert not values_of(partial(detector.call, detector.time_ms, *noise))


@every_detector
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_signal_cut_off_at_its_top_is_never_answered_with_garbage(detector: Detector, share: float) -> None:
    def cut(column: Floats) -> Floats:
        return np.minimum(column, np.quantile(column, 1.0 - share))

    whole = detector.call(detector.time_ms, *detector.columns)
    answer = detector.call(detector.time_ms, *map(cut, detector.columns))
    check_answer(answer)
    for name, value in answer.values.items():
        assert value == pytest.approx(whole.values[name], rel=0.05)
