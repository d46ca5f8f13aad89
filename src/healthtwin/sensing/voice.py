"""A voice's pitch, its steadiness from period to period, and its pauses, from a held vowel or speech.

Pitch by the normalised autocorrelation of short windows (Boersma, Proc Inst Phon Sci Amsterdam 1993); periods
by the peaks of the waveform that follow each other at that pitch. Jitter and shimmer are the "local" measures
of the
field: mean absolute difference of successive periods (peak heights) over their mean. They mean something for
a held vowel; in speech they are dominated by intonation, and are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.signal import butter, sosfiltfilt

from healthtwin.domain import Said
from healthtwin.sensing.cough import refusal_for_sound
from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.signal_checks import refuse_all
from healthtwin.sensing.sound_frames import FASTEST_VOICE_HZ, SLOWEST_VOICE_HZ, check_sound, sound_frames

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

METRICS: Final = ("voice_pitch", "voice_jitter", "voice_shimmer", "voice_pause_share")

LEAST_S: Final = 1.0
LEAST_VOICED_S: Final = 0.5
"""Fifty periods of a deep voice."""

WINDOW_S: Final = 0.045
"""Three periods of 70 Hz."""

HOP_S: Final = 0.01

VOICED: Final = 0.6
"""Normalised autocorrelation from which on a window is voiced; Praat's default is 0.45 with a silence
rule."""

OCTAVE_COST: Final = 0.02
"""How much better a period twice as long must be: multiples of a period correlate as well as it does."""

QUIET_DB: Final = 25.0
"""Below the loud part (95th percentile) by this much is a pause."""

SHORTEST_PAUSE_S: Final = 0.15
"""Shorter silences are the closures of p, t and k."""

HELD_SPREAD: Final = 0.06
"""Relative spread (interquartile range over median) of the pitch up to which a vowel was held: one
semitone."""

_SPEECH: Final = Refusal("not_held", Said.of("refusal-speech"))
_NO_VOICE: Final = Refusal("no_voice", Said.of("refusal-no-voice"))


def voice(samples: ArrayLike, sample_rate: float) -> Measurement:
    """Features of a voice.

    Args:
        samples: shape (n,), −1 to 1.
        sample_rate: per second, 8,000 to 192,000.

    Returns:
        ``voice_pitch`` (Hz, median), ``voice_jitter`` and ``voice_shimmer`` (%, of a held vowel),
        ``voice_pause_share`` (%); in the details ``voiced_s``.
    """
    sound = check_sound(samples, sample_rate)
    frames = sound_frames(sound, sample_rate)
    refusal = refusal_for_sound(frames, LEAST_S)
    if refusal is not None:
        return refuse_all(METRICS, refusal, frames.duration_s)
    rate = int(sample_rate)
    smooth = np.asarray(
        sosfiltfilt(butter(2, [60, min(1000, 0.45 * rate)], "bandpass", fs=rate, output="sos"), sound)
    )
    period_s, likeness = _periods(smooth, rate, frames.level_db)
    voiced = likeness >= VOICED
    if voiced.sum() * HOP_S < LEAST_VOICED_S:
        return refuse_all(METRICS, _NO_VOICE, frames.duration_s)
    pitches = 1 / period_s[voiced]
    values = {
        "voice_pitch": round(float(np.median(pitches)), 2),
        "voice_pause_share": round(100 * _pause_share(frames.level_db), 2),
    }
    refused: dict[str, Refusal] = {}
    low, middle, high = np.percentile(pitches, [25, 50, 75])
    steadiness = None if (high - low) / middle > HELD_SPREAD else _steadiness(smooth, rate, period_s, voiced)
    if steadiness is None:
        refused = dict.fromkeys(METRICS[1:3], _SPEECH)
    else:
        values.update(zip(METRICS[1:3], steadiness, strict=True))
    return Measurement(
        values,
        refused,
        quality=round(float(np.clip(likeness[voiced].mean(), 0, 1)), 3),
        duration_s=frames.duration_s,
        details={"voiced_s": round(float(voiced.sum()) * HOP_S, 2)},
    )


def _periods(smooth: Floats, rate: int, level: Floats) -> tuple[Floats, Floats]:
    """Period (s) and normalised autocorrelation of each window, shape (windows,); quiet windows get 0."""
    width, hop = int(WINDOW_S * rate), int(HOP_S * rate)
    longest, shortest = int(rate / SLOWEST_VOICE_HZ), int(np.ceil(rate / FASTEST_VOICE_HZ))
    starts = np.arange(0, len(smooth) - width - longest, hop)
    period = np.full(len(starts), np.nan)
    likeness = np.zeros(len(starts))
    loud = float(np.percentile(level, 95)) - QUIET_DB
    size = 1 << (width + longest).bit_length()
    for number, start in enumerate(starts.tolist()):
        if level[min(start * 100 // rate, len(level) - 1)] < loud:
            continue
        # One fixed window against the same sound a lag later, each normalised by its own power: no taper to
        # undo.
        ahead = smooth[start : start + width + longest]
        product = np.fft.irfft(np.conj(np.fft.rfft(ahead[:width], size)) * np.fft.rfft(ahead, size), size)[
            : longest + 1
        ]
        power = np.concatenate([[0.0], np.cumsum(ahead**2)])
        norm = np.sqrt(power[width] * (power[width : width + longest + 1] - power[: longest + 1])) + 1e-12
        found = product / norm
        peaks = np.flatnonzero((found[1:-1] >= found[:-2]) & (found[1:-1] > found[2:])) + 1
        peaks = peaks[peaks >= shortest]
        if len(peaks) == 0:
            continue
        cost = OCTAVE_COST * np.log2(peaks / shortest)
        best = int(peaks[(found[peaks] - cost).argmax()])
        period[number] = (best + _vertex(found[best - 1 : best + 2])) / rate
        likeness[number] = found[best]
    return period, likeness


def _steadiness(
    smooth: Floats, rate: int, period_s: Floats, voiced: NDArray[np.bool_]
) -> tuple[float, float] | None:
    """Jitter and shimmer (%) over the longest voiced run; None when no run is long enough."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], voiced.astype(int), [0]])))
    starts, ends = edges[::2], edges[1::2]
    at = int((ends - starts).argmax())
    if (ends[at] - starts[at]) * HOP_S < LEAST_VOICED_S:
        return None
    hop = int(HOP_S * rate)
    run = smooth[starts[at] * hop : ends[at] * hop]
    run = run if run.max() >= -run.min() else -run
    period = float(np.median(period_s[starts[at] : ends[at]])) * rate
    here = int(run[: int(period) + 1].argmax())
    times, heights = [], []
    while here + 1.3 * period < len(run):
        vertex = _vertex(run[here - 1 : here + 2]) if here >= 1 else 0.0
        times.append(here + vertex)
        heights.append(float(run[here]))
        low, high = here + int(0.75 * period), here + int(1.25 * period) + 1
        here = low + int(run[low:high].argmax())
    lengths = np.diff(times)
    jitter = 100 * float(np.abs(np.diff(lengths)).mean() / lengths.mean())
    shimmer = 100 * float(np.abs(np.diff(heights)).mean() / np.mean(heights))
    return round(jitter, 3), round(shimmer, 3)


def _vertex(three: Floats) -> float:
    """Where between its neighbours a peak lies, −0.5 to 0.5, by the parabola through all three."""
    if len(three) < 3:  # noqa: PLR2004
        return 0.0
    before, here, after = three
    bend = before - 2 * here + after
    return 0.0 if bend >= 0 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))


def _pause_share(level: Floats) -> float:
    """Share of the time from the first sound to the last that is pause, 0 to 1."""
    sounding = level >= float(np.percentile(level, 95)) - QUIET_DB
    inner = sounding[int(sounding.argmax()) : len(sounding) - int(sounding[::-1].argmax())]
    edges = np.flatnonzero(np.diff(np.concatenate([[True], inner, [True]])))
    pauses = edges[1::2] - edges[::2]
    return float(pauses[pauses >= SHORTEST_PAUSE_S * 100].sum()) / len(inner)
