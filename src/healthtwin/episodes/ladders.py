"""Ladders: how far each vital sign stands from safety, in rungs, and when it has become clearly worse.

What somebody knows of an episode is a set of signs with values, not a level. So beside an episode stands one
`LADDER` per person: of each vital in each direction the rung that was told and the value it was told with,
the newest value and when it was read, and since when it has been calm.

Rungs and steps are NEWS2's bands (RCP, 2017), the product's own limits, and the error of the meters: two
readings of an unchanged person differ by less than a step (docs/decisions/0022, with the source of each). A
rung marked urgent needs no second reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, RULES, SECOND_MS, AlertLevel, rules
from healthtwin.domain.arrays import COLUMN, whole_words
from healthtwin.domain.signs import signs_of
from healthtwin.forecast import measured
from healthtwin.forecast.beyond import clear as back
from healthtwin.forecast.limit import HIGH, LOW, METRICS, PLACE, TIERS
from healthtwin.forecast.limits import ages, expecting, limit_values, limited_of, limits_at
from healthtwin.forecast.own_floor import usual_score

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast import Judgement
    from healthtwin.forecast.limits import Ages

    StructuredArray = NDArray[np.void]
    Flags = NDArray[np.bool_]
    Times = NDArray[np.int64]
    Signs = NDArray[np.uint64]
    Rungs = NDArray[np.uint8]
    Values = NDArray[np.float64]

NEWS2: Final = "news2"

VITALS: Final = (
    "oxygen_saturation",
    "heart_rate",
    "respiratory_rate",
    "blood_pressure_systolic",
    "blood_pressure_diastolic",
    "body_temperature",
    "consciousness",
    NEWS2,
    "blood_glucose",
)
"""What has a ladder: metrics by name, and the score that sums them up."""

_NO_RUNG: Final = 99


@dataclass(frozen=True, slots=True)
class Channel:
    """One vital in one direction.

    Attributes:
        name: stands in what is told; never reused.
        vital: in `VITALS`. up: whether higher is worse.
        rungs: limits, the mildest first, in the metric's unit; at the limit the rung is reached.
        speaks: rung (from 1) from which the vital alone is a warning.
        urgent: rung from which one reading is enough. step: what two readings must differ by, in the unit.
    """

    name: str
    vital: str
    up: bool
    rungs: tuple[float, ...]
    speaks: int
    step: float
    urgent: int = _NO_RUNG


_BELOW_90: Final = float(np.nextafter(90.0, 0.0))
_BELOW_70, _BELOW_54, _BELOW_40 = (float(np.nextafter(value, 0.0)) for value in (70.0, 54.0, 40.0))
_BELOW_80: Final = float(np.nextafter(80.0, 0.0))

CHANNELS: Final = (
    Channel("spo2_down", "oxygen_saturation", False, (92.0, _BELOW_90, 85.0, 80.0, 75.0, 70.0), 1, 3.0, 4),
    Channel("heart_rate_up", "heart_rate", True, (120.0, 131.0, 150.0, 170.0, 190.0), 2, 15.0, 4),
    Channel("heart_rate_down", "heart_rate", False, (40.0, 35.0, 30.0, 25.0), 1, 5.0, 3),
    Channel("breathing_up", "respiratory_rate", True, (21.0, 25.0, 30.0, 36.0, 40.0), 2, 4.0, 4),
    Channel("breathing_down", "respiratory_rate", False, (11.0, 8.0, 5.0), 2, 2.0, 2),
    Channel("systolic_down", "blood_pressure_systolic", False, (100.0, 90.0, _BELOW_80, 70.0), 2, 10.0, 3),
    Channel("systolic_up", "blood_pressure_systolic", True, (180.0, 200.0, 220.0, 240.0), 1, 10.0),
    Channel("diastolic_up", "blood_pressure_diastolic", True, (110.0, 120.0, 130.0, 140.0), 2, 10.0),
    Channel("temperature_up", "body_temperature", True, (39.1, 40.0, 41.0, 42.0), 2, 0.5, 3),
    Channel("temperature_down", "body_temperature", False, (35.0, 34.0, 32.0, 30.0), 1, 1.0, 3),
    Channel("consciousness", "consciousness", True, (1.0, 2.0, 3.0, 4.0), 1, 1.0, 1),
    Channel("news2", NEWS2, True, (5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0, 19.0), 1, 2.0),
    Channel("glucose_down", "blood_glucose", False, (_BELOW_70, _BELOW_54, _BELOW_40, 30.0), 2, 15.0, 3),
    Channel("glucose_up", "blood_glucose", True, (250.0, 400.0, 600.0, 800.0), 2, 60.0, 3),
)
"""The ladders of adults; the place of a channel stands in the log (`VerbPayload.rungs`): add
at the end only."""

SPO2_SCALE_2: Final = Channel(
    "spo2_down", "oxygen_saturation", False, (87.0, 85.0, 83.0, 80.0, 75.0), 2, 3.0, 4
)
"""In place of the first ladder for people whose target is 88 to 92 %."""

_CALM_NEWS2: Final = 3.0
"""A score is over two points below what raises it."""

FRESH_MS: Final = (
    HOUR_MS,
    HOUR_MS,
    HOUR_MS,
    24 * HOUR_MS,
    24 * HOUR_MS,
    4 * HOUR_MS,
    HOUR_MS,
    HOUR_MS,
    HOUR_MS,
)
"""How long a value of each of `VITALS` is shown as the present one; older, it says nothing about now."""

CONFIRM_MS: Final = 10 * MINUTE_MS
"""A second reading on the rung within this confirms it. Where none comes, it is told by then: silence must
not come from doubt."""

_BEYOND_DOUBT: Final = 2.0
"""Steps: more than the errors of two readings together make, so that one reading is enough."""

PAUSE_MS: Final = 5 * MINUTE_MS
"""Between two tellings of one episode, unless a new sign or an urgent rung speaks."""

REPEAT_MS: Final = 15 * MINUTE_MS
"""What the advice asks for: sit quietly and measure again in 15 minutes."""

SPOT_GAP_MS: Final = 10 * MINUTE_MS
"""A vital that was not read for so long is measured on purpose, not watched."""

STRETCH_MS: Final = 30 * MINUTE_MS
"""How long a watched vital must be clearly back: half the hour at which NEWS2 has a patient of medium risk
watched (RCP, 2017)."""

_N: Final = len(CHANNELS)
_V: Final = len(VITALS)
_MOST: Final = max(len(channel.rungs) for channel in CHANNELS)
VITAL_OF: Final = np.array([VITALS.index(channel.vital) for channel in CHANNELS])
SIGN_OF: Final = np.array([1.0 if channel.up else -1.0 for channel in CHANNELS])
STEP: Final = np.array([channel.step for channel in CHANNELS])
SPEAKS: Final = np.array([channel.speaks for channel in CHANNELS], np.uint8)
URGENT: Final = np.array([channel.urgent for channel in CHANNELS], np.uint8)
_FRESH_S: Final = np.array(FRESH_MS)[VITAL_OF] // SECOND_MS


_AWAKE, _SCORED = VITALS.index("consciousness"), VITALS.index(NEWS2)
_LIMITED: Final = np.array([VITALS.index(name) for name in METRICS])

_INFORM: Final = (rules.DOUBTFUL, rules.DEVIATION, rules.FORECAST_HYPOXIA, rules.FORECAST_RED)
_LOUD: Final = ~signs_of(*_INFORM, rules.NEWS2_RED)
"""Rules that are news by themselves: not those that only inform, nor that one parameter is red, since that
one's own ladder says which."""


