"""Writes the feature row from what is known: one block of columns per thought, in the order of `FEATURES`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.arrays import UNKNOWN
from healthtwin.forecast.feature_names import (
    EDGES,
    EVENTS,
    EXTREME_MEMORIES_H,
    FEATURE,
    LEVELS,
    NEWS_POINTS,
    SERIES,
    TYPICAL,
    USUAL_SPREAD,
    WEIGHTS,
)
from healthtwin.forecast.news2 import MISSING, PARAMETERS, RED, chart, points, total

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.forecast.feature_sums import Faded
    from healthtwin.forecast.member import Floats, StructuredArray

    Table = NDArray[np.float32]

FORGET_H: Final = 12.0
"""A value older than half a day is no longer a level; its age still is shown."""

STATE_H: Final = 4.0
"""NEWS2 and ratios take values up to four hours old, as the targets do (`healthtwin.forecast.targets`)."""

LONGEST_AGE_H: Final = 48.0
"""Beyond this one long time is like another."""

MOST_SPREADS: Final = 8.0
PRIOR_WEIGHT_H: Final = 3.0
"""The usual spread counts like three hours of the person's own readings."""

_PER_SERIES: Final = FEATURE[f"{SERIES[1]}.now"]
_FIRST_EVENT: Final = FEATURE[f"{EVENTS[0].name}.hours_{EXTREME_MEMORIES_H[0]:g}h"]
_FIRST_EDGE: Final = FEATURE[f"{EDGES[0].name}.room_now"]
_TYPICAL: Final = np.array(TYPICAL)
_USUAL_SPREAD: Final = np.array(USUAL_SPREAD)
_TWELVE: Final = 3  # of MEMORIES_H

