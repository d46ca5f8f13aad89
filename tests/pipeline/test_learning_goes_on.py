"""Learning stops for what is wrong and for nothing else: pressures, athletes' nights, confirmed normals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain import DAY_MS, HOUR_MS, AlertLevel
from healthtwin.domain.arrays import COLUMN
from healthtwin.episodes import VITALS_KEY, is_open
from healthtwin.pipeline import blank_rows
from healthtwin.pipeline.rows import IS_VERB, VERBS
from tests.pipeline.lives import Lives

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    At = Callable[[int], dict[str, float | NDArray[np.float64]]]


def night_and_day(
    low: float | NDArray[np.float64],
    high: float | NDArray[np.float64],
    noise: float,
    rng: np.random.Generator,
) -> At:
    """A heart that is slowest at 03:00 and fastest at 15:00."""

    def at(now_ms: int) -> dict[str, float | NDArray[np.float64]]:
        share = 0.5 - 0.5 * np.cos(2 * np.pi * (now_ms / HOUR_MS % 24 - 3) / 24)
        return {"heart_rate": low + (high - low) * share + noise * rng.normal()}

    return at


def confirm(lives: Lives, *metrics: str) -> None:
    """Somebody says that this is the new normal of everybody here."""
    row = blank_rows(lives.count)
    row["kind"], row["verb"] = IS_VERB, VERBS.index("confirm_new_normal")
    row["time_ms"] = row["arrived_ms"] = lives.now_ms
    row["columns"] = sum(1 << COLUMN[metric] for metric in metrics)
    lives.step.advance(lives.state, row, late=False)


def test_one_pressure_that_nobody_repeats_stops_no_other_learning_and_its_own_not_for_ever() -> None:
    lives, columns = Lives(1), [COLUMN["heart_rate"], COLUMN["oxygen_saturation"]]
    usual = {"heart_rate": 62.0, "spo2": 97.0}
    lives.during(20 * DAY_MS, 60, lambda _: usual, live=False)
    lives.measure({"systolic": 186.0, "diastolic": 104.0})
    learned = []
    for _ in range(16):
        before = lives.state["twin"]["latest_s"][0, columns].tolist()
        lives.now_ms += HOUR_MS
        lives.during(23 * HOUR_MS, 60, lambda _: {"heart_rate": 66.0, "spo2": 96.0})
        learned.append(all(np.array(before) < lives.state["twin"]["latest_s"][0, columns]))
    assert learned == [True] * 16
    assert lives.usual_at(12, "heart_rate")[0][0] == pytest.approx(64.5, abs=1.0)
    before = lives.state["twin"]["evidence"][0, COLUMN["blood_pressure_systolic"]]
    lives.measure({"systolic": 128.0, "diastolic": 80.0})
    assert lives.state["twin"]["evidence"][0, COLUMN["blood_pressure_systolic"]] > before


def test_the_twin_knows_an_athletes_nights() -> None:
    low, high = np.array([37.5, 36.0, 39.5]), np.array([52.0, 49.0, 60.0])
    lives = Lives(3)
    lives.state["profile"]["birth_year"] = 1998
    lives.during(18 * DAY_MS, 40, night_and_day(low, high, 1.2, np.random.default_rng(3)))
    assert lives.usual_at(3, "heart_rate")[0] == pytest.approx(low, abs=2.0)
    assert lives.usual_at(15, "heart_rate")[0] == pytest.approx(high, abs=2.0)


def test_trouble_does_not_become_normal_while_the_rest_is_learned() -> None:
    lives = Lives(1)
    lives.during(60 * DAY_MS, 60, lambda _: {"heart_rate": 64.0, "temperature": 36.6}, live=False)
    known = lives.usual_at(12, "heart_rate")[0][0]
    lives.during(12 * DAY_MS, 30, lambda _: {"heart_rate": 92.0, "temperature": 36.8})
    assert bool(is_open(lives.state[VITALS_KEY])[0])
    assert lives.loudest() == [AlertLevel.WARNING]
    assert lives.usual_at(12, "heart_rate")[0][0] == pytest.approx(known, abs=2.0)
    assert lives.usual_at(12, "body_temperature")[0][0] > 36.68


def test_a_confirmed_normal_ends_what_was_unusual_and_is_expected_from_then_on() -> None:
    lives, rng = Lives(1), np.random.default_rng(8)
    lives.during(60 * DAY_MS, 60, night_and_day(56.0, 72.0, 1.5, rng), live=False)
    slowed = night_and_day(46.0, 56.0, 1.5, rng)
    lives.during(2 * DAY_MS, 15, slowed)
    assert bool(is_open(lives.state[VITALS_KEY])[0])
    confirm(lives, "heart_rate")
    told = len(lives.told[0])
    lives.during(10 * DAY_MS, 30, slowed)
    assert [change.verb for change in lives.told[0][told:]] == ["resolved"]
    assert lives.usual_at(3, "heart_rate")[0][0] == pytest.approx(46.0, abs=2.0)
    assert lives.usual_at(15, "heart_rate")[0][0] == pytest.approx(56.0, abs=2.0)


def test_nothing_is_learned_as_normal_from_a_critical_state_however_confirmed() -> None:
    lives = Lives(1)
    lives.during(60 * DAY_MS, 60, lambda _: {"spo2": 97.0}, live=False)
    confirm(lives, "oxygen_saturation")
    lives.during(2 * HOUR_MS, 5, lambda _: {"spo2": 75.0})
    assert lives.loudest() == [AlertLevel.CRITICAL]
    assert lives.state["twin"]["evidence"][0, COLUMN["oxygen_saturation"]] == 0


@pytest.mark.parametrize("days_before", [1, 4])
def test_after_a_slowing_medicine_was_confirmed_no_night_warns_and_what_never_moves_still_does(
    days_before: int,
) -> None:
    lives, rng = Lives(1), np.random.default_rng(2)
    lives.during(33 * DAY_MS, 90, night_and_day(50.0, 62.0, 1.2, rng), live=False)
    slowed = night_and_day(38.0, 49.0, 1.0, rng)
    lives.during(days_before * DAY_MS, 30, slowed)
    confirm(lives, "heart_rate")
    told = len(lives.told[0])
    lives.during(7 * DAY_MS, 30, slowed)
    assert [change.verb for change in lives.told[0][told:] if change.verb != "resolved"] == []
    assert lives.usual_at(3, "heart_rate")[0][0] == pytest.approx(38.0, abs=2.0)
    lives.during(HOUR_MS // 4, 5, lambda _: {"heart_rate": 28.0})
    assert lives.loudest() == [AlertLevel.CRITICAL]


def test_the_first_days_of_a_slowing_medicine_teach_no_heart_unless_somebody_confirms_it() -> None:
    lives = Lives(2)
    lives.during(30 * DAY_MS, 60, lambda _: {"heart_rate": 70.0, "spo2": 97.0}, live=False)
    lives.state["profile"]["beta_blocker"] = lives.now_ms // DAY_MS
    known = lives.usual_at(12, "heart_rate")[0].tolist()
    lives.during(6 * DAY_MS, 60, lambda _: {"heart_rate": 60.0, "spo2": 96.5})
    assert lives.usual_at(12, "heart_rate")[0].tolist() == pytest.approx(known, abs=0.2)
    assert lives.usual_at(12, "oxygen_saturation")[0][0] < 97.0  # everything else is learned
    confirm(lives, "heart_rate")
    lives.during(3 * DAY_MS, 60, lambda _: {"heart_rate": 60.0, "spo2": 96.5})
    assert lives.usual_at(12, "heart_rate")[0].tolist() == pytest.approx([60.0, 60.0], abs=1.5)
