"""The pipeline: the one pure step that takes readings through twin, members and episodes, and its messages.

>>> from healthtwin.pipeline import HouseStep
>>> step = HouseStep(allowed_lateness_ms=900_000)
>>> step.blank(1)["last_seen_ms"].tolist()
[0]
"""

from healthtwin.domain.log import EVENT, PROFILE, STATEMENT, TICK, VERB, VITALS
from healthtwin.pipeline.codec import Codec
from healthtwin.pipeline.explaining import facts_of
from healthtwin.pipeline.learning import DEFAULT_LEARNING, Learning
from healthtwin.pipeline.messages import (
    EventPayload,
    Payload,
    ProfilePayload,
    StatementPayload,
    TickPayload,
    VerbPayload,
    VitalsPayload,
    decode,
    encode,
)
from healthtwin.pipeline.rows import IS_VITALS, blank_rows, profile_record
from healthtwin.pipeline.state import (
    alarm_counts,
    blank_states,
    score_bands,
    shadow_counts,
    site_record,
    state_dtype_of,
)
from healthtwin.pipeline.step import HouseStep

__all__ = [
    "DEFAULT_LEARNING",
    "EVENT",
    "IS_VITALS",
    "PROFILE",
    "STATEMENT",
    "TICK",
    "VERB",
    "VITALS",
    "Codec",
    "EventPayload",
    "HouseStep",
    "Learning",
    "Payload",
    "ProfilePayload",
    "StatementPayload",
    "TickPayload",
    "VerbPayload",
    "VitalsPayload",
    "alarm_counts",
    "blank_rows",
    "blank_states",
    "decode",
    "encode",
    "facts_of",
    "profile_record",
    "score_bands",
    "shadow_counts",
    "site_record",
    "state_dtype_of",
]
