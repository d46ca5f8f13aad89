"""Stage one of listening: from samples to frames that tell a cough from a clap, but not what was said.

A phone computes these frames itself (`web/static/app/measure/sound_frames.js`, the same arithmetic) and sends
nothing else. What keeps words out:

- The only thing known every 10 ms is the loudness, in whole decibels. Noise that follows the loudness of
  speech in one band is close to unintelligible (Shannon et al., Science 1995: four bands suffice for
  sentences, one does not).
- The colour of the sound (four coarse figures, no pitch, no bands) is known only once per 100 ms, as a mean:
  slower than the 4 to 16 Hz in which the syllables' spectra change (Drullman et al., J Acoust Soc Am 1994).

That is a reasoned design, not a listening test: nobody has tried to understand these frames, and a machine
that guesses which of ten sentences was said would do better than chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

VERSION: Final = 1

HOPS_PER_S: Final = 100
HOPS_PER_BLOCK: Final = 10
WINDOWS_PER_BLOCK: Final = 5
WINDOWS_PER_S: Final = 25
"""A frame is 10 ms, a block 100 ms, averaged from five windows of 40 ms that begin every 20 ms."""

LEAST_RATE_HZ: Final = 8000
MOST_RATE_HZ: Final = 192_000
"""From a telephone line to the fastest sound cards."""

MOST_S: Final = 3600.0
LEAST_FRAMES: Final = 20
"""0.2 s, as for samples."""

LOW_HZ: Final = 100.0
MIDDLE_HZ: Final = 1000.0
HIGH_HZ: Final = 3400.0
"""What a telephone line carries, so that every recording is judged by the same band."""

VOICE_TOP_HZ: Final = 1500.0
SLOWEST_VOICE_HZ: Final = 70.0
FASTEST_VOICE_HZ: Final = 400.0

QUIET_POWER: Final = 1e-9
"""−90 dB: a block below it has no colour."""

FLOOR_POWER: Final = 1e-10
"""−100 dB: the lowest loudness there is; 16-bit samples end at −96 dB."""

CLIPPED_AT: Final = 0.999
"""Of full scale."""

COLOURS: Final = ("centroid_hz", "flatness", "high_share", "periodicity")
_RANGES: Final = {
    "centroid_hz": (0.0, HIGH_HZ),
    "flatness": (0.0, 1.0),
    "high_share": (0.0, 1.0),
    "periodicity": (-1.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class SoundFrames:
    """What is known of a sound.

    Attributes:
        duration_s: of the recording.
        level_db: shape (frames,), mean power of 10 ms, 0 dB is a square wave at full scale.
        centroid_hz: shape (blocks,), centre of power between 100 and 3400 Hz; NaN in silence, as all colours.
        flatness: shape (blocks,), geometric over arithmetic mean of the power there; 1 white noise, 0 a tone.
        high_share: shape (blocks,), share of that power above 1000 Hz.
        periodicity: shape (blocks,), highest normalised autocorrelation at the periods of a voice (70–400 Hz)
            of what lies below 1500 Hz; near 1 for vowels.
        clipped_share: of all samples, 0 to 1, at full scale.
    """

    duration_s: float
    level_db: Floats
    centroid_hz: Floats
    flatness: Floats
    high_share: Floats
    periodicity: Floats
    clipped_share: float

    def as_json(self) -> dict[str, Any]:
        """As a phone sends it; null for the colour of silence."""
        return {
            "version": VERSION,
            "duration_s": self.duration_s,
            "hop_ms": 1000 // HOPS_PER_S,
            "block_ms": 1000 * HOPS_PER_BLOCK // HOPS_PER_S,
            "level_db": [int(level) for level in self.level_db],
            **{
                name: [None if np.isnan(value) else float(value) for value in getattr(self, name)]
                for name in COLOURS
            },
            "clipped_share": self.clipped_share,
        }


def sound_frames(samples: ArrayLike, sample_rate: float) -> SoundFrames:
    """Stage one.

    Args:
        samples: shape (n,), −1 to 1, one channel.
        sample_rate: per second, 8,000 to 192,000.

    Raises:
        InvalidInput: for what is no sound: wrong shape, NaN, values far beyond full scale, a rate out of
            range, less than 0.2 s or more than an hour.
    """
    given = check_sound(samples, sample_rate)
    sound = given - given.mean()  # a converter's offset is no sound
    rate = int(sample_rate)
    frames = len(sound) * HOPS_PER_S // rate
    edges = np.arange(frames + 1) * rate // HOPS_PER_S
    power = np.add.reduceat(sound[: edges[-1]] ** 2, edges[:-1]) / np.diff(edges)
    level = np.floor(10 * np.log10(np.maximum(power, FLOOR_POWER)) + 0.5)
    blocks = -(-frames // HOPS_PER_BLOCK)
    colours = np.concatenate(
        [_colours(sound, rate, first, min(first + 64, blocks)) for first in range(0, blocks, 64)]
    )
    return SoundFrames(
        duration_s=len(sound) / rate,
        level_db=level,
        centroid_hz=_rounded(colours[:, 0], 0.1),
        flatness=_rounded(colours[:, 1], 100),
        high_share=_rounded(colours[:, 2], 100),
        periodicity=_rounded(colours[:, 3], 100),
        clipped_share=float((np.abs(given) >= CLIPPED_AT).mean()),
    )


def check_sound(samples: ArrayLike, sample_rate: float) -> Floats:
    """The samples as float64, of shape (n,).

    Raises:
        InvalidInput: as `sound_frames`.
    """
    try:
        sound = np.array(samples, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput("samples", samples, "a list of numbers from -1 to 1") from None
    if not LEAST_RATE_HZ <= sample_rate <= MOST_RATE_HZ or int(sample_rate) != sample_rate:
        raise InvalidInput("sample_rate", sample_rate, f"{LEAST_RATE_HZ} to {MOST_RATE_HZ} per second, whole")
    if sound.ndim != 1:
        raise InvalidInput("samples", f"an array of shape {sound.shape}", "one channel, a list of numbers")
    if not 0.2 * sample_rate <= len(sound) <= MOST_S * sample_rate:
        raise InvalidInput("samples", f"{len(sound)} samples", f"0.2 s to {MOST_S:.0f} s of sound")
    bad = np.flatnonzero(~np.isfinite(sound))
    if len(bad):
        raise InvalidInput("samples", float(sound[bad[0]]), "finite numbers", int(bad[0]))
    if np.abs(sound).max() > LOUDEST:
        raise InvalidInput(
            "samples", float(np.abs(sound).max()), "-1 to 1; divide 16-bit samples by 32768", None
        )
    return sound


LOUDEST: Final = 2.0
"""Decoders of lossy formats overshoot full scale (1.34 was seen); beyond 2 it is another scale."""


def frames_from_json(given: Mapping[str, Any]) -> SoundFrames:
    """Reads frames that a phone computed, strictly.

    Raises:
        InvalidInput: naming the field that is missing, of the wrong length or out of range.
    """
    if not isinstance(given, Mapping):
        raise InvalidInput("frames", given, "an object with level_db, " + ", ".join(COLOURS))
    if given.get("version") != VERSION:
        raise InvalidInput("frames.version", given.get("version"), str(VERSION))
    level = _numbers(given, "level_db", -100.0, 10.0)
    if not LEAST_FRAMES <= len(level) <= MOST_S * HOPS_PER_S:
        raise InvalidInput(
            "frames.level_db", f"{len(level)} frames", f"{LEAST_FRAMES} to 360,000 frames of 10 ms"
        )
    if np.isnan(level).any():
        raise InvalidInput("frames.level_db", None, "a number for every 10 ms")
    colours = {name: _numbers(given, name, *_RANGES[name]) for name in COLOURS}
    blocks = -(-len(level) // HOPS_PER_BLOCK)
    for name, values in colours.items():
        if len(values) != blocks:
            raise InvalidInput(f"frames.{name}", f"{len(values)} values", f"{blocks}, one per 10 frames")
    clipped = _numbers({"clipped_share": [given.get("clipped_share")]}, "clipped_share", 0.0, 1.0)
    if np.isnan(clipped[0]):
        raise InvalidInput("frames.clipped_share", None, "a number from 0 to 1")
    return SoundFrames(
        duration_s=len(level) / HOPS_PER_S, level_db=level, clipped_share=float(clipped[0]), **colours
    )


def _numbers(given: Mapping[str, Any], name: str, low: float, high: float) -> Floats:
    values = given.get(name)
    allowed = f"a list of numbers from {low:g} to {high:g}"
    if not isinstance(values, Sequence) or isinstance(values, (str, bytes)):
        raise InvalidInput(f"frames.{name}", values, allowed)
    for index, value in enumerate(values):
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise InvalidInput(f"frames.{name}", value, allowed, index)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _colours(sound: Floats, rate: int, first: int, last: int) -> Floats:
    """Shape (last - first, 4): the `COLOURS` of some blocks."""
    width = rate // WINDOWS_PER_S
    size = 1 << (2 * width - 1).bit_length()
    hops = (
        np.arange(first, last)[:, None] * HOPS_PER_BLOCK
        + np.arange(WINDOWS_PER_BLOCK) * HOPS_PER_BLOCK // WINDOWS_PER_BLOCK
    )
    # The last windows are drawn back to end with the recording: silence after it would be a click.
    starts = np.minimum(hops * rate // HOPS_PER_S, len(sound) - width)
    begin = int(starts[0, 0])
    piece = sound[begin : int(starts[-1, -1]) + width]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)
    cut = np.lib.stride_tricks.sliding_window_view(piece, width)[starts - begin] * window
    power = (np.abs(np.fft.rfft(cut, size, axis=2)) ** 2).mean(axis=1) / (window**2).sum()
    grid = np.arange(power.shape[1]) * rate / size
    inside = (grid >= LOW_HZ) & (grid <= HIGH_HZ)
    heard = power[:, inside]
    total = heard.sum(axis=1)
    mean_square = total * 2 / size
    loud = mean_square > QUIET_POWER
    heard = np.where(loud[:, None], heard, 1.0)
    total = np.where(loud, total, 1.0)
    centroid = (heard * grid[inside]).sum(axis=1) / total
    flatness = np.exp(np.log(heard + TINY).mean(axis=1)) / heard.mean(axis=1)
    high = heard[:, grid[inside] >= MIDDLE_HZ].sum(axis=1) / total
    voiced = np.where((grid >= SLOWEST_VOICE_HZ) & (grid <= VOICE_TOP_HZ), power, 0.0)
    likeness = np.fft.irfft(voiced, size, axis=1)
    lags = np.arange(int(np.ceil(rate / FASTEST_VOICE_HZ)), rate // int(SLOWEST_VOICE_HZ) + 1)
    share = lags / width
    taper = (1 - share) * (2 + np.cos(2 * np.pi * share)) / 3 + np.sin(2 * np.pi * share) / (2 * np.pi)
    periodicity = (likeness[:, lags] / taper).max(axis=1) / np.maximum(likeness[:, 0], TINY)
    found = np.column_stack([centroid, flatness, high, np.clip(periodicity, -1.0, 1.0)])
    found[~loud] = np.nan
    return np.asarray(found)


TINY: Final = 1e-20
"""Keeps logarithms and divisions of exact silence finite."""


def _rounded(values: Floats, steps: float) -> Floats:
    # Half always up, as Math.round does, so that phone and house agree.
    return np.asarray(np.floor(values * steps + 0.5) / steps)
