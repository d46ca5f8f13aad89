"""NEWS2, the National Early Warning Score of the Royal College of Physicians (2017), both oxygen scales.

The chart is printed in whole units (temperature in tenths); a value between two lines is rounded half up to
one before it is scored. What was not measured scores nothing, and the total is then "at least": 5 of 7
parameters.

NEWS2 is not for people under 16 or in pregnancy, as the RCP says itself; whoever calls these kernels leaves
them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.said import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Chart = NDArray[np.int16]
    Points = NDArray[np.int8]

PARAMETERS: Final = (
    "respiratory_rate",
    "oxygen_saturation",
    "supplemental_oxygen",
    "blood_pressure_systolic",
    "heart_rate",
    "consciousness",
    "body_temperature",
)
"""In the order of the printed chart; columns of every `(people, 7)` array here."""

RESPIRATION, SATURATION, OXYGEN, SYSTOLIC, PULSE, CONSCIOUSNESS, TEMPERATURE = range(7)

CHART_UNITS: Final = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 10.0)
"""Chart steps per unit of the metric: temperature is charted in tenths of a degree."""

_CHART_UNITS: Final = np.array(CHART_UNITS)

MISSING: Final = np.int16(-1)
"""In a chart array: not measured."""

RED: Final = 3
"""One parameter alone at 3: "urgent ward-based response" (RCP, 2017, chart 2)."""

URGENT_TOTAL: Final = 5
EMERGENCY_TOTAL: Final = 7

_Bands = tuple["NDArray[np.int16]", "NDArray[np.int8]"]

_TOP: Final = np.iinfo(np.int16).max


def _bands(*bands: tuple[int, int]) -> _Bands:
    return (
        np.array([last for last, _ in bands], np.int16),
        np.array([score for _, score in bands], np.int8),
    )


# (last value of the band in chart units, points), ascending: RCP 2017, chart 1.
_RESPIRATION: Final = _bands((8, 3), (11, 1), (20, 0), (24, 2), (_TOP, 3))
_SATURATION_1: Final = _bands((91, 3), (93, 2), (95, 1), (_TOP, 0))
_SATURATION_2_AIR: Final = _bands((83, 3), (85, 2), (87, 1), (_TOP, 0))
_SATURATION_2_OXYGEN: Final = _bands((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (_TOP, 3))
_OXYGEN: Final = _bands((0, 0), (_TOP, 2))
_SYSTOLIC: Final = _bands((90, 3), (100, 2), (110, 1), (219, 0), (_TOP, 3))
_PULSE: Final = _bands((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (_TOP, 3))
_CONSCIOUSNESS: Final = _bands((0, 0), (_TOP, 3))
_TEMPERATURE: Final = _bands((350, 3), (360, 1), (380, 0), (390, 1), (_TOP, 2))


def chart(values: NDArray[np.float64]) -> Chart:
    """Values as they would be written on the chart: shape (people, 7), NaN becomes `MISSING`.

    >>> chart(np.array([[18.4, 91.5, 0, np.nan, 72.49, 0, 38.06]])).tolist()
    [[18, 92, 0, -1, 72, 0, 381]]
    """
    steps = np.floor(np.where(np.isnan(values), 0.0, values) * _CHART_UNITS + 0.5)
    charted: Chart = np.where(np.isnan(values), MISSING, steps).astype(np.int16)
    return charted


def points(charted: Chart, scale_2: NDArray[np.bool_]) -> Points:
    """Points of each parameter, 0–3; 0 where it is missing. Shape (people, 7).

    Args:
        charted: from `chart`, shape (people, 7).
        scale_2: who is judged on SpO2 scale 2 (target 88–92 %), shape (people,). Whether oxygen is given
        decides
            above 92 %; where that is unknown, air is assumed, so the total stays an "at least".
    """
    scored = np.zeros(charted.shape, np.int8)
    for column, bands in (
        (RESPIRATION, _RESPIRATION),
        (OXYGEN, _OXYGEN),
        (SYSTOLIC, _SYSTOLIC),
        (PULSE, _PULSE),
        (CONSCIOUSNESS, _CONSCIOUSNESS),
        (TEMPERATURE, _TEMPERATURE),
    ):
        scored[:, column] = _banded(charted[:, column], bands)
    saturation = charted[:, SATURATION]
    on_oxygen = charted[:, OXYGEN] > 0
    scored[:, SATURATION] = np.where(
        scale_2,
        np.where(
            on_oxygen, _banded(saturation, _SATURATION_2_OXYGEN), _banded(saturation, _SATURATION_2_AIR)
        ),
        _banded(saturation, _SATURATION_1),
    )
    scored[charted == MISSING] = 0
    return scored


def _banded(charted: Chart, bands: _Bands) -> Points:
    edges, scores = bands
    picked: Points = scores[np.searchsorted(edges, charted)]
    return picked


def total(scored: Points) -> NDArray[np.int8]:
    """Sum of the seven points, shape (people,)."""
    summed = np.zeros(len(scored), np.int8)
    for column in range(len(PARAMETERS)):
        summed += scored[:, column]
    return summed


@dataclass(frozen=True, slots=True)
class News2:
    """One NEWS2.

    Attributes:
        total: sum of the points of what was measured; "at least" while `missing` is not empty.
        points: parameter → points, only of what was measured.
        missing: parameters that were not.
    """

    total: int
    points: dict[str, int]
    missing: tuple[str, ...]

    @property
    def red(self) -> tuple[str, ...]:
        """Parameters that score 3 alone."""
        return tuple(name for name, score in self.points.items() if score == RED)

    @property
    def said(self) -> Said:
        """The total; "at least" while something is missing, with how much was measured."""
        if not self.missing:
            return Said.of("news2-total", total=self.total)
        return Said.of("news2-at-least", total=self.total, measured=len(self.points), of=len(PARAMETERS))


def news2(values: Mapping[str, float | None], *, spo2_scale_2: bool = False) -> News2:
    """The score of one set of vital signs.

    Do not use it for people under 16 or in pregnancy; set `spo2_scale_2` only where a clinician asked for it.

    Args:
        values: any of `PARAMETERS` in the units of `domain.METRICS`; None, NaN or absent is missing.
        spo2_scale_2: judge SpO2 on scale 2 (hypercapnic respiratory failure, target 88–92 %).

    Raises:
        InvalidInput: for a name that is no parameter.

    >>> news2({"respiratory_rate": 22, "oxygen_saturation": 93, "heart_rate": 112}).said
    Said(code='news2-at-least', facts={'total': 6, 'measured': 3, 'of': 7})
    >>> news2({"oxygen_saturation": 91}).red
    ('oxygen_saturation',)
    """
    for name, value in values.items():
        if name not in PARAMETERS:
            raise InvalidInput(name, value, "one of " + ", ".join(PARAMETERS))
    given = [values.get(name) for name in PARAMETERS]
    charted = chart(np.array([[np.nan if value is None else value for value in given]], np.float64))
    scored = points(charted, np.array([spo2_scale_2]))
    known = {name: int(scored[0, i]) for i, name in enumerate(PARAMETERS) if charted[0, i] != MISSING}
    return News2(
        total=int(total(scored)[0]),
        points=known,
        missing=tuple(name for name in PARAMETERS if name not in known),
    )
