"""Sending a recording's rows over HTTP as a device hub would, and keeping count of the answers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from healthtwin.domain.errors import HealthTwinError
from healthtwin.play.replay.causes import likely_cause
from healthtwin.play.replay.report import RefusedExample, RefusedField

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx2

    from healthtwin.play.replay.plan import PlannedMessage
    from healthtwin.play.replay.recording import Recording

_PRESSURES: Final = ("blood_pressure_systolic", "blood_pressure_diastolic")
"""One measurement in two fields: when one is impossible, the other cannot be trusted either."""

_TOO_MANY: Final = 429
_REFUSED: Final = 422
_SHORTEST_WAIT_S: Final = 0.01

_EXAMPLES: Final = 3

Row = dict[str, Any]


class _Refused(msgspec.Struct):
    index: int
    field: str
    value: Any
    allowed: str


class _Receipt(msgspec.Struct):
    accepted: int = 0
    duplicates: int = 0
    refused: list[_Refused] = []
    passed_over: list[_Refused] = []


class NotTaken(HealthTwinError):
    """The house answered a message with something that a replay cannot go on from."""


@dataclass(slots=True)
class Tally:
    """What became of the rows so far; see `healthtwin.play.replay.report.RowCounts`."""

    sent: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    resent: int = 0
    accepted_in_part: int = 0
    lost: int = 0
    values: int = 0
    reasons: dict[tuple[str, str], tuple[int, list[tuple[int, Any]]]] = field(default_factory=dict)
    answer_ms: list[float] = field(default_factory=list)
    message_rows: list[int] = field(default_factory=list)

    def note(self, refusal: _Refused, line: int) -> None:
        """Count one refusal under its reason; `line`: where its row stands in the file."""
        # What stands in brackets is the row's own other value; without it the reason is the same for all.
        key = refusal.field, refusal.allowed.partition(" (")[0]
        count, examples = self.reasons.get(key, (0, []))
        if count < _EXAMPLES:
            examples.append((line, refusal.value))
        self.reasons[key] = count + 1, examples

    def refused_fields(self) -> list[RefusedField]:
        """Reasons, the most frequent first."""
        rows = [
            RefusedField(
                name,
                allowed,
                count,
                repr(examples[0][1]),
                [RefusedExample(line, repr(value)) for line, value in examples],
                likely_cause(name, allowed, [value for _, value in examples]),
            )
            for (name, allowed), (count, examples) in self.reasons.items()
        ]
        return sorted(rows, key=lambda row: (-row.rows, row.field))


class Sender:
    """Posts messages of one recording.

    A row that is refused for one field is refused whole by the house. It is counted as such and sent again
    without that field, so that one impossible value does not take the good ones of its row along; both
    numbers stand in the report.

    Args:
        client: with the server's URL and a token that covers everybody.
        ids: person id per subject of the recording.
        recording: what is sent.
    """

    def __init__(self, client: httpx2.Client, ids: Sequence[str], recording: Recording) -> None:
        self._client = client
        self._ids = ids
        self._recording = recording
        self.tally = Tally()

    def send(self, message: PlannedMessage) -> None:
        """Post a message and settle what was refused.

        Raises:
            NotTaken: the server answered with an error that is no refusal of rows.
        """
        tally, rows = self.tally, self._rows(message)
        lines = [self._recording.line(row) for row in range(message.first, message.last)]
        began = time.perf_counter()
        receipt = self._post(rows)
        tally.answer_ms.append((time.perf_counter() - began) * 1000)
        tally.message_rows.append(len(rows))
        tally.sent += len(rows)
        tally.accepted += receipt.accepted
        tally.duplicates += receipt.duplicates
        tally.refused += len(receipt.refused)
        refused_at = {refusal.index for refusal in receipt.refused}
        tally.values += sum(_values_in(row) for i, row in enumerate(rows) if i not in refused_at)
        for value in receipt.passed_over:
            tally.note(value, lines[value.index])
        tally.values -= len(receipt.passed_over)
        while receipt.refused:
            rows, lines = self._without_refused(rows, lines, receipt.refused)
            if not rows:
                break
            tally.resent += len(rows)
            receipt = self._post(rows)
            tally.accepted_in_part += receipt.accepted + receipt.duplicates
            again = {refusal.index for refusal in receipt.refused}
            tally.values += sum(_values_in(row) for i, row in enumerate(rows) if i not in again)

    def _without_refused(
        self, rows: Sequence[Row], lines: Sequence[int], refused: Sequence[_Refused]
    ) -> tuple[list[Row], list[int]]:
        kept, kept_lines = [], []
        for refusal in refused:
            self.tally.note(refusal, lines[refusal.index])
            row = rows[refusal.index]
            bad = _PRESSURES if refusal.field in _PRESSURES else (refusal.field,)
            good = {name: value for name, value in row.items() if name not in bad}
            if len(good) < len(row) and _values_in(good) and {"person", "timestamp"} <= good.keys():
                kept.append(good)
                kept_lines.append(lines[refusal.index])
            else:
                self.tally.lost += 1
        return kept, kept_lines

    def _rows(self, message: PlannedMessage) -> list[Row]:
        told, span = self._recording, slice(message.first, message.last)
        rows = []
        for moment, subject, values in zip(
            told.times_ms[span].tolist(), told.subject[span].tolist(), told.values[span].tolist(), strict=True
        ):
            row: Row = {"person": self._ids[subject], "timestamp": moment}
            for name, value in zip(told.metrics, values, strict=True):
                if value == value:  # noqa: PLR0124 - only NaN differs from itself, and stands for "not measured"
                    row[name] = value
            rows.append(row)
        return rows

    def _post(self, rows: Sequence[Row]) -> _Receipt:
        body = msgspec.json.encode(rows)
        while True:
            answer = self._client.post(
                "/api/vitals", content=body, headers={"content-type": "application/json"}
            )
            if answer.status_code == _TOO_MANY:
                time.sleep(max(_SHORTEST_WAIT_S, float(answer.headers.get("retry-after", "1"))))
                continue
            if not answer.is_success and answer.status_code != _REFUSED:
                raise NotTaken(f"POST /api/vitals was answered {answer.status_code}: {answer.text[:300]}")
            return msgspec.json.decode(answer.content, type=_Receipt)


def _values_in(row: Row) -> int:
    return len(row) - 2  # person and timestamp stand in every row
