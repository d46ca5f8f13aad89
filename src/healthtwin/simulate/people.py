"""Synthetic people: who they are, and what their vitals are on an ordinary day. Nothing here is real data.

Numbers are round figures chosen so that ordinary adults come out; they claim nothing about a
population, and no result measured on them may be presented as measured on people.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Chronotype(StrEnum):
    """When the body's day begins: shifts every daily rhythm."""

    LARK = "lark"
    NEITHER = "neither"
    OWL = "owl"

    @property
    def shift_h(self) -> float:
        """Hours by which the daily rhythm runs late."""
        return {"lark": -1.5, "neither": 0.0, "owl": 2.0}[self.value]


class Illness(StrEnum):
    """A condition the person lives with; it moves the person's usual, it is not an event."""

    NONE = "none"
    COPD = "copd"
    HYPERTENSION = "hypertension"


class Kit(StrEnum):
    """What the person measures with."""

    PHONE = "phone"
    PHONE_AND_OXIMETER = "phone and oximeter"


_FIRST_NAMES: Final = ("Ada", "Ben", "Clara", "David", "Elif", "Femi", "Greta", "Hiro", "Ines", "Jonas")


@dataclass(frozen=True, slots=True)
class SyntheticPerson:
    """One made-up person.

    Attributes:
        resting_heart_rate: /min asleep-to-resting mean. respiratory_rate: /min. oxygen_saturation: %.
        body_temperature: Cel. hrv_rmssd: ms. systolic, diastolic: mm[Hg].
        fitness: 0 (sedentary) to 1 (athlete).
    """

    name: str
    birth_year: int
    sex: str
    timezone: str
    fitness: float
    chronotype: Chronotype
    illness: Illness
    kit: Kit
    resting_heart_rate: float
    respiratory_rate: float
    oxygen_saturation: float
    body_temperature: float
    hrv_rmssd: float
    systolic: float
    diastolic: float


def draw_person(
    rng: np.random.Generator,
    *,
    this_year: int,
    timezone: str = "Europe/Berlin",
    kit: Kit | None = None,
    illness: Illness | None = None,
) -> SyntheticPerson:
    """Draw one person.

    Args:
        rng: the only source of chance.
        this_year: for the birth year (ages 22–84).
        kit, illness: fixed when given, drawn otherwise.

    >>> ada = draw_person(np.random.default_rng(1), this_year=2026)
    >>> ada == draw_person(np.random.default_rng(1), this_year=2026)
    True
    """
    age = int(rng.integers(22, 85))
    fitness = float(rng.beta(2, 3))
    drawn_illness = Illness(rng.choice([i.value for i in Illness], p=[0.7, 0.12, 0.18]))
    drawn_kit = Kit.PHONE_AND_OXIMETER if rng.random() < _OXIMETER_SHARE else Kit.PHONE
    illness = drawn_illness if illness is None else illness
    copd = illness is Illness.COPD
    return SyntheticPerson(
        name=f"{rng.choice(_FIRST_NAMES)} (synthetic)",
        birth_year=this_year - age,
        sex=str(rng.choice(["female", "male"])),
        timezone=timezone,
        fitness=fitness,
        chronotype=Chronotype(rng.choice([c.value for c in Chronotype])),
        illness=illness,
        kit=drawn_kit if kit is None else kit,
        resting_heart_rate=float(72 - 20 * fitness + rng.normal(0, 4)),
        respiratory_rate=float(14.5 + 2.5 * copd + rng.normal(0, 1)),
        oxygen_saturation=float(97.6 - 3.0 * copd + rng.normal(0, 0.4)),
        body_temperature=float(36.6 + rng.normal(0, 0.12)),
        hrv_rmssd=float((58 - 0.45 * (age - 22)) * (0.8 + 0.5 * fitness) * np.exp(rng.normal(0, 0.15))),
        systolic=float(114 + 0.25 * (age - 22) + 14 * (illness is Illness.HYPERTENSION) + rng.normal(0, 4)),
        diastolic=float(72 + 8 * (illness is Illness.HYPERTENSION) + rng.normal(0, 3)),
    )


_OXIMETER_SHARE: Final = 0.5

_EFFORT_HEART_RATE: Final = 26.0
_EFFORT_SAVED_BY_FITNESS: Final = 10.0
"""What one step of activity (1 is light: a stroll, housework) adds to the heart rate, /min, in somebody who
never trains, and what an athlete is spared of it."""

_SLEEP_START_H: Final = 23.0
_SLEEP_END_H: Final = 7.0
_RHYTHM_PEAK_H: Final = 16.0
_EVENING_H: Final = 18.0


def is_asleep(person: SyntheticPerson, hour: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the person sleeps at these local hours (fractions of 24), shape (n,)."""
    body_hour = (hour - person.chronotype.shift_h) % 24
    return (body_hour >= _SLEEP_START_H) | (body_hour < _SLEEP_END_H)


def usual_activity(
    person: SyntheticPerson, hour: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Activity level of an ordinary moment (0 sedentary, 1 light, 2 active), shape (n,)."""
    awake = ~is_asleep(person, hour)
    level = np.abs(rng.normal(0.15, 0.3, hour.shape)) + 0.15 * person.fitness
    return np.where(awake, np.clip(level, 0, 1.2), 0.0)


def usual_vitals(
    person: SyntheticPerson,
    hour: NDArray[np.float64],
    activity: NDArray[np.float64],
    rng: np.random.Generator,
) -> dict[str, NDArray[np.float64]]:
    """Vitals of ordinary moments.

    Args:
        hour: local hour of day, 0 ≤ hour < 24, shape (n,).
        activity: level, shape (n,).

    Returns:
        metric → values in the metric's unit, each of shape (n,).
    """
    count = hour.shape
    body_hour = (hour - person.chronotype.shift_h) % 24
    rhythm = np.cos(2 * np.pi * (body_hour - _RHYTHM_PEAK_H) / 24)
    effort = _EFFORT_HEART_RATE - _EFFORT_SAVED_BY_FITNESS * person.fitness
    heart_rate = person.resting_heart_rate + 5 + 5 * rhythm + effort * activity + rng.normal(0, 2.6, count)
    strain = np.clip(heart_rate / (person.resting_heart_rate + 5), 0.6, 3)
    rmssd = person.hrv_rmssd * (1 - 0.18 * rhythm) / strain**1.4 * np.exp(rng.normal(0, 0.16, count))
    breathing = person.respiratory_rate + 0.8 * rhythm + 4.5 * activity + rng.normal(0, 0.9, count)
    saturation = person.oxygen_saturation + 0.2 * rhythm + rng.normal(0, 0.55, count)
    return {
        "heart_rate": heart_rate,
        "hrv_rmssd": rmssd,
        "hrv_sdnn": 0.8 * rmssd + 14 * np.exp(rng.normal(0, 0.12, count)),
        "respiratory_rate": breathing,
        "oxygen_saturation": np.minimum(saturation, 100),
        "body_temperature": person.body_temperature + 0.3 * rhythm + rng.normal(0, 0.1, count),
        "blood_pressure_systolic": person.systolic + 5 * rhythm + 8 * activity + rng.normal(0, 4, count),
        "blood_pressure_diastolic": person.diastolic + 3 * rhythm + 2 * activity + rng.normal(0, 3, count),
    }
