"""Converting what a file holds into the unit that the metric table asks for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain import metric_named
from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MMHG_PER_KPA: Final = 7.500_617
_GLUCOSE_MG_DL_PER_MMOL_L: Final = 18.0156
"""Molar mass of glucose, 180.156 g/mol, through 10 dL per L."""
_KG_PER_LB: Final = 0.453_592_37

CONVERSIONS: Final[Mapping[tuple[str, str], tuple[float, float]]] = MappingProxyType(
    {
        ("Hz", "/min"): (60.0, 0.0),
        ("/s", "/min"): (60.0, 0.0),
        ("s", "ms"): (1000.0, 0.0),
        ("us", "ms"): (0.001, 0.0),
        ("[degF]", "Cel"): (5 / 9, -32 * 5 / 9),
        ("K", "Cel"): (1.0, -273.15),
        ("1", "%"): (100.0, 0.0),
        ("kPa", "mm[Hg]"): (_MMHG_PER_KPA, 0.0),
        ("mmol/L", "mg/dL"): (_GLUCOSE_MG_DL_PER_MMOL_L, 0.0),
        ("[lb_av]", "kg"): (_KG_PER_LB, 0.0),
        ("g", "kg"): (0.001, 0.0),
        ("Pa", "hPa"): (0.01, 0.0),
    }
)
"""(UCUM unit in the file, UCUM unit of the metric) → (scale, offset): ours = theirs × scale + offset."""


def conversion(metric: str, unit: str) -> tuple[float, float]:
    """Scale and offset from `unit` to the metric's own unit.

    Raises:
        ConfigurationError: when no such conversion is known, listing those that are.

    >>> scale, offset = conversion("body_temperature", "[degF]")
    >>> round(98.6 * scale + offset, 6)
    37.0
    >>> conversion("heart_rate", "/min")
    (1.0, 0.0)
    """
    own = metric_named(metric).unit
    if unit == own:
        return 1.0, 0.0
    if (unit, own) in CONVERSIONS:
        return CONVERSIONS[unit, own]
    known = [theirs for theirs, ours in CONVERSIONS if ours == own]
    raise ConfigurationError(
        f"mapping, {metric}: unit {unit!r} cannot be converted; known: {', '.join([own, *known])}; "
        "or state scale and offset"
    )
