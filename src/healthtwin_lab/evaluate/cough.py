"""How the cough detector behaves: there is no marked data, so no accuracy is claimed.

- On recordings of people asked to cough (covid19_cough_cc0): in how many is anything found, and how often.
- On coughs cut from them by energy and planted onto noise: how many are found again, how many too many.
- On what is no cough: false counts in a minute.

Recordings are split by their names into a half that tuned the rule and a half that is reported.
"""

from __future__ import annotations

import hashlib
import importlib.util
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.sensing.cough import count_coughs
from healthtwin.sensing.files.sound import read_sound
from healthtwin.sensing.sound_frames import SoundFrames, sound_frames
from healthtwin_lab.evaluate.planted_sound import (
    OTHER_VOICES,
    RATE_HZ,
    SOUNDS_THAT_ARE_NO_COUGH,
    cut_cough,
    planted_coughs,
    speech,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DATA: Final = "covid19_cough_cc0"

PLANTED_COUNTS: Final = (0, 1, 3, 6, 10)
SIGNAL_TO_NOISE_DB: Final = (20, 10, 5)
DRAWS: Final = 6
"""Half-minutes for each count and noise."""

FOUND_WITHIN_S: Final = 0.15
"""Between a planted cough and the one found; the shortest pause between planted coughs is longer."""

NEGATIVE_S: Final = 120
SPEEDS: Final = (140, 180)


def recorded_coughs(folder: Path) -> Iterator[tuple[str, Floats, int]]:
    """Name, samples and rate of each recording in a folder's ``raw``."""
    for path in sorted((folder / "raw").glob("*.mp3")):
        samples, rate = read_sound(path)
        yield path.stem, samples, rate


def is_tuning(name: str) -> bool:
    """Whether a recording tuned the rule: by its name, so that nobody chose."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def heard(samples: Floats, rate: int) -> SoundFrames:
    """Frames of samples that a decoder or a mixture may have carried beyond full scale."""
    return sound_frames(np.clip(samples, -1.0, 1.0), rate)


def evaluate_cough(data_dir: Path, seed: int = 0) -> dict[str, Any]:
    """Behaviour on the half of the recordings, and the voices, that the rule never saw.

    Args:
        data_dir: folder that holds `DATA`.
        seed: of the mixtures.

    Returns:
        Figures without goals: no accuracy can be claimed. Without soundfile, which reads MP3, only that it is
        not installed.
    """
    if importlib.util.find_spec("soundfile") is None:
        return {"not_measured": "soundfile is not installed: pip install 'healthtwin[audio]'", "goals": []}
    recordings = [(name, samples, rate) for name, samples, rate in recorded_coughs(data_dir / DATA)]
    held_out = [(samples, rate) for name, samples, rate in recordings if not is_tuning(name)]
    pieces = [cut_cough(samples, rate) for samples, rate in held_out]
    return {
        "data": {
            "name": DATA,
            "recordings": len(recordings),
            "held_out": len(held_out),
            "note": "people asked to cough; no marks of where, so no accuracy can be told",
        },
        "held_out_recordings": _recordings(held_out),
        "tuning_recordings": _recordings(
            [(samples, rate) for name, samples, rate in recordings if is_tuning(name)]
        ),
        "planted": [_planted(pieces, level, seed + level) for level in SIGNAL_TO_NOISE_DB],
        "false_per_minute": _false_counts(),
        "goals": [],
        "synthetic": "planted mixtures, claps, knocks, noises and tones; speech is espeak-ng's",
    }


def _recordings(recordings: list[tuple[Floats, int]]) -> dict[str, Any]:
    found = [count_coughs(heard(samples, rate)) for samples, rate in recordings]
    counts = [int(answer.values["cough_count"]) for answer in found if not answer.refused]
    reasons = [refusal.code for answer in found for refusal in answer.refused.values()]
    return {
        "recordings": len(recordings),
        "refused": {code: reasons.count(code) for code in sorted(set(reasons))},
        "with_at_least_one": sum(count >= 1 for count in counts),
        "counts": {str(count): counts.count(count) for count in sorted(set(counts))},
    }


def _planted(pieces: list[Floats], signal_to_noise_db: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    planted = found = extra = 0
    wrong_by = []
    for count in PLANTED_COUNTS:
        for _ in range(DRAWS):
            sound, begins = planted_coughs(pieces, count, signal_to_noise_db, rng)
            answer = count_coughs(heard(sound, RATE_HZ))
            at = np.array(answer.details["coughs_ms"]) / 1000
            matched = sum(bool(np.any(np.abs(at - begin) <= FOUND_WITHIN_S)) for begin in begins)
            planted += count
            found += matched
            extra += len(at) - matched
            wrong_by.append(abs(len(at) - count))
    minutes = len(wrong_by) / 2
    return {
        "signal_to_noise_db": signal_to_noise_db,
        "planted": planted,
        "found_share": found / planted,
        "extra_per_minute": extra / minutes,
        "count_wrong_by": float(np.mean(wrong_by)),
        "always_zero_wrong_by": planted / len(wrong_by),
    }


def _false_counts() -> dict[str, dict[str, float] | None]:
    rng = np.random.default_rng(99)
    sounds: dict[str, Floats | None] = {
        name: make(NEGATIVE_S, rng) for name, make in SOUNDS_THAT_ARE_NO_COUGH.items()
    }
    for speed in SPEEDS:
        sounds[f"speech ({speed} words a minute)"] = speech(OTHER_VOICES, speed)
    return {name: None if sound is None else _false_of(sound) for name, sound in sounds.items()}


def _false_of(sound: Floats) -> dict[str, float]:
    answer = count_coughs(heard(sound, RATE_HZ))
    minutes = len(sound) / RATE_HZ / 60
    return {
        "minutes": round(minutes, 2),
        "sudden_sounds": answer.details["sudden_sounds"] / minutes,
        "coughs": answer.values["cough_count"] / minutes,
    }
