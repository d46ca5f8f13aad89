"""Heart rate, its variability and breathing from the light of a camera with a finger on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import Said
from healthtwin.sensing import intervals as of
from healthtwin.sensing.beats import PULSE_HZ, Beats, find_beats, slope_skewness
from healthtwin.sensing.breathing_from_ppg import Breathing, breathing_rate
from healthtwin.sensing.hidden_beats import hidden_beats
from healthtwin.sensing.light_curve import (
    GRID_HZ,
    LONGEST_BRIDGE_MS,
    LightCurve,
    band,
    even_height,
    light_curve,
)
from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.period_track import PeriodTrack, repetition, track_period
from healthtwin.sensing.signal_checks import (
    Samples,
    check_samples,
    clipped_share,
    is_constant,
    refusal_for_slow_sampling,
    refuse_all,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

HEART: Final = ("heart_rate",)
VARIABILITY: Final = ("hrv_rmssd", "hrv_sdnn", "hrv_pnn50")
BREATHING: Final = ("respiratory_rate",)
ALL: Final = (*HEART, *VARIABILITY, *BREATHING)

LEAST_RATE_HZ: Final = 12.0
"""A pulse wave's upstroke lasts about 0.2 s: below this rate not even two frames would lie on it."""

SHORTEST_S: Final = 15.0
"""Of a recording, and of its clean part: at 35 beats a minute still eight intervals."""

RMSSD_S: Final = 30.0
"""Ultra-short RMSSD from 30 s agrees with five minutes (Munoz et al., PLoS ONE 2015); below 60 s it is
marked."""

SDNN_S: Final = 60.0
"""SDNN and pNN50 need a minute at least (Shaffer and Ginsberg, Front. Public Health 2017); breathing at 7 a
minute then shows seven breaths."""

NEARLY: Final = 0.9
"""Of the seconds asked for: both ends cut a beat in two, and half a minute in which one beat was lost is
still half a minute."""

LEAST_PAIRS: Final = 15
"""Pairs of intervals behind an RMSSD: with fewer, one difference more or less moves it by a third."""

LEAST_THIRD: Final = 0.45
"""Clean share of each third of the recording. A finger that left half-way leaves a third without any pulse;
the reading would then stand for another time than it says."""

LEAST_CLEAN: Final = 0.5
"""Clean share of the whole: what is mostly movement is not to be trusted in the rest."""

LEAST_PERIODICITY: Final = 0.35
"""Mean autocorrelation at the period. Real recordings reach 0.52 and more, noise without a rate of its own
0.25 and seldom 0.37; docs/sensing.md shows both."""

LEAST_STEEPNESS: Final = 0.35
"""Skewness of the slope. The heart ejects faster than the vessel drains: real pulses show 0.5 to 1.8, noise
that merely swings at some rate 0 to 0.3."""

LEAST_EVENNESS: Final = 0.15
"""Median change of height from beat to beat, as a logarithm. A fast pulse is seen as a bare sine, without
the steep side; then this must speak for it. Real pulses change by 0.03 to 0.17, swinging noise by 0.19 and
more."""

EVEN_PATTERN: Final = 0.12
"""The same from a beat to the second or third after it: a heart whose every second or third beat is weak."""

ALIKE: Final = 0.8
"""Share of the beats that look like the others, from which on uneven ones without a steep side count."""

MOST_LEFT_OUT: Final = 0.15
"""Of the intervals between good beats: where more are too uneven to be kept, the rest is no mean of them."""

SCATTERED: Final = 0.12
"""RMSSD as a share of the mean interval, from which on a beat that was left out may be anything: healthy
people at rest seldom show 0.1."""

MOST_CLIPPED: Final = 0.1
"""Share of a channel at its stop beyond which the tops of its waves are missing."""

BRIGHTEST: Final = 250.0
"""Of 255: at this level a camera's channel is saturated."""

LEAST_AGREEMENT: Final = 0.63
"""Of the breathing traces. Of planted minutes without any breathing one in 200 agrees this well by chance
(one in 20 at 0.55): a rate that is not there is worse than one that is refused."""

HEART_RANGE: Final = (28.0, 220.0)

CLEAR_STEEPNESS: Final = 0.45
"""Upstrokes this steep, and alike all along, are a heart's however unevenly they come; noise shows 0.3 at
most."""


