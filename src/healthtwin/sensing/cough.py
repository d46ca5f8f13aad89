"""Counts coughs in sound frames: stage two of listening.

A cough begins with an explosion: the loudness rises by 10 dB and more within 30 ms, out of quiet or out of
the cough before it; a rushing noise follows for 0.15 to 0.5 s (Korpáš, Sadloňová & Vrabec, Pulm Pharmacol
1996). Bursts that begin so are told from syllables, claps, knocks and tones by seven figures of each burst
and a logistic rule of second order (`healthtwin.sensing.cough_rule`, fitted by `tools/tune_cough.py`).

A count of sounds like coughs, from one microphone, of whoever coughed: no diagnosis, and not whose cough it
was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import percentile_filter

from healthtwin.domain import Said
from healthtwin.sensing.cough_rule import COUGH_RULE, CoughRule
from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.signal_checks import refuse_all
from healthtwin.sensing.sound_frames import HOPS_PER_BLOCK, HOPS_PER_S, SoundFrames

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METRIC: Final = "cough_count"

LEAST_S: Final = 0.5
"""Shorter than one cough with what is before and after it."""

SILENT_DB: Final = -75.0
"""A microphone that hears anything at all is louder than this in its loudest moment (16-bit noise: −90)."""

MOST_CLIPPED: Final = 0.02
"""Share of samples at full scale from which on loudness and colour are the converter's."""

RISE_DB: Final = 9.0
RISE_FRAMES: Final = 3
"""What begins a burst: this much louder than the quietest of the 30 ms before."""

ABOVE_BACKGROUND_DB: Final = 10.0

BACKGROUND_PERCENTILE: Final = 15
BACKGROUND_S: Final = 4.0
"""The background is the quiet seventh of the four seconds around: in a fit of coughs a third is quiet."""

REFRACTORY_FRAMES: Final = 17
"""The voiced end of a cough swells 0.1–0.15 s after its beginning; people do not cough six times a second."""

TAIL_DB: Final = 15.0
LONGEST_FRAMES: Final = 80

COLOUR_FRAMES: Final = 30
"""Colour is taken over the first 0.3 s, weighed by power."""

LATE: Final = slice(15, 25)
"""0.15 to 0.25 s after the beginning: a clap is over, a cough rushes on."""

LEAST_CHANCE: Final = 0.7
"""Above a half, because people speak more than they cough: at 0.5 twice as many syllables of the tuning
voices were taken for coughs, for one cough in twenty gained."""

SWELL: Final = slice(6, 40)
"""60 to 400 ms after the beginning: a syllable's vowel is louder than its consonant, a cough's end is not."""

AROUND_FRAMES: Final = 100
VOICED: Final = 0.75
"""Periodicity from which on a block is a vowel or a tone, looked for within a second before and after."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A sudden sound.

    Attributes:
        frame: where it begins.
        features: shape (7,), `healthtwin.sensing.cough_rule.FEATURES`.
    """

    frame: int
    features: Floats


