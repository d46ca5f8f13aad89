"""What happens to a person besides being measured: judged, and told to the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec

from healthtwin.domain import PLAIN, PLAIN_LINES, EventKind, plain_text
from healthtwin.intake.fields import MAX_SEQUENCE, RFC3339, SMALLEST_EPOCH_MS, measured_ms, sequence_of
from healthtwin.pipeline import EventPayload

TOLD_KINDS: Final = ("symptom", "relief", "activity", "medication", "meal", "sleep", "message")
"""Kinds of `EventKind` that people tell; the others come from documents and services."""

LONGEST_TEXT: Final = 2_000
LONGEST_CODE: Final = 100
MOST_CODES: Final = 20
WORST: Final = 10
"""End of the numeric rating scale that clinics ask by: 0 none, 10 the worst imaginable."""

LARGEST_TIME_MS: Final = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can write."""

MOMENT_SCHEMA: Final = {
    "description": "epoch milliseconds, or RFC 3339 with an offset",
    "allOf": [  # for its own `anyOf`, which says the types, msgspec overwrites ours
        {
            "anyOf": [
                {"type": "integer", "minimum": SMALLEST_EPOCH_MS, "maximum": LARGEST_TIME_MS},
                {"type": "string", "format": "date-time", "pattern": RFC3339},
            ]
        }
    ],
}
Moment = Annotated[int | str, msgspec.Meta(extra_json_schema=MOMENT_SCHEMA)]
Count = Annotated[int, msgspec.Meta(ge=0, extra_json_schema={"maximum": MAX_SEQUENCE})]


class ToldEvent(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Something that happened, as it is sent. severity: 0 (none) to 10 (worst imaginable)."""

    kind: Literal["symptom", "relief", "activity", "medication", "meal", "sleep", "message"]
    timestamp: Moment
    text: Annotated[
        str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT, extra_json_schema={"pattern": PLAIN_LINES})
    ]
    sequence: Count | None = None
    severity: Annotated[float, msgspec.Meta(ge=0, le=WORST)] | None = None
    codes: Annotated[
        list[
            Annotated[
                str, msgspec.Meta(min_length=1, max_length=LONGEST_CODE, extra_json_schema={"pattern": PLAIN})
            ]
        ],
        msgspec.Meta(max_length=MOST_CODES),
    ] = []


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A valid one. time_ms: when it happened; sequence: the device's own count, None when it keeps none."""

    kind: EventKind
    time_ms: int
    sequence: int | None
    text: str
    severity: float | None
    codes: tuple[str, ...]

    def payload(self, actor: str) -> EventPayload:
        """What goes into the log."""
        return EventPayload(self.kind.value, 0, actor, self.text, self.severity, self.codes)


def judged(told: ToldEvent, now_ms: int, birth_year: int | None) -> NewEvent:
    """An event as it may be stored.

    Raises:
        InvalidInput: naming the field.
    """
    return NewEvent(
        EventKind(told.kind),
        measured_ms(told.timestamp, now_ms, birth_year),
        None if told.sequence is None else sequence_of(told.sequence),
        plain_text("text", told.text, LONGEST_TEXT, lines=True),
        told.severity,
        tuple(plain_text(f"codes[{place}]", code, LONGEST_CODE) for place, code in enumerate(told.codes)),
    )