def _limits(*channels: Channel) -> NDArray[np.float64]:
    """Oriented so that more is worse; shape (channels, most rungs)."""
    table = np.full((len(channels), _MOST), np.inf)
    for i, channel in enumerate(channels):
        table[i, : len(channel.rungs)] = np.array(channel.rungs) * (1.0 if channel.up else -1.0)
    return table


_ADULT: Final = _limits(*CHANNELS)
_SCALE_2: Final = _limits(SPO2_SCALE_2)[0]

LADDER: Final = whole_words(
    [
        ("told_value", "f4", (_N,)),  # with which each channel was told last
        ("seen_s", "u4", (_N,)),  # last reading on any rung; 0 none since it was calm
        ("value", "f4", (_V,)),  # newest of each vital
        ("read_s", "u4", (_V,)),  # when that was measured; 0 not in this episode
        ("calm_s", "u4", (_V,)),  # first reading of the present calm stretch; 0 not calm
        ("told_rung", "u1", (_N,)),  # worst that was told; 0 nothing
        ("seen_rung", "u1", (_N,)),  # of the newest reading
        ("repeats", "u1", (_V,)),  # calm readings on purpose since the last one on a rung
        ("era", "u1", (_V,)),  # how often each vital was over, modulo 256
    ]
)
"""What was seen and told of each vital of one person, while an episode stands or is held quiet by hand."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One observation per person, by channel and by vital.

    Attributes:
        loud: rules that speak at warning or above, shape (n, SIGN_WORDS).
        rung: reached now; 0 none or not measured, shape (n, channels).
        speaks, urgent: whether that rung is a warning by itself, needs no second reading; same shape.
        value: NaN where not measured, shape (n, vitals). clear: measured and clearly back, same shape.
    """

    loud: Signs
    rung: Rungs
    speaks: NDArray[np.bool_]
    urgent: NDArray[np.bool_]
    value: Values
    clear: NDArray[np.bool_]


