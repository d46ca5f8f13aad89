"""A finger's light with rhythms of every kind planted in it, and how often their rate is told wrongly.

Real recordings of arrhythmia on a camera are not at hand; a planted rhythm has a truth that nobody doubts.
Two ways in which a pulse wave may follow its beat are tried (of one length whatever the interval, or
stretched with it), since real vessels lie between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.sensing import measure_motion, measure_ppg
from healthtwin_lab.evaluate.sensing_figures import goal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FRAMES_HZ: Final = 30.0
LEVEL: Final = 200.0
SWING: Final = 3.0
"""Of 255: a finger's pulse moves the light by a percent or two."""

MOST_OFF: Final = 0.10
"""Share of the true rate from which on an answer is wrong."""

RATES: Final = (30, 35, 40, 50, 60, 72, 85, 100, 115, 130, 150, 170, 190, 205, 220)
UNEVEN: Final = (0.65, 0.75, 0.85, 0.92, 1.0)
WEAK: Final = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
NOISES: Final = (0.02, 0.08, 0.2)
LENGTHS_S: Final = (31.0, 60.0)


@dataclass(frozen=True)
class Rhythm:
    """Beats as they came.

    Attributes:
        kind: of the rhythm.
        intervals_s: between beats.
        heights: of each beat's wave, 1 for an ordinary one.
        noise: standard deviation of a frame, as a share of an ordinary wave.
        stretched: whether a wave lasts as long as its interval, instead of the mean one.
    """

    kind: str
    intervals_s: Floats
    heights: Floats
    noise: float
    stretched: bool


def light_of(
    rhythm: Rhythm, seconds: float, rng: np.random.Generator, breaths_per_min: float = 14.0
) -> tuple[Floats, Floats, float]:
    """Frames' times (ms), their light, and beats a minute within them.

    A wave is a systolic and a dicrotic bump, as in the fake camera of the browser tests; light falls at a
    beat, and breathing moves its level.
    """
    beats = np.concatenate([[0.0], np.cumsum(rhythm.intervals_s)]) - 2.0
    time = np.arange(int(seconds * FRAMES_HZ)) / FRAMES_HZ
    captured = time + rng.uniform(-0.002, 0.002, len(time))
    mean = float(rhythm.intervals_s.mean())
    wave = np.zeros(len(time))
    for back in range(3):  # a beat's wave may reach into the next one's
        place = np.searchsorted(beats, captured, side="right") - 1 - back
        there = (place >= 0) & (place < len(rhythm.intervals_s))
        place = place.clip(0, len(rhythm.intervals_s) - 1)
        length = rhythm.intervals_s[place] if rhythm.stretched else mean
        phase = (captured - beats[place]) / length
        bump = np.exp(-(((phase - 0.22) / 0.09) ** 2)) + 0.42 * np.exp(-(((phase - 0.52) / 0.13) ** 2))
        wave += np.where(there, rhythm.heights[place] * bump, 0.0)
    drift = 0.4 * np.sin(2 * np.pi * breaths_per_min / 60.0 * captured + rng.uniform(0, 6))
    light = LEVEL - SWING * wave + drift + SWING * rhythm.noise * rng.standard_normal(len(time))
    inside = beats[(beats >= 0) & (beats <= time[-1])]
    return captured * 1000.0, light, float(60.0 * (len(inside) - 1) / (inside[-1] - inside[0]))


def _intervals(rate: float, pattern: Sequence[float], seconds: float, rng: np.random.Generator) -> Floats:
    count = int(rate * (seconds + 6) / 60) + 4
    steps = 60.0 / rate * np.resize(np.asarray(pattern, float), count)
    return np.asarray(steps * (1.0 + 0.01 * rng.standard_normal(count)))


def _heights(count: int, pattern: Sequence[float], rng: np.random.Generator) -> Floats:
    return np.asarray(
        np.resize(np.asarray(pattern, float), count) * (1.0 + 0.04 * rng.standard_normal(count))
    )


def _alternating(
    kind: str, rates: Sequence[float], uneven: Sequence[float], weak: Sequence[float], beats: int = 2
) -> Iterator[tuple[str, float, list[float], list[float]]]:
    """Every `beats`-th beat early (its interval shortened to this share, a pause after it) and weak."""
    for rate, early, low in product(rates, uneven, weak):
        rest = [1.0] * (beats - 2)
        yield kind, rate, [*rest, early, 2.0 - early], [*rest, 1.0, low]


