"""A log record as one row of numbers: what `HouseStep` is fed with."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import LEARNED, METRIC_BY_CODE, METRICS, RULES, Posture
from healthtwin.domain.arrays import (
    COLUMNS,
    OBSERVATION,
    OWN_FIELDS,
    PROFILE,
    UNKNOWN,
    blank_observations,
    blank_profiles,
)
from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.signs import SIGN_WORDS, signs_of
from healthtwin.episodes import CHANNELS
from healthtwin.pipeline.messages import ProfilePayload, VerbPayload, VitalsPayload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from healthtwin.domain import NewRecord
    from healthtwin.domain.arrays import StructuredArray
    from healthtwin.pipeline.codec import Codec


IS_VITALS: Final = 1
IS_PROFILE: Final = 2
IS_VERB: Final = 3
IS_EVENT: Final = 4

VERBS: Final = (
    "",
    "acknowledge",
    "snooze",
    "resolve",
    "confirm_new_normal",
    "say_usual",
    "say_unusual",
    "reopen",
    "feel",
)
"""What can be asked for; the index stands in a row."""

ROW: Final = np.dtype(
    [
        ("time_ms", "i8"),
        ("arrived_ms", "i8"),
        ("sequence", "i8"),  # -1 when the device counts nothing; filled by the runner
        ("device", "i8"),  # filled by the runner
        ("sensor", "i8"),  # which of the device's, as it calls them; 0 not stated
        ("known_ms", "i8"),  # for how long it says how somebody is; 0 without a vital sign
        ("person", "S24"),  # pseudonym
        ("kind", "u1"),
        ("verb", "u1"),  # index in VERBS
        ("dedup_key", "S16"),
        ("verb_started_ms", "i8"),
        ("verb_until_ms", "i8"),
        ("verb_level", "u1"),
        ("verb_stated", "?"),  # what the actor knew stands in the next two
        ("verb_rules", "u8", (SIGN_WORDS,)),
        ("verb_rungs", "u1", (len(CHANNELS),)),
        ("actor", "S40"),
        ("columns", "u4"),  # confirm_new_normal: bits of LEARNED columns, 0 for all; say_…: 0 for none
        ("shift", "f8", (COLUMNS,)),  # say_usual: value - expected; NaN unknown
        ("observation", OBSERVATION),
        ("profile", PROFILE),
        ("site_offset", "f8"),  # that a profile came with
    ]
)
"""One log record, decoded."""

_COLUMN_OF_CODE: Final[Mapping[int, int]] = {metric.code: i for i, metric in enumerate(LEARNED)}
_ACTIVITY: Final = METRICS["activity_level"].code
_OXYGEN: Final = METRICS["supplemental_oxygen"].code
_GLUCOSE: Final = METRICS["blood_glucose"].code
_CONSCIOUSNESS: Final = METRICS["consciousness"].code
_EPOCH: Final = date(1970, 1, 1)
_POSTURES: Final = {posture.value: i for i, posture in enumerate(Posture)}
_SEXES: Final = {"female": 0, "male": 1, "other": 2}


def blank_rows(count: int) -> StructuredArray:
    """`count` rows in which nothing happened to nobody, of shape `(count,)`."""
    rows = np.zeros(count, ROW)
    rows["observation"] = blank_observations(1)
    rows["profile"] = blank_profiles(1)
    rows["sequence"] = -1
    return rows


def rows_of(records: Sequence[NewRecord], codec: Codec) -> StructuredArray:
    """Decode log records, one row each.

    Raises:
        CorruptStorage: when a payload cannot be read.

    >>> from healthtwin.pipeline import Codec
    >>> rows_of([], Codec()).shape
    (0,)
    """
    rows = blank_rows(len(records))
    observations = rows["observation"]
    for i, record in enumerate(records):
        row = rows[i]
        row["time_ms"] = record.time_ms
        row["arrived_ms"] = record.arrived_ms
        row["person"] = record.person.encode()
        payload = codec.read(record)
        if isinstance(payload, VitalsPayload):
            row["kind"] = IS_VITALS
            row["known_ms"] = max(METRIC_BY_CODE[code].ages.known for code in payload.values)
            _fill_observation(observations[i], payload)
            row["sensor"] = observations[i]["sensor"] = sensor_key(record.device, payload.source or "")
            observations[i]["worn"] = is_worn(payload.source or "")
        elif isinstance(payload, ProfilePayload):
            row["kind"] = IS_PROFILE
            row["profile"] = profile_record(payload)
            row["site_offset"] = payload.site_offset
        elif isinstance(payload, VerbPayload):
            row["kind"] = IS_VERB
            _fill_verb(row, payload)
        else:
            row["kind"] = IS_EVENT
    observations["time_ms"] = rows["time_ms"]
    observations["arrived_ms"] = rows["arrived_ms"]
    return rows


def profile_record(payload: ProfilePayload) -> np.void:
    """A profile as a `PROFILE` record.

    >>> profile_record(ProfilePayload("Europe/Berlin", birth_year=1960))["birth_year"]
    np.int16(1960)
    """
    record: np.void = blank_profiles(1)[0]
    record["timezone"] = payload.timezone.encode()
    record["birth_year"] = payload.birth_year or 0
    record["sex"] = _SEXES.get(payload.sex or "", UNKNOWN)
    record["pregnant"] = payload.pregnant
    record["spo2_scale_2"] = payload.spo2_scale_2
    record["alarms"] = payload.alarms
    record["false_alarms_per_week"] = payload.false_alarms_per_week
    record["silence_after_ms"] = payload.silence_after_ms or 0
    record["birth_month"] = payload.birth_month or 0
    record["atrial_fibrillation"] = payload.atrial_fibrillation
    record["low_pulse"] = payload.low_pulse_floor or 0
    record["pacemaker_rate"] = payload.pacemaker_rate or 0
    record["altitude_m"] = payload.altitude_m or 0
    record["usual_news2"] = payload.usual_news2 or 0
    for field, day in (
        ("low_pulse_until", payload.low_pulse_known_until),
        ("gave_birth", payload.gave_birth_on),
        ("beta_blocker", payload.beta_blocker_since),
        ("altitude_since", payload.altitude_since),
        ("altitude_until", payload.altitude_until),
        ("usual_news2_until", payload.usual_news2_until),
    ):
        record[field] = 0 if day is None else (day - _EPOCH).days
    record["own"] = any(bool(record[field]) for field in OWN_FIELDS)
    return record


@lru_cache(maxsize=4096)
def sensor_key(device: str, source: str) -> int:
    """Which sensor it was, as a number of 4 bytes; 0 where neither its device nor its name is known.

    >>> sensor_key("", ""), sensor_key("d-1", "watch") == sensor_key("d-1", "cuff")
    (0, False)
    """
    if not device and not source:
        return 0
    digest = hashlib.blake2b(f"{device}\x00{source}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "little") or 1


@lru_cache(maxsize=4096)
def is_worn(source: str) -> bool:
    """Whether the sender calls its sensor something that is worn on wrist or finger.

    >>> is_worn("Pixel Watch 3"), is_worn("cuff"), is_worn("camera")
    (True, False, False)
    """
    return _WORN.search(source) is not None


_WORN: Final = re.compile(
    r"watch|wrist|bracelet|fitbit|garmin|whoop|oura|amazfit|smart ?band|mi ?band|armband|uhr\b", re.IGNORECASE
)


def _fill_observation(observation: np.void, payload: VitalsPayload) -> None:
    values = observation["value"]
    for code, value in payload.values.items():
        column = _COLUMN_OF_CODE.get(code)
        if column is not None:
            values[column] = value
        elif code == _ACTIVITY:
            observation["activity"] = value
        elif code == _OXYGEN:
            observation["oxygen"] = round(value)
        elif code == _GLUCOSE:
            observation["glucose"] = value
        elif code == _CONSCIOUSNESS:
            observation["consciousness"] = round(value)
    observation["quality"] = payload.quality
    if payload.posture is not None:
        observation["posture"] = _POSTURES[payload.posture]
    if payload.asleep is not None:
        observation["asleep"] = payload.asleep


def _fill_verb(row: np.void, payload: VerbPayload) -> None:
    if payload.verb not in VERBS:
        raise CorruptStorage(
            f"log record with the unknown verb {payload.verb!r}; known: {', '.join(VERBS[1:])}"
        )
    row["verb"] = VERBS.index(payload.verb)
    row["dedup_key"] = payload.dedup_key.encode()
    row["verb_started_ms"] = payload.started_ms
    row["verb_until_ms"] = payload.until_ms or 0
    row["verb_level"] = payload.level
    if payload.rules is not None:
        row["verb_stated"] = True
        row["verb_rules"] = signs_of(*(number for number in payload.rules if number in RULES))
        rungs = payload.rungs[: len(CHANNELS)]
        row["verb_rungs"][: len(rungs)] = rungs
    row["actor"] = payload.actor.encode()
    row["columns"] = payload.columns
    for code, shift in payload.shifts.items():
        if code in _COLUMN_OF_CODE:
            row["shift"][_COLUMN_OF_CODE[code]] = shift
