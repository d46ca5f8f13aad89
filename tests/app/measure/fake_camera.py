"""A fingertip on a lens, as a video of known heart rate for Chromium's fake camera.

Written as YUV4MPEG2 (4:2:0, BT.601), so that no encoder is needed. Chromium plays it in a loop; a loop holds
a whole number of beats and of every slower wave, so that its seam is not seen.

A busy machine plays the file slower than it was meant, and a finger's beats with it. The video therefore
carries its own clock: blue, which no pulse is read from, goes through one wave per loop (`playback_speed`).

    --use-fake-device-for-media-stream --use-file-for-fake-video-capture=FILE
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

WIDTH: Final = 160
HEIGHT: Final = 120
FRAMES_PER_SECOND: Final = 30
LOOP_S: Final = 45
"""Every multiple of 20 /min has a whole number of beats in it."""

SKIN: Final = (205.0, 28.0, 45.0)
"""Red, green, blue of a fingertip with the light behind it; blue brighter than skin, for the clock in it."""

CLOCK: Final = 10.0
"""How far blue wanders from its mean and back in one loop."""

ROOM: Final = (120.0, 118.0, 112.0)
"""What the lens sees without a finger."""

GRAINS: Final = 64
"""Patterns of pixel noise that the frames draw from: drawing each pixel anew would take ten times as long."""

PULSE: Final = (2.5, 1.25, 0.0)
"""How far each colour falls with a beat: 1.2 % of red."""

BREATHS_PER_MIN: Final = 16
SINUS_ARRHYTHMIA_MS: Final = 15.0
BEAT_JITTER_MS: Final = 8.0


@dataclass(frozen=True)
class Noise:
    """What a camera adds, in grey levels of 255.

    Attributes:
        pixel: standard deviation of each pixel in each frame.
        flicker: standard deviation of a whole frame's brightness (mains light, exposure).
        drift: how far brightness wanders slowly (pressure, breathing).
    """

    pixel: float
    flicker: float
    drift: float


NOISE: Final = {
    "little": Noise(pixel=1.5, flicker=0.03, drift=0.4),
    "ordinary": Noise(pixel=4.0, flicker=0.15, drift=0.8),
    "much": Noise(pixel=8.0, flicker=0.4, drift=1.6),
}
"""Chosen before anything was measured; in `much` a frame's flicker is a sixth of red's pulse."""


def beat_times(heart_rate: float, seconds: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Seconds of the beats in one loop, both ends included; their mean rate is exactly `heart_rate`."""
    count = round(heart_rate * seconds / 60)
    if abs(count - heart_rate * seconds / 60) > 1e-9:
        raise ValueError(f"{heart_rate} /min has no whole number of beats in {seconds} s")
    at = np.arange(count) * 60 / heart_rate
    breathing = np.sin(2 * np.pi * BREATHS_PER_MIN / 60 * at)
    intervals = (
        60 / heart_rate
        + (SINUS_ARRHYTHMIA_MS * breathing + BEAT_JITTER_MS * rng.standard_normal(count)) / 1000
    )
    intervals *= seconds / intervals.sum()
    return np.concatenate([[0.0], np.cumsum(intervals)])


