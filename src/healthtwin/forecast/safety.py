"""The member that never waits: absolute limits and NEWS2, judged on arrival, without any budget.

What is usual for a person silences only the limits that lie near the ordinary (`Limit.own`: 93 or 94 % of
oxygen, a heart at 120, breathing of 11 or 21). Everything else holds whatever was learned.

What it may speak on is fresh. A value alarm needs the value itself in this observation; values of the same
round (`ROUND_S`) add to NEWS2, since devices send what they measure one by one; older ones, up to
`CARRIED_S`, are shown beside it with their age and decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import AlertLevel, Evidence, Risk, rules
from healthtwin.domain.arrays import COLUMN, UNKNOWN, blank_observations
from healthtwin.domain.clock import DAY_MS
from healthtwin.domain.signs import any_of, no_signs, speak
from healthtwin.forecast import news2
from healthtwin.forecast.beyond import (
    NOTHING,
    RUN_STATE,
    Beyond,
    as_usual,
    clear,
    fallen_far,
    note,
    passed,
    second,
    told,
    with_symptoms,
)
from healthtwin.forecast.doubt import (
    DOUBT_STATE,
    Before,
    believe,
    hard_to_believe,
    overdue,
    settle,
    side_and_tier,
    wait,
)
from healthtwin.forecast.exertion import elapsed_s, exerting, seconds_of
from healthtwin.forecast.lasting_fever import FEVER_STATE, lasting_fever, note_fever
from healthtwin.forecast.limit import ASK, METRICS, PLACE, RULE_OF, Tier
from healthtwin.forecast.limits import (
    NUMBERS,
    Ages,
    ages,
    expecting,
    limit_values,
    limited_of,
    limits_at,
)
from healthtwin.forecast.member import Verdict, Voice, measured
from healthtwin.forecast.own_floor import LOWS_STATE, note_lows, oxygen_shift, pulse_floor, usual_score
from healthtwin.forecast.safety_facts import (
    CARRIED_S,
    NORMAL_SPO2,
    ROUND_S,
    effort_ceiling,
    limit_facts,
    news2_facts,
    parts_of,
)
from healthtwin.forecast.with_symptoms import (
    SYMPTOM_STATE,
    least_tier,
    since_then,
    slow_and_tired,
    slow_heart,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.exertion import Seconds
    from healthtwin.forecast.member import Expected, ExpectedValues, Flags, Signs, StructuredArray

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
_GLUCOSE_BIT: Final = _PARAMETERS + 2

_RED: Final = AlertLevel.CRITICAL
_ORANGE: Final = AlertLevel.WARNING

_SLOW_PULSE: Final = 50
"""NEWS2 gives points to a pulse of 50 and less, 1/min."""

AIR_S: Final = 24 * 3600
"""Without oxygen so recently: what is given now is newly needed."""

ABOVE_USUAL: Final = 2
"""A NEWS2 so many points above somebody's usual is told (RCP, 2017: a lasting illness has a usual score)."""

_CALM_TOTAL: Final = news2.URGENT_TOTAL - 2
"""A NEWS2 alarm is over at 3: two points below what raised it."""

SAFETY_STATE: Final = np.dtype(
    [
        ("charted", "i2", (_PARAMETERS,)),  # latest values in chart units (news2.chart)
        ("at_s", "u4", (_PARAMETERS,)),  # when each was measured; 0 never
        ("active_s", "u4"),  # last movement
        ("hot", "u2"),  # parameters that raised something and have not been calm since, as bits
        ("known", "u1"),  # how many parameters the NEWS2 alarm rested on
        *RUN_STATE,
        *LOWS_STATE,
        *DOUBT_STATE,
        *SYMPTOM_STATE,
        *FEVER_STATE,
    ],
)


def _bit_of(metric: str) -> int:
    beside = {"blood_pressure_diastolic": _DIASTOLIC_BIT, "blood_glucose": _GLUCOSE_BIT}
    return beside[metric] if metric in beside else news2.PARAMETERS.index(metric)


_LIMIT_OF: Final = {
    news2.RESPIRATION: PLACE["respiratory_rate"],
    news2.SATURATION: PLACE["oxygen_saturation"],
    news2.SYSTOLIC: PLACE["blood_pressure_systolic"],
    news2.PULSE: PLACE["heart_rate"],
    news2.TEMPERATURE: PLACE["body_temperature"],
}
"""NEWS2 parameter → place among the limited metrics."""

