"""The targets against the plainest program that follows the table word by word, one row at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain.arrays import COLUMN
from healthtwin.forecast.targets import TARGET, TARGETS, TRAINED
from healthtwin_lab.cohorts.labels import labels
from healthtwin_lab.cohorts.stays import Stays

if TYPE_CHECKING:
    from collections.abc import Callable

HR, RR, SPO2, SBP = (
    COLUMN[name]
    for name in ("heart_rate", "respiratory_rate", "oxygen_saturation", "blood_pressure_systolic")
)


def ragged_stays(seed: int) -> Stays:
    """Stays with gaps, missing values and values around every limit."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 40, 25)
    person = np.repeat(np.arange(25), lengths).astype(np.intp)
    gaps = rng.choice([1.0, 1.0, 1.0, 1.0, 2.0, 5.0, 0.5], len(person))
    hours = np.concatenate([np.cumsum(gaps[person == who]) for who in range(25)])
    value = np.full((len(person), 9), np.nan)
    for column, choices in {
        HR: [40, *[80] * 8, *[90] * 8, 130, 131],
        RR: [8, 9, *[16] * 8, *[18] * 8, 24, 25],
        SPO2: [86, 89.5, 90, 91, 91.5, *[92] * 4, *[95] * 8, *[97] * 8],
        SBP: [85, 90, 90.5, 100, 120],
    }.items():
        drawn = rng.choice(np.array(choices, float), len(person))
        value[:, column] = np.where(rng.random(len(person)) < 0.3, np.nan, drawn)
    label = np.zeros(len(person), np.int8)
    for who in (3, 8, 11):
        rows = np.flatnonzero(person == who)
        label[rows[len(rows) // 2 :]] = 1
    label[np.flatnonzero(person == 11)] = 1
    return Stays(
        people=np.array([f"p{who:02}" for who in range(25)]),
        person=person,
        hours=hours,
        time=hours,
        value=value,
        age=np.full(25, 60.0),
        sex=np.zeros(25, np.int8),
        label=label,
        sha256="",
        time_unit="hours",
        missing=(),
        impossible={},
    )


class Plain:
    """One stay, asked row by row."""

    def __init__(self, stays: Stays, who: int) -> None:
        rows = np.flatnonzero(stays.person == who)
        self.hours = stays.hours[rows].tolist()
        self.value = stays.value[rows]
        self.label = stays.label[rows].tolist()

    def now(self, i: int, column: int) -> float:
        for k in range(i, -1, -1):
            if not np.isnan(self.value[k, column]):
                return float(self.value[k, column]) if self.hours[i] - self.hours[k] <= 4 else np.nan
        return float("nan")

    def next_hour(self, i: int, column: int) -> float:
        if i + 1 < len(self.hours) and self.hours[i + 1] - self.hours[i] == 1.0:
            return float(self.value[i + 1, column])
        return float("nan")

    def after(self, i: int, horizon: float) -> list[int]:
        return [k for k in range(i + 1, len(self.hours)) if 0 <= self.hours[k] - self.hours[i] <= horizon]

    def window_is_charted(self, i: int, horizon: float) -> bool:
        rows = self.after(i, horizon)
        measured = sum(not np.isnan(self.value[k, SPO2]) for k in rows)
        return self.hours[-1] - self.hours[i] >= horizon and measured >= horizon / 2

    def not_yet_hypoxic(self, i: int) -> bool:
        return self.now(i, SPO2) >= 92 and not (i > 0 and self.now(i - 1, SPO2) < 92)

    def red(self, hr: float, rr: float, spo2: float) -> bool:
        return spo2 <= 91 or rr >= 25 or rr <= 8 or hr >= 131 or hr <= 40

    def red_now(self, i: int) -> bool:
        return self.red(self.now(i, HR), self.now(i, RR), self.now(i, SPO2))

    def not_yet_red(self, i: int) -> bool:
        known = not any(np.isnan(self.now(i, column)) for column in (HR, RR, SPO2))
        return known and not self.red_now(i) and not (i > 0 and self.red_now(i - 1))


def hypoxia(stay: Plain, i: int) -> tuple[bool, bool]:
    following = stay.next_hour(i, SPO2)
    return stay.not_yet_hypoxic(i) and not np.isnan(following), following < 90


def news_red(stay: Plain, i: int) -> tuple[bool, bool]:
    following = [stay.next_hour(i, column) for column in (HR, RR, SPO2)]
    measured = not any(np.isnan(value) for value in following)
    return stay.not_yet_red(i) and measured, measured and stay.red(*following)


def hypoxia_within(horizon: float) -> Callable[[Plain, int], tuple[bool, bool]]:
    def judge(stay: Plain, i: int) -> tuple[bool, bool]:
        came = any(stay.value[k, SPO2] < 90 for k in stay.after(i, horizon))
        return stay.not_yet_hypoxic(i) and stay.window_is_charted(i, horizon), came

    return judge


def news_red_within(horizon: float) -> Callable[[Plain, int], tuple[bool, bool]]:
    def judge(stay: Plain, i: int) -> tuple[bool, bool]:
        came = any(
            stay.red(stay.value[k, HR], stay.value[k, RR], stay.value[k, SPO2])
            for k in stay.after(i, horizon)
        )
        return stay.not_yet_red(i) and stay.window_is_charted(i, horizon), came

    return judge


def personal_hypoxia(stay: Plain, i: int) -> tuple[bool, bool]:
    def limit(k: int) -> float:
        known = [value for value in stay.value[: k + 1, SPO2] if not np.isnan(value)]
        return float(np.mean(known)) - 4 if len(known) >= 6 else float("nan")

    following = stay.next_hour(i, SPO2)
    own = limit(i)
    before = i > 0 and stay.now(i - 1, SPO2) <= own
    return stay.now(i, SPO2) > own and not before and not np.isnan(following), following <= own


def beyond(column: int, reached: Callable[[float], bool]) -> Callable[[Plain, int], tuple[bool, bool]]:
    def judge(stay: Plain, i: int) -> tuple[bool, bool]:
        now, following = stay.now(i, column), stay.next_hour(i, column)
        not_yet = not np.isnan(now) and not reached(now)
        not_yet = not_yet and not (i > 0 and reached(stay.now(i - 1, column)))
        return not_yet and not np.isnan(following), reached(following)

    return judge


def infection(stay: Plain, i: int) -> tuple[bool, bool]:
    began_with_it = stay.label[0] == 1
    labelled_before = i > 0 and stay.label[i - 1] == 1
    return not began_with_it and not labelled_before, stay.label[i] == 1


PLAINLY = {
    "hypoxia": hypoxia,
    "news_red": news_red,
    "hypoxia_3h": hypoxia_within(3.0),
    "hypoxia_6h": hypoxia_within(6.0),
    "news_red_3h": news_red_within(3.0),
    "news_red_6h": news_red_within(6.0),
    "personal_hypoxia": personal_hypoxia,
    "tachycardia": beyond(HR, lambda value: value >= 131),
    "hypotension": beyond(SBP, lambda value: value <= 90),
    "infection": infection,
}


@pytest.mark.parametrize("name", [target.name for target in TRAINED])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_target_is_what_its_definition_says(name: str, seed: int) -> None:
    stays = ragged_stays(seed)
    y, eligible = labels(stays)
    wanted_eligible, wanted_positive = [], []
    for who in range(len(stays.people)):
        stay = Plain(stays, who)
        for i in range(len(stay.hours)):
            judged, came = PLAINLY[name](stay, i)
            wanted_eligible.append(bool(judged))
            wanted_positive.append(bool(judged and came))
    assert eligible[:, TARGET[name]].tolist() == wanted_eligible
    assert (y[:, TARGET[name]] == 1).tolist() == wanted_positive
    assert any(wanted_positive)


def test_a_target_without_labelled_data_says_so() -> None:
    for target in TARGETS:
        if not target.trained:
            assert "no labelled" in target.note


def test_what_cannot_be_judged_is_never_positive() -> None:
    y, eligible = labels(ragged_stays(5))
    assert not (y[~eligible] == 1).any()
