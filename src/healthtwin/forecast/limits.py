"""The limits of many people at once: a row of a table for each, by age in months and what the profile says.

The numbers stand in `healthtwin.forecast.limit_table` with their sources. A child whose month of birth is not
known may stand in several bands of age: then the loosest limit of those holds, and it is said that it is
coarse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.clock import DAY_MS
from healthtwin.forecast.limit import (
    ADULT_MONTHS,
    HIGH,
    LOW,
    METRICS,
    PLACE,
    RULE_OF,
    TIERS,
    Limit,
    Tier,
)
from healthtwin.forecast.limit_table import ADULTS, AGAIN_S, CHILDREN, LIMITS, PREGNANCY, SCALE_2
from healthtwin.forecast.own_floor import LOWEST_FLOOR, oxygen_shift, pulse_floor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from healthtwin.forecast.member import Flags, Floats, StructuredArray

AFTER_BIRTH_DAYS: Final = 6 * 7
"""The limits of pregnancy hold for six weeks after birth."""

PACED_BELOW: Final = 5
"""A pulse so far below a pacemaker's lower rate is one that it missed, 1/min (a meter may be off by 5)."""

FAST_FIBRILLATION: Final = 110.0
"""Faster at rest, atrial fibrillation is to be seen (RACE II, Van Gelder et al., N Engl J Med 2010;362:1363;
recalled), 1/min."""

NEVER_BELOW_SPO2: Final = 80.0
"""No height above the sea moves a limit below this, %."""

LIMITED: Final = np.array([COLUMN[name] for name in METRICS[:-1]])
"""Column of each limited metric in an observation's values; the last, glucose, stands beside them."""


def limited_of(observations: StructuredArray, values: Floats) -> Floats:
    """The limited metrics of observations, shape (n, metrics), NaN where not measured.

    Args:
        values: of `observations`, from `healthtwin.forecast.measured`.
    """
    return np.concatenate((values[:, LIMITED], observations["glucose"][:, None]), axis=1)


_COARSE_MONTHS: Final = 12
"""How far apart the possible ages lie where only the year of birth is known, months."""

_ADULT_ROW, _PREGNANT_ROW, _PREGNANT_CHILD_ROW, _FIRST_MONTH_ROW = range(4)
_FIRST_COARSE_ROW: Final = _FIRST_MONTH_ROW + ADULT_MONTHS
_ROWS: Final = _FIRST_COARSE_ROW + ADULT_MONTHS + _COARSE_MONTHS

NUMBERS: Final = np.array(
    [[[RULE_OF.get((metric, side, tier), -1) for tier in Tier] for side in (LOW, HIGH)] for metric in METRICS]
)
"""Number of the rule of each limit, shape (metrics, sides, tiers); -1 where there is none."""


SOURCES: Final = tuple(dict.fromkeys(limit.source for limit in (*LIMITS, *SCALE_2)))
"""Code of the words of every source."""


@dataclass(frozen=True, slots=True, eq=False)
class LimitArrays:
    """Limits of many people, or of many kinds of people. Shape (n, metrics, sides, tiers).

    Attributes:
        value: the limit; -inf on the low side and inf on the high side where there is none.
        at_once: from this value on one reading is enough; the same where there is none.
        after_s, first, waits, own: as in `Limit`. source: place in `SOURCES`.
    """

    value: Floats
    at_once: Floats
    after_s: NDArray[np.int32]
    first: NDArray[np.int8]
    waits: Flags
    own: Flags
    source: NDArray[np.int16]

    @property
    def parts(self) -> tuple[NDArray[np.generic], ...]:
        """Every array."""
        return (self.value, self.at_once, self.after_s, self.first, self.waits, self.own, self.source)

    def take(self, row: NDArray[np.int64]) -> LimitArrays:
        """The limits of these kinds of people, one row each; arrays of their own."""
        return LimitArrays(*(part[row] for part in self.parts))  # type: ignore[arg-type]


