"""Measures one recording of sound: samples on the house's own side, or frames that a phone computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from healthtwin.domain.errors import InvalidInput
from healthtwin.sensing.breath_sounds import breath_sounds
from healthtwin.sensing.cough import count_coughs
from healthtwin.sensing.measurement import Measurement
from healthtwin.sensing.sound_frames import frames_from_json, sound_frames
from healthtwin.sensing.voice import voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

SoundKind = Literal["cough", "breath", "voice"]

SOUND_KINDS: Final[tuple[SoundKind, ...]] = get_args(SoundKind)
"""What somebody can be asked to do before the microphone."""


def measure_sound(samples: ArrayLike, sample_rate: float, kind: SoundKind) -> Measurement:
    """One recording.

    Args:
        samples: shape (n,), −1 to 1, one channel.
        sample_rate: per second, 8,000 to 192,000.
        kind: ``cough`` counts, ``breath`` finds tones in breathing, ``voice`` measures pitch and pauses.

    Raises:
        InvalidInput: for what is no sound; what is one but cannot carry the measure is refused instead.
    """
    if kind == "cough":
        return count_coughs(sound_frames(samples, sample_rate))
    if kind == "breath":
        return breath_sounds(samples, sample_rate)
    if kind == "voice":
        return voice(samples, sample_rate)
    raise InvalidInput("kind", kind, "one of " + ", ".join(SOUND_KINDS))


def measure_sound_frames(frames: Mapping[str, Any]) -> Measurement:
    """Coughs in frames that a phone computed; breath and voice need the samples themselves.

    Args:
        frames: as `healthtwin.sensing.sound_frames.SoundFrames.as_json`.

    Raises:
        InvalidInput: naming the field that is missing, of the wrong length or out of range.
    """
    return count_coughs(frames_from_json(frames))
