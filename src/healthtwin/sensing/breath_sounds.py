"""Tonal sounds of breathing: is there a whistle between 100 and 1000 Hz, where, and how long.

A wheeze is a tone of 100 Hz and more that lasts for at least 80–100 ms (Sovijärvi et al., Eur Respir Rev
2000); a stridor is one that is heard while breathing in. Narrow peaks that last are found in the spectrogram
(after Taplidou & Hadjileontiadis, Comput Biol Med 2007). Features only: whether it is a wheeze, a voice or a
kettle, and what causes it, is for people to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import median_filter

from healthtwin.domain import Said
from healthtwin.sensing.cough import refusal_for_sound
from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.signal_checks import refuse_all
from healthtwin.sensing.sound_frames import check_sound, sound_frames

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

METRIC: Final = "breath_tonal_share"

LEAST_S: Final = 4.0
"""One breath at least."""

WINDOW_S: Final = 0.128
HOP_S: Final = 0.032
"""8 Hz apart, and three windows within the shortest tone that counts."""

LOW_HZ: Final = 100.0
HIGH_HZ: Final = 1000.0

SURROUNDING_HZ: Final = 250.0
"""Width over which the noise around a peak is taken (median); a tone is 20 Hz wide."""

TONE_DB: Final = 12.0
"""A peak above the median around it. In noise a single cell exceeds it in one of 60,000."""

SHORTEST_TONE_S: Final = 0.1
MOST_JUMP_HZ: Final = 24.0
"""Between windows: a wheeze glides, but does not leap."""

BREATH_DB: Final = 6.0
"""Above the quiet tenth of the recording, a window holds breathing."""

_NO_BREATH: Final = Refusal(
    "no_breath_sound",
    Said.of("refusal-no-breath-sound"),
)


def breath_sounds(samples: ArrayLike, sample_rate: float) -> Measurement:
    """How much of the breathing carries a tone.

    Args:
        samples: shape (n,), −1 to 1.
        sample_rate: per second, 8,000 to 192,000.

    Returns:
        ``breath_tonal_share`` (%, of the windows in which breathing is heard); in the details ``tones`` with
        start (ms), length (s) and median frequency (Hz) of each, and ``breath_s``.
    """
    sound = check_sound(samples, sample_rate)
    frames = sound_frames(sound, sample_rate)
    refusal = refusal_for_sound(frames, LEAST_S)
    if refusal is not None:
        return refuse_all([METRIC], refusal, frames.duration_s)
    grid, decibels = _spectrogram(sound, int(sample_rate))
    loudness = 10 * np.log10((10 ** (decibels / 10)).sum(axis=1))
    breathing = loudness >= np.percentile(loudness, 10) + BREATH_DB
    if breathing.sum() * HOP_S < 1.0:
        return refuse_all([METRIC], _NO_BREATH, frames.duration_s)
    tones = [
        tone
        for tone in _tones(grid, decibels)
        if len(tone) * HOP_S >= SHORTEST_TONE_S and breathing[[window for window, _ in tone]].any()
    ]
    tonal = np.zeros(len(breathing), bool)
    for tone in tones:
        tonal[[window for window, _ in tone]] = True
    return Measurement(
        {METRIC: round(100 * float((tonal & breathing).sum() / breathing.sum()), 2)},
        {},
        quality=round(float(np.clip(np.ptp(np.percentile(loudness, [10, 90])) / 30, 0, 1)), 3),
        duration_s=frames.duration_s,
        details={
            "tones": [
                {
                    "start_ms": round(1000 * tone[0][0] * HOP_S),
                    "length_s": round(len(tone) * HOP_S, 2),
                    "frequency_hz": round(float(np.median([hertz for _, hertz in tone])), 1),
                }
                for tone in tones
            ],
            "breath_s": round(float(breathing.sum()) * HOP_S, 1),
        },
    )


def _spectrogram(sound: Floats, rate: int) -> tuple[Floats, Floats]:
    """Frequencies (k,) and levels in dB (windows, k) between `LOW_HZ` and `HIGH_HZ`."""
    width, hop = int(WINDOW_S * rate), int(HOP_S * rate)
    cut = np.lib.stride_tricks.sliding_window_view(sound, width)[::hop]
    power = np.concatenate(
        [
            np.abs(np.fft.rfft(cut[first : first + 256] * np.hanning(width), axis=1)) ** 2
            for first in range(0, len(cut), 256)
        ]
    )
    grid = np.fft.rfftfreq(width, 1 / rate)
    inside = (grid >= LOW_HZ) & (grid <= HIGH_HZ)
    return np.asarray(grid[inside]), np.asarray(10 * np.log10(power[:, inside] + 1e-12), dtype=np.float64)


def _tones(grid: Floats, decibels: Floats) -> list[list[tuple[int, float]]]:
    """Strongest narrow peaks joined from window to window: (window, Hz) of each tone."""
    width = max(3, int(SURROUNDING_HZ / (grid[1] - grid[0])) | 1)
    standing_out = decibels - median_filter(decibels, size=(1, width), mode="nearest")
    at = standing_out.argmax(axis=1)
    strong = standing_out[np.arange(len(at)), at] >= TONE_DB
    tones: list[list[tuple[int, float]]] = []
    for window in np.flatnonzero(strong).tolist():
        hertz = float(grid[at[window]])
        last = tones[-1][-1] if tones else (-2, 0.0)
        if window == last[0] + 1 and abs(hertz - last[1]) <= MOST_JUMP_HZ:
            tones[-1].append((window, hertz))
        else:
            tones.append([(window, hertz)])
    return tones
