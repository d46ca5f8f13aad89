"""Patterns from practice as explainable rules, over a short irregular history of each person.

What moved within half an hour is read from a ring of smoothed values: the present against the kept value
nearest to `LOOK_BACK_S` ago. A single noisy reading therefore proves nothing, and a pause in the readings
leaves nothing to compare with, so the rule stays silent.

These rules are budgeted: alone they are at most worth an "info" (`healthtwin.forecast.Forecast` decides, from
whether the deviation member agrees). How often they speak in healthy people is measured, not assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import AlertLevel, Evidence, Risk, rules
from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.said import Said
from healthtwin.domain.shifts import least_shift
from healthtwin.domain.signs import any_of, no_signs, speak
from healthtwin.forecast.exertion import elapsed_s, exerting, seconds_of
from healthtwin.forecast.member import ExpectedValues, Verdict, Voice, measured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.member import Expected, Flags, StructuredArray

    Floats = NDArray[np.float64]

TRACKED: Final = ("heart_rate", "hrv_rmssd", "respiratory_rate", "oxygen_saturation")
"""Only RMSSD: a ratio of RMSSD to SDNN would compare two different things."""

_HEART, _HRV, _BREATH, _OXYGEN = range(len(TRACKED))
_COLUMNS: Final = [COLUMN[name] for name in TRACKED]
_PATTERN_METER: Final = np.array([name != "hrv_rmssd" for name in TRACKED])
"""A lasting shift of HRV takes a week to show; within half an hour its ratio decides."""

SLOTS: Final = 10
SLOT_S: Final = 4 * 60
"""At least this long between two kept values, so that ten of them span 40 minutes."""

LOOK_BACK_S: Final = 30 * 60
NEAREST_S: Final = 20 * 60
FARTHEST_S: Final = 45 * 60
"""Measurement is irregular: what was kept between 20 and 45 minutes ago may stand for "half an hour ago"."""

SMOOTHING_S: Final = 5 * 60
"""Time constant of the smoothing: at five-minute readings the last two weigh about equally."""

HRV_RATIO: Final = 0.85  # down 15 % or more
HEART_RISE: Final = (
    7.0  # /min: two readings of a meter that may be off by 5 (ANSI/AAMI EC13) differ by 5 * √2
)
WRIST_HEART_RISE: Final = (
    12.0  # /min: a wrist's limits of agreement are 11, and no smaller rise is beyond them
)
BREATH_RATIO: Final = 1.40  # up 40 % or more
BREATH_RISE: Final = 4.0  # /min: two counts that may be off by 3 differ by 3 * √2
OXYGEN_FALL: Final = 3.0
"""Points that a reading must have fallen. An oximeter's accuracy of 2 points is one standard deviation (ISO
80601-2-61), so that of a difference is 2.8; two points would be noise. The British Thoracic Society (2017)
has a fall of 3 % or more assessed."""
OXYGEN_FALL_SMOOTHED: Final = 2.0
"""Points that the smoothed value must have fallen with it: at five minutes two readings of 3 points do that,
or one of 4."""
OXYGEN_BELOW_OWN: Final = 4.0  # points: see rules.SPO2_BELOW_OWN
FEVER_RISE: Final = 1.0  # Cel above own usual
FEVER_HEART_RISE: Final = 8.0  # /min: see rules.TEMPERATURE_AND_HEART_RATE_UP
LASTING_S: Final = SLOT_S
"""A pattern that two five-minute readings show is no longer one reading's noise."""

UNUSUAL_Z: Final = 1.0
"""Where a baseline exists, a pattern must also leave the person's everyday range (one spread, and of heart,
breath and saturation what their meters may be off by): heart rate variability falls by 15 % whenever somebody
stands up."""

SIGNATURE_STATE: Final = np.dtype(
    [
        ("smooth", "f4", (len(TRACKED),)),
        ("smooth_s", "u4", (len(TRACKED),)),  # latest value of each; 0 never
        ("kept", "f4", (SLOTS, len(TRACKED))),
        ("kept_s", "u4", (SLOTS,)),  # 0 empty
        ("active_s", "u4"),
        ("spoke_s", "u4"),  # since when some pattern has spoken at every reading; 0 none speaks
        ("next_slot", "u1"),
    ],
)


