"""When a trained risk is worth a word: the person's alarm budget, and episodes that do not flap.

The trained forecast was measured on wards, not at homes. Until it has been, it raises an "info" at most and
lives on the person's budget of false alarms, together with what is unusual for them: every budgeted alarm
somebody hears counts against both. An alarm is judged an hour later, when the readings have shown whether
it was right: one that a safety rule followed within the horizon was no false one. Nothing here touches a
safety rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS, SECOND_MS, AlertLevel
from healthtwin.domain.signs import any_of, no_signs, speak
from healthtwin.forecast.agreement import LEAST_PROBABILITY
from healthtwin.forecast.exertion import elapsed_s, seconds_of
from healthtwin.forecast.site_budget import SITE_BUDGET, SiteBudget, stays_open
from healthtwin.forecast.targets import TARGET, WATCHED
from healthtwin.forecast.trained import RULE_OF

if TYPE_CHECKING:
    from healthtwin.forecast.member import Flags, Floats, Levels, Signs, StructuredArray
    from healthtwin.forecast.trained import TrainedForecast

LOOKS_A_WEEK: Final = 7 * DAY_MS // HOUR_MS
"""One look an hour, however often the phone measures: what is forecast is the coming hour, so two scores
within one say nearly the same."""

HORIZON_S: Final = HOUR_MS // SECOND_MS
"""After this an alarm was right or false (`targets`: both watched targets look one hour ahead)."""

UNTOLD_AFTER_S: Final = 2 * HORIZON_S
"""A first reading later than this tells nothing of the hour that was forecast."""

LONGEST_LOOK_S: Final = 6 * HORIZON_S
"""Time without readings counts for at most this: a threshold must not sink through a month in a drawer."""

_WEEK_S: Final = 7 * DAY_MS // SECOND_MS

ALARMS_STATE: Final = np.dtype(
    [
        ("budget", SITE_BUDGET),  # the person's own
        ("false", "f8"),  # false alarms so far: what the site's budget learns from
        ("open_s", "u4", (len(WATCHED),)),  # since when each episode is open; 0 closed
        ("alarm_p", "f8"),  # calibrated probability of the alarm whose outcome is not known yet
        ("alarm_s", "u4"),  # when that began; 0 none
        ("look_s", "u4"),  # the latest look; 0 never
        ("quiet", "i8"),  # 1 where it was event-free
    ],
)
"""What is remembered of one person."""


class TrainedAlarms:
    """Turns trained scores into at most an "info", within a budget. One record per person.

    Args:
        trained: the member whose scores these are.
    """

    version = 2
    state_dtype = ALARMS_STATE

    def __init__(self, trained: TrainedForecast) -> None:
        self._trained = trained
        self._budget = SiteBudget()
        models = trained.models
        self._floor = [
            np.inf if models is None else models.score_at_probability(name, LEAST_PROBABILITY)
            for name in WATCHED
        ]

    def blank(self, count: int) -> StructuredArray:
        """The state of `count` people of whom nothing was seen."""
        state = np.zeros(count, ALARMS_STATE)
        state["budget"] = self._budget.blank(count)
        return state

    def threshold(self, state: StructuredArray, per_week: Floats, site: Floats | float = 0.0) -> Floats:
        """The surprise from which a trained score speaks, shape (people,)."""
        per_look = np.maximum(per_week, 0.0) / LOOKS_A_WEEK
        return self._budget.threshold_at(state["budget"], site, per_look)

    def speak(
        self,
        state: StructuredArray,
        trained: StructuredArray,
        observations: StructuredArray,
        per_week: Floats,
        site: Floats | float = 0.0,
    ) -> Flags:
        """Which episodes stand after these observations, shape (people, watched); `state` changes in place.

        Args:
            state: `ALARMS_STATE`, shape (n,). trained: the member's after its update, shape (n,).
            per_week: false alarms asked for, shape (n,). site: the offset of the house, shape (n,).
        """
        now_s = seconds_of(observations["time_ms"])
        if self._trained.models is None:
            return np.zeros((len(state), len(WATCHED)), np.bool_)
        high = self._trained.surprises(trained)
        threshold = self.threshold(state, per_week, site)
        stands = np.zeros(high.shape, np.bool_)
        for i, name in enumerate(WATCHED):
            likely = trained["score"][:, TARGET[name]] >= self._floor[i]  # NaN compares as False
            since = state["open_s"][:, i]
            # Where it is too unlikely to be told it opens nothing, and what stands settles.
            told = np.where(likely | np.isnan(high[:, i]), high[:, i], -np.inf)
            stands[:, i] = stays_open(since > 0, elapsed_s(since, now_s), told, threshold)
            state["open_s"][:, i] = np.where(stands[:, i], np.where(since > 0, since, now_s), 0)
        return stands

    def settle(
        self,
        state: StructuredArray,
        trained: StructuredArray,
        observations: StructuredArray,
        begins: Flags,
        event: Flags,
        event_free: Flags,
        per_week: Floats,
    ) -> None:
        """Account for these observations, in place. All arrays have shape (people,).

        Args:
            begins: a budgeted alarm begins that the person hears of.
            event: a safety rule speaks. event_free: neither that, nor did an episode stand open before.
            per_week: false alarms asked for.
        """
        now_s = seconds_of(observations["time_ms"])
        pending = state["alarm_s"] > 0
        age_s = np.where(pending, elapsed_s(state["alarm_s"], now_s), 0.0)
        right = pending & event & (age_s <= HORIZON_S)
        known = pending & ~right & ((age_s > HORIZON_S) | begins)
        false = np.where(known, np.where(age_s > UNTOLD_AFTER_S, 1.0 - state["alarm_p"], 1.0), 0.0)
        passed_s = np.where(
            state["look_s"] > 0, np.minimum(elapsed_s(state["look_s"], now_s), LONGEST_LOOK_S), 0.0
        )
        asked = np.where(
            (state["quiet"] > 0) & event_free, np.maximum(per_week, 0.0) * (passed_s / _WEEK_S), 0.0
        )
        budget = state["budget"]
        self._budget.settle(budget, observations["day"].astype(np.int64), asked, false)
        state["budget"] = budget
        state["false"] += false
        state["alarm_s"] = np.where(begins & event_free, now_s, np.where(right | known, 0, state["alarm_s"]))
        if begins.any():
            state["alarm_p"] = np.where(begins, self._chance(trained), state["alarm_p"])
        state["look_s"] = now_s
        state["quiet"] = event_free

    def _chance(self, trained: StructuredArray) -> Floats:
        """The larger calibrated probability of the watched targets, 0 where nothing was scored."""
        models = self._trained.models
        if models is None:
            return np.zeros(len(trained))
        chances = models.probability(trained["score"])
        larger: Floats = np.fmax(*(chances[:, TARGET[name]] for name in WATCHED))
        return np.nan_to_num(larger, nan=0.0)


def level_and_signs(stands: Flags) -> tuple[Levels, Signs]:
    """Level ("info" or none) of the episodes that stand, shape (people,), and their rules."""
    signs = no_signs(len(stands))
    for i, name in enumerate(WATCHED):
        speak(signs, stands[:, i], RULE_OF[name])
    return np.where(any_of(signs), np.uint8(AlertLevel.INFO), np.uint8(0)), signs
