"""What is shown of a person: built from the newest state, the series and the records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import (
    AHEAD_MS,
    DAY_MS,
    LEARNED,
    METRIC_BY_CODE,
    METRICS,
    SECOND_MS,
    STALE_AFTER_MS,
    AlertLevel,
    Said,
    alert_id_of,
    metric_named,
)
from healthtwin.domain.arrays import COLUMN, UNKNOWN, blank_observations
from healthtwin.episodes import SILENCE_KEY, VITALS_KEY, Standing, is_held, standing
from healthtwin.forecast import SafetyRules, expected_row, nothing_expected
from healthtwin.people.answers import (
    ClockProblemView,
    HeldAlert,
    HourBand,
    LatestValue,
    MetricTwin,
    PersonView,
    RiskDriver,
    RiskItem,
    RiskView,
    SeriesView,
    TwinView,
)
from healthtwin.people.limits import levels
from healthtwin.pipeline.local_time import local_hour_and_day
from healthtwin.twin import expect, explain, moments, phase
from healthtwin.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from healthtwin.domain import Deviation, Risk
    from healthtwin.domain.arrays import StructuredArray
    from healthtwin.forecast import Forecast
    from healthtwin.store import Series
    from healthtwin.store.people import Person
    from healthtwin.twin import Moment

PHASE_WORDS: Final = ("", "silent", "soft", "full", "adapting")
LEARNING: Final = "learning"

_SAFETY: Final = SafetyRules()
_NOTHING: Final = nothing_expected(1)

_STATUS_ORDER: Final = ("critical", "warning", "info", "unknown", LEARNING, "usual")
_EVER_MS: Final = 2**52

SHOWN_BACK_MS: Final = 30 * DAY_MS
"""How far back a newest value is looked for where the newest of all is of a time yet to come."""


class Views:
    """Answers about people, from what the house knows now.

    Args:
        series: values over time.
        head_of: a person's newest state by pseudonym; None for somebody not heard of yet.
        now_ms: the house's clock.
        forecast: the members and models that wrote the states.
        clock_problems: a person's devices whose clocks are wrong.
        synthetic: whether everybody here is simulated.
    """

    def __init__(
        self,
        series: Series,
        head_of: Callable[[str], np.void | None],
        now_ms: Callable[[], int],
        forecast: Forecast,
        clock_problems: Callable[[Person], list[ClockProblemView]],
        *,
        synthetic: bool,
    ) -> None:
        self._series = series
        self._head_of = head_of
        self._now_ms = now_ms
        self._forecast = forecast
        self._clock_problems = clock_problems
        self._synthetic = synthetic

    def held(self, person: Person) -> HeldAlert | None:
        """What somebody closed while its signs stood, and they stand still; by whom is not known here."""
        state = self._head_of(person.pseudonym)
        if state is None or not is_held(state[VITALS_KEY]):
            return None
        vitals = state[VITALS_KEY]
        alert_id = alert_id_of(person.pseudonym, VITALS_KEY, int(vitals["started_ms"]))
        return HeldAlert(AlertLevel(int(vitals["level"])).word, alert_id, int(vitals["resolved_ms"]), "")

    def person(self, person: Person, open_alerts: int, held: HeldAlert | None = None) -> PersonView:
        """One line of "who needs me now"."""
        state = self._head_of(person.pseudonym)
        latest = self._latest(person)
        seen_ms = max((at for at, _ in latest.values()), default=None)
        now_ms = self._now_ms()
        return PersonView(
            id=person.id,
            name=person.name,
            birth_year=person.profile.birth_year,
            sex=person.profile.sex,
            timezone=person.profile.timezone,
            status=self._status(state, alarms=person.profile.alarms),
            phase=_phase_word(state),
            days=0 if state is None else int(state["twin"]["days"]),
            last_reading_at=seen_ms,
            alerts_off_until=None if state is None else _snoozed_until(state, now_ms),
            open_alerts=open_alerts,
            latest=_latest_values(latest, self._levels(person, state, latest), now_ms),
            synthetic=self._synthetic,
            clock_problems=self._clock_problems(person),
            last_vital_at=None if state is None else int(state["heard"]["vital_ms"]) or None,
            news2=None if state is None else self._news2(state),
            closed_by_hand=held,
            alerts_off=not person.profile.alarms,
        )

    def _news2(self, state: np.void) -> int | None:
        if self._now_ms() - int(state["heard"]["vital_ms"]) > STALE_AFTER_MS:
            return None
        found = _SAFETY.risks(
            state["forecast"][_SAFETY.name], state["last"], expected_row(_NOTHING, 0), state["profile"]
        )
        return int(found[0].score) if found else None

    def _latest(self, person: Person) -> dict[int, tuple[int, float]]:
        """The newest value of each metric; none of a time yet to come, which a wrong clock of ours let in."""
        latest, now_ms = self._series.latest(person.pseudonym), self._now_ms()
        for code in [code for code, (at_ms, _) in latest.items() if at_ms > now_ms + AHEAD_MS]:
            del latest[code]
            t, v = self._series.range(person.pseudonym, code, now_ms - SHOWN_BACK_MS, now_ms)
            if len(t):
                latest[code] = int(t[-1]), float(v[-1])
        return latest

    def series(
        self, person: Person, metric_name: str, from_ms: int | None, to_ms: int | None, step_ms: int | None
    ) -> SeriesView:
        """Values of a metric; None is open-ended, both ends included.

        Raises:
            InvalidInput: for a metric that does not exist.
        """
        metric = metric_named(metric_name)
        start = 0 if from_ms is None else from_ms
        end = _EVER_MS if to_ms is None else to_ms
        if step_ms is None:
            t, v = self._series.range(person.pseudonym, metric.code, start, end)
            return SeriesView(t.tolist(), v.tolist(), metric.unit)
        bins = self._series.downsample(person.pseudonym, metric.code, start, end, step_ms)
        return SeriesView(
            bins.t.tolist(),
            bins.mean.tolist(),
            metric.unit,
            bins.minimum.tolist(),
            bins.maximum.tolist(),
            bins.count.tolist(),
        )

    def twin(self, person: Person) -> TwinView:
        """The learned normal and how the newest values compare."""
        state = self._head_of(person.pseudonym)
        if state is None:
            return TwinView(person.id, PHASE_WORDS[1], 0, None, [], self._synthetic)
        latest = self._latest(person)
        newest = {m.name: latest[m.code] for m in LEARNED if m.code in latest}
        # Most metrics came in one message: what was usual then is worked out once for all of them.
        messages = _messages(state, newest)
        known = dict(zip(messages["time_ms"].tolist(), moments(state["twin"], messages), strict=True))
        activity = dict(zip(messages["time_ms"].tolist(), messages["activity"].tolist(), strict=True))
        beyond = self._levels(person, state, latest)
        metrics = [
            self._metric_twin(known[at_ms], activity[at_ms], name, at_ms, value, beyond.get(name))
            for name, (at_ms, value) in newest.items()
        ]
        return TwinView(
            person=person.id,
            phase=_phase_word(state),
            days=int(state["twin"]["days"]),
            updated_at=int(state["last_seen_ms"]) or None,
            metrics=metrics,
            synthetic=self._synthetic,
        )

    def risk(self, person: Person) -> RiskView:
        """What the members say of the newest observation; nothing once that is stale."""
        state = self._head_of(person.pseudonym)
        seen_ms = 0 if state is None else int(state["heard"]["vital_ms"])
        if state is None or seen_ms == 0:
            return RiskView(person.id, None, stale=True, risks=[])
        if self._now_ms() - seen_ms > STALE_AFTER_MS:
            return RiskView(person.id, seen_ms, stale=True, risks=[])
        one = np.array([state], state.dtype)
        expected = expected_row(expect(one["twin"], one["last"]), 0)
        found = self._forecast.risks(state["forecast"], state["last"], expected, state["profile"])
        return RiskView(person.id, seen_ms, stale=False, risks=[self._risk(risk, state) for risk in found])

    def _status(self, state: np.void | None, *, alarms: bool = True) -> str:
        if state is None:
            return Standing.UNKNOWN.value
        now_ms, until_ms = self._now_ms(), int(state["heard"]["known_until_ms"])
        stands = standing(state[VITALS_KEY], until_ms, now_ms)
        if stands in (Standing.UNKNOWN, Standing.USUAL):
            # Silence is known to be silence: the alarm about it is what the list should show.
            stands = max(stands, standing(state[SILENCE_KEY], until_ms, now_ms), key=_urgency)
        if stands is Standing.USUAL and is_held(state[VITALS_KEY]):
            return AlertLevel(int(state[VITALS_KEY]["level"])).word
        if stands is Standing.USUAL and not alarms:
            return Standing.UNKNOWN.value  # nobody is told, so nobody may take it for a good sign
        if stands is Standing.USUAL and _phase_word(state) == PHASE_WORDS[1]:
            return LEARNING
        return stands.value

    def _metric_twin(
        self, moment: Moment, activity: float, name: str, at_ms: int, value: float, level: str | None
    ) -> MetricTwin:
        metric = METRICS[name]
        usual, deviation = moment.usual.get(name), moment.deviations.get(name)
        outside = deviation is not None and deviation.outside
        said = (
            Said.of("still-learning", metric=name, value=value)
            if deviation is None
            else explain(deviation, activity=activity, now_ms=self._now_ms())
        )
        return MetricTwin(
            metric=name,
            label=say(Said(metric.label_code)),
            unit=metric.unit,
            value=value,
            at=at_ms,
            expected=None if usual is None else usual.center,
            spread=None if usual is None else usual.spread,
            low=None if usual is None else usual.low,
            high=None if usual is None else usual.high,
            z=None if deviation is None else deviation.z,
            direction=deviation.direction.value if deviation is not None and outside else None,
            since_at=deviation.since_ms if deviation is not None and outside else None,
            ready=usual is not None,
            text=say(said),
            said=said,
            hours=[
                HourBand(band.hour, band.center, band.spread, band.low, band.high)
                for band in moment.rhythms[name]
                if band is not None
            ],
            level=level,
        )

    def _levels(
        self, person: Person, state: np.void | None, latest: Mapping[int, tuple[int, float]]
    ) -> dict[str, str]:
        """The newest values that an absolute limit speaks of; how old they are is for who reads it."""
        values = {METRIC_BY_CODE[code].name: value for code, (_, value) in latest.items()}
        activity = None if state is None else float(state["last"]["activity"])
        return levels(person.profile, values, self._now_ms(), activity)

    def _risk(self, risk: Risk, state: np.void) -> RiskItem:
        reasons = risk.reasons or tuple(self._reason(driver, state) for driver in risk.drivers)
        return RiskItem(
            condition=risk.condition,
            probability=risk.probability,
            score=risk.score,
            horizon_ms=risk.horizon_ms,
            drivers=[_driver(*each) for each in zip(risk.drivers, reasons, strict=True)],
            model=risk.model,
            text="; ".join(map(say, map(explain, risk.drivers))) if risk.said is None else say(risk.said),
            would_fall="" if risk.would_fall is None else say(risk.would_fall),
            base_rate=risk.base_rate,
            said=risk.said,
            would_fall_said=risk.would_fall,
        )

    def _reason(self, driver: Deviation, state: np.void) -> Said:
        """A driver in words, for as long as the twin says of the same metric on the same page."""
        activity, since_s = (
            float(state["last"]["activity"]),
            int(state["twin"]["since_s"][COLUMN[driver.metric]]),
        )
        told = replace(driver, since_ms=since_s * SECOND_MS if since_s else None)
        return explain(told, activity=None if np.isnan(activity) else activity, now_ms=self._now_ms())


def _driver(driver: Deviation, reason: Said) -> RiskDriver:
    return RiskDriver(
        metric=driver.metric,
        value=driver.value,
        unit=METRICS[driver.metric].unit,
        expected=driver.expected,
        spread=driver.spread,
        z=driver.z,
        text=say(reason),
        said=reason,
        direction=driver.direction.value,
    )


def _latest_values(
    latest: Mapping[int, tuple[int, float]], level_of: Mapping[str, str], now_ms: int
) -> list[LatestValue]:
    told = []
    for code, (at_ms, value) in sorted(latest.items()):
        metric = METRIC_BY_CODE[code]
        one = LatestValue(
            metric=metric.name,
            label=say(Said(metric.label_code)),
            value=value,
            unit=metric.unit,
            at=at_ms,
            level=level_of.get(metric.name),
            freshness=metric.ages.freshness(now_ms - at_ms),
            current_until=at_ms + metric.ages.current,
        )
        told.append(one)
    return told


def worst_first(person: PersonView) -> tuple[int, str]:
    """Sort key: who needs somebody most comes first, then by name."""
    return _STATUS_ORDER.index(person.status), person.name.casefold()


def _urgency(stands: Standing) -> int:
    return -_STATUS_ORDER.index(stands.value)


def _phase_word(state: np.void | None) -> str:
    if state is None:
        return PHASE_WORDS[1]
    return PHASE_WORDS[int(phase(np.array([state], state.dtype)["twin"])[0])]


def _snoozed_until(state: np.void, now_ms: int) -> int | None:
    until = max(int(state[key]["snoozed_until_ms"]) for key in (VITALS_KEY, SILENCE_KEY))
    return until if until > now_ms else None


def _messages(state: np.void, newest: Mapping[str, tuple[int, float]]) -> StructuredArray:
    """The values as the messages they came in, in the context they were measured in as far as it is known."""
    times_ms = sorted({at_ms for at_ms, _ in newest.values()})
    rows = blank_observations(len(times_ms))
    rows["time_ms"] = times_ms
    place = {at_ms: row for row, at_ms in enumerate(times_ms)}
    for name, (at_ms, value) in newest.items():
        rows["value"][place[at_ms], COLUMN[name]] = value
    last = state["last"]
    same = rows["time_ms"] == last["time_ms"]
    rows["asleep"] = np.where(same, last["asleep"], UNKNOWN)
    rows["activity"] = np.where(same, last["activity"], np.nan)
    hours, days = local_hour_and_day(np.repeat(state["profile"]["timezone"], len(rows)), rows["time_ms"])
    rows["hour"], rows["day"] = hours, days
    return rows
