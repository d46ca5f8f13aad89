"""What most likely explains values that the house refused, and what to state in the mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from healthtwin.domain import METRIC_BY_FIELD
from healthtwin.play.replay.units import CONVERSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence


def likely_cause(field: str, allowed: str, values: Sequence[Any]) -> str | None:
    """An explanation that fits every one of these refused values; None where none does.

    >>> likely_cause("body_temperature", "a number from 25 to 45 Cel", [98.6, 99.1])
    "in range if they are in [degF]: unit = '[degF]'"
    >>> likely_cause("heart_rate", "a number from 10 to 350 /min", [0.0])
    '0 often stands for "not worn": absent = [0]'
    """
    if field == "timestamp":
        return "is the year of birth right?" if "birth" in allowed else "is the year of the time right?"
    metric = METRIC_BY_FIELD.get(field)
    numbers = [float(value) for value in values if isinstance(value, (int, float))]
    if metric is None or not numbers:
        return None
    if all(number == 0 for number in numbers):
        return '0 often stands for "not worn": absent = [0]'
    if all(number < 0 for number in numbers):
        told = ", ".join(dict.fromkeys(f"{number:g}" for number in numbers))
        return f'numbers below 0 often stand for "no value": absent = [{told}]'
    for (theirs, ours), (scale, offset) in CONVERSIONS.items():
        if ours == metric.unit and all(
            metric.low <= number * scale + offset <= metric.high for number in numbers
        ):
            return f"in range if they are in {theirs}: unit = {theirs!r}"
    return None
