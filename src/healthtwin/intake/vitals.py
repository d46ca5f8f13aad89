"""What a device may say in `POST /api/vitals`, judged strictly: a row is taken whole or refused by name.

One thing is no fault of a row: what devices write where they have no value (255 for a pulse, 0 for oxygen)
means "not measured". Beside a vital sign it is passed over and named in the answer, since a refusal would
lose that sign, however dangerous, to a sensor that had none of its own.

Pure: the present, the asker's people and their births come in as arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NoReturn

import msgspec

from healthtwin.domain import ACTIVITY_WORDS, METRIC_BY_CODE, METRIC_BY_FIELD, METRICS, Metric
from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge
from healthtwin.domain.metrics import NO_VALUE_CODES
from healthtwin.intake.fields import READERS, SHOWN, TooFarAhead, measured_ms, shown
from healthtwin.intake.json_body import Repeated, may_hold_halves, parse, require_whole_text
from healthtwin.pipeline.messages import VitalsPayload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_HINTS: Final = 8
"""Names of one message for which it is looked up what may have been meant."""

MAX_ROWS: Final = 30_000
"""Rows in one message: a token's burst (`healthtwin.access.rate`), so that a retry can succeed."""

EITHER: Final = frozenset({"consciousness", "supplemental_oxygen"})
"""Metrics that have two values and nothing between."""

FIELDS: Final = ("timestamp", *READERS, *METRIC_BY_FIELD)
"""Every field name a row may hold."""


@dataclass(frozen=True, slots=True)
class VitalsRow:
    """One valid row.

    Attributes:
        index: its place in the message, from 0.
        person: id of whose it is; already one of the asker's people.
        time_ms: when it was measured.
        sequence: the device's own count; None when it keeps none.
        payload: what goes into the log.
        passed_over: codes for "no value" that stood beside its values.
    """

    index: int
    person: str
    time_ms: int
    sequence: int | None
    payload: VitalsPayload
    passed_over: tuple[RefusedRow, ...] = ()


class RefusedRow(msgspec.Struct, frozen=True):
    """Why a row, or one value of it, was not taken: the field, what stood there, what would be right."""

    index: int
    field: str
    value: Any
    allowed: str

    @classmethod
    def of(cls, error: InvalidInput, index: int) -> RefusedRow:
        """The refusal that says this error."""
        return cls(index, str(shown(error.field)), shown(error.value), error.allowed)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A message after judgement.

    Attributes:
        single: it was one object, not a list.
        rows: the valid ones, in order.
        refused: the others, in order.
        ahead_ms: of those whose readings speak of a time that has not come, by id: of how much later.
    """

    single: bool
    rows: list[VitalsRow]
    refused: list[RefusedRow]
    ahead_ms: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Rows in the message."""
        return len(self.rows) + len(self.refused)


@dataclass(frozen=True, slots=True)
class Subjects:
    """Whose readings the asker may send.

    Attributes:
        default: whose they are when a row does not say; None when it must.
        born: year of birth of a person the asker covers (None: unknown).
            Raises `KeyError` for anybody else, existing or not.
    """

    default: str | None
    born: Callable[[str], int | None]


def decode_vitals(body: bytes, now_ms: int, subjects: Subjects) -> Parsed:
    """Read and judge a message.

    Args:
        body: JSON: one object or a list of them.
        now_ms: the present.
        subjects: whose readings these may be.

    Raises:
        MalformedInput: it cannot be read, or holds nothing.
        InvalidInput: it is neither an object nor a list.
        TooLarge: more than `MAX_ROWS` rows.

    >>> ada = Subjects("p-ada", {"p-ada": 1980}.__getitem__)
    >>> noon = 1772366400000
    >>> body = b'[{"timestamp": 1772366400000, "spo2": 97}, {"timestamp": 1772366400000, "spo2": 970}]'
    >>> parsed = decode_vitals(body, noon, ada)
    >>> parsed.rows[0].payload.values
    {4: 97.0}
    >>> parsed.refused
    [RefusedRow(index=1, field='spo2', value=970, allowed='a number from 30 to 100 %')]
    """
    message = parse(body)
    halves = may_hold_halves(body)
    if isinstance(message, dict):
        return _judge([message], now_ms, subjects, single=True, halves=halves)
    if not isinstance(message, list):
        raise InvalidInput("body", message, "a reading (an object) or a list of readings")
    if not message:
        raise MalformedInput("body", [], "at least one reading")
    if len(message) > MAX_ROWS:
        raise TooLarge(f"{len(message)} readings in one message; send at most {MAX_ROWS} at a time")
    return _judge(message, now_ms, subjects, single=False, halves=halves)


def _judge(members: list[Any], now_ms: int, subjects: Subjects, *, single: bool, halves: bool) -> Parsed:
    hints = Hints()
    rows: list[VitalsRow] = []
    refused: list[RefusedRow] = []
    ahead_ms: dict[str, int] = {}
    for index, member in enumerate(members):
        try:
            if halves:
                require_whole_text(member)
            rows.append(judge_row(member, now_ms, subjects, index, hints))
        except InvalidInput as error:
            refused.append(RefusedRow.of(error, index))
            if isinstance(error, TooFarAhead):
                ahead_ms[error.person] = max(ahead_ms.get(error.person, 0), error.ahead_ms)
    return Parsed(single, rows, refused, ahead_ms)


