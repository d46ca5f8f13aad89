"""Many lives side by side through the step of the house: what happens to each is a column of one table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from healthtwin.domain import DAY_MS, METRIC_BY_FIELD, MINUTE_MS, EpisodeChange, decode_change
from healthtwin.domain.arrays import COLUMN, blank_observations
from healthtwin.forecast import Forecast
from healthtwin.pipeline import IS_VITALS, HouseStep, blank_rows
from healthtwin.twin import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray


START_MS = 20_500 * DAY_MS
"""Midnight, UTC."""


@dataclass
class Lives:
    """People whose readings come at the same moments; nobody's forecast models are asked.

    Attributes:
        count: how many people. told: what was said of each, in order.
    """

    count: int
    told: list[list[EpisodeChange]] = field(default_factory=list)
    now_ms: int = START_MS

    def __post_init__(self) -> None:
        self.step = HouseStep(15 * MINUTE_MS, forecast=Forecast(None))
        self.state = self.step.blank(self.count)
        self.state["profile"]["birth_year"] = 1960
        self.told = [[] for _ in range(self.count)]

    def measure(
        self,
        values: Mapping[str, float | NDArray[np.float64]],
        *,
        live: bool = True,
        sensor: int | NDArray[np.int64] = 0,
    ) -> None:
        """One reading of everybody, now, at rest; NaN was not measured."""
        rows = blank_rows(self.count)
        rows["kind"] = IS_VITALS
        rows["person"] = [f"person-{i}".encode() for i in range(self.count)]
        rows["time_ms"] = rows["arrived_ms"] = self.now_ms
        seen = rows["observation"]
        seen["time_ms"] = seen["arrived_ms"] = self.now_ms
        seen["live"], seen["activity"], seen["sensor"] = live, 0.0, sensor
        for name, value in values.items():
            seen["value"][:, COLUMN[METRIC_BY_FIELD[name].name]] = value
        for i, change in self.step.advance(self.state, rows, late=False):
            self.told[i].append(decode_change(change.payload))

    def during(
        self,
        span_ms: int,
        every_min: int,
        values_at: Callable[[int], Mapping[str, float | NDArray[np.float64]]],
        *,
        live: bool = True,
        sensor: int | NDArray[np.int64] = 0,
    ) -> None:
        """Readings every so many minutes, for so long; `values_at` gives them by their time, epoch ms."""
        until_ms = self.now_ms + span_ms
        while self.now_ms < until_ms:
            self.measure(values_at(self.now_ms), live=live, sensor=sensor)
            self.now_ms += every_min * MINUTE_MS

    def loudest(self) -> list[int]:
        """The highest level that each person was told."""
        return [max((int(change.level) for change in changes), default=0) for changes in self.told]

    def usual_at(self, hour: int, metric: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What is expected of everybody at an hour of the day, and its spread."""
        rows = blank_observations(self.count)
        rows["time_ms"], rows["hour"], rows["activity"] = self.now_ms, hour, 0.0
        expected = expect(self.state["twin"], rows)
        return expected.center[:, COLUMN[metric]], expected.spread[:, COLUMN[metric]]