def planted(seconds: float, rng: np.random.Generator, every: int = 1) -> Iterator[Rhythm]:
    """One of each rhythm; `every`: only each so many, for a quick look."""
    slow_to_fast = (45, 60, 80, 110, 140)
    patterns = [
        *(("sinus", rate, [1.0], [1.0]) for rate in RATES for _ in range(3)),
        *_alternating("alternating intervals", slow_to_fast, UNEVEN[:-1], (1.0,)),
        *_alternating("weak second beat", slow_to_fast, UNEVEN[:-1], WEAK[:-1]),
        *_alternating("alternating height", slow_to_fast, (1.0,), WEAK[:-1]),
        *_alternating("every third early", slow_to_fast, UNEVEN[:-1], (0.35, 0.65, 1.0), beats=3),
    ]
    for i, (kind, rate, pattern, heights) in enumerate(patterns):
        for noise, stretched in product(NOISES, (False, True)):
            if (i + round(noise * 100)) % every:
                continue
            steps = _intervals(rate, pattern, seconds, rng)
            yield Rhythm(kind, steps, _heights(len(steps), heights, rng), noise, stretched)
    for rate, spread, noise, stretched in product((60, 80, 110, 140), (0.15, 0.25), NOISES, (False, True)):
        if rng.integers(every):
            continue
        count = int(rate * (seconds + 6) / 60) + 4
        steps = 60.0 / rate * np.clip(1.0 + spread * rng.standard_normal(count), 0.45, 2.0)
        filled = np.clip(0.4 + 0.6 * steps * rate / 60.0, 0.2, 1.3)  # a short diastole fills the heart less
        yield Rhythm("irregular", steps, filled, noise, stretched)
    for rate, noise, stretched in product((50, 60, 70, 90), NOISES, (False, True)):
        steps = np.full(int(rate * (seconds + 6) / 60) + 4, 60.0 / rate)
        yield Rhythm("paced", steps, np.ones(len(steps)), noise, stretched)


def evaluate_rhythms(
    seed: int = 0,
    every: int = 1,
    seconds: Sequence[float] = LENGTHS_S,
    measure: Callable[..., Any] = measure_ppg,
) -> dict[str, Any]:
    """By kind of rhythm: how many were answered, wrong by more than a tenth, and refused, and for what.

    Args:
        seed: of everything random.
        every: only each so many of the rhythms.
        seconds: lengths of the recordings.
        measure: another detector than the product's, for a comparison.
    """
    rng = np.random.default_rng(seed)
    kinds: dict[str, dict[str, Any]] = {}
    for length in seconds:
        for rhythm in planted(length, rng, every):
            time_ms, light, truth = light_of(rhythm, length, rng)
            answer = measure(time_ms, light)
            told = kinds.setdefault(
                rhythm.kind, {"recordings": 0, "answered": 0, "wrong": 0, "half": 0, "refused": {}}
            )
            told["recordings"] += 1
            rate = answer.values.get("heart_rate")
            if rate is None:
                code = answer.refused["heart_rate"].code
                told["refused"][code] = told["refused"].get(code, 0) + 1
                continue
            told["answered"] += 1
            told["wrong"] += bool(abs(rate / truth - 1.0) > MOST_OFF)
            told["half"] += bool(abs(rate / truth - 0.5) < MOST_OFF / 2)
    return kinds