def count_coughs(frames: SoundFrames, rule: CoughRule = COUGH_RULE) -> Measurement:
    """Coughs in a recording.

    Returns:
        ``cough_count``; ``coughs_ms`` (beginnings, from the start of the recording) and ``sudden_sounds``
        (how many bursts were judged) in the details.
    """
    refusal = refusal_for_sound(frames, LEAST_S)
    if refusal is not None:
        return refuse_all([METRIC], refusal, frames.duration_s)
    found = bursts(frames)
    chances = rule.chance(np.array([burst.features for burst in found])) if found else np.zeros(0)
    coughs = [burst.frame for burst, chance in zip(found, chances, strict=True) if chance >= LEAST_CHANCE]
    certainty = float(np.abs(2 * chances - 1).mean()) if found else 1.0
    return Measurement(
        {METRIC: float(len(coughs))},
        {},
        quality=round(certainty, 3),
        duration_s=frames.duration_s,
        details={
            "coughs_ms": [frame * 1000 // HOPS_PER_S for frame in coughs],
            "sudden_sounds": len(found),
        },
    )


def refusal_for_sound(frames: SoundFrames, least_s: float) -> Refusal | None:
    """Why nothing can be heard in a recording: too short, silent or clipped; None when it can."""
    if frames.duration_s < least_s:
        return Refusal(
            "too_short",
            Said.of("refusal-sound-short", duration_s=round(frames.duration_s, 2), needed_s=least_s),
        )
    level = frames.level_db
    if level.max() < SILENT_DB or np.isnan(frames.flatness).all():  # loud, but at no audible frequency
        return Refusal("silent", Said.of("refusal-silent"))
    if frames.clipped_share > MOST_CLIPPED:
        return Refusal(
            "clipped",
            Said.of("refusal-too-loud"),
        )
    return None


def bursts(frames: SoundFrames) -> list[Burst]:
    """Every sudden sound of a recording, in order."""
    level = frames.level_db
    width = int(min(BACKGROUND_S * HOPS_PER_S, len(level)))
    background = percentile_filter(level, BACKGROUND_PERCENTILE, size=width, mode="nearest")
    before = np.full(len(level), np.inf)
    for back in range(1, RISE_FRAMES + 1):
        before[back:] = np.minimum(before[back:], level[:-back])
    # A recording that begins within a sound says nothing about how that sound began.
    sudden = (level - before >= RISE_DB) & (level - background >= ABOVE_BACKGROUND_DB)
    starts: list[int] = []
    for frame in np.flatnonzero(sudden).tolist():
        if not starts or frame - starts[-1] >= REFRACTORY_FRAMES:
            starts.append(frame)
    ends = [*starts[1:], len(level)][: len(starts)]
    return [
        Burst(start, _features(frames, start, end, float(background[start])))
        for start, end in zip(starts, ends, strict=True)
    ]


def _features(frames: SoundFrames, start: int, end: int, background: float) -> Floats:
    level = frames.level_db
    peak_at = start + int(level[start : start + 6].argmax())
    peak = float(level[peak_at])
    sounding = level[peak_at : min(end, start + LONGEST_FRAMES)] >= peak - TAIL_DB
    length = len(sounding) if sounding.all() else int(sounding.argmin())
    late, swell = level[start:][LATE], level[start:][SWELL]
    last_level = float(level[-1])
    colour = _colour(frames, start, min(start + COLOUR_FRAMES, end))
    return np.array(
        [
            float(np.log(length + peak_at - start + 1)),
            float(np.clip((late.mean() if len(late) else last_level) - peak, QUIETEST_DB, 5.0)),
            float(np.clip((swell.max() if len(swell) else last_level) - peak, QUIETEST_DB, 15.0)),
            *colour,
            _voiced_around(frames, start, background + ABOVE_BACKGROUND_DB),
        ]
    )


QUIETEST_DB: Final = -40.0
"""How deep the quiet after a burst is says more of the microphone than of the burst."""


def _colour(frames: SoundFrames, start: int, end: int) -> list[float]:
    """Periodicity, logarithm of flatness and share above 1 kHz, weighed by power."""
    at = np.arange(start, min(end, len(frames.level_db)))
    block = at // HOPS_PER_BLOCK
    weight = 10 ** (frames.level_db[at] / 10) * ~np.isnan(frames.flatness[block])
    total = max(float(weight.sum()), TINY_POWER)
    return [
        float((np.nan_to_num(values[block]) * weight).sum() / total)
        for values in (frames.periodicity, np.log(frames.flatness + LEAST_FLATNESS), frames.high_share)
    ]


TINY_POWER: Final = 1e-20
LEAST_FLATNESS: Final = 0.005
"""Half of the step in which flatness is known."""


def _voiced_around(frames: SoundFrames, start: int, floor_db: float) -> float:
    """Share of what sounds within a second before and after that is a vowel or a tone, 0 to 1."""
    low, high = max(0, start - AROUND_FRAMES), min(len(frames.level_db), start + AROUND_FRAMES)
    sounding = frames.level_db[low:high] >= floor_db
    periodicity = np.nan_to_num(frames.periodicity[np.arange(low, high) // HOPS_PER_BLOCK])
    return float((sounding & (periodicity >= VOICED)).sum() / max(int(sounding.sum()), 1))
