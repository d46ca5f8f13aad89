"""The member that never waits: absolute limits and NEWS2, judged on arrival, without any baseline or budget.

What it may speak on is fresh. A value alarm needs the value itself in this observation; values of the same
round (`ROUND_S`) add to NEWS2, since devices send what they measure one by one; older ones, up to
`CARRIED_S`, are shown beside it with their age and decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import AlertLevel, Evidence, Risk, rules
from healthtwin.domain.arrays import COLUMN, UNKNOWN
from healthtwin.domain.clock import SECOND_MS
from healthtwin.domain.said import Said
from healthtwin.domain.signs import any_of, no_signs, speak
from healthtwin.forecast import news2
from healthtwin.forecast.exertion import elapsed_s, exerting, seconds_of
from healthtwin.forecast.member import Verdict, Voice, measured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.member import Expected, ExpectedValues, Flags, Signs, StructuredArray

ROUND_S: Final = 15 * 60
"""Seconds within which single values count as one set: one round at a bedside, one session with a cuff."""

CARRIED_S: Final = 4 * 3600
"""Seconds for which an older value is still shown beside a new one: NEWS2 has patients of low risk
re-measured every 4 to 6 hours (RCP, 2017, chart 3), so an older one has been replaced by any standard."""

ADULT_AGE: Final = 16
"""Below, neither NEWS2 nor the limits for adults apply. Only the year of birth is known, so a person counts
as grown up from the year after the 16th birthday's: never one day too early."""

_METRIC_OF: Final = {
    news2.RESPIRATION: COLUMN["respiratory_rate"],
    news2.SATURATION: COLUMN["oxygen_saturation"],
    news2.SYSTOLIC: COLUMN["blood_pressure_systolic"],
    news2.PULSE: COLUMN["heart_rate"],
    news2.TEMPERATURE: COLUMN["body_temperature"],
}
"""NEWS2 parameter → column of an observation's values (oxygen and consciousness have fields of their own)."""

_PARAMETERS: Final = len(news2.PARAMETERS)
_DIASTOLIC_BIT: Final = _PARAMETERS
_AGGREGATE_BIT: Final = _PARAMETERS + 1


@dataclass(frozen=True, slots=True)
class Limit:
    """An absolute limit.

    Attributes:
        rule: number in `RULES`; level: at once. metric: name of the metric.
        low: speaks at or below; high: at or above; in the metric's unit, infinite where there is none.
        resting: holds only at rest. adult: holds only for adults and where the age is unknown.
        scale_2: for people on SpO2 scale 2 (True), for all others (False), for everybody (None).
    """

    rule: int
    level: AlertLevel
    metric: str
    low: float = -np.inf
    high: float = np.inf
    resting: bool = False
    adult: bool = True
    scale_2: bool | None = None


_JUST_BELOW_90: Final = float(np.nextafter(90.0, 0.0))
_JUST_BELOW_80: Final = float(np.nextafter(80.0, 0.0))
_JUST_ABOVE_180: Final = float(np.nextafter(180.0, 999.0))
_JUST_ABOVE_120: Final = float(np.nextafter(120.0, 999.0))

_RED: Final = AlertLevel.CRITICAL
_ORANGE: Final = AlertLevel.WARNING

LIMITS: Final = (
    Limit(rules.SPO2_VERY_LOW, _RED, "oxygen_saturation", low=_JUST_BELOW_90, adult=False, scale_2=False),
    Limit(rules.SPO2_VERY_LOW, _RED, "oxygen_saturation", low=83.0, adult=False, scale_2=True),
    Limit(rules.HEART_RATE_VERY_HIGH, _RED, "heart_rate", high=150.0, resting=True),
    Limit(rules.HEART_RATE_VERY_LOW, _RED, "heart_rate", low=35.0),
    Limit(rules.BREATHING_VERY_FAST, _RED, "respiratory_rate", high=30.0, resting=True),
    Limit(rules.BREATHING_VERY_SLOW, _RED, "respiratory_rate", low=5.0),
    Limit(rules.TEMPERATURE_VERY_HIGH, _RED, "body_temperature", high=41.0, adult=False),
    Limit(rules.TEMPERATURE_VERY_LOW, _RED, "body_temperature", low=32.0, adult=False),
    Limit(rules.PRESSURE_VERY_LOW, _RED, "blood_pressure_systolic", low=_JUST_BELOW_80),
    Limit(rules.PRESSURE_VERY_HIGH, _RED, "blood_pressure_systolic", high=220.0),
    Limit(rules.PRESSURE_HIGH, _ORANGE, "blood_pressure_systolic", high=_JUST_ABOVE_180),
    Limit(rules.PRESSURE_HIGH, _ORANGE, "blood_pressure_diastolic", high=_JUST_ABOVE_120),
)
"""Every absolute limit; the source of each stands at its rule. NEWS2's red parameters lie inside these limits
(SpO2 91, heart rate 131 and 40, breathing 25 and 8, systolic 90, temperature 35.0) and warn before they
do."""

