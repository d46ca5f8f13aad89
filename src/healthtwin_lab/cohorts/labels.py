"""What came true: the targets of `healthtwin.forecast.targets` for every row of the stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.arrays import COLUMN
from healthtwin.forecast import targets as t

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin_lab.cohorts.stays import Stays

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Judged = tuple[Flags, Flags]

LEAST_OWN_READINGS: Final = 6
"""Readings behind an own mean before a fall below it is judged."""


def labels(stays: Stays) -> tuple[NDArray[np.int8], Flags]:
    """Targets and where they can be judged, both (rows, targets) in the order of `TRAINED`."""
    view = _View(stays)
    found: dict[str, Judged] = {
        "hypoxia": view.hypoxia(),
        "news_red": view.news_red(),
        "hypoxia_3h": view.hypoxia_within(3.0),
        "hypoxia_6h": view.hypoxia_within(6.0),
        "news_red_3h": view.news_red_within(3.0),
        "news_red_6h": view.news_red_within(6.0),
        "personal_hypoxia": view.personal_hypoxia(),
        "tachycardia": view.beyond("heart_rate", t.FAST_HEART, 1),
        "hypotension": view.beyond("blood_pressure_systolic", t.LOW_PRESSURE, -1),
        "infection": view.infection(stays.label),
    }
    eligible = np.stack([found[target.name][0] for target in t.TRAINED], axis=1)
    positive = np.stack([found[target.name][1] for target in t.TRAINED], axis=1)
    return (positive & eligible).astype(np.int8), eligible


class _View:
    """The rows with what is now, what was the row before, and what comes an hour later."""

    def __init__(self, stays: Stays) -> None:
        self.person, self.hours = stays.person, stays.hours
        self.value = stays.value
        self.first = np.diff(self.person, prepend=-1) != 0
        last = np.append(self.first[1:], True)
        step = np.diff(self.hours, append=np.inf)
        lengths = np.diff(np.append(np.flatnonzero(self.first), len(self.person)))
        self.end_h = np.repeat(self.hours[last], lengths)
        self.next_hour: Flags = ~last & (np.abs(step - 1.0) <= t.ONE_HOUR_TOLERANCE_H)
        self.now = {
            name: self._carried(name) for name in ("heart_rate", "respiratory_rate", "oxygen_saturation")
        }

    def raw(self, metric: str) -> Floats:
        """As measured in the row."""
        return self.value[:, COLUMN[metric]]

    def _carried(self, metric: str) -> Floats:
        """The latest value at most `CARRIED_H` old."""
        raw = self.raw(metric)
        rows = np.arange(len(raw))
        latest = np.maximum.accumulate(np.where(np.isnan(raw), -1, rows))
        known = latest >= 0
        source = np.where(known, latest, 0)
        known &= self.person[source] == self.person
        known &= self.hours - self.hours[source] <= t.CARRIED_H + t.ONE_HOUR_TOLERANCE_H
        return np.where(known, raw[source], np.nan)

    def before(self, column: Floats) -> Floats:
        """What stood in the row before; NaN in a person's first row."""
        return np.where(self.first, np.nan, np.roll(column, 1))

    def after(self, column: Floats) -> Floats:
        """What is measured exactly one hour later; NaN where there is no such row."""
        return np.where(self.next_hour, np.roll(column, -1), np.nan)

    def hypoxia(self) -> Judged:
        following = self.after(self.raw("oxygen_saturation"))
        return self._not_yet_hypoxic() & ~np.isnan(following), following < t.HYPOXIC

    def _not_yet_hypoxic(self) -> Flags:
        now = self.now["oxygen_saturation"]
        flags: Flags = (now >= t.NOT_YET) & ~(self.before(now) < t.NOT_YET)
        return flags

    def news_red(self) -> Judged:
        heart, breathing, saturation = (
            self.after(self.raw(name)) for name in ("heart_rate", "respiratory_rate", "oxygen_saturation")
        )
        measured = ~(np.isnan(heart) | np.isnan(breathing) | np.isnan(saturation))
        return self._not_yet_red() & measured, _red(heart, breathing, saturation)

    def _not_yet_red(self) -> Flags:
        now = [self.now[name] for name in ("heart_rate", "respiratory_rate", "oxygen_saturation")]
        known = ~(np.isnan(now[0]) | np.isnan(now[1]) | np.isnan(now[2]))
        red = _red(now[0], now[1], now[2])
        red_before = ~self.first & np.roll(red, 1)
        flags: Flags = known & ~red & ~red_before
        return flags

    def _within(self, happened: Flags, measured: Flags, horizon_h: float) -> Judged:
        """Whether the next hours can be judged, and whether it happened in them."""
        end = self._rows_until(horizon_h)
        total = np.concatenate([[0], np.cumsum(happened)])
        counted = np.concatenate([[0], np.cumsum(measured)])
        rows = np.arange(len(happened))
        goes_on = self.end_h - self.hours >= horizon_h - t.ONE_HOUR_TOLERANCE_H
        enough = counted[end + 1] - counted[rows + 1] >= np.ceil(t.CHARTED_SHARE * horizon_h)
        return goes_on & enough, total[end + 1] - total[rows + 1] > 0

    def _rows_until(self, horizon_h: float) -> NDArray[np.intp]:
        """Last row of the same person at most `horizon_h` later."""
        # One axis for all people: longer apart than any horizon from one person to the next.
        span = self.hours.max() - self.hours.min() + 2.0 * horizon_h + 1.0
        axis = self.person * span + (self.hours - self.hours.min())
        until = axis + horizon_h + t.ONE_HOUR_TOLERANCE_H
        return np.asarray(np.searchsorted(axis, until, side="right") - 1, np.intp)

    def hypoxia_within(self, horizon_h: float) -> Judged:
        saturation = self.raw("oxygen_saturation")
        judged, came = self._within(saturation < t.HYPOXIC, ~np.isnan(saturation), horizon_h)
        return self._not_yet_hypoxic() & judged, came

    def news_red_within(self, horizon_h: float) -> Judged:
        heart, breathing, saturation = (
            self.raw(name) for name in ("heart_rate", "respiratory_rate", "oxygen_saturation")
        )
        red = _red(heart, breathing, saturation)
        judged, came = self._within(red, ~np.isnan(saturation), horizon_h)
        return self._not_yet_red() & judged, came

    def personal_hypoxia(self) -> Judged:
        raw = self.raw("oxygen_saturation")
        known = ~np.isnan(raw)
        starts = np.flatnonzero(self.first)
        lengths = np.diff(np.append(starts, len(raw)))

        def up_to_now(column: Floats) -> Floats:
            total = np.cumsum(column)
            return total - np.repeat(total[starts] - column[starts], lengths)

        count = up_to_now(known.astype(np.float64))
        usual = up_to_now(np.where(known, raw, 0.0)) / np.maximum(count, 1.0)
        limit = np.where(count >= LEAST_OWN_READINGS, usual - t.OWN_FALL, np.nan)
        now, following = self.now["oxygen_saturation"], self.after(raw)
        not_yet = (now > limit) & ~(self.before(now) <= limit)
        return not_yet & ~np.isnan(following), following <= limit

    def beyond(self, metric: str, limit: float, sign: int) -> Judged:
        """At or beyond a limit in the next hour, from above (`sign` 1) or below (-1)."""
        now, following = self._carried(metric), self.after(self.raw(metric))
        not_yet = (sign * now < sign * limit) & ~(sign * self.before(now) >= sign * limit)
        return not_yet & ~np.isnan(following), sign * following >= sign * limit

    def infection(self, label: NDArray[np.int8]) -> Judged:
        known = label >= 0
        before = np.where(self.first, np.int8(0), np.roll(label, 1))
        starts_with_it = label[np.flatnonzero(self.first)] == 1
        judged = known & (before == 0) & ~starts_with_it[self.person]
        return judged, label == 1


def _red(heart: Floats, breathing: Floats, saturation: Floats) -> Flags:
    flags: Flags = (
        (saturation <= t.RED_SATURATION)
        | (breathing >= t.RED_BREATHING_HIGH)
        | (breathing <= t.RED_BREATHING_LOW)
        | (heart >= t.RED_HEART_HIGH)
        | (heart <= t.RED_HEART_LOW)
    )
    return flags
