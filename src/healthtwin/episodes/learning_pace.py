"""How fast each metric may be learned while something is wrong, so that trouble never becomes normal.

What is wrong is wrong with some metrics. A metric is *in question* from a reading that is unusual for the
person (or, while nothing is known of it, from one taken in danger) until its readings were in order for
`STICKS_S`. Only while an episode stands open, and only for what is in question, does learning slow down or
stop; everything else is learned as on any day. So one blood pressure that nobody repeats stops no heart rate,
and a pulse that the twin knows at this hour is learned whatever a limit says of it.

A reason that comes back every night is one reason: it lasts until the metric was in order for `FORGOTTEN_S`,
and after `Freeze.longest_ms` of it the metric is learned again, slowly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import BASELINES, DAY_MS, SECOND_MS, AlertLevel
from healthtwin.domain.arrays import COLUMNS, whole_words
from healthtwin.episodes.episodes import is_open

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Times = NDArray[np.int64]

USUAL_PACE: Final = 1.0

STICKS_S: Final = 6 * 3600
"""A metric in question stays so for as long as a lasting shift takes to be one (`domain.Meter`): readings
that fall back into the usual range by chance would otherwise teach the twin the near edge of the trouble."""

FORGOTTEN_S: Final = 24 * 3600
"""In order for a whole day, every hour of it: what comes after has another reason."""

SETTLES_DAYS: Final = 14
"""After a medicine that slows the heart was begun (OURS)."""

_OF_THE_HEART: Final = np.array([baseline.group in {"heart", "variability"} for baseline in BASELINES])

QUESTIONED: Final = whole_words(
    [
        ("since_s", "u4", (COLUMNS,)),  # first reading of the present reason; 0 none
        ("at_s", "u4", (COLUMNS,)),  # latest reading that was in question
        ("unusual", "?", (COLUMNS,)),  # the person said that it is unusual for them
    ]
)
"""Which metrics of one person are in question, 88 bytes."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """How fast what is in question is learned while an episode stands open; see `DEFAULT_FREEZE`.

    Attributes:
        slow_pace: at info. The reading may be the start of something or a new habit; a quarter keeps both
            open.
        frozen_pace: at warning and critical.
        longest_ms: after this a changed value is more often the new normal (a medicine, altitude) than an
            unattended alarm; learning goes on at `late_pace`, and a person or clinician can confirm the new
            normal at once.
        late_pace: see there.
    """

    slow_pace: float = 0.25
    frozen_pace: float = 0.0
    longest_ms: int = 14 * DAY_MS
    late_pace: float = 0.25


DEFAULT_FREEZE: Final = Freeze()

_GROUPS: Final = tuple(
    [column for column, baseline in enumerate(BASELINES) if baseline.group == group]
    for group in dict.fromkeys(baseline.group for baseline in BASELINES)
)


def question(questioned: NDArray[np.void], unusual: Flags, seen: Flags, time_ms: Times) -> None:
    """Note which metrics a reading puts in question, in place.

    Args:
        questioned: `QUESTIONED`, shape (n,).
        unusual: which of its values are unusual or taken in danger, shape (n, metrics). Metrics that say the
            same thing (`domain.Baseline.group`) are in question together.
        seen: which values there are, shape (n, metrics). time_ms: event time of the readings, shape (n,).
    """
    now_s = _seconds(time_ms)
    doubtful = unusual & seen
    for columns in _GROUPS:
        doubtful[:, columns] = np.logical_or.reduce(doubtful[:, columns], axis=1)[:, None]
    over = seen & ~doubtful & (_passed(questioned["at_s"], now_s) > FORGOTTEN_S)
    for field in ("since_s", "at_s", "unusual"):
        np.copyto(questioned[field], questioned.dtype[field].base.type(0), where=over)
    np.copyto(questioned["since_s"], now_s, where=doubtful & (questioned["since_s"] == 0))
    np.copyto(questioned["at_s"], np.maximum(questioned["at_s"], now_s), where=doubtful)


def settle(questioned: NDArray[np.void], columns: Iterable[int]) -> None:
    """Somebody answered the question: these metrics are in order as they are, in place."""
    chosen = np.fromiter(columns, np.intp)
    for field in ("since_s", "at_s", "unusual"):
        questioned[field][:, chosen] = 0


def doubt(questioned: NDArray[np.void], columns: Iterable[int], time_ms: Times) -> None:
    """Somebody said that these metrics are not as they usually are, in place: none of it is learned."""
    chosen = np.fromiter(columns, np.intp)
    now_s = _seconds(time_ms)
    since_s = questioned["since_s"][:, chosen]
    questioned["since_s"][:, chosen] = np.where(since_s == 0, now_s, since_s)
    questioned["at_s"][:, chosen] = np.maximum(questioned["at_s"][:, chosen], now_s)
    questioned["unusual"][:, chosen] = True


def learning_pace(
    episodes: NDArray[np.void],
    questioned: NDArray[np.void],
    time_ms: Times,
    freeze: Freeze = DEFAULT_FREEZE,
) -> NDArray[np.float64]:
    """The pace for `healthtwin.twin.learn`, of each metric: 1 usual, slower or 0 for what is in question.

    Args:
        episodes: the ``vitals`` episodes after the reading was judged, shape (n,).
        questioned: after `question` has noted the reading, shape (n,).
        time_ms: event time of the readings, shape (n,).
        freeze: how much slower, and for how long.

    Returns:
        Pace from 0 to 1, shape (n, metrics).
    """
    now_s = _seconds(time_ms)
    opened = is_open(episodes)
    warned = opened & (episodes["level"] >= AlertLevel.WARNING)
    held = opened[:, None] & (questioned["at_s"] > 0) & (_passed(questioned["at_s"], now_s) <= STICKS_S)
    lasting = _passed(questioned["since_s"], now_s) * SECOND_MS >= freeze.longest_ms
    pace = np.where(warned[:, None] | questioned["unusual"], freeze.frozen_pace, freeze.slow_pace)
    return np.where(held, np.where(lasting, freeze.late_pace, pace), USUAL_PACE)


def rest_after_medicine(
    pace: NDArray[np.float64], begun: NDArray[np.int32], confirmed: Flags, time_ms: Times
) -> NDArray[np.float64]:
    """The pace where a slowing medicine was begun: the heart is not learned while it settles.

    Args:
        pace: shape (n, metrics). begun: the day of the first dose, days since 1970-01-01, 0 none, shape (n,).
        confirmed: whose level somebody confirmed, shape (n, metrics): that is learned all the same.
    """
    day = time_ms // DAY_MS
    settles = (begun > 0) & (day >= begun) & (day - begun < SETTLES_DAYS)
    return np.where(settles[:, None] & _OF_THE_HEART & ~confirmed, 0.0, pace)


def _seconds(time_ms: Times) -> NDArray[np.uint32]:
    return np.maximum(time_ms // SECOND_MS, 1).astype(np.uint32)[:, None]


def _passed(earlier_s: NDArray[np.uint32], now_s: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Seconds from then to now; 0 for what is later."""
    passed: NDArray[np.int64] = np.maximum(now_s.astype(np.int64) - earlier_s, 0)
    return passed
