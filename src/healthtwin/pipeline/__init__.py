"""The pipeline: the one pure step that takes readings through twin, members and episodes, and its messages.

>>> from healthtwin.pipeline import HouseStep
>>> step = HouseStep(allowed_lateness_ms=900_000)
>>> step.blank(1)["last_seen_ms"].tolist()
[0]
"""

from healthtwin.pipeline.learning import DEFAULT_LEARNING, Learning
from healthtwin.pipeline.messages import (
    EVENT,
    PROFILE,
    TICK,
    VERB,
    VITALS,
    EventPayload,
    ProfilePayload,
    TickPayload,
    VerbPayload,
    VitalsPayload,
    decode,
    encode,
)
from healthtwin.pipeline.rows import IS_VITALS, blank_rows, profile_record
from healthtwin.pipeline.state import STATE, alarm_counts, blank_states, score_bands, site_record
from healthtwin.pipeline.step import HouseStep

__all__ = [
    "DEFAULT_LEARNING",
    "EVENT",
    "IS_VITALS",
    "PROFILE",
    "STATE",
    "TICK",
    "VERB",
    "VITALS",
    "EventPayload",
    "HouseStep",
    "Learning",
    "ProfilePayload",
    "TickPayload",
    "VerbPayload",
    "VitalsPayload",
    "alarm_counts",
    "blank_rows",
    "blank_states",
    "decode",
    "encode",
    "profile_record",
    "score_bands",
    "site_record",
]
