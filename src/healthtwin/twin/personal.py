"""One person's baseline for those who need neither server nor arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from healthtwin.domain.arrays import COLUMN, UNKNOWN, blank_observations
from healthtwin.domain.clock import DAY_MS, HOUR_MS, from_ms
from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.metrics import metric_named
from healthtwin.domain.said import Said
from healthtwin.twin.baseline import expect, learn, note_departures
from healthtwin.twin.state import TWIN, TWIN_VERSION, blank_twins, confirm_new_normal, phase
from healthtwin.twin.tuning import DEFAULT_TUNING, Tuning
from healthtwin.twin.words import deviations, explain, usual_ranges

if TYPE_CHECKING:
    from collections.abc import Iterable

    from healthtwin.domain import Deviation, Reading
    from healthtwin.twin.state import StructuredArray
    from healthtwin.twin.words import UsualRange


class PersonalBaseline:
    """What is normal for one person, learned from readings one at a time, in one record of fixed size.

    Per metric it keeps a robust level and spread, 24 hours of day, and the effect of activity, and forgets
    over about three weeks. Times between readings may be of any length.

    Do not use it to follow many people: `healthtwin.twin.learn` does thousands in one call. Do not use it for
    metrics that have no usual value (steps, weight during a diet), nor as an alarm: it says what is unusual
    for this person, which is a fact and no diagnosis.

    Args:
        timezone: IANA name of where the person lives; decides the hour of day.
        tuning: how fast it learns and what it assumes beforehand.

    Raises:
        InvalidInput: when the time zone does not exist.

    Example: forty days of a heart at 68 and then one reading of 84, at the same hour.

    >>> from healthtwin.domain import DAY_MS, Context, Reading
    >>> baseline = PersonalBaseline("Europe/Vienna")
    >>> start = 1_767_272_400_000  # 2026-01-01, 14:00 in Vienna
    >>> resting = Context(activity_level=0.0)
    >>> for day in range(40):
    ...     usual = Reading("me", "heart_rate", 68 + day % 5 - 2, start + day * DAY_MS, context=resting)
    ...     baseline.update(usual)
    >>> baseline.days, baseline.phase
    (40, 2)
    >>> high = Reading("me", "heart_rate", 84, start + 40 * DAY_MS, context=resting)
    >>> from healthtwin.words import say
    >>> say(baseline.explain(high))
    '84 /min, 16 /min above your usual 68 ± 5 at 14:00, resting'
    >>> usual = baseline.expected("heart_rate", high.time_ms, activity_level=0.0)
    >>> round(usual.low), round(usual.high)
    (63, 73)

    References:
        P. J. Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 35, 1964.
    """

    def __init__(self, timezone: str = "UTC", tuning: Tuning = DEFAULT_TUNING) -> None:
        try:
            self._zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise InvalidInput("timezone", timezone, "an IANA name such as Europe/Vienna") from None
        self._tuning = tuning
        self._twins = blank_twins(1, tuning)

    @property
    def days(self) -> int:
        """Days with data so far."""
        return int(self._twins["days"][0])

    @property
    def phase(self) -> int:
        """1 silent (days 1 to 30), 2 soft (31 to 60), 3 full (61 to 90), 4 adapting."""
        return int(phase(self._twins)[0])

    def update(self, reading: Reading, pace: float = 1.0) -> None:
        """Learn from one reading.

        Args:
            reading: value, time, quality and context; `person` and `device` are not looked at.
            pace: 0 (frozen: nothing changes) to 1 (usual); lower it while the person is ill, so that illness
                does not become normal.

        Raises:
            InvalidInput: when the metric is unknown or not learned, the value impossible, or the pace or the
                quality outside 0 to 1.
        """
        if not 0.0 <= pace <= 1.0:
            raise InvalidInput("pace", pace, "a number from 0 to 1")
        row = self._row(reading)
        note_departures(self._twins, row, expect(self._twins, row, self._tuning))
        learn(self._twins, row, pace, self._tuning)

    def expected(self, metric: str, time_ms: int, activity_level: float | None = None) -> UsualRange | None:
        """What is usual at a time and activity; None while too little is known.

        Args:
            metric: name or alias in `healthtwin.domain.METRICS`.
            time_ms: epoch milliseconds.
            activity_level: 0 sedentary, 1 light, 2 active; None for the person's usual.

        Raises:
            InvalidInput: when the metric is unknown or not learned.
        """
        name = _learned(metric)
        row = self._context(time_ms, activity_level)
        found = [
            usual for usual in usual_ranges(self._twins[0], row[0], self._tuning) if usual.metric == name
        ]
        return found[0] if found else None

    def deviation(self, reading: Reading) -> Deviation | None:
        """How unusual a reading is for this person; None while too little is known. Learns nothing.

        `since_ms` says when the departure began, as far as the readings given to `update` tell.

        Raises:
            InvalidInput: as `update`.
        """
        found = deviations(self._twins[0], self._row(reading)[0], self._tuning)
        return found[0] if found else None

    def explain(self, reading: Reading) -> Said:
        """The deviation, or that too little is known yet; `healthtwin.words.say` says it. Learns nothing.

        Raises:
            InvalidInput: as `update`.

        >>> from healthtwin.domain import Reading
        >>> PersonalBaseline().explain(Reading("me", "heart_rate", 84, 1_772_370_000_000))
        Said(code='too-little-known', facts={'days': 0})
        """
        found = self.deviation(reading)
        if found is None:
            return Said.of("too-little-known", days=self.days)
        return explain(found, activity=reading.context.activity_level, now_ms=reading.time_ms)

    def confirm_new_normal(self, metrics: Iterable[str] | None = None) -> None:
        """Start the level of these metrics (or all) again: somebody confirmed that the change is right.

        Raises:
            InvalidInput: when a metric is unknown or not learned.
        """
        columns = None if metrics is None else [COLUMN[_learned(metric)] for metric in metrics]
        confirm_new_normal(self._twins, columns)

    def to_bytes(self) -> bytes:
        """The whole state, `TWIN.itemsize` bytes; `from_bytes` reads it back."""
        return self._twins.tobytes()

    @classmethod
    def from_bytes(
        cls, state: bytes, timezone: str = "UTC", tuning: Tuning = DEFAULT_TUNING
    ) -> PersonalBaseline:
        """A baseline as `to_bytes` left it.

        Raises:
            InvalidInput: when the bytes are of another length or version.

        >>> kept = PersonalBaseline().to_bytes()
        >>> PersonalBaseline.from_bytes(kept).to_bytes() == kept
        True
        """
        if len(state) != TWIN.itemsize:
            raise InvalidInput("state", f"{len(state)} bytes", f"{TWIN.itemsize} bytes")
        twins = np.frombuffer(state, TWIN).copy()
        version = int(twins["version"][0])
        if version != TWIN_VERSION:
            raise InvalidInput("state version", version, str(TWIN_VERSION))
        baseline = cls(timezone, tuning)
        baseline._twins = twins
        return baseline

    def _context(self, time_ms: int, activity_level: float | None) -> StructuredArray:
        row = blank_observations(1)
        local = from_ms(time_ms).astimezone(self._zone)
        offset = local.utcoffset()
        local_ms = time_ms + (0 if offset is None else round(offset.total_seconds() * 1000))
        row["time_ms"] = row["arrived_ms"] = time_ms
        row["hour"] = local_ms // HOUR_MS % 24
        row["day"] = local_ms // DAY_MS
        row["activity"] = np.nan if activity_level is None else activity_level
        return row

    def _row(self, reading: Reading) -> StructuredArray:
        name = _learned(reading.metric)
        if not 0.0 <= reading.quality <= 1.0:
            raise InvalidInput("quality", reading.quality, "a number from 0 to 1")
        row = self._context(reading.time_ms, reading.context.activity_level)
        row["value"][0, COLUMN[name]] = metric_named(name).check(reading.value)
        row["quality"] = reading.quality
        asleep = reading.context.asleep
        row["asleep"] = UNKNOWN if asleep is None else int(asleep)
        return row


def _learned(metric: str) -> str:
    name = metric_named(metric).name
    if name not in COLUMN:
        raise InvalidInput("metric", metric, "one that is learned: " + ", ".join(COLUMN))
    return name