@dataclass(frozen=True, slots=True)
class _Pulse:
    """A channel and what was found in it."""

    channel: str
    curve: LightCurve
    upward: bool
    track: PeriodTrack
    steepness: float


@dataclass(frozen=True, slots=True)
class _Judged:
    """Beats and how far they are trusted; `clean` in seconds, of the whole and of each third."""

    beats: Beats
    beats_ms: Floats
    intervals_ms: Floats
    trusted: Flags
    kept: Flags
    clean_s: float
    clean_thirds: Floats

    @property
    def quality(self) -> float:
        """Mean likeness of the beats used, times their share of the recording."""
        used = np.append(self.kept, False) | np.append(False, self.kept)
        likeness = float(self.beats.likeness[used].mean()) if used.any() else 0.0
        return float(np.clip(likeness * self.clean_thirds.mean(), 0.0, 1.0))


def measure_ppg(
    time_ms: ArrayLike,
    red: ArrayLike,
    green: ArrayLike | None = None,
    blue: ArrayLike | None = None,
    *,
    displaced: float = of.DISPLACED,
) -> Measurement:
    """Measure from the mean brightness of every frame, or from any other light sensor.

    Args:
        time_ms: shape (frames,), milliseconds from any start, strictly increasing; steps may vary, missing
            frames are simply absent.
        red, green, blue: shape (frames,), any unit, either polarity; one is enough, and which is which does
            not matter: the steadiest is taken.
        displaced: another value than the product's shows what the setting brings.

    Returns:
        `heart_rate` (/min), `hrv_rmssd`, `hrv_sdnn` (ms), `hrv_pnn50` (%), `respiratory_rate` (/min), each a
        value or a refusal. Details: `beats_ms` on the clock of `time_ms`, `intervals_ms` between them and
        `intervals_kept`, `channel`, `upward` (whether light rises with a beat), `clean_s`, `ultra_short`
        (variability from less than a minute), `breathing_agreement`.

    Raises:
        InvalidInput: what came in is no signal; see `check_samples`.
    """
    samples = check_samples(time_ms, {"red": red, "green": green, "blue": blue})
    refusal = refusal_for_slow_sampling(samples, LEAST_RATE_HZ) or _too_short(samples)
    if refusal is not None:
        return refuse_all(ALL, refusal, samples.duration_s)
    pulse = _steadiest(samples)
    if isinstance(pulse, Refusal):
        return refuse_all(ALL, pulse, samples.duration_s)
    judged = _judged(pulse, samples, displaced)
    refusal = _no_heart_rate(pulse, judged, samples)
    if judged is None or refusal is not None:
        return refuse_all(ALL, refusal or _no_pulse(), samples.duration_s)
    return _answer(pulse, judged, samples)


def _steadiest(samples: Samples) -> _Pulse | Refusal:
    """The channel whose pulse repeats itself best, or why there is none."""
    alive = {name: values for name, values in samples.columns.items() if not is_constant(values)}
    whole = {name: values for name, values in alive.items() if clipped_share(values) <= MOST_CLIPPED}
    if not whole:
        brightest = max(float(values.max()) for values in samples.columns.values())
        return _too_bright() if brightest >= BRIGHTEST else _no_pulse()
    curves = {name: light_curve(samples.time_ms, values) for name, values in whole.items()}
    waves = {name: even_height(band(curve.values, *PULSE_HZ)) for name, curve in curves.items()}
    best = max(waves, key=lambda name: repetition(waves[name])) if len(waves) > 1 else next(iter(waves))
    return _pulse(best, curves[best], waves[best])


def _pulse(name: str, curve: LightCurve, wave: Floats) -> _Pulse:
    steepness = slope_skewness(wave)
    direction = 1.0 if steepness >= 0 else -1.0
    track = track_period(wave, even_height(np.gradient(wave)))
    turned = LightCurve(curve.start_ms, direction * curve.values, curve.seen)
    return _Pulse(name, turned, direction > 0, track, abs(steepness))


def _judged(pulse: _Pulse, samples: Samples, displaced: float) -> _Judged | None:
    beats = find_beats(pulse.curve.values, pulse.track)
    if beats is None:
        return None
    beats_ms = pulse.curve.at_ms(beats.position)
    intervals_ms = np.diff(beats.position) * (1000.0 / GRID_HZ)
    trusted = of.trusted_beats(beats, pulse.curve.seen, displaced)
    kept = of.kept_intervals(intervals_ms, beats.linked, trusted)
    clean_s, thirds = _clean_time(beats_ms, kept, samples)
    return _Judged(beats, beats_ms, intervals_ms, trusted, kept, clean_s, thirds)


