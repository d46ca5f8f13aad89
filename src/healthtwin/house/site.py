"""What a house learns of all its people together: its own alarm threshold, drift of forecasts, its weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.domain import HOUR_MS
from healthtwin.forecast import agreement_of, drift_of
from healthtwin.house.site_alarms import SiteAlarms
from healthtwin.house.weeks import week_to_note
from healthtwin.pipeline import alarm_counts, score_bands, shadow_counts, site_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.forecast import Agreement, Drift, ModelFolder
    from healthtwin.house.health import TrainedAlarmsItem
    from healthtwin.house.house_weeks import HouseWeek, HouseWeeks
    from healthtwin.pipeline import TickPayload
    from healthtwin.stream import Runner


class Site:
    """Pooled over everybody, so that nobody can be told from it.

    Args:
        runner: everybody's states, recovered.
        weeks: where each week is noted.
        shadows: models that run beside those that speak.
    """

    def __init__(self, runner: Runner, weeks: HouseWeeks, shadows: Sequence[ModelFolder] = ()) -> None:
        self._runner = runner
        self._weeks = weeks
        self._shadows = shadows
        people, offsets = runner.pooled(site_record) if runner.people() else (0.0, 0.0)
        self._alarms = SiteAlarms(round(float(offsets / people), 3) if people else 0.0)
        self.drift: Sequence[Drift] = ()
        self.agreement: Sequence[Agreement] = ()

    def offset(self) -> float:
        """How far the threshold stands above the training side's, log units."""
        return self._alarms.offset

    def alarms(self) -> TrainedAlarmsItem | None:
        """What the budget of false alarms came to; None before the first tick."""
        return self._alarms.item()

    def weeks(self) -> Sequence[HouseWeek]:
        """What was noted, newest week first."""
        return self._weeks.list()

    def learn(self, now_ms: int, lag_ms: int) -> TickPayload:
        """Settle what came since the last full hour, unless what comes now is of hours that are over.

        Args:
            now_ms: the present. lag_ms: age of the oldest record that the twin has not seen.

        Returns:
            What the next tick says.
        """
        heard = bool(self._runner.people())
        if lag_ms >= HOUR_MS:
            self._alarms.pause()
        elif heard:
            self._alarms.learn(self._runner.pooled(alarm_counts), now_ms)
        self.drift = drift_of(self._runner.pooled(score_bands)) if heard else ()
        self.agreement = self._agreement() if heard and self._shadows else ()
        return self._alarms.told()

    def _agreement(self) -> Sequence[Agreement]:
        """How each shadow stands to the models that speak."""
        count = len(self._shadows)
        counted = self._runner.pooled(lambda states: shadow_counts(states, count))
        return agreement_of(counted, [shadow.version for shadow in self._shadows])

    def note_week(self, now_ms: int) -> None:
        """Keep what is known of the present week."""
        alarms = self._alarms.item()
        if alarms is not None:
            self._weeks.note(week_to_note(now_ms, alarms, self.drift))