def pulse_wave(times: NDArray[np.float64], beats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Blood in the finger, 0 to 1: a systolic and a dicrotic wave per beat."""
    beat = np.clip(np.searchsorted(beats, times, side="right") - 1, 0, len(beats) - 2)
    phase = (times - beats[beat]) / np.diff(beats)[beat]
    wave: NDArray[np.float64] = np.exp(-(((phase - 0.22) / 0.09) ** 2)) + 0.42 * np.exp(
        -(((phase - 0.52) / 0.13) ** 2)
    )
    return wave


def _levels(colour: NDArray[np.float64]) -> tuple[float, float, float]:
    """Y, Cb, Cr of a colour (ITU-R BT.601, 16–235)."""
    red, green, blue = colour / 255
    return (
        16 + 65.481 * red + 128.553 * green + 24.966 * blue,
        128 - 37.797 * red - 74.203 * green + 112.0 * blue,
        128 + 112.0 * red - 93.786 * green - 18.214 * blue,
    )


_PLANES: Final = (
    ((HEIGHT, WIDTH), 16.0, 1.0),
    ((HEIGHT // 2, WIDTH // 2), 128.0, 0.5),
    ((HEIGHT // 2, WIDTH // 2), 128.0, 0.5),
)
"""Y, Cb, Cr: rows and columns, the value of black, and the share of the pixels' noise in it."""


class _Plane:
    """One of a frame's three planes: darker towards its corners, with one of `GRAINS` patterns of noise."""

    def __init__(self, shape: tuple[int, int], black: float, pixel: float, rng: np.random.Generator) -> None:
        height, width = shape
        rows, columns = np.mgrid[0:height, 0:width]
        distance = ((columns - width / 2) / width) ** 2 + ((rows - height / 2) / height) ** 2
        self._shade = (1 - 0.5 * distance).astype(np.float32)
        self._black = black
        self._rng = rng
        self._grains = pixel * rng.standard_normal((GRAINS, *shape), dtype=np.float32) + np.float32(black)

    def frame(self, level: float) -> bytes:
        """The plane's bytes where its brightest point has this value."""
        grain = self._grains[self._rng.integers(GRAINS)]
        shown = self._shade * np.float32(level - self._black) + grain
        drawn: bytes = np.clip(np.rint(shown), 0, 255).astype(np.uint8).tobytes()
        return drawn


def playback_speed(time_ms: ArrayLike, blue: ArrayLike, seconds: float = LOOP_S) -> float:
    """Seconds of video that were played in a second, from what was recorded of it: 1 on an idle machine.

    Args:
        time_ms: shape (n,), when each frame was taken.
        blue: shape (n,), its mean blue.
        seconds: length of the loop.
    """
    times, values = np.asarray(time_ms, dtype=float) / 1000, np.asarray(blue, dtype=float)
    speeds = np.arange(0.5, 1.1, 0.0005)

    def misfit(speed: float) -> float:
        angle = 2 * np.pi * speed * times / seconds
        waves = np.stack([np.ones_like(angle), np.sin(angle), np.cos(angle)], axis=1)
        found = np.linalg.lstsq(waves, values, rcond=None)[0]
        return float(((waves @ found - values) ** 2).sum())

    return float(min(speeds, key=misfit))


def write_video(
    path: Path,
    heart_rate: float,
    noise: Noise,
    *,
    seed: int = 1,
    seconds: int = LOOP_S,
    lifted: tuple[float, float] | None = None,
) -> None:
    """Write the video of a finger whose pulse is `heart_rate`.

    Args:
        path: a `.y4m` file.
        heart_rate: beats per minute; a whole number of them in `seconds`.
        noise: what the camera adds.
        seed: of everything random.
        seconds: length of the loop.
        lifted: from and to which second the finger is off the lens, and a room is seen.
    """
    rng = np.random.default_rng(seed)
    times = np.arange(seconds * FRAMES_PER_SECOND) / FRAMES_PER_SECOND
    wave = pulse_wave(times, beat_times(heart_rate, seconds, rng))
    slow = [round(seconds * per_min / 60) for per_min in (BREATHS_PER_MIN, 5)]
    drift = sum(np.sin(2 * np.pi * cycles * times / seconds + phase) for phase, cycles in enumerate(slow))
    common = noise.drift * drift / 2 + noise.flicker * rng.standard_normal(len(times))
    planes = [_Plane(shape, centre, noise.pixel * share, rng) for shape, centre, share in _PLANES]
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for at, time in enumerate(times):
            if lifted is not None and lifted[0] <= time < lifted[1]:
                colour = np.array(ROOM)
            else:
                colour = np.array(SKIN) - np.array(PULSE) * wave[at] + np.array(SKIN) / SKIN[0] * common[at]
                colour[2] += CLOCK * np.sin(2 * np.pi * time / seconds)
            file.write(b"FRAME\n")
            for plane, level in zip(planes, _levels(colour), strict=True):
                file.write(plane.frame(level))