def _clean_time(beats_ms: Floats, kept: Flags, samples: Samples) -> tuple[float, Floats]:
    """Seconds covered by kept intervals, and the share of each third that they cover.

    Before the first beat and after the last there is part of an interval; it counts as the one beside it
    does.
    """
    first, last = float(samples.time_ms[0]), float(samples.time_ms[-1])
    edges = np.concatenate([[first], beats_ms.clip(first, last), [last]])
    longest = 1.5 * float(np.median(np.diff(beats_ms)))
    covered = np.concatenate([kept[:1], kept, kept[-1:]]) & (np.diff(edges) <= np.maximum(longest, 0.0))
    covered[1:-1] = kept
    steps = np.concatenate([[0.0], np.cumsum(np.diff(edges) * covered)])
    at_thirds = np.interp(np.linspace(first, last, 4), edges, steps)
    return float(steps[-1]) / 1000.0, np.diff(at_thirds) / ((last - first) / 3.0)


def _no_heart_rate(pulse: _Pulse, judged: _Judged | None, samples: Samples) -> Refusal | None:
    if judged is None:
        return _no_pulse()
    if not judged.kept.any() or not _is_a_pulse(pulse, judged):
        return _uneven() if _beats_all_along(pulse, judged, samples) else _no_pulse()
    share = judged.clean_s / samples.duration_s
    if float(judged.clean_thirds.min()) < LEAST_THIRD or share < LEAST_CLEAN or judged.clean_s < SHORTEST_S:
        return _unclean(pulse, judged, samples)
    rate = of.heart_rate(judged.intervals_ms, judged.kept)
    if not HEART_RANGE[0] <= rate <= HEART_RANGE[1]:
        return _no_pulse()
    if hidden_beats(pulse.curve.values, judged.beats):
        return _between()
    return _uneven() if _too_uneven(judged) else None


def _too_uneven(judged: _Judged) -> bool:
    """Whether so many intervals of uneven beats were left out that the rest is no mean of them."""
    seen = int((judged.trusted[1:] & judged.trusted[:-1] & judged.beats.linked).sum())
    left_out = seen - int(judged.kept.sum())
    changes = of.successive_differences(judged.intervals_ms, judged.kept)
    scattered = changes.size > 0 and of.rmssd(changes) > SCATTERED * judged.intervals_ms[judged.kept].mean()
    missing = 1.0 - float(judged.kept.mean())
    return left_out > MOST_LEFT_OUT * seen or (scattered and missing > MOST_LEFT_OUT)


def _unclean(pulse: _Pulse, judged: _Judged, samples: Samples) -> Refusal:
    """Why too little was clean: the heart, the phone or the finger."""
    if _beats_all_along(pulse, judged, samples):
        return _uneven()
    longest_s = float(np.diff(samples.time_ms).max()) / 1000.0
    thirds = float(judged.clean_thirds.min()) >= LEAST_THIRD
    if thirds and longest_s < 1.0 and hidden_beats(pulse.curve.values, judged.beats):
        return _between()
    return _not_clean(judged.clean_s, samples)


def _beats_all_along(pulse: _Pulse, judged: _Judged, samples: Samples) -> bool:
    """Whether a heart's beats were seen from one end to the other, only too unevenly for their intervals."""
    seen = judged.trusted[1:] & judged.trusted[:-1] & judged.beats.linked
    if pulse.steepness < CLEAR_STEEPNESS and not (_even(judged, seen) and judged.trusted.mean() >= ALIKE):
        return False
    seen_s, thirds = _clean_time(judged.beats_ms, seen, samples)
    return seen_s >= LEAST_CLEAN * samples.duration_s and float(thirds.min()) >= LEAST_THIRD


def _is_a_pulse(pulse: _Pulse, judged: _Judged) -> bool:
    """Whether it repeats, and either rises steeply or keeps its height; swinging noise only repeats."""
    repeats = float(pulse.track.periodicity.mean()) >= LEAST_PERIODICITY
    return repeats and (pulse.steepness >= LEAST_STEEPNESS or _even(judged, judged.kept))


