"""Log records as the house would write them, for tests of the step and of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from healthtwin.domain import METRIC_BY_FIELD, PARTITIONS
from healthtwin.pipeline import (
    PROFILE,
    TICK,
    VERB,
    VITALS,
    ProfilePayload,
    VerbPayload,
    VitalsPayload,
    encode,
)
from healthtwin.stream import LogRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START = 1_772_366_400_000
ADA = "ada0ada0ada0ada0ada0ada0"
BOB = "b0bb0bb0bb0bb0bb0bb0bb0b"


def vitals(
    time_ms: int,
    *,
    person: str = ADA,
    device: str = "d-phone",
    arrived_ms: int | None = None,
    **values: float,
) -> LogRecord:
    """One message; metrics by any field name that the house accepts."""
    return message(time_ms, values, person=person, device=device, arrived_ms=arrived_ms)


def message(
    time_ms: int,
    values: Mapping[str, float],
    *,
    person: str = ADA,
    device: str = "d-phone",
    arrived_ms: int | None = None,
) -> LogRecord:
    """The same, of values whose names are no part of a test's text."""
    payload = VitalsPayload({METRIC_BY_FIELD[name].code: value for name, value in values.items()})
    arrived = time_ms if arrived_ms is None else arrived_ms
    return LogRecord(person, VITALS, time_ms, arrived, device, None, 0, encode(payload), 0, 0)


def profile(time_ms: int, *, person: str = ADA, timezone: str = "UTC", **facts: object) -> LogRecord:
    """A change of what is known about a person."""
    payload = ProfilePayload(timezone, **facts)  # type: ignore[arg-type]
    return LogRecord(person, PROFILE, time_ms, time_ms, "", None, 0, encode(payload), 0, 0)


def verb(time_ms: int, payload: VerbPayload, *, person: str = ADA) -> LogRecord:
    """What somebody did."""
    return LogRecord(person, VERB, time_ms, time_ms, "", None, 0, encode(payload), 0, 0)


def tick(time_ms: int) -> LogRecord:
    """Time passes."""
    return LogRecord("", TICK, time_ms, time_ms, "", None, 0, b"", 0, 0)


def in_the_log(records: Sequence[LogRecord]) -> list[LogRecord]:
    """The same records with the offsets that a log would give them in this order."""
    return [
        msgspec.structs.replace(record, offset=offset, partition=offset % PARTITIONS)
        for offset, record in enumerate(records, start=1)
    ]
