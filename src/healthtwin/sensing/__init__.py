"""From a phone's raw signals to readings with quality: pure functions, numpy and scipy only."""

from healthtwin.sensing.measurement import Measurement, Refusal
from healthtwin.sensing.ppg import measure_ppg

__all__ = ["Measurement", "Refusal", "measure_ppg"]