def _none(rows: int) -> LimitArrays:
    shape = (rows, len(METRICS), 2, TIERS)
    value = np.empty(shape)
    value[:, :, LOW], value[:, :, HIGH] = -np.inf, np.inf
    zeros = (np.zeros(shape, kind) for kind in (np.int32, np.int8, np.bool_, np.bool_, np.int16))
    return LimitArrays(value, value.copy(), *zeros)


def _set(into: LimitArrays, row: int, limits: Iterable[Limit]) -> None:
    for limit in limits:
        at = (row, PLACE[limit.metric], limit.side, limit.tier - 1)
        into.value[at] = limit.high if limit.side == HIGH else limit.low
        into.after_s[at], into.first[at], into.waits[at] = limit.after_s, limit.first, limit.waits
        into.own[at] = limit.own
        into.source[at] = SOURCES.index(limit.source)
        if not np.isnan(limit.at_once):
            into.at_once[at] = limit.at_once


def _pick(into: LimitArrays, row: int, other: int, *, loosest: bool) -> None:
    """Make a row the loosest (or the strictest) of itself and another, limit by limit."""
    down, up = into.value[other] < into.value[row], into.value[other] > into.value[row]
    take = np.empty_like(down)
    take[:, LOW], take[:, HIGH] = (down if loosest else up)[:, LOW], (up if loosest else down)[:, HIGH]
    for part in into.parts:
        part[row] = np.where(take, part[other], part[row])


def _kinds() -> LimitArrays:
    kinds = _none(_ROWS)
    _set(kinds, _ADULT_ROW, ADULTS)
    _set(kinds, _PREGNANT_ROW, PREGNANCY)
    for month in range(ADULT_MONTHS):
        of_age = [limit for limit in CHILDREN if limit.months[0] <= month < limit.months[1]]
        _set(kinds, _FIRST_MONTH_ROW + month, of_age)
    _set(kinds, _PREGNANT_CHILD_ROW, PREGNANCY)
    _pick(kinds, _PREGNANT_CHILD_ROW, _FIRST_MONTH_ROW + ADULT_MONTHS - 1, loosest=False)
    _fill_milder(kinds)
    for oldest in range(ADULT_MONTHS + _COARSE_MONTHS):
        row = _FIRST_COARSE_ROW + oldest
        youngest = max(oldest - _COARSE_MONTHS, 0)
        for part in kinds.parts:
            part[row] = part[_FIRST_MONTH_ROW + youngest]
        for month in range(youngest + 1, oldest + 1):
            other = _ADULT_ROW if month >= ADULT_MONTHS else _FIRST_MONTH_ROW + month
            _pick(kinds, row, other, loosest=True)
    _drop_covered(kinds)
    return kinds


def _fill_milder(kinds: LimitArrays) -> None:
    """Let what a graver limit says at once be said by every milder one too, in place.

    Where it has to be the loosest of several ages, a value at which one age asks for somebody today and
    another for somebody now is one for today at least: that the second has no limit of its own for today does
    not make it silent.
    """
    for graver in reversed(Tier):
        for milder in range(graver - 1):
            mine, theirs = kinds.value[..., milder], kinds.value[..., graver - 1]
            told = kinds.after_s[..., graver - 1], kinds.first[..., graver - 1]
            at_once = (told[0] == 0) | (told[1] > milder)  # `first` is a tier, `milder` one less
            wider = np.stack((theirs[:, :, LOW] > mine[:, :, LOW], theirs[:, :, HIGH] < mine[:, :, HIGH]), 2)
            for part in kinds.parts:
                part[..., milder] = np.where(wider, part[..., graver - 1], part[..., milder])
            kinds.after_s[..., milder][wider & at_once] = 0
            kinds.first[..., milder][wider & at_once] = 0
            kinds.waits[..., milder][wider & at_once] = False


