"""From a phone's raw signals to readings with quality: pure functions, numpy and scipy only."""

from healthtwin.sensing.measurement import Measurement, Refusal

__all__ = ["Measurement", "Refusal"]
