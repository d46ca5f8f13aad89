"""Which of two values of one instant is shown where there is room for one: the one that worries more."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ORDINARY_BY_NAME: Final = {
    "heart_rate": 70.0,
    "resting_heart_rate": 65.0,
    "respiratory_rate": 16.0,
    "oxygen_saturation": 100.0,
    "body_temperature": 36.8,
    "blood_pressure_systolic": 125.0,
    "blood_pressure_diastolic": 78.0,
    "blood_glucose": 100.0,
    "hrv_rmssd": 1000.0,
    "hrv_sdnn": 1000.0,
    "consciousness": 0.0,
}
"""About the middle of NEWS2's unremarkable ranges (Royal College of Physicians 2017) where it has one. Only
which of two values lies further away is asked of it, so a child's or an athlete's other middle seldom
matters."""

ORDINARY: Final[Mapping[int, float]] = MappingProxyType(
    {METRICS[name].code: middle for name, middle in _ORDINARY_BY_NAME.items()}
)


def graver(metric: int, values: Sequence[float]) -> float:
    """The value that lies furthest, as a ratio, from what is ordinary; the highest of a metric without such.

    >>> graver(METRICS["oxygen_saturation"].code, [86.0, 97.0])
    86.0
    >>> graver(METRICS["heart_rate"].code, [71.0, 38.0, 99.0])
    38.0
    """
    middle = ORDINARY.get(metric)
    if len(values) == 1:
        return values[0]
    if not middle:
        return max(values)
    # Both sides alike are decided by the higher one, so that no order of arrival does.
    return max(values, key=lambda value: (abs(math.log(max(value, 1e-9) / middle)), value))
