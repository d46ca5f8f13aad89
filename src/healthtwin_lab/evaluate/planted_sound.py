"""Sounds whose truth is known: coughs cut from recordings onto noise, and what is no cough at all.

Claps, knocks, noises and tones are synthetic; speech is spoken by espeak-ng where it is installed, which is a
machine's voice. Both are labelled so wherever a figure rests on them.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.signal import butter, sosfilt

from healthtwin.sensing.files.sound import read_sound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RATE_HZ: Final = 16_000
"""What all planted sounds are made at."""

SENTENCES: Final = (
    "Please call Stella and ask her to bring these things with her from the store.",
    "The tall captain took a cup of cocoa to the top of the tower at ten.",
    "Six spoons of fresh snow peas, five thick slabs of blue cheese, and maybe a snack.",
    "Could you pick up the packet at the back of the kitchen cupboard, quickly?",
)

OTHER_VOICES: Final = ("en-us", "de", "fr", "es")
TUNING_VOICES: Final = ("en-gb", "it", "nl")
"""No voice that tuned the rule is heard in the figures reported."""


def planted_coughs(
    pieces: list[Floats], count: int, signal_to_noise_db: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Half a minute of pink noise with `count` coughs in it, at `RATE_HZ`, and their beginnings (s).

    Args:
        pieces: coughs at `RATE_HZ`, each of which has its loudest 50 ms at power 1.
        signal_to_noise_db: of the loudest 50 ms of each cough against the noise.
    """
    seconds = 30
    sound = pink_noise(seconds, rng)
    sound /= np.sqrt((sound**2).mean())
    places = (np.arange(count) + rng.uniform(0.1, 0.5, count)) * (seconds - 1) / max(count, 1)
    for place in places:
        piece = pieces[int(rng.integers(len(pieces)))]
        start = int(place * RATE_HZ)
        sound[start : start + len(piece)] += piece * 10 ** (signal_to_noise_db / 20)
    # A piece holds 60 ms before its loudest moment; a cough rises within the last 20 of them.
    return np.asarray(0.5 * sound / np.abs(sound).max()), places + 0.04


def cut_cough(samples: Floats, rate: int) -> Floats:
    """The loudest 0.4 s of a recording, from 60 ms before its loudest 20 ms, at `RATE_HZ` and power 1.

    Cut by energy alone, so that the detector that is measured has no say in what it is measured on.
    """
    sound = at_rate(samples, rate)
    width = RATE_HZ // 50
    power = np.convolve(sound**2, np.ones(width) / width, "same")
    start = max(0, int(power.argmax()) - int(0.06 * RATE_HZ))
    piece = sound[start : start + int(0.4 * RATE_HZ)].copy()
    edge = int(0.01 * RATE_HZ)
    piece[:edge] *= np.linspace(0, 1, edge)
    piece[-4 * edge :] *= np.linspace(1, 0, len(piece[-4 * edge :]))
    loudest = np.convolve(piece**2, np.ones(RATE_HZ // 20) / (RATE_HZ // 20), "same").max()
    return np.asarray(piece / np.sqrt(loudest))


def at_rate(samples: Floats, rate: int) -> Floats:
    """Samples at `RATE_HZ`, by Fourier interpolation between even clocks."""
    from scipy.signal import resample_poly

    if rate == RATE_HZ:
        return samples
    divisor = int(np.gcd(rate, RATE_HZ))
    return np.asarray(resample_poly(samples, RATE_HZ // divisor, rate // divisor))


def white_noise(seconds: float, rng: np.random.Generator) -> Floats:
    """Hiss."""
    return 0.05 * rng.standard_normal(int(seconds * RATE_HZ))


def pink_noise(seconds: float, rng: np.random.Generator) -> Floats:
    """Power falling with frequency, as most rooms sound."""
    n = int(seconds * RATE_HZ)
    spectrum = np.fft.rfft(rng.standard_normal(n))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(n, 1 / RATE_HZ), 20.0))
    sound = np.fft.irfft(spectrum, n)
    return np.asarray(0.05 * sound / sound.std())


def claps(seconds: float, rng: np.random.Generator) -> Floats:
    """A clap every 0.4 to 1.5 s: noise around 1–4 kHz that dies away within 10–40 ms, in a room."""
    band = butter(2, [800, 4000], "bandpass", fs=RATE_HZ, output="sos")
    return _struck(seconds, rng, band, (0.006, 0.02), (0.4, 1.5))


def knocks(seconds: float, rng: np.random.Generator) -> Floats:
    """Knocks on wood in threes: around 150–600 Hz, 20–60 ms."""
    band = butter(2, [120, 700], "bandpass", fs=RATE_HZ, output="sos")
    return _struck(seconds, rng, band, (0.015, 0.04), (0.18, 0.9))


def _struck(
    seconds: float,
    rng: np.random.Generator,
    band: Floats,
    decay_s: tuple[float, float],
    pause_s: tuple[float, float],
) -> Floats:
    sound = 0.02 * pink_noise(seconds, rng)
    length = int(0.5 * RATE_HZ)
    time = np.arange(length) / RATE_HZ
    at = 0.3
    while at < seconds - 0.6:
        dying = np.exp(-time / rng.uniform(*decay_s)) + 0.03 * np.exp(-time / 0.12)
        hit = sosfilt(band, rng.standard_normal(length)) * dying
        start = int(at * RATE_HZ)
        sound[start : start + length] += rng.uniform(0.2, 0.8) * hit / np.abs(hit).max()
        at += rng.uniform(*pause_s)
    return np.asarray(sound)


def tones(seconds: float, rng: np.random.Generator) -> Floats:
    """Music-like: plucked notes with overtones, two a second."""
    sound = 0.02 * pink_noise(seconds, rng)
    length = int(0.9 * RATE_HZ)
    time = np.arange(length) / RATE_HZ
    for start in range(0, len(sound) - length, RATE_HZ // 2):
        pitch = 220 * 2 ** (rng.integers(0, 24) / 12)
        note = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 6))
        sound[start : start + length] += 0.2 * note * np.exp(-time / 0.3)
    return np.asarray(sound)


def speech(voices: tuple[str, ...], speed: int = 160) -> Floats | None:
    """The sentences in each voice, at `RATE_HZ`; None where espeak-ng is not installed."""
    program = shutil.which("espeak-ng")
    if program is None:
        return None
    spoken: list[Floats] = []
    with tempfile.TemporaryDirectory() as folder:
        for voice in voices:
            target = Path(folder) / f"{voice}.wav"
            subprocess.run(
                [program, "-v", voice, "-s", str(speed), "-w", str(target), " ".join(SENTENCES)],
                check=True,
                capture_output=True,
            )
            samples, rate = read_sound(target)
            spoken.append(at_rate(samples, rate))
    return np.concatenate(spoken)


SOUNDS_THAT_ARE_NO_COUGH: Final = {
    "white noise": white_noise,
    "pink noise": pink_noise,
    "claps": claps,
    "knocks": knocks,
    "tones": tones,
}
