"""Why a risk is what it is: each metric set to this person's usual, and the models asked again.

A driver's weight is how many log odds the risk would lose if that metric alone were back at its usual level
(its trends flat, its departures over). That is a statement about the models, not about the body: lowering a
heart rate with a drug does not make anybody safer. It also answers "what would make it fall".

Pure: the models come in as a function from feature rows to probabilities.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import Said
from healthtwin.forecast.feature_blocks import LONGEST_AGE_H, MOST_SPREADS
from healthtwin.forecast.feature_names import EDGES, EVENTS, FEATURE, SERIES, TYPICAL, USUAL_SPREAD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Table = NDArray[np.float32]

MOST_DRIVERS: Final = 4
"""More reasons than this are not read."""

LEAST_WEIGHT: Final = 0.05
"""Log odds below which a metric is no driver: five hundredths move 10 % to 10.5 %."""

_ROOM: Final = 1e-6

_FLAT: Final = ("change", "above_own", "own_z", "above_1h", "above_3h", "above_12h")
_SLOPES: Final = ("slope_0.25h", "slope_1h", "slope_3h", "slope_12h")
_EXTREMES: Final = ("low_6h", "high_6h", "low_24h", "high_24h")


@dataclass(frozen=True, slots=True)
class Driver:
    """One metric that moves a risk.

    Attributes:
        metric: its name. value: now, in its unit. usual: this person's usual level, or a typical adult's
            where the own one is not known yet (`own` is False then).
        weight: log odds that the risk would lose were it at its usual; below 0: it holds the risk down.
        probability: of the target were this metric alone at its usual.
    """

    metric: str
    value: float
    usual: float
    own: bool
    weight: float
    probability: float

    @property
    def direction(self) -> str:
        """``"above"`` or ``"below"`` the usual, or ``"as-usual"`` within half a usual spread."""
        apart = self.value - self.usual
        if abs(apart) < 0.5 * USUAL_SPREAD[SERIES.index(self.metric)]:
            return "as-usual"
        return "above" if apart > 0 else "below"

    @property
    def said(self) -> Said:
        """The driver, for people.

        >>> Driver("respiratory_rate", 27.0, 16.0, True, 0.9, 0.04).said.facts["direction"]
        'above'
        """
        return Said.of(
            "driver",
            metric=self.metric,
            value=self.value,
            direction=self.direction,
            usual=self.usual,
            own=self.own,
        )


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one risk of one person is what it is.

    Attributes:
        probability: as it stands. all_usual: were every known metric at its usual.
        drivers: heaviest first, at most `MOST_DRIVERS`, only those that raise the risk.
    """

    probability: float
    all_usual: float
    drivers: tuple[Driver, ...]

    @property
    def would_fall(self) -> Said | None:
        """What would make the risk fall; None where nothing known raises it."""
        if not self.drivers:
            return None
        first = self.drivers[0]
        return Said.of(
            "would-fall",
            metric=first.metric,
            usual=first.usual,
            then=_chance(first.probability),
            now=_chance(self.probability),
            all_usual=_chance(self.all_usual),
        )


def explain_risks(
    row: Table, targets: Sequence[int], probability_of: Callable[[Table], NDArray[np.float32]]
) -> tuple[Explanation, ...]:
    """The drivers of some targets for one person; the models are asked once for all of them.

    Args:
        row: the person's feature row, shape (features,). targets: columns of `targets.TRAINED`.
        probability_of: the models: rows (n, features) → probabilities (n, targets), on the memory that the
            person's nets had before this row.
    """
    known = [metric for metric in SERIES if not math.isnan(float(row[FEATURE[f"{metric}.now"]]))]
    rows = np.repeat(row[None].astype(np.float32), len(known) + 2, axis=0)
    for place, metric in enumerate(known):
        _set_usual(rows[place + 1], metric)
        _set_usual(rows[-1], metric)
    told = probability_of(rows)
    return tuple(_explanation(row, known, told[:, target].tolist()) for target in targets)


def _explanation(row: Table, known: Sequence[str], chances: Sequence[float]) -> Explanation:
    """From the chances of one target: as it stands, with each known metric at its usual, with all of them."""
    stands = _log_odds(chances[0])
    drivers = [
        Driver(
            metric=metric,
            value=float(row[FEATURE[f"{metric}.now"]]),
            usual=_usual(row, metric)[0],
            own=_usual(row, metric)[1],
            weight=weight,
            probability=chance,
        )
        for metric, chance in zip(known, chances[1:-1], strict=True)
        if (weight := stands - _log_odds(chance)) >= LEAST_WEIGHT
    ]
    heaviest = sorted(drivers, key=lambda one: -one.weight)
    return Explanation(chances[0], chances[-1], tuple(heaviest[:MOST_DRIVERS]))


def _usual(row: Table, metric: str) -> tuple[float, bool]:
    own = float(row[FEATURE[f"{metric}.own"]])
    return (TYPICAL[SERIES.index(metric)], False) if math.isnan(own) else (own, True)


def _set_usual(row: Table, metric: str) -> None:
    """Write the row as it would be had this metric stood at its usual level all along, in place."""
    usual, _ = _usual(row, metric)
    row[FEATURE[f"{metric}.now"]] = usual
    for name in (*_FLAT, *_SLOPES):
        if not math.isnan(float(row[FEATURE[f"{metric}.{name}"]])):
            row[FEATURE[f"{metric}.{name}"]] = 0.0
    spread = USUAL_SPREAD[SERIES.index(metric)]
    for name in _EXTREMES:
        at = FEATURE[f"{metric}.{name}"]
        row[at] = _between(float(row[at]), usual - spread, usual + spread)
    for event in EVENTS:
        if event.metric == metric and not (usual < event.below or usual >= event.from_):
            row[FEATURE[f"{event.name}.hours_6h"]] = 0.0
            row[FEATURE[f"{event.name}.hours_24h"]] = 0.0
            row[FEATURE[f"{event.name}.age"]] = LONGEST_AGE_H
    for edge in EDGES:
        if edge.metric == metric:
            room = _between(edge.sign * (edge.limit - usual) / spread, -MOST_SPREADS, MOST_SPREADS)
            for name in ("room_now", "room_12h"):
                row[FEATURE[f"{edge.name}.{name}"]] = room
    _settle_news2(row, metric)


def _settle_news2(row: Table, metric: str) -> None:
    """At its usual a metric scores nothing: the person's own level is no news."""
    at = FEATURE.get(f"news2.{metric}")
    if at is None or math.isnan(float(row[at])):
        return
    points = float(row[at])
    row[FEATURE["news2.total"]] -= points
    row[FEATURE["news2.red"]] -= 1.0 if points >= 3.0 else 0.0  # noqa: PLR2004 (NEWS2: 3 alone is red)
    row[at] = 0.0


def _between(value: float, low: float, high: float) -> float:
    """NaN stays NaN. Not numpy's: on one number that costs as much as on a thousand."""
    return min(max(value, low), high)


def _log_odds(chance: float) -> float:
    safe = min(max(chance, _ROOM), 1.0 - _ROOM)
    return math.log(safe / (1.0 - safe))


def _chance(probability: float) -> Said:
    """A probability for people: no more digits than it deserves, 0 for less than one in a hundred.

    >>> _chance(0.0412).facts, _chance(0.004).facts
    ({'percent': 4}, {'percent': 0})
    """
    percent = round(100 * probability)
    return Said.of("chance", percent=percent if probability >= 0.01 else 0)  # noqa: PLR2004 (one in a hundred)
