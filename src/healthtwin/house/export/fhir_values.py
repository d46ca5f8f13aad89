"""Readings as FHIR R4 Observations: a day as a series where FHIR can say it, else each alone, or figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import DAY_MS, from_ms
from healthtwin.domain.metrics import LOCAL_CODE_SYSTEM
from healthtwin.house.export.entries import instant, quantity
from healthtwin.house.export.values import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from healthtwin.domain import Metric
    from healthtwin.house.export.entries import Addresses
    from healthtwin.house.export.values import Readings, Rows
    from healthtwin.store import Bins

MOST_ALONE: Final = 24
"""Readings of a day that get an Observation each where they lie on no grid: one an hour."""

MOST_GAPS: Final = 3
"""Empty places in a grid for each reading in it: more, and it is no grid but a coincidence of seconds."""

LOINC: Final = "http://loinc.org"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_STATISTICS: Final = "http://terminology.hl7.org/CodeSystem/observation-statistics"

_VITAL: Final = frozenset({"resting_heart_rate", "body_weight"})
_ACTIVITY: Final = frozenset({"steps", "activity_level"})
_MISSING: Final = "E"
"""FHIR's sign for a place of a series without a value."""


def observations(readings: Readings, at: Addresses) -> Iterator[dict[str, Any]]:
    """Everything measured, metric by metric, day by day (UTC)."""
    for metric in readings.metrics:
        told = _Observations(metric, at)
        seen: set[int] = set()
        for rows in readings.spans(metric):
            for day_ms, resources in told.of(rows):
                seen.add(day_ms)
                yield from resources
        yield from told.of_days(readings.days(metric), seen)


class _Observations:
    """Makes the Observations of one metric."""

    def __init__(self, metric: Metric, at: Addresses) -> None:
        self._metric = metric
        self._name = metric.name.replace("_", "-")
        self._common = {
            "resourceType": "Observation",
            "status": "final",
            **_category(metric),
            "code": {"coding": _codings(metric), "text": metric.label},
            "subject": at.patient,
        }

    def of(self, rows: Rows) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Start of each day (UTC, epoch ms), and what is told of it."""
        texts = texts_of(rows.v, _plain)
        days = rows.t // DAY_MS
        starts = np.flatnonzero(np.append(True, days[1:] != days[:-1])).tolist()
        for start, end in zip(starts, [*starts[1:], len(days)], strict=True):
            day_ms = int(days[start]) * DAY_MS
            yield day_ms, self._day(day_ms, rows.t[start:end], rows.v[start:end], texts[start:end])

    def of_days(self, days: Bins, seen: set[int]) -> Iterator[dict[str, Any]]:
        """Days of which nothing but figures is left."""
        columns = (days.t, days.mean, days.minimum, days.maximum, days.count)
        for day_ms, *figures in zip(*(column.tolist() for column in columns), strict=True):
            if day_ms not in seen:
                yield self._figures(day_ms, *figures)

    def _day(
        self, day_ms: int, t: NDArray[np.int64], v: NDArray[np.float64], texts: list[str]
    ) -> list[dict[str, Any]]:
        if len(t) > 1:
            period_ms, data = _on_a_grid(t, texts)
            if period_ms:
                return [self._sampled(day_ms, t, period_ms, data)]
        if len(t) <= MOST_ALONE:
            return [
                self._observed(
                    f"{_day_name(day_ms)}-{time_ms % DAY_MS}-{number}",
                    effectiveDateTime=instant(time_ms),
                    valueQuantity=self._quantity(value),
                )
                for number, (time_ms, value) in enumerate(zip(t.tolist(), v.tolist(), strict=True))
            ]
        return [self._figures(day_ms, float(v.mean()), float(v.min()), float(v.max()), len(v))]

    def _sampled(self, day_ms: int, t: NDArray[np.int64], period_ms: int, data: str) -> dict[str, Any]:
        return self._observed(
            _day_name(day_ms),
            effectivePeriod={"start": instant(int(t[0])), "end": instant(int(t[-1]))},
            valueSampledData={
                "origin": self._quantity(0),
                "period": period_ms,
                "dimensions": 1,
                "data": data,
            },
        )

    def _figures(self, day_ms: int, mean: float, low: float, high: float, count: int) -> dict[str, Any]:
        figures = (
            ("average", "Average", self._quantity(mean)),
            ("minimum", "Minimum", self._quantity(low)),
            ("maximum", "Maximum", self._quantity(high)),
            ("count", "Count", quantity(count, "1")),
        )
        return self._observed(
            f"{_day_name(day_ms)}-figures",
            effectivePeriod={"start": instant(day_ms), "end": instant(day_ms + DAY_MS - 1)},
            component=[
                {
                    "code": {"coding": [{"system": _STATISTICS, "code": code, "display": display}]},
                    "valueQuantity": value,
                }
                for code, display, value in figures
            ],
        )

    def _observed(self, name: str, **told: object) -> dict[str, Any]:
        return {"id": f"{self._name}-{name}"[:64], **self._common, **told}

    def _quantity(self, value: float) -> dict[str, Any]:
        return quantity(value, self._metric.unit)


def _on_a_grid(t: NDArray[np.int64], texts: list[str]) -> tuple[int, str]:
    """The step of the times, in ms, and the values on it; 0 where they lie on none."""
    steps = np.diff(t)
    period = int(np.gcd.reduce(steps))
    if period == 0 or not bool(steps.all()):
        return 0, ""
    places = (t - t[0]) // period
    size = int(places[-1]) + 1
    if size == len(texts):
        return period, " ".join(texts)
    if size > (1 + MOST_GAPS) * len(texts):
        return 0, ""
    filled = [_MISSING] * size
    for place, text in zip(places.tolist(), texts, strict=True):
        filled[place] = text
    return period, " ".join(filled)


def _plain(value: float) -> str:
    """A number without a needless zero or an exponent, which a series may not have.

    >>> _plain(72.0), _plain(72.5), _plain(1e-05)
    ('72', '72.5', '0.00001')
    """
    text = repr(value)
    return np.format_float_positional(value, trim="-") if "e" in text else text.removesuffix(".0")


def _codings(metric: Metric) -> list[dict[str, str]]:
    ours = {"system": LOCAL_CODE_SYSTEM, "code": metric.name, "display": metric.label}
    return [*({"system": LOINC, "code": code} for code in metric.loinc), ours]


def _category(metric: Metric) -> Mapping[str, Any]:
    code = (
        "vital-signs"
        if metric.is_vital_sign or metric.name in _VITAL
        else "activity"
        if metric.name in _ACTIVITY
        else "laboratory"
        if metric.name == "blood_glucose"
        else ""
    )
    return {"category": [{"coding": [{"system": _CATEGORY, "code": code}]}]} if code else {}


def _day_name(day_ms: int) -> str:
    return from_ms(day_ms).date().isoformat()
