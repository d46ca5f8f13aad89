"""In which messages a recording is sent, and how long its people were watched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from healthtwin.play.replay.recording import Recording

WINDOW_MS: Final = 10 * MINUTE_MS
"""Event time that one message may span: less than the allowed lateness, so that a row which is sent again
without a refused field still counts as live."""

MOST_ROWS: Final = 5_000
"""Rows in one message: below the token's burst, and small enough that an answer takes a moment only."""


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """Rows `first` to `last` (excluded) of a recording, sent together. `until_ms`: time of the newest."""

    first: int
    last: int
    until_ms: int


def messages(recording: Recording) -> Iterator[PlannedMessage]:
    """The recording's rows in order of event time over all people, cut into messages."""
    times, first = recording.times_ms, 0
    while first < len(times):
        within = int(np.searchsorted(times, times[first] + WINDOW_MS, side="left"))
        last = min(within, first + MOST_ROWS)
        yield PlannedMessage(first, last, int(times[last - 1]))
        first = last


def shortened(recording: Recording, *, people: int | None = None, rows: int | None = None) -> Recording:
    """The recording of its first people only, up to its first rows in order of time.

    Raises:
        InvalidInput: for a number below 1.
    """
    for option, number in (("--people", people), ("--limit", rows)):
        if number is not None and number < 1:
            raise InvalidInput(option, number, "1 or more")
    kept_people = len(recording.subjects) if people is None else people
    kept = np.flatnonzero(recording.subject < kept_people)[:rows]
    return replace(
        recording,
        subjects=recording.subjects[:kept_people],
        times_ms=recording.times_ms[kept],
        subject=recording.subject[kept],
        values=recording.values[kept],
        lines=[recording.line(row) for row in kept.tolist()],
    )


def watched_ms(recording: Recording) -> NDArray[np.int64]:
    """For how long each person was watched, shape (people,), ms.

    A row counts until the person's next one, a day at most; the last one for the usual distance of two rows
    in this recording (the median over everybody), a day at most. So an hourly charted stay of 38 rows counts
    38 hours, and a daily row counts a day.
    """
    people = len(recording.subjects)
    if recording.rows == 0:
        return np.zeros(people, np.int64)
    order = np.lexsort((recording.times_ms, recording.subject))
    times, subject = recording.times_ms[order], recording.subject[order]
    same = subject[1:] == subject[:-1]
    gaps = np.minimum(np.diff(times), DAY_MS)
    apart = gaps[same & (gaps > 0)]
    usual = int(np.median(apart)) if apart.size else HOUR_MS
    watched = np.bincount(subject[:-1][same], weights=gaps[same], minlength=people)
    watched += usual * (np.bincount(subject, minlength=people) > 0)
    return watched.astype(np.int64)