def _even(judged: _Judged, kept: Flags) -> bool:
    """Whether beats keep their height: each the one before's, or that of the second or third before."""
    height = np.log(np.maximum(judged.beats.height, 1e-12))
    change = np.abs(np.diff(height)[kept])
    if change.size and float(np.median(change)) <= LEAST_EVENNESS:
        return True
    return any(
        float(np.median(np.abs(height[apart:] - height[:-apart]))) <= EVEN_PATTERN
        for apart in (2, 3)
        if len(height) > 2 * apart
    )


def _answer(pulse: _Pulse, judged: _Judged, samples: Samples) -> Measurement:
    intervals, kept = judged.intervals_ms, judged.kept
    values = {"heart_rate": of.heart_rate(intervals, kept)}
    refused: dict[str, Refusal] = {}
    differences = of.successive_differences(intervals, kept)
    if judged.clean_s >= NEARLY * RMSSD_S and len(differences) >= LEAST_PAIRS:
        values["hrv_rmssd"] = of.rmssd(differences)
    else:
        refused["hrv_rmssd"] = _too_little(judged.clean_s, RMSSD_S)
    if judged.clean_s >= NEARLY * SDNN_S and len(differences) >= LEAST_PAIRS:
        values["hrv_sdnn"] = of.sdnn(intervals, kept)
        values["hrv_pnn50"] = of.pnn50(differences)
    else:
        refused |= dict.fromkeys(("hrv_sdnn", "hrv_pnn50"), _too_little(judged.clean_s, SDNN_S))
    breathing = None
    if samples.duration_s >= NEARLY * SDNN_S:
        breathing = breathing_rate(pulse.curve.values, judged.beats, judged.trusted, kept)
        if breathing is None or breathing.agreement < LEAST_AGREEMENT:
            refused["respiratory_rate"] = _no_breathing()
        else:
            values["respiratory_rate"] = breathing.rate
    else:
        refused["respiratory_rate"] = _too_little(samples.duration_s, SDNN_S)
    return Measurement(
        values, refused, judged.quality, samples.duration_s, _details(pulse, judged, breathing)
    )


def _details(pulse: _Pulse, judged: _Judged, breathing: Breathing | None) -> dict[str, Any]:
    return {
        "beats_ms": judged.beats_ms.round(2).tolist(),
        "intervals_ms": judged.intervals_ms.round(2).tolist(),
        "intervals_kept": judged.kept.tolist(),
        "channel": pulse.channel,
        "upward": pulse.upward,
        "clean_s": round(judged.clean_s, 1),
        "ultra_short": bool(judged.clean_s < NEARLY * SDNN_S),
        "periodicity": round(float(pulse.track.periodicity.mean()), 3),
        "breathing_agreement": None if breathing is None else round(breathing.agreement, 3),
    }


def _too_short(samples: Samples) -> Refusal | None:
    if samples.duration_s >= SHORTEST_S:
        return None
    return Refusal("too_short", Said.of("refusal-pulse-short", duration_s=round(samples.duration_s, 1)))


def _too_little(found_s: float, needed_s: float) -> Refusal:
    said = Said.of("refusal-little-still", still_s=float(np.floor(found_s)), needed_s=needed_s)
    return Refusal("too_short", said)


def _not_clean(clean_s: float, samples: Samples) -> Refusal:
    """Why too little was clean: the phone lost pictures, or the finger moved."""
    steps_s = np.diff(samples.time_ms) / 1000.0
    lost_s = float(steps_s[steps_s > LONGEST_BRIDGE_MS / 1000.0].sum())
    duration_s = round(samples.duration_s)
    if 2.0 * lost_s >= samples.duration_s - clean_s:
        lost = Said.of("refusal-frames-lost", lost_s=float(np.ceil(lost_s)), duration_s=duration_s)
        return Refusal("frames_lost", lost)
    moved = Said.of("refusal-finger-moved", clean_s=float(np.floor(clean_s)), duration_s=duration_s)
    return Refusal("finger_moved", moved)


def _too_bright() -> Refusal:
    return Refusal("too_bright", Said.of("refusal-too-bright"))


def _no_pulse() -> Refusal:
    return Refusal("no_pulse", Said.of("refusal-no-pulse"))


def _between() -> Refusal:
    return Refusal("beats_between", Said.of("refusal-beats-between"))


def _uneven() -> Refusal:
    return Refusal("pulse_uneven", Said.of("refusal-pulse-uneven"))


def _no_breathing() -> Refusal:
    return Refusal("breathing_unclear", Said.of("refusal-breathing-unclear"))