_HOT_BIT: Final = np.array([_bit_of(name) for name in METRICS])


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
    version = 2
    voice = Voice.AT_ONCE
    rules = (
        *dict.fromkeys(RULE_OF.values()),
        rules.DOUBTFUL,
        rules.NEWS2_RED,
        rules.NEWS2_URGENT,
        rules.NEWS2_EMERGENCY,
        rules.NOT_ALERT,
        rules.HEART_RATE_BEYOND_EFFORT,
        rules.OXYGEN_NEWLY_NEEDED,
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
        """See `healthtwin.forecast.Member.update`; what is usual silences `Limit.own` alone."""
        values = measured(observations)
        known = ages(observations, profiles)
        charted, read_s = state["charted"].copy(), state["read_s"].copy()
        air_s = np.where(charted[:, news2.OXYGEN] == 0, state["at_s"][:, news2.OXYGEN], np.uint32(0))
        look = self._look(state, observations, values, profiles, known)
        level = np.zeros(len(state), np.uint8)
        signs = no_signs(len(state))
        hot = state["hot"]
        limited = limited_of(observations, values)
        now_s = seconds_of(observations["time_ms"])
        note_lows(state, observations, limited[:, PLACE["heart_rate"]], look.resting)
        note_fever(state, limited[:, PLACE["body_temperature"]], now_s)
        over = passed(limit_values(known, observations, profiles), limited, look.resting)
        fallen_far(over, limited, expected.center, expected.ready)
        note(state, over, limited, look.resting, now_s)
        beyond = NOTHING
        if over.any():
            limits = limits_at(known, observations, profiles)
            believed = _believed(state, observations, look)
            before = _before(charted, read_s)
            doubtful = hard_to_believe(before, limited, now_s, ~known.minor, look.resting)
            doubtful &= ~second(over, state["since_s"], now_s) & (observations["consciousness"] <= 0)[:, None]
            since = state["since_s"]
            usual = as_usual(expected.center, expected.ready, limited)
            beyond = told(limits, over, limited, since, now_s, believed, doubtful, usual)
            if state["symptom_s"].any():
                ordinary = ~known.minor & ~expecting(observations, profiles)
                beyond = with_symptoms(beyond, least_tier(state, now_s, ordinary))
            _speak_limits(beyond, level, signs, hot)
            wait(state, beyond, limits, limited, now_s, before)
        if state["doubt_s"].any() or state["symptom_s"].any():
            settle(state, limited, now_s)
            believe(state, beyond, _believed(state, observations, look), now_s)
            _speak_overdue(state, now_s, level, signs, hot)
        if known.minor.any():
            fever = lasting_fever(state, limited[:, PLACE["body_temperature"]], now_s, known.minor)
            _speak(level, signs, fever, _ORANGE, rules.TEMPERATURE_RAISED)
            hot |= np.where(fever, np.uint16(1 << news2.TEMPERATURE), np.uint16(0))
        if profiles["beta_blocker"].any() and state["symptom_s"].any():
            tired = slow_and_tired(state, profiles, now_s)
            _speak(level, signs, tired, _ORANGE, rules.HEART_RATE_LOWERED)
            hot |= np.where(tired, np.uint16(1 << news2.PULSE), np.uint16(0))
        self._effort(values, observations, profiles, look, (level, signs, hot))
        confused = observations["consciousness"] > 0
        _speak(level, signs, confused, _RED, rules.NOT_ALERT)
        hot |= np.where(confused, np.uint16(1 << news2.CONSCIOUSNESS), np.uint16(0))
        usual_total = usual_score(profiles, observations["time_ms"] // DAY_MS)
        _newly_needed(observations["oxygen"] > 0, air_s, usual_total, now_s, (level, signs, hot))
        heard = look.points
        if profiles["own"].any():
            heard = _less_the_usual(state, observations, profiles, look.points)
        urgent_from = np.maximum(news2.URGENT_TOTAL, usual_total + ABOVE_USUAL)
        score = self._news2(state, look, heard, (level, signs), beyond, urgent_from)
        if hot.any():
            back = clear(limits_at(known, observations, profiles), limited)
            self._cool(state, observations, back, look, signs, np.maximum(_CALM_TOTAL, usual_total))
        return Verdict(level, score.astype(np.float64), signs, state["hot"] == 0)

    def _look(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        values: NDArray[np.float64],
        profiles: StructuredArray,
        known: Ages,
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
            applies=~known.minor & ~expecting(observations, profiles),
            resting=resting,
        )

    def overdue(
        self, state: StructuredArray, profiles: StructuredArray, now_ms: int
    ) -> tuple[NDArray[np.uint8], Signs]:
        """Level and signs of what rises by the clock: no second reading came, or a symptom was told since.

        Args:
            state: shape (n,); nothing changes in it. profiles: shape (n,). now_ms: the present.
        """
        level, signs = np.zeros(len(state), np.uint8), no_signs(len(state))
        now_s = seconds_of(np.full(len(state), now_ms, np.int64))
        _speak_overdue(state, now_s, level, signs, state["hot"].copy())
        if state["symptom_s"].any():
            _speak(level, signs, slow_and_tired(state, profiles, now_s), _ORANGE, rules.HEART_RATE_LOWERED)
            clock = blank_observations(len(state))
            clock["time_ms"] = now_ms
            ordinary = ~ages(clock, profiles).minor & ~expecting(clock, profiles)
            grave = since_then(state, now_s, ordinary)
            for place, side in np.argwhere(grave.any(axis=0)).tolist():
                rule = int(NUMBERS[place, side, Tier.EMERGENCY - 1])
                _speak(level, signs, grave[:, place, side], AlertLevel.CRITICAL, rule)
        return level, signs

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
        self,
        state: StructuredArray,
        look: _Look,
        heard: NDArray[np.int8],
        into: tuple[NDArray[np.uint8], Signs],
        beyond: Beyond,
        urgent_from: NDArray[np.int64],
    ) -> NDArray[np.int8]:
        none = np.int8(0)
        level, signs = into
        fresh_total = news2.total(np.where(look.now, heard, none))
        round_total = news2.total(np.where(look.in_round, heard, none))
        speaks = look.applies & (fresh_total > 0)
        red = (look.now & (heard == news2.RED)) & look.applies[:, None]
        if beyond is not NOTHING and red.any():
            for parameter, place in _LIMIT_OF.items():
                # Its own limit has looked closer: asleep, or one reading of a pressure, is less than red.
                red[:, parameter] &= ~_milder(beyond, place)
        _speak(level, signs, red.any(axis=1), _ORANGE, rules.NEWS2_RED)
        urgent = speaks & (round_total >= urgent_from)
        _speak(level, signs, urgent, _ORANGE, rules.NEWS2_URGENT)
        emergency = speaks & (round_total >= news2.EMERGENCY_TOTAL)
        _speak(level, signs, emergency, _RED, rules.NEWS2_EMERGENCY)
        for parameter in np.flatnonzero(red.any(axis=0)).tolist():
            state["hot"] |= np.where(red[:, parameter], np.uint16(1 << parameter), np.uint16(0))
        state["hot"] |= np.where(urgent, np.uint16(1 << _AGGREGATE_BIT), np.uint16(0))
        known = look.in_round.sum(axis=1).astype(np.uint8)
        np.copyto(state["known"], known, where=urgent)
        shown = round_total
        if heard is not look.points:
            shown = news2.total(np.where(look.in_round, look.points, none))
        return np.where(look.applies, shown, none)

    def _cool(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        back: Flags,
        look: _Look,
        signs: Signs,
        calm_total: NDArray[np.int64],
    ) -> None:
        quiet = ~any_of(signs)
        for place, bit in enumerate(_HOT_BIT.tolist()):
            _clear(state, bit, quiet & back[:, place])
        _clear(state, news2.OXYGEN, quiet)  # that it was newly needed is told once
        _clear(state, news2.CONSCIOUSNESS, quiet & (observations["consciousness"] == 0))
        known = look.carried.sum(axis=1)
        total = news2.total(np.where(look.carried, look.points, np.int8(0)))
        _clear(state, _AGGREGATE_BIT, quiet & (total <= calm_total) & (known >= state["known"]))

    def explain(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Evidence, ...]:
        """The values beyond a limit, then NEWS2 with what it rests on."""
        return (
            *limit_facts(observation, profile, state, expected),
            *news2_facts(state, observation, profile),
        )

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Risk, ...]:
        """NEWS2 as it stands now; nothing where it does not apply or nothing was measured."""
        del expected
        parts = parts_of(state, observation, profile, ROUND_S)
        if parts is None or not parts.points:
            return ()
        return (Risk("news2", None, float(parts.total), 0, (), f"{self.name} {self.version}"),)


