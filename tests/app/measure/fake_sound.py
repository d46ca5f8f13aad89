"""A room with coughs in it, as a WAV for Chromium's fake microphone.

--use-fake-device-for-media-stream --use-file-for-fake-audio-capture=FILE%noloop
"""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

SAMPLE_RATE: Final = 48_000
ROOM: Final = 0.002
"""Standard deviation of the room's noise; 1 is the loudest that can be recorded."""

COUGH_S: Final = 0.35
COUGH_LOUDNESS: Final = 0.6


def cough(rng: np.random.Generator) -> NDArray[np.float64]:
    """A burst of air and the voiced end that follows it."""
    time = np.arange(round(COUGH_S * SAMPLE_RATE)) / SAMPLE_RATE
    envelope = np.exp(-time / 0.05) + 0.35 * np.exp(-(((time - 0.2) / 0.05) ** 2))
    air = np.convolve(rng.standard_normal(len(time)), np.ones(6) / 6, "same")
    sound: NDArray[np.float64] = COUGH_LOUDNESS * envelope * air
    return sound


def write_coughs(path: Path, at_s: Sequence[float], seconds: float, seed: int = 1) -> None:
    """Write `seconds` of a quiet room with a cough at each of `at_s`."""
    rng = np.random.default_rng(seed)
    room = ROOM * rng.standard_normal(round(seconds * SAMPLE_RATE))
    for start in at_s:
        sound = cough(rng)
        first = round(start * SAMPLE_RATE)
        room[first : first + len(sound)] += sound
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((np.clip(room, -1, 1) * 32767).astype("<i2").tobytes())
