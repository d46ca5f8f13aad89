"""What came of a replay, as the command prints it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

LABEL: Final = "Recorded data, replayed. Not measured now, and nobody is being watched over."

WATCHED_MEANS: Final = (
    "24 hours in which a person was watched: each row counts until the person's next one, a day at most, and "
    "the last one for the recording's median distance of two rows"
)

NO_TRUTH: Final = (
    "an upper bound: every alert at warning or worse, per person-day, as if all were false; the file does "
    "not say when anybody was in trouble, so some may have been true"
)


class RowCounts(msgspec.Struct, frozen=True):
    """What became of the rows.

    Attributes:
        in_file: rows in the file or files.
        without_values, without_time, without_person, shifted_copies: not sent, and why.
        sent: rows posted, each once. accepted, duplicates, refused: what the house answered.
        resent: refused rows posted a second time without the refused field (for blood pressure: without both
            pressures). accepted_in_part: those of them that were then taken. lost: rows of which nothing was.
        not_played: rows left out by --people or --limit.
    """

    in_file: int
    without_values: int
    without_time: int
    without_person: int
    shifted_copies: int
    not_played: int
    sent: int
    accepted: int
    duplicates: int
    refused: int
    resent: int
    accepted_in_part: int
    lost: int


class RefusedExample(msgspec.Struct, frozen=True):
    """One of the first refused: on which line of its file, and what stood there."""

    line: int
    value: str


class RefusedField(msgspec.Struct, frozen=True):
    """Rows refused for one reason, with the first value met.

    Attributes:
        examples: the first few.
        likely: what most likely explains them, and what to state in the mapping; None where nothing does.
    """

    field: str
    allowed: str
    rows: int
    example: str
    examples: list[RefusedExample] = []
    likely: str | None = None


class UnreadableCells(msgspec.Struct, frozen=True):
    """Cells that hold no number or time; sent as absent (a row without its time is not sent)."""

    column: str
    allowed: str
    cells: int
    examples: list[str]
    lines: list[int] = []


class AlertCounts(msgspec.Struct, frozen=True):
    """Episodes, by the level they reached and the rule that opened them; rates are per person-day."""

    total: int
    by_level: dict[str, int]
    by_rule: dict[str, int]
    per_person_day: dict[str, float]
    people_with_warning_or_worse: int


class Group(msgspec.Struct, frozen=True):
    """One side of a recording's label. `alerts` are those at warning or worse."""

    people: int
    person_days: float
    alerts: int
    alerts_per_person_day: float | None
    people_with_alert: int


class LabelSplit(msgspec.Struct, frozen=True):
    """Alerts at warning or worse of people who ever carry the file's label, and of the others."""

    means: str
    labelled: Group
    unlabelled: Group


class FalseAlarms(msgspec.Struct, frozen=True):
    """`per_person_day`: at most so many; None when nobody was watched. `means`: what counts."""

    per_person_day: float | None
    means: str


class Percentiles(msgspec.Struct, frozen=True):
    """Milliseconds; None where nothing was measured. `count`: how many measurements."""

    p50: float | None
    p99: float | None
    count: int

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Percentiles:
        """The nearest-rank percentiles, so that each is a figure that was measured.

        >>> Percentiles.of([3.0, 1.0, 2.0])
        Percentiles(p50=2.0, p99=3.0, count=3)
        """
        if not milliseconds:
            return cls(None, None, 0)
        ranked = sorted(milliseconds)
        p50, p99 = (ranked[math.ceil(share * len(ranked)) - 1] for share in (0.5, 0.99))
        return cls(round(p50, 2), round(p99, 2), len(ranked))


class Latency(msgspec.Struct, frozen=True):
    """How long things took on this machine.

    Attributes:
        answer: from sending a message of `rows_per_message` rows (median) to its answer.
        alert: from sending the message that holds the first sign to the moment at which everything it caused,
            the alert included, can be read at `/api/alerts`.
    """

    answer: Percentiles
    alert: Percentiles
    rows_per_message: float