def _newly_needed(
    on_oxygen: Flags,
    air_s: Seconds,
    usual_total: NDArray[np.int64],
    now_s: Seconds,
    into: tuple[NDArray[np.uint8], Signs, NDArray[np.uint16]],
) -> None:
    """Let oxygen speak that was not given at `air_s`, in place; where a usual score is known, it is usual."""
    if not on_oxygen.any():
        return
    level, signs, hot = into
    needed = on_oxygen & (elapsed_s(air_s, now_s) <= AIR_S) & (usual_total == 0)
    _speak(level, signs, needed, _ORANGE, rules.OXYGEN_NEWLY_NEEDED)
    hot |= np.where(needed, np.uint16(1 << news2.OXYGEN), np.uint16(0))


def _milder(beyond: Beyond, place: int) -> Flags:
    """Where a limit of this metric is passed and told as less urgent than a red parameter of NEWS2."""
    told_of = beyond.tier[:, place]
    milder: Flags = (beyond.passed[:, place].any(axis=(-1, -2))) & (told_of.max(axis=-1) < Tier.NOW)
    return milder


def _speak_overdue(
    state: StructuredArray,
    now_s: Seconds,
    level: NDArray[np.uint8],
    signs: Signs,
    hot: NDArray[np.uint16],
) -> None:
    """What no second reading came of speaks as it is, and what was felt, in place (`state` stays)."""
    _speak(level, signs, faint := slow_heart(state, now_s), AlertLevel.CRITICAL, rules.HEART_RATE_VERY_LOW)
    hot |= np.where(faint, np.uint16(1 << news2.PULSE), np.uint16(0))
    if not state["doubt_s"].any():
        return
    due = overdue(state, now_s)
    for i, place in np.argwhere(due).tolist():
        side, tier = map(int, side_and_tier(state["doubt_what"][i, place]))
        one = np.arange(len(state)) == i
        _speak(level, signs, one, Tier(tier).level, int(NUMBERS[place, side, tier - 1]))
        _speak(level, signs, one, AlertLevel.INFO, rules.DOUBTFUL)
        hot[i] |= np.uint16(1 << int(_HOT_BIT[place]))