# ---------------------------------------------------------------- one row


class Hints:
    """What may have been meant by names that no field has; looked up for a few names of a message at most.

    The search compares a name with every field there is. A message of nothing but misspelt names would keep
    everybody else waiting, and who sends it learns nothing from the thousandth answer.
    """

    def __init__(self, most: int = MOST_HINTS) -> None:
        self._left = most
        self._given: dict[str, str] = {}

    def of(self, name: str) -> str:
        """What would have been right."""
        given = self._given.get(name)
        if given is not None:
            return given
        if self._left <= 0:
            return "no such field; the first refusals say more"
        self._left -= 1
        near = get_close_matches(name[:SHOWN], FIELDS, n=1)
        given = f"no such field; did you mean {near[0]}?" if near else "one of " + ", ".join(FIELDS)
        self._given[name] = given
        return given


def judge_row(
    member: object, now_ms: int, subjects: Subjects, index: int = 0, hints: Hints | None = None
) -> VitalsRow:
    """One row, judged as in a message.

    Args:
        member: JSON: the row.
        now_ms: the present.
        subjects: whose reading it may be.
        index: its place in the message.
        hints: of the message.

    Raises:
        InvalidInput: naming the field.
    """
    if not isinstance(member, dict):
        raise InvalidInput("row", member, "an object with timestamp and at least one measured value")
    if isinstance(member, Repeated):
        raise InvalidInput(member.key, "stated twice", "each field once")
    values: dict[int, float] = {}
    others: dict[str, Any] = {}
    absent: list[InvalidInput] = []
    for name, value in member.items():
        metric = METRIC_BY_FIELD.get(name)
        if metric is not None:
            if value is not None and not _is_code(metric, name, value, absent):
                _take(metric, name, value, values)
        elif name in READERS:
            others[name] = None if value is None else READERS[name](value)
        elif name != "timestamp":
            _refuse_unknown(name, value, hints or Hints())
    person, birth_year = _whose(others.get("person"), subjects)
    try:
        time_ms = measured_ms(member.get("timestamp"), now_ms, birth_year)
    except TooFarAhead as error:
        error.person = person
        raise
    if absent and not any(METRIC_BY_CODE[code].is_vital_sign for code in values):
        raise absent[0]
    if not values:
        raise InvalidInput("row", "no value", "at least one measured value, such as heart_rate or spo2")
    _check_pressures(values)
    quality = others.get("quality")
    payload = VitalsPayload(
        values,
        1.0 if quality is None else quality,
        others.get("posture"),
        others.get("asleep"),
        others.get("device"),
    )
    passed_over = tuple(RefusedRow.of(error, index) for error in absent)
    return VitalsRow(index, person, time_ms, others.get("sequence"), payload, passed_over)


def _is_code(metric: Metric, name: str, value: object, absent: list[InvalidInput]) -> bool:
    """Whether this is what devices write where they have no value; if so, it is noted."""
    code = isinstance(value, (int, float)) and not isinstance(value, bool) and value in NO_VALUE_CODES
    if not code or metric.possible(value):  # type: ignore[arg-type]
        return False
    absent.append(InvalidInput(name, value, metric.allowed_instead_of(value)))
    return True


def _take(metric: Metric, name: str, value: object, values: dict[int, float]) -> None:
    if metric.code in values:
        names = " or ".join((metric.name, *metric.aliases))
        raise InvalidInput(name, value, f"the same measurement once: {names}")
    if metric.name == "activity_level" and isinstance(value, str):
        level = ACTIVITY_WORDS.get(value)
        if level is None:
            raise InvalidInput(name, value, f"{metric.allowed}, or one of {', '.join(ACTIVITY_WORDS)}")
        values[metric.code] = level
        return
    # Metric.check repeats these tests with the canonical name; the sender must read the name it wrote.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not metric.possible(value):
        raise InvalidInput(name, value, metric.allowed_instead_of(value))
    if metric.name in EITHER and value not in (0, 1):
        raise InvalidInput(name, value, "0 or 1")
    values[metric.code] = float(value)


_SYSTOLIC: Final = METRICS["blood_pressure_systolic"].code
_DIASTOLIC: Final = METRICS["blood_pressure_diastolic"].code


def _check_pressures(values: Mapping[int, float]) -> None:
    systolic, diastolic = values.get(_SYSTOLIC), values.get(_DIASTOLIC)
    if systolic is not None and diastolic is not None and diastolic >= systolic:
        raise InvalidInput(
            "blood_pressure_diastolic", diastolic, f"less than the systolic pressure ({systolic:g} mm[Hg])"
        )


def _refuse_unknown(name: str, value: object, hints: Hints) -> NoReturn:
    if name == "hrv_ms":
        raise InvalidInput(
            name, value, "hrv_rmssd or hrv_sdnn, in ms: the two are different measures and never mixed"
        )
    raise InvalidInput(str(shown(name)), value, hints.of(name))


def _whose(person: str | None, subjects: Subjects) -> tuple[str, int | None]:
    whose = subjects.default if person is None else person
    if whose is None:
        raise InvalidInput("person", None, "the id of the person measured, since this token covers several")
    try:
        return whose, subjects.born(whose)
    except KeyError as error:
        raise InvalidInput("person", whose, "the id of a person this token covers") from error
