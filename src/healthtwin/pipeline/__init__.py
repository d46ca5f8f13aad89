"""The pipeline: the one pure step that takes readings through twin, members and episodes, and its messages.

>>> from healthtwin.pipeline import HouseStep
>>> step = HouseStep(allowed_lateness_ms=900_000)
>>> step.blank(1)["last_seen_ms"].tolist()
[0]
"""

from healthtwin.pipeline.messages import (
    EVENT,
    PROFILE,
    TICK,
    VERB,
    VITALS,
    EventPayload,
    ProfilePayload,
    VerbPayload,
    VitalsPayload,
    decode,
    encode,
)
from healthtwin.pipeline.rows import profile_record
from healthtwin.pipeline.state import STATE, blank_states, score_bands
from healthtwin.pipeline.step import HouseStep

__all__ = [
    "EVENT",
    "PROFILE",
    "STATE",
    "TICK",
    "VERB",
    "VITALS",
    "EventPayload",
    "HouseStep",
    "ProfilePayload",
    "VerbPayload",
    "VitalsPayload",
    "blank_states",
    "decode",
    "encode",
    "profile_record",
    "score_bands",
]
