"""The alarm budget: at most so many false alarms a week, kept by moving each person's threshold.

A threshold that is fixed for everybody gives one person ten alarms a day and another none in a year. Here
every alarm in event-free time lifts the person's threshold by a factor, and every event-free week lets it
sink again by as much as the budget asks for, so that in the long run the two balance exactly at the rate
asked (the argument of Gibbs & Candès, Adaptive conformal inference, NeurIPS 2021, on the logarithm of the
threshold)::

    threshold ← threshold * (1 + STEP)                          at an alarm, as far as the day's cap allows
    threshold ← threshold / (1 + ln(1 + STEP) * b * weeks)      as event-free time goes by

Nobody knows online which alarms were false. Event-free time therefore leaves out everything in which a safety
rule speaks or an episode stands open. Safety rules and critical alerts never ask the budget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import DAY_MS, SECOND_MS
from healthtwin.forecast.exertion import elapsed_s, seconds_of

if TYPE_CHECKING:
    from healthtwin.forecast.member import Flags, Floats, StructuredArray

STEP: Final = 0.25
"""How much one alarm lifts the threshold: four in a row double it."""

_LOG_STEP: Final = 0.22314355131420976  # ln(1 + STEP), written out so that no library's rounding enters

START: Final = 14.0
"""Score at which a new person's first alarm opens: one metric at the clip of the cumulative sums for
twenty-five minutes, or three of them for ten. It was 20 before the sums left out what a meter may be off by;
at 14 planted trouble is found about as early as then, and ordinary days raise less. The budget moves it from
there."""

LEAST: Final = 8.0
MOST: Final = 120.0
"""However quiet or restless somebody is, alarms remain possible (a score reaches 240)."""

_DAY_S: Final = DAY_MS // SECOND_MS
_WEEK_S: Final = 7 * _DAY_S

LONGEST_GAP_S: Final = float(_DAY_S)
"""Time without readings counts for at most a day: a threshold must not sink through a month in a drawer."""

SPARE_ALARMS_PER_DAY: Final = 1.0
"""A day may lift the threshold by this many alarms plus twice the budget's; a bad day is no new normal."""

RELEASE: Final = 0.5
"""An alarm is over when the score has fallen to half the threshold, so that one excursion counts once."""

BUDGET_STATE: Final = np.dtype(
    [
        ("threshold", "f8"),
        ("at_s", "u4"),  # latest observation
        ("day", "i4"),  # local day of the latest alarm
        ("alarms_today", "f4"),  # counted against the cap
        ("above", "?"),  # inside an alarm
    ],
)


class AlarmBudget:
    """One threshold per person (or per site: a record is a record), moved as described in the module.

    It has converged only after several alarms, so judge it pooled over many people (100 alarms and more), and
    not on scores that move in one direction for months.

    >>> budget = AlarmBudget()
    >>> budget.blank(2)["threshold"].tolist()
    [14.0, 14.0]
    """

    version = 3
    state_dtype = BUDGET_STATE

    def blank(self, count: int) -> StructuredArray:
        """Budgets of `count` people of whom nothing was seen."""
        state = np.zeros(count, BUDGET_STATE)
        state["threshold"] = START
        state["day"] = np.iinfo(np.int32).min
        return state

    def update(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        speaks: Flags,
        over: Flags,
        event_free: Flags,
        per_week: Floats,
    ) -> Flags:
        """Take in one observation per person, in place.

        Args:
            state: shape (n,). observations: `domain.OBSERVATION`, shape (n,).
            speaks: the budgeted members reach the threshold (`state["threshold"]` before this call).
            over: they are clearly below it again.
            event_free: neither a safety rule speaks nor an episode stands open.
            per_week: false alarms asked for, shape (n,); 0 and less lets the threshold only rise.

        Returns:
            Where an alarm begins, shape (n,).
        """
        now_s = seconds_of(observations["time_ms"])
        elapsed = np.where(
            state["at_s"] == 0, 0.0, np.minimum(elapsed_s(state["at_s"], now_s), LONGEST_GAP_S)
        )
        asked = np.maximum(per_week, 0.0)
        fall = np.where(event_free & ~state["above"], _LOG_STEP * asked * (elapsed / _WEEK_S), 0.0)
        begins: Flags = speaks & ~state["above"]
        new_day = observations["day"] != state["day"]
        spent = np.where(new_day, 0.0, state["alarms_today"])
        cap = SPARE_ALARMS_PER_DAY + 2.0 * asked / 7.0
        rises = begins & event_free & (spent + 1.0 <= cap)
        moved = state["threshold"] / (1.0 + fall) * np.where(rises, 1.0 + STEP, 1.0)
        state["threshold"] = np.minimum(np.maximum(moved, LEAST), MOST)
        np.copyto(state["alarms_today"], (spent + 1.0).astype(np.float32), where=rises)
        np.copyto(state["day"], observations["day"], where=rises)
        np.copyto(state["above"], np.bool_(True), where=begins)
        np.copyto(state["above"], np.bool_(False), where=over & ~speaks)
        np.copyto(state["at_s"], now_s)
        return begins

    def answered(self, state: StructuredArray, *, usual: bool) -> None:
        """Somebody said whether an alarm was one, in place.

        Args:
            usual: it was none: it lifts the threshold once more; a right one gives back what it cost.
        """
        moved = state["threshold"] * (1.0 + STEP) if usual else state["threshold"] / (1.0 + STEP)
        state["threshold"] = np.minimum(np.maximum(moved, LEAST), MOST)
