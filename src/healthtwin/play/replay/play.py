"""Playing a recording from its first row to its last, and reading off what came of it."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from healthtwin import __version__
from healthtwin.access import Credentials, Scope, wall_ms
from healthtwin.domain import DAY_MS, Profile
from healthtwin.domain.errors import InvalidInput
from healthtwin.house import EventClock
from healthtwin.play.replay.plan import messages, watched_ms
from healthtwin.play.replay.report import (
    LABEL,
    WATCHED_MEANS,
    Latency,
    Percentiles,
    PlayedAlert,
    ReplayReport,
    RowCounts,
    UnreadableCells,
    count_alerts,
    false_alarms,
    split_by_label,
)
from healthtwin.play.replay.sending import Sender
from healthtwin.play.running_house import alerts_of, people_of, running_house
from healthtwin.store import Home, HomeKind, Tables
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from healthtwin.notify import AlertView
    from healthtwin.people import PersonView
    from healthtwin.play.replay.recording import Recording
    from healthtwin.play.replay.sending import Tally
    from healthtwin.play.running_house import RunningHouse

SLOWEST: Final = 1.0
SILENT: Final = "silent"
"""Phase of learning in which nothing is judged but the safety rules."""


def parse_speed(text: str) -> float | None:
    """How many times faster than life; None is as fast as the house can judge.

    Raises:
        InvalidInput: neither ``max`` nor a number from 1.

    >>> parse_speed("max"), parse_speed("60x"), parse_speed("1")
    (None, 60.0, 1.0)
    """
    if text == "max":
        return None
    try:
        speed = float(text.removesuffix("x"))
    except ValueError:
        speed = 0.0
    if not SLOWEST <= speed < float("inf"):
        raise InvalidInput("--speed", text, "max, or a factor from 1 on such as 60x")
    return speed


def replay(
    recording: Recording,
    home_path: Path,
    *,
    not_played: int = 0,
    speed: float | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> ReplayReport:
    """Send a recording through the whole house: HTTP, log, twin, rules, alerts.

    Each message is judged before the next is sent, and the clock stands at its newest row meanwhile: the
    answer is the same however fast it is played.

    Args:
        recording: what is played.
        home_path: where a new home of kind "replay" is made.
        not_played: rows that were left out before, for the report.
        speed: how many times faster than life; None is as fast as it goes.
        progress: told the number of rows after each message.

    Where nothing was taken, the home goes again, so that the next try with a better mapping finds room.

    Raises:
        ConfigurationError: the directory holds something already.
        InvalidInput: there is nothing to play.
    """
    if recording.rows == 0:
        raise InvalidInput("PATH", recording.name, _nothing_to_play(recording))
    home = Home.create(home_path, HomeKind.REPLAY)
    ids, token = _settle_in(home, recording)
    clock = EventClock(int(recording.times_ms[0]))
    with running_house(home, clock) as running, running.client(token) as client:
        stage = _Stage(running, Sender(client, ids, recording), speed)
        began = time.perf_counter()
        stage.play(recording, progress)
        took_s = time.perf_counter() - began
        people, alerts = people_of(client), alerts_of(client)
    report = _report(recording, home, ids, stage, took_s, people, alerts, not_played)
    if report.nothing_taken:
        shutil.rmtree(home.path)
    return report


def _nothing_to_play(recording: Recording) -> str:
    needed = "a recording with at least one measured value"
    told = [
        f"{bad.column}, line {bad.lines[0]}: {bad.examples[0]!r}, allowed: {bad.allowed}"
        for bad in recording.counts.unreadable
        if bad.lines
    ]
    return "; ".join([needed, *told, *recording.counts.warnings])


def _settle_in(home: Home, recording: Recording) -> tuple[list[str], str]:
    """Make the recording's people; returns their ids and a token for all of them.

    A recording that ends is no sensor that fell silent, so nobody has a silence alarm.
    """
    with Tables.of(home) as tables:
        labels = {"recording": recording.name}
        people = [
            (subject.name, Profile(subject.timezone, subject.birth_year, subject.sex, labels=labels))
            for subject in recording.subjects
        ]
        ids = [person.id for person in People(tables).add_many(people, int(recording.times_ms[0]))]
        minted = Credentials(tables).create_token(
            Scope.ADMIN, (), wall_ms(), label="replay", every_person=True
        )
    return ids, minted.secret


@dataclass(slots=True)
class _Stage:
    """The player: moves the clock, sends, waits, takes the time."""

    running: RunningHouse
    sender: Sender
    speed: float | None
    judged_ms: dict[int, float] = field(default_factory=dict)

    def play(self, recording: Recording, progress: Callable[[int], None]) -> None:
        began, first_ms = time.monotonic(), int(recording.times_ms[0])
        for message in messages(recording):
            if self.speed is not None:
                due_s = (message.until_ms - first_ms) / 1000 / self.speed
                time.sleep(max(0.0, began + due_s - time.monotonic()))
            self.running.clock.advance_to(message.until_ms)
            sent = time.perf_counter()
            self.sender.send(message)
            self.running.await_judged()
            judged = (time.perf_counter() - sent) * 1000
            self.judged_ms[message.until_ms] = max(judged, self.judged_ms.get(message.until_ms, 0.0))
            progress(message.last - message.first)


# ---------------------------------------------------------------- the report


def _report(
    recording: Recording,
    home: Home,
    ids: Sequence[str],
    stage: _Stage,
    took_s: float,
    people: Sequence[PersonView],
    alerts: Sequence[AlertView],
    not_played: int,
) -> ReplayReport:
    tally, place = stage.sender.tally, {person_id: i for i, person_id in enumerate(ids)}
    played = [PlayedAlert(place[alert.person], alert.level, alert.rule, alert.raised_at) for alert in alerts]
    days = (watched_ms(recording) / DAY_MS).tolist()
    split = None
    if recording.label is not None:
        labelled = [subject.labelled_ms is not None for subject in recording.subjects]
        split = split_by_label(played, labelled, days, recording.label)
    counted = count_alerts(played, sum(days))
    phases = Counter(person.phase for person in people)
    event_ms = int(recording.times_ms[-1] - recording.times_ms[0])
    waits = [stage.judged_ms[alert.raised_at] for alert in played if alert.raised_at in stage.judged_ms]
    sizes = sorted(tally.message_rows)
    counts = recording.counts
    return ReplayReport(
        label=LABEL,
        recording=recording.name,
        notes=list(recording.notes),
        home=str(home.path),
        version=__version__,
        people=len(people),
        person_days=round(sum(days), 2),
        person_day_means=WATCHED_MEANS,
        too_short_to_learn=phases[SILENT],
        phases=dict(sorted(phases.items())),
        rows=_row_counts(recording, tally, not_played),
        readings_accepted=tally.values,
        refused=tally.refused_fields(),
        unreadable=[
            UnreadableCells(bad.column, bad.allowed, bad.count, list(bad.examples), list(bad.lines))
            for bad in counts.unreadable
        ],
        declared_absent=dict(counts.declared_absent),
        unused_columns=list(counts.unused_columns),
        alerts=counted,
        false_alarms=false_alarms(split, counted.per_person_day["warning_or_worse"]),
        by_label=split,
        latency_ms=Latency(
            Percentiles.of(tally.answer_ms), Percentiles.of(waits), float(sizes[len(sizes) // 2])
        ),
        duration_s=round(took_s, 2),
        event_days=round(event_ms / DAY_MS, 2),
        rows_per_s=round(tally.sent / took_s, 1),
        times_real_time=round(event_ms / 1000 / took_s, 1),
        warnings=list(counts.warnings),
    )


def _row_counts(recording: Recording, tally: Tally, not_played: int) -> RowCounts:
    counts = recording.counts
    return RowCounts(
        in_file=counts.rows,
        without_values=counts.without_values,
        without_time=counts.without_time,
        without_person=counts.without_person,
        shifted_copies=counts.shifted_copies,
        not_played=not_played,
        sent=tally.sent,
        accepted=tally.accepted,
        duplicates=tally.duplicates,
        refused=tally.refused,
        resent=tally.resent,
        accepted_in_part=tally.accepted_in_part,
        lost=tally.lost,
    )