def _drop_covered(kinds: LimitArrays) -> None:
    """Take away a milder limit that is passed only where a graver one is, in place."""
    for graver in Tier:
        for milder in range(graver - 1):
            mine, theirs = kinds.value[..., milder], kinds.value[..., graver - 1]
            mine[:, :, LOW][mine[:, :, LOW] <= theirs[:, :, LOW]] = -np.inf
            mine[:, :, HIGH][mine[:, :, HIGH] >= theirs[:, :, HIGH]] = np.inf


_KINDS: Final = _kinds()

_ON_SCALE_2: Final = _none(1)
_set(_ON_SCALE_2, 0, SCALE_2)
_SPO2: Final = PLACE["oxygen_saturation"]
_HEART: Final = PLACE["heart_rate"]
_BREATH: Final = PLACE["respiratory_rate"]


@dataclass(frozen=True, slots=True, eq=False)
class Ages:
    """How old people are, as far as is known. Shape (n,).

    Attributes:
        minor: may be under 16. coarse: under 16, and only the year of birth is known.
        row: of the table of limits.
    """

    minor: Flags
    coarse: Flags
    row: NDArray[np.int64]


def ages(observations: StructuredArray, profiles: StructuredArray) -> Ages:
    """How old people are at these observations.

    Only the month of birth is kept, so a person counts as born on its last day: nobody is judged as grown up
    one day too early. An unknown year of birth counts as grown up.
    """
    calendar = observations["time_ms"].astype("M8[ms]").astype("M8[M]").astype(np.int64)
    born = profiles["birth_year"].astype(np.int64)
    from_january = calendar - (born - 1970) * 12  # months since the January of the year of birth
    month = profiles["birth_month"].astype(np.int64)
    only_year = month == 0
    youngest = np.where(only_year, from_january - _COARSE_MONTHS, from_january - month)
    minor = (born > 0) & (youngest < ADULT_MONTHS)
    row = np.where(
        only_year,
        _FIRST_COARSE_ROW + np.clip(from_january, 0, ADULT_MONTHS + _COARSE_MONTHS - 1),
        _FIRST_MONTH_ROW + np.clip(youngest, 0, ADULT_MONTHS - 1),
    )
    return Ages(minor, minor & only_year, np.where(minor, row, _ADULT_ROW))


def expecting(observations: StructuredArray, profiles: StructuredArray) -> Flags:
    """Who is pregnant, or gave birth within `AFTER_BIRTH_DAYS`."""
    pregnant: Flags = profiles["pregnant"]
    if not profiles["own"].any():
        return pregnant
    passed = observations["time_ms"] // DAY_MS - profiles["gave_birth"]
    recent: Flags = (profiles["gave_birth"] > 0) & (passed >= 0) & (passed < AFTER_BIRTH_DAYS)
    return pregnant | recent


def limits_of(observations: StructuredArray, profiles: StructuredArray) -> LimitArrays:
    """The limits that hold for each person at this observation; elementwise, one row per person.

    >>> from healthtwin.domain.arrays import blank_observations, blank_profiles
    >>> limits = limits_of(blank_observations(1), blank_profiles(1))
    >>> limits.value[0, PLACE["heart_rate"], HIGH].tolist()
    [120.0, 131.0, 150.0]
    """
    return limits_at(ages(observations, profiles), observations, profiles)


def limits_at(known: Ages, observations: StructuredArray, profiles: StructuredArray) -> LimitArrays:
    """As `limits_of`, where the ages are known already."""
    limits = _KINDS.take(_rows(known, observations, profiles))
    scale_2 = profiles["spo2_scale_2"]
    if scale_2.any():
        for mine, theirs in zip(limits.parts, _ON_SCALE_2.parts, strict=True):
            mine[scale_2, _SPO2] = theirs[0, _SPO2]
    _own(limits.value, known, observations, profiles)
    if profiles["own"].any():
        _ask_again(limits, profiles)
    young = (observations["asleep"] == 1) & known.minor
    if young.any():
        for metric in ("heart_rate", "respiratory_rate", "blood_pressure_systolic"):
            for tier in (Tier.NOW, Tier.EMERGENCY):
                at = (young, PLACE[metric], LOW, tier - 1)
                limits.after_s[at], limits.first[at], limits.waits[at] = AGAIN_S, tier - 1, True
    return limits


