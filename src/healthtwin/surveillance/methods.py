"""The methods by name."""

from __future__ import annotations

from dataclasses import replace
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
    return with_enough_history(METHODS[method], series)


def with_enough_history(run: Callable[[WeeklySeries], Detection], series: WeeklySeries) -> Detection:
    """Run a method; where its history is too short for a single week, EARS C2 on a few weeks, and say so."""
    found = run(series)
    if found.tested.any():
        return found
    short = ears(series)
    if not short.tested.any():
        return found
    return replace(short, method=f"{short.method}, since {len(series)} weeks are too few for {found.method}")
