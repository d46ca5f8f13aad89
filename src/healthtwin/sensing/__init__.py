"""From raw signals of a phone to readings with quality: pure functions of their inputs, numpy and scipy only."""

from healthtwin.sensing.measurement import Measurement, Refusal

__all__ = ["Measurement", "Refusal"]