CALM_RANGE: Final = {
    "respiratory_rate": (10.0, 22.0),
    "oxygen_saturation": (93.0, np.inf),
    "blood_pressure_systolic": (95.0, 170.0),
    "heart_rate": (45.0, 120.0),
    "body_temperature": (35.5, 39.0),
    "blood_pressure_diastolic": (-np.inf, 112.0),
}
"""Where a value must lie before what it raised is over: inside the limits by more than a sensor's error, so
that a value on the edge does not open and close episodes. On SpO2 scale 2 saturation is calm from 86 %."""

_CALM_SPO2_SCALE_2: Final = 86.0
_CALM_TOTAL: Final = news2.URGENT_TOTAL - 2
"""A NEWS2 alarm is over at 3: two points below what raised it."""

SAFETY_STATE: Final = np.dtype(
    [
        ("charted", "i2", (_PARAMETERS,)),  # latest values in chart units (news2.chart)
        ("at_s", "u4", (_PARAMETERS,)),  # when each was measured; 0 never
        ("active_s", "u4"),  # last movement
        ("hot", "u2"),  # parameters that raised something and have not been calm since, as bits
        ("known", "u1"),  # how many parameters the NEWS2 alarm rested on
    ],
)


_LIMITED: Final = np.array([COLUMN[limit.metric] for limit in LIMITS])
_LOW: Final = np.array([limit.low for limit in LIMITS])
_HIGH: Final = np.array([limit.high for limit in LIMITS])
_AT_WORK_TOO: Final = np.array([not limit.resting for limit in LIMITS])
_IN_CHILDREN_TOO: Final = np.array([not limit.adult for limit in LIMITS])
_SCALE_1: Final = np.array([limit.scale_2 is not True for limit in LIMITS])
_SCALE_2: Final = np.array([limit.scale_2 is not False for limit in LIMITS])


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """One observation per person through the eyes of NEWS2; arrays (people, 7) unless said otherwise."""

    now: NDArray[np.bool_]
    """Measured in this observation."""
    in_round: NDArray[np.bool_]
    carried: NDArray[np.bool_]
    points: NDArray[np.int8]
    applies: Flags  # (people,)
    resting: Flags  # (people,)