def _before(charted: NDArray[np.int16], read_s: Seconds) -> Before:
    """What stood before an observation; of diastolic pressure no value is remembered, nor asked for."""
    value = np.full((len(charted), len(METRICS)), np.nan)
    for parameter, place in _LIMIT_OF.items():
        last = charted[:, parameter]
        value[:, place] = np.where(last == news2.MISSING, np.nan, last / news2.CHART_UNITS[parameter])
    return Before(value, read_s)


def _less_the_usual(
    state: StructuredArray,
    observations: StructuredArray,
    profiles: StructuredArray,
    points: NDArray[np.int8],
) -> NDArray[np.int8]:
    """NEWS2's points without those of what is known to be usual: a known low pulse, oxygen at a height.

    The score that is shown keeps them; they only open no alarm.
    """
    heard = points.copy()
    day = observations["time_ms"] // DAY_MS
    pulse = state["charted"][:, news2.PULSE]
    known = (pulse >= pulse_floor(profiles, day)) & (pulse <= _SLOW_PULSE)
    heard[known, news2.PULSE] = 0
    shift = oxygen_shift(profiles, day)
    spo2 = state["charted"][:, news2.SATURATION]
    thin_air = (shift > 0) & (spo2 > NORMAL_SPO2 - shift) & ~profiles["spo2_scale_2"]
    heard[thin_air, news2.SATURATION] = 0
    return heard


def _believed(state: StructuredArray, observations: StructuredArray, look: _Look) -> Flags:
    """Whose slow breathing is believed at once: not alert, or low in oxygen in the same round."""
    spo2 = state["charted"][:, news2.SATURATION]
    low = look.in_round[:, news2.SATURATION] & (spo2 < NORMAL_SPO2)
    believed: Flags = low | (observations["consciousness"] > 0)
    return believed


def _speak_limits(beyond: Beyond, level: NDArray[np.uint8], signs: Signs, hot: NDArray[np.uint16]) -> None:
    """Let every limit that is passed speak under the rule of its tier, in place."""
    if not beyond.tier.any():
        return
    for place, side in np.argwhere((beyond.tier != 0).any(axis=0)).tolist():
        tier = beyond.tier[:, place, side]
        for each in Tier:
            _speak(level, signs, tier == each, each.level, int(NUMBERS[place, side, each - 1]))
        _speak(level, signs, beyond.alone[:, place, side] | (tier == ASK), AlertLevel.INFO, rules.DOUBTFUL)
        hot |= np.where(tier != 0, np.uint16(1 << int(_HOT_BIT[place])), np.uint16(0))


def _speak(level: NDArray[np.uint8], signs: Signs, where: Flags, loud: AlertLevel, rule: int) -> None:
    if not where.any():  # by far the most usual, and a fifth of the price
        return
    np.maximum(level, np.where(where, np.uint8(loud), np.uint8(0)), out=level)
    speak(signs, where, rule)


def _clear(state: StructuredArray, bit: int, where: Flags) -> None:
    mask = np.uint16(0xFFFF ^ (1 << bit))
    np.copyto(state["hot"], state["hot"] & mask, where=where)
