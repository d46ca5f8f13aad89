"""A finger's light with beats planted at known times: synthetic, for tests alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Planted:
    """Frames of one channel, and the truth about them."""

    time_ms: Floats
    light: Floats
    beats_ms: Floats

    @property
    def intervals_ms(self) -> Floats:
        """Between beats that lie in the recording."""
        inside = self.beats_ms[(self.beats_ms > 500) & (self.beats_ms < self.time_ms[-1] - 500)]
        return np.diff(inside)


def planted(
    rate: float = 72.0,
    seconds: float = 40.0,
    *,
    noise: float = 0.02,
    wander_ms: float = 20.0,
    breaths_per_min: float = 15.0,
    jitter_ms: float = 0.0,
    frames_hz: float = 30.0,
    seed: int = 1,
) -> Planted:
    """Beats at `rate`, intervals swinging by `wander_ms` with the breath; light falls by 3 of 200 at a beat.

    The wave is a systolic and a dicrotic bump (the shape of the fake camera used in the browser tests).
    `noise` is a share of the swing.
    """
    rng = np.random.default_rng(seed)
    count = int(rate * (seconds + 4) / 60) + 3
    base = 60_000.0 / rate
    breath = np.sin(2 * np.pi * breaths_per_min / 60_000.0 * base * np.arange(count))
    intervals = base + wander_ms * breath + 0.2 * wander_ms * rng.standard_normal(count)
    beats = np.concatenate([[0.0], np.cumsum(intervals)]) - 1000.0
    time = np.arange(int(seconds * frames_hz)) * (1000.0 / frames_hz)
    captured = np.sort(time + rng.uniform(-jitter_ms, jitter_ms, len(time)))
    place = np.searchsorted(beats, captured, side="right") - 1
    phase = (captured - beats[place]) / base  # the wave keeps its shape when the heart changes its pace
    wave = np.exp(-(((phase - 0.22) / 0.09) ** 2)) + 0.42 * np.exp(-(((phase - 0.52) / 0.13) ** 2))
    drift = 0.4 * np.sin(2 * np.pi * breaths_per_min / 60_000.0 * captured)
    light = 200.0 - 3.0 * wave + drift + 3.0 * noise * rng.standard_normal(len(time))
    return Planted(captured, light, beats)