class Signatures:
    """Four patterns over half an hour or against the own baseline. The score is how many of them speak.

    Its level is "info" at first, and "warning", which may back another member's, once a pattern has spoken
    at every reading for `LASTING_S`: one noisy reading completes a pattern now and then, two hardly do.
    """

    name = "signatures"
    version = 3
    voice = Voice.BACKING
    rules = (
        rules.HRV_DOWN_HEART_RATE_UP,
        rules.BREATHING_UP_SPO2_DOWN,
        rules.SPO2_BELOW_OWN,
        rules.TEMPERATURE_AND_HEART_RATE_UP,
    )
    state_dtype = SIGNATURE_STATE

    def blank(self, count: int) -> StructuredArray:
        """The state of `count` people of whom nothing was seen."""
        return np.zeros(count, SIGNATURE_STATE)

    def update(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        expected: Expected,
        profiles: StructuredArray,
    ) -> Verdict:
        """See `healthtwin.forecast.Member.update`."""
        del profiles
        now_s = seconds_of(observations["time_ms"])
        values = measured(observations)
        active = exerting(observations, state["active_s"])
        seen = values[:, _COLUMNS]
        seen[:, : _BREATH + 1] = np.where(active[:, None], np.nan, seen[:, : _BREATH + 1])
        _smooth(state, seen, now_s)
        speaks = {
            **_moved(state, seen, now_s, expected, observations["worn"] > 0),
            **_against_own(values, expected, active),
        }
        _keep(state, now_s)
        signs = no_signs(len(state))
        score = np.zeros(len(state))
        for rule, where in speaks.items():
            speak(signs, where, rule)
            score = score + where
        spoken, spoke_s = any_of(signs), state["spoke_s"]
        since_s = np.where(spoken, np.where(spoke_s > 0, spoke_s, now_s), 0).astype(np.uint32)
        lasting = spoken & (elapsed_s(since_s, now_s) >= LASTING_S)
        state["spoke_s"] = since_s
        level = np.where(spoken, np.uint8(AlertLevel.INFO), np.uint8(0))
        level = np.where(lasting, np.uint8(AlertLevel.WARNING), level)
        return Verdict(level, score, signs, ~spoken)

    def explain(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Evidence, ...]:
        """Each pattern that this observation completes, with its numbers."""
        del profile
        facts = []
        for rule, metrics in self._speaking(state, observation, expected):
            shown = tuple(_value(observation, expected, name) for name in metrics)
            spoken = rules.RULES[rule]
            facts.append(
                Evidence(
                    Said.of("evidence-pattern", rule=spoken.said, shown=shown),
                    spoken.cited,
                    metrics[0],
                    time_ms=int(observation["time_ms"]),
                )
            )
        return tuple(facts)

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Risk, ...]:
        """Every pattern that speaks; none has a probability, since none was measured on labelled data."""
        del profile
        return tuple(
            Risk(rules.RULES[rule].name, None, 1.0, LOOK_BACK_S * 1000, (), f"{self.name} {self.version}")
            for rule, _ in self._speaking(state, observation, expected)
        )

    def _speaking(
        self, state: np.void, observation: np.void, expected: ExpectedValues
    ) -> list[tuple[int, tuple[str, ...]]]:
        """Rule numbers with the metrics they rest on, judged again on the state after the update."""
        one = np.array([state], state.dtype)
        seen = np.array([observation], observation.dtype)
        values = measured(seen)
        active = exerting(seen, one["active_s"])
        among = ExpectedValues.of(expected, None)
        tracked = values[:, _COLUMNS]
        tracked[:, : _BREATH + 1] = np.where(active[:, None], np.nan, tracked[:, : _BREATH + 1])
        speaks = {
            **_moved(one, tracked, seconds_of(seen["time_ms"]), among, seen["worn"] > 0),
            **_against_own(values, among, active),
        }
        return [(rule, _METRICS_OF[rule]) for rule, where in speaks.items() if bool(where[0])]


_METRICS_OF: Final = {
    rules.HRV_DOWN_HEART_RATE_UP: ("hrv_rmssd", "heart_rate"),
    rules.BREATHING_UP_SPO2_DOWN: ("respiratory_rate", "oxygen_saturation"),
    rules.SPO2_BELOW_OWN: ("oxygen_saturation",),
    rules.TEMPERATURE_AND_HEART_RATE_UP: ("body_temperature", "heart_rate"),
}


def _smooth(state: StructuredArray, seen: Floats, now_s: NDArray[np.uint32]) -> None:
    """Bring the smoothed values up to date; after a pause beyond `FARTHEST_S` they start anew."""
    fresh = ~np.isnan(seen)
    elapsed = elapsed_s(state["smooth_s"], now_s[:, None])
    anew = elapsed > FARTHEST_S
    span = np.where(anew, 0.0, elapsed)
    share = np.where(anew, 1.0, span / (span + SMOOTHING_S))
    old = np.where(anew, 0.0, state["smooth"])
    new = old + share * (np.where(fresh, seen, 0.0) - old)
    np.copyto(state["smooth"], new.astype(np.float32), where=fresh)
    np.copyto(state["smooth_s"], np.broadcast_to(now_s[:, None], fresh.shape), where=fresh)


