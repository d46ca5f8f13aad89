"""The methods by name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import InvalidInput
from healthtwin.surveillance.cusum import cusum
from healthtwin.surveillance.ears import ears
from healthtwin.surveillance.farrington import farrington

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from healthtwin.surveillance.detection import Detection
    from healthtwin.surveillance.weekly_series import WeeklySeries

METHODS: Final[Mapping[str, Callable[[WeeklySeries], Detection]]] = MappingProxyType(
    {"farrington": farrington, "ears": ears, "cusum": cusum}
)
"""Every method as it runs when nothing else is asked for."""


def detect(series: WeeklySeries, method: str) -> Detection:
    """Run one method over a series.

    Raises:
        InvalidInput: there is no such method.
    """
    if method not in METHODS:
        raise InvalidInput("method", method, ", ".join(METHODS))
    return METHODS[method](series)