class SafetyRules:
    """Absolute limits and NEWS2 for a batch of people. See the module for what counts as fresh.

    >>> from healthtwin.domain.arrays import blank_observations, blank_profiles
    >>> from healthtwin.domain.signs import rules_in
    >>> from healthtwin.forecast import nothing_expected
    >>> member = SafetyRules()
    >>> seen = blank_observations(1)
    >>> seen["time_ms"], seen["value"][0, COLUMN["oxygen_saturation"]] = 1_772_366_400_000, 88
    >>> verdict = member.update(member.blank(1), seen, nothing_expected(1), blank_profiles(1))
    >>> int(verdict.level[0]), [rule.name for rule in rules_in(verdict.signs[0])]
    (3, ['oxygen_saturation_very_low', 'news2_red_parameter'])
    """

    name = "safety"
    version = 1
    voice = Voice.AT_ONCE
    rules = (
        *dict.fromkeys(limit.rule for limit in LIMITS),
        rules.NEWS2_RED,
        rules.NEWS2_URGENT,
        rules.NEWS2_EMERGENCY,
        rules.NOT_ALERT,
        rules.HEART_RATE_BEYOND_EFFORT,
    )
    state_dtype = SAFETY_STATE

    def blank(self, count: int) -> StructuredArray:
        """The state of `count` people of whom nothing was seen."""
        state = np.zeros(count, SAFETY_STATE)
        state["charted"] = news2.MISSING
        return state

    def update(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        expected: Expected,
        profiles: StructuredArray,
    ) -> Verdict:
        """See `healthtwin.forecast.Member.update`; the expectation is not looked at."""
        del expected
        values = measured(observations)
        adult = ~minor(observations, profiles)
        look = self._look(state, observations, values, profiles, adult)
        level = np.zeros(len(state), np.uint8)
        signs = no_signs(len(state))
        hot = state["hot"]
        beyond = _beyond(values, adult, look.resting, profiles["spo2_scale_2"])
        for i in np.flatnonzero(beyond.any(axis=0)).tolist():
            limit, where = LIMITS[i], beyond[:, i]
            _speak(level, signs, where, limit.level, limit.rule)
            hot |= np.where(where, np.uint16(1 << _bit_of(limit.metric)), np.uint16(0))
        self._effort(values, observations, profiles, look, (level, signs, hot))
        confused = observations["consciousness"] > 0
        _speak(level, signs, confused, _RED, rules.NOT_ALERT)
        hot |= np.where(confused, np.uint16(1 << news2.CONSCIOUSNESS), np.uint16(0))
        score = self._news2(state, look, level, signs)
        self._cool(state, observations, values, profiles, look, signs)
        return Verdict(level, score.astype(np.float64), signs, state["hot"] == 0)

    def _look(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        values: NDArray[np.float64],
        profiles: StructuredArray,
        adult: Flags,
    ) -> _Look:
        resting = ~exerting(observations, state["active_s"])
        seen = np.full((len(state), _PARAMETERS), np.nan)
        for parameter, column in _METRIC_OF.items():
            seen[:, parameter] = values[:, column]
        for parameter in (news2.RESPIRATION, news2.PULSE):  # NEWS2 is a score of people at rest
            seen[:, parameter] = np.where(resting, seen[:, parameter], np.nan)
        for parameter, field in ((news2.OXYGEN, "oxygen"), (news2.CONSCIOUSNESS, "consciousness")):
            stated = observations[field] != UNKNOWN
            seen[:, parameter] = np.where(stated, observations[field], np.nan)
        now_s = seconds_of(observations["time_ms"])
        fresh = ~np.isnan(seen)
        np.copyto(state["charted"], news2.chart(seen), where=fresh)
        np.copyto(state["at_s"], now_s[:, None], where=fresh)
        age = elapsed_s(state["at_s"], now_s[:, None])
        return _Look(
            now=fresh,
            in_round=fresh | (age <= ROUND_S),
            carried=fresh | (age <= CARRIED_S),
            points=news2.points(state["charted"], profiles["spo2_scale_2"]),
            applies=adult & ~profiles["pregnant"],
            resting=resting,
        )

    def _effort(
        self,
        values: NDArray[np.float64],
        observations: StructuredArray,
        profiles: StructuredArray,
        look: _Look,
        into: tuple[NDArray[np.uint8], Signs, NDArray[np.uint16]],
    ) -> None:
        if look.resting.all():
            return
        level, signs, hot = into
        beyond = ~look.resting & (values[:, COLUMN["heart_rate"]] > effort_ceiling(observations, profiles))
        _speak(level, signs, beyond, _ORANGE, rules.HEART_RATE_BEYOND_EFFORT)
        hot |= np.where(beyond, np.uint16(1 << news2.PULSE), np.uint16(0))

    def _news2(
        self, state: StructuredArray, look: _Look, level: NDArray[np.uint8], signs: Signs
    ) -> NDArray[np.int8]:
        none = np.int8(0)
        fresh_total = news2.total(np.where(look.now, look.points, none))
        round_total = news2.total(np.where(look.in_round, look.points, none))
        speaks = look.applies & (fresh_total > 0)
        red = (look.now & (look.points == news2.RED)) & look.applies[:, None]
        _speak(level, signs, red.any(axis=1), _ORANGE, rules.NEWS2_RED)
        urgent = speaks & (round_total >= news2.URGENT_TOTAL)
        _speak(level, signs, urgent, _ORANGE, rules.NEWS2_URGENT)
        emergency = speaks & (round_total >= news2.EMERGENCY_TOTAL)
        _speak(level, signs, emergency, _RED, rules.NEWS2_EMERGENCY)
        for parameter in np.flatnonzero(red.any(axis=0)).tolist():
            state["hot"] |= np.where(red[:, parameter], np.uint16(1 << parameter), np.uint16(0))
        state["hot"] |= np.where(urgent, np.uint16(1 << _AGGREGATE_BIT), np.uint16(0))
        known = look.in_round.sum(axis=1).astype(np.uint8)
        np.copyto(state["known"], known, where=urgent)
        return np.where(look.applies, round_total, none)

    def _cool(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        values: NDArray[np.float64],
        profiles: StructuredArray,
        look: _Look,
        signs: Signs,
    ) -> None:
        if not state["hot"].any():
            return
        quiet = ~any_of(signs)
        for metric, (low, high) in CALM_RANGE.items():
            value = values[:, COLUMN[metric]]
            floor = np.full(len(state), low)
            if metric == "oxygen_saturation":
                floor[profiles["spo2_scale_2"]] = _CALM_SPO2_SCALE_2
            _clear(state, _bit_of(metric), quiet & (value >= floor) & (value <= high))
        _clear(state, news2.CONSCIOUSNESS, quiet & (observations["consciousness"] == 0))
        known = look.carried.sum(axis=1)
        total = news2.total(np.where(look.carried, look.points, np.int8(0)))
        _clear(state, _AGGREGATE_BIT, quiet & (total <= _CALM_TOTAL) & (known >= state["known"]))

    def explain(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Evidence, ...]:
        """The values beyond a limit, then NEWS2 with what it rests on."""
        del expected
        return (*_limit_facts(observation, profile, state), *_news2_facts(state, observation, profile))

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Risk, ...]:
        """NEWS2 as it stands now; nothing where it does not apply or nothing was measured."""
        del expected
        parts = _parts(state, observation, profile, ROUND_S)
        if parts is None or not parts.points:
            return ()
        return (Risk("news2", None, float(parts.total), 0, (), f"{self.name} {self.version}"),)


