"""From a phone's raw signals to readings with quality: pure functions, numpy and scipy only."""

from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.motion import MOTION_TESTS, MotionTest, measure_any_motion, measure_motion
from healthtwin.sensing.ppg import measure_ppg
from healthtwin.sensing.sound import SOUND_KINDS, SoundKind, measure_sound, measure_sound_frames

__all__ = [
    "MOTION_TESTS",
    "SOUND_KINDS",
    "Measurement",
    "MotionTest",
    "Refusal",
    "SoundKind",
    "measure_any_motion",
    "measure_motion",
    "measure_ppg",
    "measure_sound",
    "measure_sound_frames",
]