def _keep(state: StructuredArray, now_s: NDArray[np.uint32]) -> None:
    """Put the smoothed values into the ring, unless its newest are younger than `SLOT_S`."""
    newest = state["kept_s"].max(axis=1)
    due = np.flatnonzero(elapsed_s(newest, now_s) >= SLOT_S)
    fresh = elapsed_s(state["smooth_s"], now_s[:, None]) <= SLOT_S
    values = np.where(fresh, state["smooth"], np.float32(np.nan))
    slot = state["next_slot"][due]
    state["kept"][due, slot] = values[due]
    state["kept_s"][due, slot] = now_s[due]
    state["next_slot"][due] = (slot + 1) % SLOTS


def _half_an_hour_ago(state: StructuredArray, now_s: NDArray[np.uint32]) -> Floats:
    """The kept values nearest to `LOOK_BACK_S` ago, shape (people, tracked); NaN where there is none."""
    age = elapsed_s(state["kept_s"], now_s[:, None])
    off = np.where((age >= NEAREST_S) & (age <= FARTHEST_S), np.abs(age - LOOK_BACK_S), np.inf)
    slot = off.argmin(axis=1)
    people = np.arange(len(state))
    return np.where(
        np.isinf(off[people, slot])[:, None], np.nan, state["kept"][people, slot].astype(np.float64)
    )


def _moved(
    state: StructuredArray, seen: Floats, now_s: NDArray[np.uint32], expected: Expected, worn: Flags
) -> dict[int, Flags]:
    """The patterns of half an hour; each needs both values fresh in this observation."""
    past = _half_an_hour_ago(state, now_s)
    now = np.where(np.isnan(seen), np.nan, state["smooth"].astype(np.float64))
    z, shift = expected.z[:, _COLUMNS], seen - expected.center[:, _COLUMNS]
    meter = np.where(_PATTERN_METER, least_shift(expected.center)[:, _COLUMNS], 0.0)

    def unusual(column: int, sign: float) -> Flags:
        # NaN (no baseline) compares as False: not held against it
        usual: Flags = (sign * z[:, column] < UNUSUAL_Z) | (sign * shift[:, column] < meter[:, column])
        return ~usual

    rise = np.where(worn, WRIST_HEART_RISE, HEART_RISE)
    hrv_down = (now[:, _HRV] <= HRV_RATIO * past[:, _HRV]) & unusual(_HRV, -1.0)
    heart_up = (now[:, _HEART] >= past[:, _HEART] + rise) & unusual(_HEART, 1.0)
    breath = np.maximum(BREATH_RATIO * past[:, _BREATH], past[:, _BREATH] + BREATH_RISE)
    breath_up = (now[:, _BREATH] >= breath) & unusual(_BREATH, 1.0)
    fallen = (seen[:, _OXYGEN] <= past[:, _OXYGEN] - OXYGEN_FALL) & (
        now[:, _OXYGEN] <= past[:, _OXYGEN] - OXYGEN_FALL_SMOOTHED
    )
    oxygen_down = fallen & unusual(_OXYGEN, -1.0)
    return {
        rules.HRV_DOWN_HEART_RATE_UP: hrv_down & heart_up,
        rules.BREATHING_UP_SPO2_DOWN: breath_up & oxygen_down,
    }


def _against_own(values: Floats, expected: Expected, active: Flags) -> dict[int, Flags]:
    """The patterns against the person's own usual; silent where none is known: NaN compares as False."""
    above = np.where(expected.ready, values - expected.center, np.nan)
    oxygen = above[:, COLUMN["oxygen_saturation"]] <= -OXYGEN_BELOW_OWN
    fever = above[:, COLUMN["body_temperature"]] >= FEVER_RISE
    faster = above[:, COLUMN["heart_rate"]] >= FEVER_HEART_RISE
    return {rules.SPO2_BELOW_OWN: oxygen, rules.TEMPERATURE_AND_HEART_RATE_UP: fever & faster & ~active}


def _value(observation: np.void, expected: ExpectedValues, name: str) -> Said:
    value = float(observation["value"][COLUMN[name]])
    if not bool(expected.ready[COLUMN[name]]):
        return Said.of("pattern-value", metric=name, value=value)
    return Said.of(
        "pattern-value-usual", metric=name, value=value, expected=float(expected.center[COLUMN[name]])
    )