def minor(observations: StructuredArray, profiles: StructuredArray) -> Flags:
    """Who may be under 16 (see `ADULT_AGE`); an unknown year of birth counts as grown up."""
    year = observations["time_ms"].astype("M8[ms]").astype("M8[Y]").astype(np.int64) + 1970
    born = profiles["birth_year"].astype(np.int64)
    young: Flags = (born > 0) & (year - born <= ADULT_AGE)
    return young


def effort_ceiling(observations: StructuredArray, profiles: StructuredArray) -> NDArray[np.float64]:
    """The highest heart rate that effort explains at each person's age, /min: see HEART_RATE_BEYOND_EFFORT.

    Where the age is unknown, that of a person of 20.
    """
    year = observations["time_ms"].astype("M8[ms]").astype("M8[Y]").astype(np.int64) + 1970
    born = profiles["birth_year"].astype(np.int64)
    age = np.where(born > 0, np.clip(year - born, 0, 120), 20)
    ceiling: NDArray[np.float64] = 208.0 - 0.7 * age + 20.0
    return ceiling


def _beyond(values: NDArray[np.float64], adult: Flags, resting: Flags, scale_2: Flags) -> NDArray[np.bool_]:
    """Who is beyond which of `LIMITS`, shape (people, limits)."""
    value = values[:, _LIMITED]
    beyond: NDArray[np.bool_] = (value <= _LOW) | (value >= _HIGH)
    if beyond.any():
        beyond &= resting[:, None] | _AT_WORK_TOO
        beyond &= adult[:, None] | _IN_CHILDREN_TOO
        beyond &= np.where(scale_2[:, None], _SCALE_2, _SCALE_1)
    return beyond


def _bit_of(metric: str) -> int:
    return _DIASTOLIC_BIT if metric == "blood_pressure_diastolic" else news2.PARAMETERS.index(metric)


def _speak(level: NDArray[np.uint8], signs: Signs, where: Flags, loud: AlertLevel, rule: int) -> None:
    if not where.any():  # by far the most usual, and a fifth of the price
        return
    np.maximum(level, np.where(where, np.uint8(loud), np.uint8(0)), out=level)
    speak(signs, where, rule)