def look_at(
    observations: StructuredArray, profiles: StructuredArray, resting: Flags, judged: Judgement
) -> Look:
    """What an observation shows of every channel; elementwise.

    Args:
        observations: `domain.OBSERVATION`, profiles: `domain.PROFILE`, shape (n,).
        resting: heart and breathing count, shape (n,). judged: the judgement of the same observations.
    """
    values, count = measured(observations), len(observations)
    seen = _seen(observations, resting)
    any_vital = ~np.isnan(seen).all(axis=1)
    seen[:, _SCORED] = np.where(any_vital, judged.at_once, np.nan)
    known = ages(observations, profiles)
    rung = _reached(seen, known, observations, profiles)
    warned = (judged.level >= AlertLevel.WARNING)[:, None]
    clear = np.zeros((count, _V), np.bool_)
    clear[:, _LIMITED] = back(limits_at(known, observations, profiles), limited_of(observations, values))
    clear[:, _AWAKE] = seen[:, _AWAKE] == 0
    usual = usual_score(profiles, observations["time_ms"] // DAY_MS)
    # A score of few parameters is low because little was measured: it is over when the judgement says so.
    clear[:, _SCORED] = (seen[:, _SCORED] <= np.maximum(_CALM_NEWS2, usual)) & judged.calm
    return Look(
        loud=judged.loud & _LOUD,
        rung=rung,
        speaks=(rung >= SPEAKS) & warned,
        urgent=rung >= URGENT,
        value=seen,
        clear=clear & ~_per_vital(rung > 0),
    )


def note_last(
    ladder: StructuredArray, observations: StructuredArray, profiles: StructuredArray, resting: Flags
) -> None:
    """What was measured last is told now, though no reading came: somebody felt something, in place.

    Args:
        observations: the latest of each person, shape (n,). resting: as for `look_at`.
    """
    seen = _seen(observations, resting)
    rung = _reached(seen, ages(observations, profiles), observations, profiles)
    read = ~np.isnan(seen)
    np.copyto(ladder["value"], seen, where=read, casting="same_kind")
    on_rung = read[:, VITAL_OF] & (rung > 0)
    np.copyto(ladder["seen_rung"], rung, where=on_rung)
    at_s = _seconds(observations["time_ms"])[:, None]
    for field, where in (("read_s", read), ("seen_s", on_rung)):
        np.copyto(ladder[field], np.broadcast_to(at_s, where.shape), where=where, casting="unsafe")
    note_told(ladder, np.ones(len(ladder), np.bool_))


def _seen(observations: StructuredArray, resting: Flags) -> Values:
    """What was measured of each of `VITALS` but the score, NaN where not, shape (n, vitals)."""
    values, consciousness = measured(observations), observations["consciousness"]
    seen = np.full((len(values), _V), np.nan)
    for i, name in enumerate(VITALS):
        if name in COLUMN:
            seen[:, i] = values[:, COLUMN[name]]
    for name in ("heart_rate", "respiratory_rate"):
        seen[:, VITALS.index(name)] = np.where(resting, seen[:, VITALS.index(name)], np.nan)
    seen[:, _AWAKE] = np.where(consciousness >= 0, consciousness, np.nan)
    seen[:, VITALS.index("blood_glucose")] = observations["glucose"]
    return seen


def _reached(seen: Values, known: Ages, observations: StructuredArray, profiles: StructuredArray) -> Rungs:
    """The rung of each channel, by the person's own ladder, shape (n, channels)."""
    rung = _rungs(seen, profiles["spo2_scale_2"])
    other = known.minor | expecting(observations, profiles)
    if not other.any():
        return rung
    limits = limit_values(known, observations, profiles)
    return np.where(other[:, None], _rungs_of_limits(seen, limits), rung)


def _rungs(seen: Values, scale_2: Flags) -> Rungs:
    oriented = seen[:, VITAL_OF] * SIGN_OF
    rung = (oriented[:, :, None] >= _ADULT).sum(axis=2)
    other = (oriented[:, 0, None] >= _SCALE_2).sum(axis=1)
    rung[:, 0] = np.where(scale_2, other, rung[:, 0])
    result: Rungs = rung.astype(np.uint8)
    return result


def _rungs_of_limits(seen: Values, limits: Values) -> Rungs:
    """Of those who have other limits than adults: a rung for each limit passed, then one for each step."""
    rung = np.zeros((len(seen), _N), np.uint8)
    for i, channel in enumerate(CHANNELS):
        value = seen[:, VITAL_OF[i]] * SIGN_OF[i]
        if channel.vital not in PLACE:
            rung[:, i] = (value[:, None] >= _ADULT[i]).sum(axis=1)
            continue
        of_channel = limits[:, PLACE[channel.vital], HIGH if channel.up else LOW] * SIGN_OF[i]
        passed = value[:, None] >= of_channel
        worst = np.where(passed, np.arange(1, TIERS + 1), 0).max(axis=1)
        # Nobody is divided who has no such limit, or no such value: neither is a number.
        deep = np.where(passed[:, -1], value - of_channel[:, -1], 0.0)
        rung[:, i] = worst + np.minimum(deep // channel.step, _MOST).astype(np.uint8)
    return rung


def _per_vital(channels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether any channel of each vital, shape (n, vitals)."""
    found = np.zeros((len(channels), _V), np.bool_)
    for i, vital in enumerate(VITAL_OF.tolist()):
        found[:, vital] |= channels[:, i]
    return found


def _seconds(time_ms: Times) -> NDArray[np.int64]:
    return np.clip(time_ms // SECOND_MS, 0, np.iinfo(np.uint32).max)


def distance(ladder: StructuredArray, value: Values) -> Values:
    """How many steps each channel lies beyond the value last told, shape (n, channels); NaN not measured."""
    told = ladder["told_value"].astype(np.float64)
    steps: Values = (value[:, VITAL_OF] - told) * SIGN_OF / STEP
    return steps


def worsened(
    ladder: StructuredArray, look: Look, time_ms: Times, told_ms: Times, closed: Flags
) -> NDArray[np.bool_]:
    """Which channels have something to tell that was not told: a new vital, or a clearly worse one.

    Args:
        ladder: before this observation. told_ms: when something was told last, shape (n,).
        closed: by hand, while signs stand, shape (n,). Nobody looks after that one any more and the clock
            opens nothing, so a first worse reading is told: no second one may ever come.

    Returns:
        Shape (n, channels).
    """
    told = ladder["told_rung"]
    new = look.speaks & (told < SPEAKS)
    deeper = (look.rung > told) & (told > 0)
    if not (new.any() or deeper.any()):
        return new
    steps = distance(ladder, look.value)
    seen_before = (ladder["seen_rung"] > told) & (
        _seconds(time_ms)[:, None] - ladder["seen_s"] <= CONFIRM_MS // SECOND_MS
    )
    sure = (steps >= _BEYOND_DOUBT) | seen_before | closed[:, None]
    rested = ((time_ms - told_ms >= PAUSE_MS) | closed)[:, None]
    worse: NDArray[np.bool_] = deeper & (steps >= 1.0) & (look.urgent | (sure & rested))
    return new | worse


def unconfirmed(ladder: StructuredArray, now_ms: int) -> NDArray[np.bool_]:
    """Which channels showed a worse rung once and have not been read since, so that it must be told now."""
    told, age_s = ladder["told_rung"], now_ms // SECOND_MS - ladder["seen_s"].astype(np.int64)
    waited = (age_s >= CONFIRM_MS // SECOND_MS) & (age_s <= _FRESH_S)
    once = (ladder["seen_rung"] > told) & (told > 0) & waited
    beyond: NDArray[np.bool_] = once & (distance(ladder, ladder["value"].astype(np.float64)) >= 1.0)
    return beyond


def note_seen(ladder: StructuredArray, look: Look, where: Flags, time_ms: Times) -> None:
    """Remember what was read, in place; after `worsened` and before `settle`."""
    measured = ~np.isnan(look.value) & where[:, None]
    now_s = np.broadcast_to(_seconds(time_ms)[:, None], (len(ladder), _N))
    np.copyto(ladder["value"], look.value, where=measured, casting="same_kind")
    read = measured[:, VITAL_OF]
    np.copyto(ladder["seen_rung"], look.rung, where=read)
    np.copyto(ladder["seen_s"], now_s, where=read & (look.rung > 0), casting="unsafe")


def note_told(ladder: StructuredArray, where: Flags) -> None:
    """Everything that stands is told with its newest value, in place."""
    if not where.any():
        return
    standing = where[:, None] & (ladder["seen_rung"] > 0)
    np.copyto(ladder["told_rung"], np.maximum(ladder["told_rung"], ladder["seen_rung"]), where=standing)
    np.copyto(ladder["told_value"], ladder["value"][:, VITAL_OF], where=standing)


def settle(
    ladder: StructuredArray,
    look: Look,
    where: Flags,
    time_ms: Times,
    need: NDArray[np.uint8],
    keep: Flags,
) -> NDArray[np.bool_]:
    """Which told vitals are over with this reading; they are forgotten, in place.

    A watched vital is over after a calm stretch. One that is measured on purpose is over as the advice says:
    by a calm reading 15 minutes after the last one on a rung, by two of them where `need` says so.

    Args:
        need: how many calm readings on purpose are enough; 255 none are, shape (n,).
        keep: whose vitals are remembered all the same, shape (n,).

    Returns:
        Shape (n, vitals).
    """
    now_s = _seconds(time_ms)[:, None]
    measured = ~np.isnan(look.value) & where[:, None]
    calm = look.clear & where[:, None]
    read_s, calm_s = ladder["read_s"].astype(np.int64), ladder["calm_s"].astype(np.int64)
    last_s = np.zeros((len(ladder), _V), np.int64)
    for i, vital in enumerate(VITAL_OF.tolist()):
        last_s[:, vital] = np.maximum(last_s[:, vital], ladder["seen_s"][:, i])
    on_purpose = now_s - read_s >= SPOT_GAP_MS // SECOND_MS
    asked_for = calm & on_purpose & (now_s - last_s >= REPEAT_MS // SECOND_MS) & (last_s > 0)
    repeats = np.where(asked_for, np.minimum(ladder["repeats"] + 1, 200), ladder["repeats"])
    begun = np.where(calm & (calm_s == 0), now_s, calm_s)
    upset = measured & ~calm
    ladder["repeats"] = np.where(upset, 0, repeats)
    ladder["calm_s"] = np.where(upset, 0, begun)
    np.copyto(ladder["read_s"], np.broadcast_to(now_s, measured.shape), where=measured, casting="unsafe")
    stretched = now_s - begun >= STRETCH_MS // SECOND_MS
    told = _per_vital(ladder["told_rung"] > 0)
    over: NDArray[np.bool_] = told & calm & (stretched | (repeats >= need[:, None])) & ~keep[:, None]
    forget(ladder, over)
    return over


def forget(ladder: StructuredArray, over: NDArray[np.bool_]) -> None:
    """What was seen and told of these vitals is over, in place; `over` has shape (n, vitals)."""
    if not over.any():
        return
    channels = over[:, VITAL_OF]
    np.copyto(ladder["era"], ladder["era"] + np.uint8(1), where=over)
    for name in ("told_rung", "seen_rung", "seen_s", "told_value"):
        np.copyto(ladder[name], 0, where=channels, casting="unsafe")


def untell(ladder: StructuredArray, where: Flags) -> None:
    """Nothing counts as told any more, in place; what was seen stays."""
    for name in ("told_rung", "told_value"):
        np.copyto(ladder[name], 0, where=where[:, None], casting="unsafe")


def begin_anew(ladder: StructuredArray, where: Flags) -> None:
    """Begin anew, in place."""
    if where.any():
        ladder[where] = np.zeros(1, LADDER)


def standing(ladder: StructuredArray) -> Flags:
    """Whether any vital that was told is not over, shape (n,)."""
    stands: Flags = np.logical_or.reduce(ladder["told_rung"] > 0, axis=1)
    return stands


def fresh(ladder: StructuredArray, time_ms: Times) -> Flags:
    """Whether any vital stands on a rung by a reading that still speaks of now, shape (n,)."""
    age_s = _seconds(time_ms)[:, None] - ladder["seen_s"].astype(np.int64)
    now = (ladder["seen_rung"] >= SPEAKS) & (age_s <= _FRESH_S)
    stands: Flags = np.logical_or.reduce(now, axis=1)
    return stands


def _rules_of(vital: str) -> Signs:
    return signs_of(*(number for number, rule in RULES.items() if rule.name.startswith(vital)))


_PRESSURE: Final = _rules_of("blood_pressure")

RULES_OF: Final = np.stack(
    [
        *(_rules_of(vital) for vital in VITALS[:3]),
        _PRESSURE,
        _PRESSURE,
        _rules_of("body_temperature"),
        _rules_of("not_alert"),
        _rules_of("news2"),
        _rules_of("blood_glucose"),
    ]
)
"""Rules that are over when one of `VITALS` is, named after their vital; shape (vitals, SIGN_WORDS)."""


def told_rules(ladder: StructuredArray) -> Signs:
    """Rules of vitals whose ladder was told: from then on the ladder says what is worse, shape (n, words)."""
    told = _per_vital(ladder["told_rung"] > 0)
    spoken = np.zeros((len(told), RULES_OF.shape[1]), np.uint64)
    for vital in [vital for vital in range(_V) if vital != _SCORED]:
        spoken |= np.where(told[:, vital, None], RULES_OF[vital], np.uint64(0))
    return spoken


def rules_over(over: NDArray[np.bool_], ladder: StructuredArray) -> Signs:
    """Signs that these vitals take with them; a score's only when no vital stands, shape (n, SIGN_WORDS)."""
    gone = np.zeros((len(over), RULES_OF.shape[1]), np.uint64)
    nothing = ~standing(ladder)
    for vital in range(_V):
        ends = over[:, vital] if vital != _SCORED else nothing
        if vital in (3, 4):  # one cuff measures both, and its rules speak of either
            ends = over[:, vital] & ~(ladder["told_rung"][:, 5:8] > 0).any(axis=1)
        gone |= np.where(ends[:, None], RULES_OF[vital], np.uint64(0))
    return gone