def without_breathing(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Frames' times (ms) and light of a minute or two in which nothing breathes.

    Beats come evenly, unevenly by chance or with a wandering rate; heights and level change by chance alone.
    """
    rate, seconds = float(rng.uniform(50, 100)), float(rng.choice([60.5, 75.0, 100.0]))
    count = int(rate * (seconds + 6) / 60) + 4
    steps = 60.0 / rate * (1.0 + float(rng.choice([0.005, 0.02, 0.04])) * rng.standard_normal(count))
    if rng.random() < 0.5:  # noqa: PLR2004 - half of them
        wander = np.cumsum(rng.standard_normal(count)) / np.sqrt(count)
        steps = np.clip(steps * (1.0 + 0.05 * wander), 0.45, 1.6)
    heights = 1.0 + 0.03 * rng.standard_normal(count)
    rhythm = Rhythm("nothing breathes", steps, heights, float(rng.choice([0.02, 0.05, 0.1])), stretched=False)
    time_ms, light, _ = light_of(rhythm, seconds, rng, breaths_per_min=0.0)
    level = np.cumsum(rng.standard_normal(len(light))) / np.sqrt(len(light))
    return time_ms, light + float(rng.choice([0.0, 0.3, 0.9])) * level


def invented_from_light(
    count: int, seed: int = 0, measure: Callable[..., Any] = measure_ppg
) -> dict[str, int]:
    """Of minutes without any breathing in them: how many have a heart rate, and how many a breathing rate."""
    rng = np.random.default_rng(seed)
    answers = [measure(*without_breathing(rng)) for _ in range(count)]
    return {
        "windows": sum("heart_rate" in answer.values for answer in answers),
        "invented": sum("respiratory_rate" in answer.values for answer in answers),
    }


STILL: Final = ("on a table", "heart alone", "sliding", "slow sway")


def without_breath(kind: str, rng: np.random.Generator) -> dict[str, Floats]:
    """Columns of a phone that nothing breathes under: lying, thudding with a heart, sliding, or swaying."""
    seconds, rate_hz = float(rng.choice([30.0, 45.0, 60.0])), float(rng.choice([20.0, 60.0]))
    time = np.arange(int(seconds * rate_hz)) / rate_hz
    acceleration = np.tile([0.0, 0.0, 9.81], (len(time), 1))
    acceleration += rng.normal(0, float(rng.choice([0.01, 0.03, 0.08])), acceleration.shape)
    turning = rng.normal(0, float(rng.choice([0.05, 0.2])), acceleration.shape)
    if kind == "heart alone":
        beat = 2 * np.pi * rng.uniform(0.8, 1.6) * time
        acceleration[:, 2] += 0.08 * np.sin(beat) ** 8
        turning[:, 0] += 0.3 * np.sin(beat)
    elif kind in ("sliding", "slow sway"):
        walk = np.cumsum(rng.standard_normal((len(time), 2)), axis=0)
        far = 0.02 / np.sqrt(rate_hz) if kind == "sliding" else 0.05 / np.sqrt(len(time))
        acceleration[:, :2] += far * walk * float(rng.choice([0.3, 1.0]))
    if rng.random() < 0.6:  # noqa: PLR2004 - most browsers round
        acceleration, turning = np.round(acceleration, 1), np.round(turning, 1)
    columns = {"time_ms": time * 1000.0} | dict(zip(("ax", "ay", "az"), acceleration.T, strict=True))
    if rng.random() < 0.5:  # noqa: PLR2004 - half of them have a gyroscope
        columns |= dict(zip(("gx", "gy", "gz"), turning.T, strict=True))
    return columns


def invented_from_motion(count: int, seed: int = 0) -> dict[str, int]:
    """Of recordings of a phone that nothing breathes under: how many, and how many got a breathing rate."""
    rng = np.random.default_rng(seed)
    answers = [
        measure_motion("breathing", **without_breath(STILL[i % len(STILL)], rng)) for i in range(count)
    ]
    invented = sum("respiratory_rate" in answer.values for answer in answers)
    return {"windows": len(answers), "invented": invented}


def evaluate_planted_rhythms(every: int = 4, minutes: int = 400, seed: int = 0) -> dict[str, Any]:
    """The section of `healthtwin evaluate sensing`: rhythms, and breathing where there is none."""
    kinds = evaluate_rhythms(seed, every)
    light, motion = invented_from_light(minutes, seed), invented_from_motion(minutes, seed)
    answered = sum(told["answered"] for told in kinds.values())
    wrong = sum(told["wrong"] for told in kinds.values())
    shares = (
        ("planted rhythms: heart rates off by more than a tenth", wrong / max(answered, 1), 0.02),
        ("minutes of light without breathing that get a rate", _share(light), 0.01),
        ("still phones without a breath that get a rate", _share(motion), 0.01),
    )
    return {
        "kinds": kinds,
        "without_breathing": {"light": light, "motion": motion},
        "goals": [goal(name, f"<= {most:.0%}", round(reached, 4), most) for name, reached, most in shares],
    }


def _share(told: dict[str, int]) -> float:
    return told["invented"] / max(told["windows"], 1)
