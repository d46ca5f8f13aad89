"""What can happen to a synthetic person: effects on the vitals over time, with sizes drawn at random.

A scenario bends the ordinary vitals from its onset on. Sizes come from a range; `Strength.NULL` keeps
the label and takes the effect away, so that an evaluation sees what is found where there is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import HOUR_MS, MINUTE_MS
from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Vitals = dict[str, NDArray[np.float64]]


class Strength(StrEnum):
    """How big the effect is, as a share of the scenario's full range."""

    CLEAR = "clear"
    WEAK = "weak"
    NULL = "null"

    def draw(self, rng: np.random.Generator) -> float:
        """A factor on the effect: clear 0.8–1.2, weak 0.2–0.5, null 0."""
        if self is Strength.NULL:
            return 0.0
        low, high = (0.8, 1.2) if self is Strength.CLEAR else (0.2, 0.5)
        return float(rng.uniform(low, high))


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that can happen.

    Attributes:
        name: as in the command line. label: for people.
        ramp_ms: from the onset to the full effect. plays_ms: how long it is played after the onset.
        factor: metric → relative change at full effect (0.3 is +30 %).
        shift: metric → absolute change at full effect, in the metric's unit.
        activity: level during the scenario; None leaves the ordinary one, 0 means resting.
        silent: no readings arrive after the onset.
        alarms: whether an alert above "info" is wanted.
    """

    name: str
    label: str
    ramp_ms: int
    plays_ms: int
    factor: Mapping[str, float]
    shift: Mapping[str, float]
    activity: float | None = 0.0
    silent: bool = False
    alarms: bool = True


_NONE: Final[Mapping[str, float]] = {}

SCENARIOS: Final[Mapping[str, Scenario]] = {
    scenario.name: scenario
    for scenario in (
        Scenario("normal", "An ordinary day", 0, 2 * HOUR_MS, _NONE, _NONE, activity=None, alarms=False),
        Scenario(
            "cardiac_stress",
            "The heart works harder at rest",
            40 * MINUTE_MS,
            90 * MINUTE_MS,
            {"heart_rate": 0.45, "hrv_rmssd": -0.55, "hrv_sdnn": -0.45, "respiratory_rate": 0.25},
            {"oxygen_saturation": -1.5},
        ),
        Scenario(
            "copd",
            "Breathing gets harder",
            60 * MINUTE_MS,
            2 * HOUR_MS,
            {"heart_rate": 0.22, "respiratory_rate": 0.55, "hrv_rmssd": -0.25},
            {"oxygen_saturation": -7.5},
        ),
        Scenario(
            "infection",
            "A fever comes",
            4 * HOUR_MS,
            8 * HOUR_MS,
            {"heart_rate": 0.3, "respiratory_rate": 0.3, "hrv_rmssd": -0.4, "hrv_sdnn": -0.35},
            {"body_temperature": 2.1, "oxygen_saturation": -0.8},
        ),
        Scenario("sensor_off", "The readings stop", 0, 6 * HOUR_MS, _NONE, _NONE, activity=None, silent=True),
        Scenario(
            "exercise",
            "A run",
            5 * MINUTE_MS,
            45 * MINUTE_MS,
            {"heart_rate": 0.55, "respiratory_rate": 0.6, "hrv_rmssd": -0.6, "hrv_sdnn": -0.5},
            _NONE,
            activity=2.5,
            alarms=False,
        ),
        Scenario(
            "panic",
            "Fear, at rest",
            5 * MINUTE_MS,
            40 * MINUTE_MS,
            {"heart_rate": 0.5, "respiratory_rate": 0.75, "hrv_rmssd": -0.5, "hrv_sdnn": -0.4},
            {"oxygen_saturation": 0.6},
        ),
    )
}
"""Every scenario by name."""

ALIASES: Final[Mapping[str, str]] = {"pre_mi": "cardiac_stress"}
"""Names that the earlier documents used. `pre_mi` claimed to see a heart attack coming; nothing here can."""


def scenario_named(name: str) -> Scenario:
    """The scenario of this name or alias.

    Raises:
        InvalidInput: listing the names that exist.

    >>> scenario_named("pre_mi").name
    'cardiac_stress'
    """
    scenario = SCENARIOS.get(ALIASES.get(name, name))
    if scenario is None:
        raise InvalidInput("--scenario", name, "one of " + ", ".join([*SCENARIOS, *ALIASES]))
    return scenario


def bend(vitals: Vitals, scenario: Scenario, since_onset_ms: NDArray[np.int64], size: float) -> Vitals:
    """The vitals with the scenario's effect laid over them.

    Args:
        vitals: metric → values, shape (n,).
        since_onset_ms: time after the onset, negative before it, shape (n,).
        size: factor on the full effect.

    >>> calm = {"heart_rate": np.array([60.0, 60.0])}
    >>> bent = bend(calm, SCENARIOS["panic"], np.array([-1, HOUR_MS]), 1.0)
    >>> bent["heart_rate"].tolist()
    [60.0, 90.0]
    """
    ramp = np.clip(since_onset_ms / max(scenario.ramp_ms, 1), 0.0, 1.0) * size
    bent = {}
    for metric, values in vitals.items():
        factor = 1.0 + scenario.factor.get(metric, 0.0) * ramp
        bent[metric] = values * np.maximum(factor, 0.1) + scenario.shift.get(metric, 0.0) * ramp
    return bent