_INDEX: Final = {name: i for i, name in enumerate(SERIES)}
_MS_PER_YEAR: Final = 365.2425 * 86_400_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the columns are made of; arrays are (people, series) unless said otherwise.

    Attributes:
        state: `FEATURE_STATE` after the observation. z: the twin's, NaN where it has none.
        age_h: of the latest value. before_h: of the one before it; both infinite for never.
        faded: levels, slopes and spreads now, (people, series, memories).
        own_center, own_spread: usual before this observation.
        event_age_h: hours since each event, (people, events).
        known_h: hours since the first value, (people,).
    """

    state: StructuredArray
    observations: StructuredArray
    profiles: StructuredArray
    z: Floats
    age_h: Floats
    before_h: Floats
    faded: Faded
    own_center: Floats
    own_spread: Floats
    event_age_h: Floats
    known_h: Floats


def fill(table: Table, known: Known) -> None:
    """Write all columns, shape (people, features)."""
    value = np.where(known.age_h <= FORGET_H, known.state["value"].astype(np.float64), np.nan)
    spread = _leaning_spread(known)
    _fill_series(table, known, value, spread)
    _fill_events(table, known)
    _fill_edges(table, known, value, spread)
    _fill_overall(table, known, value)


def _leaning_spread(known: Known) -> Floats:
    own = known.own_spread
    weight = np.where(np.isnan(own), 0.0, known.state["weight"].astype(np.float64))
    square = np.where(np.isnan(own), 0.0, own * own)
    prior = PRIOR_WEIGHT_H * _USUAL_SPREAD * _USUAL_SPREAD
    leaning: Floats = np.sqrt((weight * square + prior) / (weight + PRIOR_WEIGHT_H))
    return leaning


def _fill_series(table: Table, known: Known, value: Floats, spread: Floats) -> None:
    state, faded = known.state, known.faded
    recent = known.age_h <= FORGET_H
    above_own = value - known.own_center
    level = faded.level + _TYPICAL[:, None]
    columns = [
        value,
        _age(known.age_h),
        np.where(known.before_h - known.age_h <= FORGET_H, value - state["before"], np.nan),
        _age(known.before_h - known.age_h),
        known.own_center,
        above_own,
        _between(above_own / spread, MOST_SPREADS),
        *(value - level[:, :, i] for i in LEVELS),
        *(np.where(recent, faded.slope[:, :, i], np.nan) for i in range(faded.slope.shape[2])),
        *(faded.spread[:, :, i] for i in LEVELS),
        *(faded.weight[:, :, i] for i in WEIGHTS),
    ]
    for i in range(len(EXTREME_MEMORIES_H)):
        columns += [
            np.where(recent, state[name][:, :, i].astype(np.float64), np.nan) for name in ("low", "high")
        ]
    for offset, column in enumerate(columns):
        table[:, offset : len(SERIES) * _PER_SERIES : _PER_SERIES] = column


def _fill_events(table: Table, known: Known) -> None:
    width = len(EXTREME_MEMORIES_H) + 1
    last = _FIRST_EVENT + width * len(EVENTS)
    for i in range(len(EXTREME_MEMORIES_H)):
        # As of the latest reading of the series: between readings nothing is known to have changed.
        table[:, _FIRST_EVENT + i : last : width] = known.state["event"][:, :, i]
    ages = np.minimum(known.event_age_h, LONGEST_AGE_H)
    table[:, _FIRST_EVENT + width - 1 : last : width] = ages


def _fill_edges(table: Table, known: Known, value: Floats, spread: Floats) -> None:
    for i, edge in enumerate(EDGES):
        series = _INDEX[edge.metric]
        level = known.faded.level[:, series, _TWELVE] + _TYPICAL[series]
        for offset, taken in enumerate((value[:, series], level)):
            room = edge.sign * (edge.limit - taken) / spread[:, series]
            table[:, _FIRST_EDGE + 2 * i + offset] = _between(room, MOST_SPREADS)


def _fill_overall(table: Table, known: Known, value: Floats) -> None:
    observations, profiles = known.observations, known.profiles
    now = np.where(known.age_h <= STATE_H, value, np.nan)
    heart, breathing, saturation, temperature, systolic, diastolic = (now[:, i] for i in range(6))
    oxygen, conscious = _flag(observations["oxygen"]), _flag(observations["consciousness"])
    charted = chart(
        np.stack([breathing, saturation, oxygen, systolic, heart, conscious, temperature], axis=1)
    )
    scored = points(charted, profiles["spo2_scale_2"])
    for name in NEWS_POINTS:
        place = PARAMETERS.index(name)
        table[:, FEATURE[f"news2.{name}"]] = np.where(charted[:, place] == MISSING, np.nan, scored[:, place])
    born = profiles["birth_year"].astype(np.float64)
    year = 1970.0 + np.floor(observations["time_ms"] / _MS_PER_YEAR)
    sex = profiles["sex"]
    columns: dict[str, NDArray[Any]] = {
        "news2.total": total(scored),
        "news2.red": _count(scored == RED),
        "news2.known": _count(charted != MISSING),
        "shock_index": heart / systolic,
        "saturation_by_breathing": saturation / breathing,
        "pulse_pressure": systolic - diastolic,
        "mean_pressure": (systolic + 2.0 * diastolic) / 3.0,
        "age_years": np.where(born > 0, year - born, np.nan),
        "male": np.where(sex == UNKNOWN, np.nan, sex == 1),
        "scale_2": profiles["spo2_scale_2"],
        "pregnant": profiles["pregnant"],
        "known_hours": known.known_h,
        "activity": observations["activity"],
        "asleep": _flag(observations["asleep"]),
        "oxygen": oxygen,
    }
    for name, column in columns.items():
        table[:, FEATURE[name]] = column


def _between(value: Floats, most: float) -> Floats:
    return np.minimum(np.maximum(value, -most), most)


def _age(hours: Floats) -> Floats:
    return np.where(np.isfinite(hours), np.minimum(hours, LONGEST_AGE_H), np.nan)


def _flag(stated: NDArray[np.int8]) -> Floats:
    return np.where(stated == UNKNOWN, np.nan, stated.astype(np.float64))


def _count(flags: NDArray[np.bool_]) -> NDArray[np.int8]:
    counted = np.zeros(len(flags), np.int8)
    for column in range(flags.shape[1]):
        counted += flags[:, column]
    return counted