class ReplayReport(msgspec.Struct, frozen=True):
    """Everything a replay has to tell.

    Attributes:
        synthetic: always False: the people are real, their names are codes.
        readings_accepted: values, not rows.
        too_short_to_learn: people still in the silent phase of learning at the end: judged on safety rules
            alone. phases: people by phase.
        event_days: from the first row to the last.
        rows_per_s: rows sent over the time that sending and judging took.
        times_real_time: event time over that time.
        warnings: what was read and may be other than it was meant, and what was left out.
    """

    label: str
    recording: str
    notes: list[str]
    home: str
    version: str
    people: int
    person_days: float
    person_day_means: str
    too_short_to_learn: int
    phases: dict[str, int]
    rows: RowCounts
    readings_accepted: int
    refused: list[RefusedField]
    unreadable: list[UnreadableCells]
    declared_absent: dict[str, int]
    unused_columns: list[str]
    alerts: AlertCounts
    false_alarms: FalseAlarms
    by_label: LabelSplit | None
    latency_ms: Latency
    duration_s: float
    event_days: float
    rows_per_s: float
    times_real_time: float
    replayed: bool = True
    synthetic: bool = False
    warnings: list[str] = []

    @property
    def nothing_taken(self) -> bool:
        """Whether the house has nothing of the recording."""
        return self.rows.accepted + self.rows.duplicates + self.rows.accepted_in_part == 0


class PlayedAlert(msgspec.Struct, frozen=True):
    """What the figures need of `GET /api/alerts`; `person` is an index into the recording's people."""

    person: int
    level: str
    rule: str
    raised_at: int


LOUD: Final = ("warning", "critical")


def count_alerts(alerts: Sequence[PlayedAlert], person_days: float) -> AlertCounts:
    """Counts and rates.

    >>> count_alerts([PlayedAlert(0, "warning", "spo2", 5)], 2.0).per_person_day
    {'any': 0.5, 'warning_or_worse': 0.5, 'critical': 0.0}
    """
    by_level = dict.fromkeys(("info", *LOUD), 0)
    by_rule: dict[str, int] = {}
    for alert in alerts:
        by_level[alert.level] = by_level.get(alert.level, 0) + 1
        by_rule[alert.rule] = by_rule.get(alert.rule, 0) + 1
    loud = sum(by_level[level] for level in LOUD)
    counts = {"any": len(alerts), "warning_or_worse": loud, "critical": by_level["critical"]}
    return AlertCounts(
        total=len(alerts),
        by_level=by_level,
        by_rule=dict(sorted(by_rule.items(), key=lambda item: (-item[1], item[0]))),
        per_person_day={name: rate(count, person_days) or 0.0 for name, count in counts.items()},
        people_with_warning_or_worse=len({alert.person for alert in alerts if alert.level in LOUD}),
    )


def split_by_label(
    alerts: Sequence[PlayedAlert], labelled: Sequence[bool], days: Sequence[float], means: str
) -> LabelSplit:
    """The alerts at warning or worse on both sides of the label.

    Args:
        labelled: per person, whether any of their rows carries the label.
        days: per person, for how long they were watched.
    """
    loud = [alert for alert in alerts if alert.level in LOUD]

    def group(side: bool) -> Group:
        members = np.flatnonzero(np.asarray(labelled) == side)
        inside = [alert for alert in loud if labelled[alert.person] == side]
        person_days = float(np.asarray(days)[members].sum())
        return Group(
            people=len(members),
            person_days=round(person_days, 2),
            alerts=len(inside),
            alerts_per_person_day=rate(len(inside), person_days),
            people_with_alert=len({alert.person for alert in inside}),
        )

    return LabelSplit(means, group(True), group(False))


def false_alarms(split: LabelSplit | None, loud_per_person_day: float | None) -> FalseAlarms:
    """What may be called false, said precisely.

    Args:
        split: None where the recording holds no label.
        loud_per_person_day: alerts at warning or worse of everybody.
    """
    if split is None:
        return FalseAlarms(loud_per_person_day, NO_TRUTH)
    return FalseAlarms(
        split.unlabelled.alerts_per_person_day,
        "alerts at warning or worse of people who never carry the label, per person-day of theirs; an upper "
        "bound, since the label marks one illness and such a person can have been in other trouble "
        f"(label: {split.means})",
    )


def rate(count: int, person_days: float) -> float | None:
    """Per person-day; None when nobody was watched."""
    return round(count / person_days, 5) if person_days > 0 else None