def _clear(state: StructuredArray, bit: int, where: Flags) -> None:
    mask = np.uint16(0xFFFF ^ (1 << bit))
    np.copyto(state["hot"], state["hot"] & mask, where=where)


def _parts(state: np.void, observation: np.void, profile: np.void, within_s: int) -> news2.News2 | None:
    """NEWS2 over what was measured within `within_s` of the observation; None where it does not apply."""
    rows, people = _one(observation), _one(profile)
    if bool(minor(rows, people)[0]) or bool(profile["pregnant"]):
        return None
    ages = elapsed_s(state["at_s"], seconds_of(rows["time_ms"]))
    values: dict[str, float | None] = {
        name: float(state["charted"][i]) / news2.CHART_UNITS[i]
        for i, name in enumerate(news2.PARAMETERS)
        if ages[i] <= within_s
    }
    return news2.news2(values, spo2_scale_2=bool(profile["spo2_scale_2"]))


def _one(record: np.void) -> StructuredArray:
    return np.array([record], record.dtype)


def _limit_facts(observation: np.void, profile: np.void, state: np.void) -> list[Evidence]:
    rows, people, states = _one(observation), _one(profile), _one(state)
    values = measured(rows)
    resting = not bool(exerting(rows, states["active_s"])[0])
    adult = not bool(minor(rows, people)[0])
    facts: list[Evidence] = []
    for limit in LIMITS:
        value = float(values[0, COLUMN[limit.metric]])
        beyond = value <= limit.low or value >= limit.high
        if limit.scale_2 is not None and bool(profile["spo2_scale_2"]) != limit.scale_2:
            continue
        if beyond and (resting or not limit.resting) and (adult or not limit.adult):
            facts.append(_value_fact(limit.rule, limit.metric, value, int(observation["time_ms"])))
    heart_rate = float(values[0, COLUMN["heart_rate"]])
    if not resting and heart_rate > float(effort_ceiling(rows, people)[0]):
        at_ms = int(observation["time_ms"])
        facts.append(_value_fact(rules.HEART_RATE_BEYOND_EFFORT, "heart_rate", heart_rate, at_ms))
    if int(observation["consciousness"]) > 0:
        rule = rules.RULES[rules.NOT_ALERT]
        facts.insert(0, Evidence(rule.said, rule.cited, "consciousness", time_ms=int(observation["time_ms"])))
    return facts


def _value_fact(rule: int, metric: str, value: float, time_ms: int) -> Evidence:
    spoken = rules.RULES[rule]
    return Evidence(
        said=Said.of("evidence-limit", metric=metric, value=value, rule=spoken.said),
        source=spoken.cited,
        metric=metric,
        value=value,
        time_ms=time_ms,
    )


def _news2_facts(state: np.void, observation: np.void, profile: np.void) -> list[Evidence]:
    now = _parts(state, observation, profile, ROUND_S)
    if now is None or not now.points:
        return []
    at_ms = int(observation["time_ms"])
    facts = []
    if now.red or now.total >= news2.URGENT_TOTAL:
        heaviest = sorted(now.points.items(), key=lambda part: -part[1])
        scored = tuple(
            Said.of("news2-points", metric=name, points=score) for name, score in heaviest if score
        )
        told = Said.of("evidence-news2", score=now.said, parts=scored)
        facts.append(Evidence(told, Said.of("source-news2"), value=float(now.total), time_ms=at_ms))
        with_older = _parts(state, observation, profile, CARRIED_S)
        if with_older is not None and len(with_older.points) > len(now.points):
            facts.append(_older_fact(state, observation, now, with_older))
    return facts


def _older_fact(state: np.void, observation: np.void, now: news2.News2, all_: news2.News2) -> Evidence:
    now_s = seconds_of(_one(observation)["time_ms"])
    ages = elapsed_s(state["at_s"], now_s)
    older = tuple(
        Said.of("news2-points-older", metric=name, points=all_.points[name], age_ms=int(ages[i]) * SECOND_MS)
        for i, name in enumerate(news2.PARAMETERS)
        if name in all_.points and name not in now.points
    )
    return Evidence(
        said=Said.of("evidence-news2-older", score=all_.said, parts=older),
        source=Said.of("source-news2"),
        value=float(all_.total),
        time_ms=int(observation["time_ms"]),
    )
