"""Hearts that beat unevenly, very slowly or very fast: the right rate, or a refusal with its true reason."""

from __future__ import annotations

import numpy as np
import pytest

from healthtwin.sensing import Measurement, measure_ppg
from healthtwin.words import say
from healthtwin_lab.evaluate.planted_rhythms import (
    Rhythm,
    evaluate_rhythms,
    invented_from_light,
    invented_from_motion,
    light_of,
)

TRUE_REASONS = {"beats_between", "pulse_uneven"}


def measured(
    rate: float,
    pattern: tuple[float, ...],
    heights: tuple[float, ...],
    seconds: float = 60,
    noise: float = 0.02,
    stretched: bool = False,
) -> tuple[Measurement, float]:
    rng = np.random.default_rng(7)
    count = int(rate * (seconds + 6) / 60) + 4
    steps = 60 / rate * np.resize(pattern, count) * (1 + 0.01 * rng.standard_normal(count))
    time_ms, light, truth = light_of(
        Rhythm("x", steps, np.resize(heights, count), noise, stretched), seconds, rng
    )
    return measure_ppg(time_ms, light), truth


def is_right_or_refused(answer: Measurement, truth: float) -> None:
    if "heart_rate" in answer.values:
        assert answer.values["heart_rate"] == pytest.approx(truth, rel=0.1)
    else:
        assert not answer.values, "where no rate is told, nothing that rests on the beats is"


@pytest.mark.parametrize("early", [0.65, 0.75, 0.85, 0.92])
@pytest.mark.parametrize("stretched", [False, True])
def test_a_heart_whose_every_second_beat_comes_early_is_never_told_half_its_rate(
    early: float, stretched: bool
) -> None:
    answer, truth = measured(80, (early, 2 - early), (1.0, 1.0), stretched=stretched)
    assert truth == pytest.approx(80, abs=2)
    is_right_or_refused(answer, truth)


@pytest.mark.parametrize("rate", [80, 110])
@pytest.mark.parametrize("weak", [0.5, 0.65, 0.8, 0.9])
def test_weak_second_beats_are_beats(rate: float, weak: float) -> None:
    for early in (1.0, 0.85):
        is_right_or_refused(*measured(rate, (early, 2 - early), (1.0, weak)))


def test_the_reason_names_the_beats_between() -> None:
    answer, _ = measured(110, (0.75, 1.25), (1.0, 0.8))
    refusal = answer.refused["heart_rate"]
    assert refusal.code == "beats_between"
    assert "Weaker beats" in say(refusal.said)
    assert "finger" not in say(refusal.said), "it is not to blame"


def test_a_wholly_irregular_heart_is_right_or_called_uneven() -> None:
    rng = np.random.default_rng(3)
    for spread in (0.15, 0.3, 0.4):
        steps = 60 / 90 * np.clip(1 + spread * rng.standard_normal(140), 0.45, 2)
        rhythm = Rhythm("x", steps, np.clip(0.4 + 0.6 * steps * 1.5, 0.2, 1.3), 0.02, stretched=False)
        time_ms, light, truth = light_of(rhythm, 60, rng)
        answer = measure_ppg(time_ms, light)
        is_right_or_refused(answer, truth)
        if not answer.values:
            assert answer.refused["heart_rate"].code in {*TRUE_REASONS, "no_pulse"}


@pytest.mark.parametrize("rate", [30, 34, 40, 205, 218])
def test_very_slow_and_very_fast_hearts_are_told_right(rate: float) -> None:
    answer, truth = measured(rate, (1.0,), (1.0,))
    assert answer.values["heart_rate"] == pytest.approx(truth, abs=1.5)


@pytest.mark.parametrize("rate", [50, 60, 70, 90])
def test_a_paced_heart_is_as_even_as_a_clock_and_told_right(rate: float) -> None:
    answer, truth = measured(rate, (1.0,), (1.0,), noise=0.08)
    assert answer.values["heart_rate"] == pytest.approx(truth, abs=1)


def test_of_planted_rhythms_few_are_told_wrongly_and_no_even_one() -> None:
    kinds = evaluate_rhythms(every=16, seconds=(31.0,))
    answered = sum(told["answered"] for told in kinds.values())
    assert answered > 0.4 * sum(told["recordings"] for told in kinds.values())
    assert sum(told["wrong"] for told in kinds.values()) <= 0.04 * answered, kinds
    assert kinds["sinus"]["wrong"] == kinds["paced"]["wrong"] == 0


def test_a_minute_without_breathing_gets_no_rate_in_99_of_100() -> None:
    told = invented_from_light(60)
    assert told["windows"] > 50
    assert told["invented"] <= 1, "`healthtwin evaluate sensing` counts them in 400"


def test_a_phone_that_nothing_breathes_under_gets_no_rate_in_99_of_100() -> None:
    told = invented_from_motion(200)
    assert told["invented"] <= 0.01 * told["windows"], told