def limit_values(known: Ages, observations: StructuredArray, profiles: StructuredArray) -> Floats:
    """`LimitArrays.value` of `limits_at` alone: what most readings need, since they pass none."""
    value = _KINDS.value[_rows(known, observations, profiles)]
    scale_2 = profiles["spo2_scale_2"]
    if scale_2.any():
        value[scale_2, _SPO2] = _ON_SCALE_2.value[0, _SPO2]
    _own(value, known, observations, profiles)
    return value


def _rows(known: Ages, observations: StructuredArray, profiles: StructuredArray) -> NDArray[np.int64]:
    expected = expecting(observations, profiles)
    if not expected.any():
        return known.row
    return np.where(expected, np.where(known.minor, _PREGNANT_CHILD_ROW, _PREGNANT_ROW), known.row)


def _own(value: Floats, known: Ages, observations: StructuredArray, profiles: StructuredArray) -> None:
    """What holds for one person at this moment alone, in place."""
    if profiles["own"].any():
        expected = expecting(observations, profiles)
        _own_floors(value, observations, profiles, ~known.minor & ~expected)
    asleep = observations["asleep"] == 1
    if asleep.any():  # a sleeping heart may be slow: 36 to 40 can wait until the morning
        adult = asleep & ~known.minor
        value[adult, _HEART, LOW, Tier.TODAY - 1] = value[adult, _HEART, LOW, Tier.NOW - 1]
        value[adult, _HEART, LOW, Tier.NOW - 1] = -np.inf
        value[adult, _BREATH, LOW, Tier.TODAY - 1] = -np.inf  # and slow breathing is a part of sleep


def _own_floors(
    value: Floats, observations: StructuredArray, profiles: StructuredArray, ordinary: Flags
) -> None:
    """Move what the profile moves, in place; of children and in pregnancy nothing critical is moved."""
    day = observations["time_ms"] // DAY_MS
    slow = value[:, _HEART, LOW]
    under = np.nextafter(pulse_floor(profiles, day), -np.inf)
    for tier in Tier:
        at = slow[:, tier - 1]
        movable = ordinary if tier is Tier.EMERGENCY else np.ones(len(at), np.bool_)
        np.copyto(at, np.minimum(at, under), where=movable)
    paced = profiles["pacemaker_rate"] > 0
    missed = np.nextafter(profiles["pacemaker_rate"].astype(np.float64) - PACED_BELOW, -np.inf)
    np.copyto(slow[:, Tier.NOW - 1], np.maximum(slow[:, Tier.NOW - 1], missed), where=paced)
    fast = value[:, _HEART, HIGH, Tier.TODAY - 1]
    fibrillating = profiles["atrial_fibrillation"] & ordinary
    np.copyto(fast, np.minimum(fast, np.nextafter(FAST_FIBRILLATION, np.inf)), where=fibrillating)
    shift = oxygen_shift(profiles, day)
    if shift.any():
        low = value[:, _SPO2, LOW]
        low -= np.where(profiles["spo2_scale_2"], 0.0, shift)[:, None]
        np.maximum(low, np.nextafter(NEVER_BELOW_SPO2, -np.inf), out=low, where=np.isfinite(low))


def _ask_again(limits: LimitArrays, profiles: StructuredArray) -> None:
    """Where one reading of a slow pulse is no evidence, in place: paced, or fibrillating."""
    paced, fibrillating = profiles["pacemaker_rate"] > 0, profiles["atrial_fibrillation"]
    for tier, whose in ((Tier.NOW, paced | fibrillating), (Tier.EMERGENCY, fibrillating)):
        at = (whose, _HEART, LOW, tier - 1)
        limits.after_s[at], limits.first[at], limits.waits[at] = AGAIN_S, tier - 1, True
    limits.at_once[fibrillating, _HEART, LOW, Tier.EMERGENCY - 1] = np.nextafter(LOWEST_FLOOR, -np.inf)
