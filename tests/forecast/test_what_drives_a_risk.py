"""Drivers: a metric set to the person's usual, and the models asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.forecast import nothing_expected
from healthtwin.forecast.drivers import explain_risks
from healthtwin.forecast.feature_names import FEATURE
from healthtwin.forecast.features import advance, blank_features
from healthtwin.forecast.targets import TRAINED
from healthtwin.words import say
from tests.forecast.observed import observed, somebody

if TYPE_CHECKING:
    from numpy.typing import NDArray


def somebody_breathing_fast() -> NDArray[np.float32]:
    state = blank_features(1)
    for hour in range(8):
        breathing = 16.0 if hour < 7 else 28.0
        now = observed(60 * hour, respiratory_rate=breathing, heart_rate=72.0, oxygen_saturation=97.0)
        row = advance(state, now, somebody(), nothing_expected(1))
    last: NDArray[np.float32] = row[0]
    return last


def by_breathing(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """A model that only listens to how fast somebody breathes."""
    breathing = rows[:, FEATURE["respiratory_rate.now"]]
    chance = 1.0 / (1.0 + np.exp(-(breathing - 30.0) / 4.0))
    return np.repeat(chance[:, None], len(TRAINED), axis=1)


def test_the_metric_that_the_models_listen_to_is_the_only_driver() -> None:
    found = explain_risks(somebody_breathing_fast(), [1], by_breathing)[0]
    assert [driver.metric for driver in found.drivers] == ["respiratory_rate"]
    driver = found.drivers[0]
    assert driver.value == 28.0
    assert driver.usual == pytest.approx(16.0)
    assert driver.own
    assert driver.direction == "above"
    assert say(driver.said) == "Breathing rate 28 /min, above your usual 16 /min"
    assert driver.weight == pytest.approx(3.0, abs=0.01)


def test_it_says_what_would_make_the_risk_fall() -> None:
    found = explain_risks(somebody_breathing_fast(), [1], by_breathing)[0]
    assert found.probability == pytest.approx(0.378, abs=0.001)
    assert found.drivers[0].probability == pytest.approx(0.029, abs=0.001)
    assert found.all_usual == found.drivers[0].probability
    assert found.would_fall is not None
    assert say(found.would_fall) == (
        "With breathing rate steady at 16 /min it would be 3 % instead of 38 %; "
        "with everything known at its usual, 3 %"
    )


def test_without_an_own_usual_a_typical_adult_stands_in_and_is_named_so() -> None:
    now = observed(0, respiratory_rate=27.0)
    row = advance(blank_features(1), now, somebody(), nothing_expected(1))[0]
    driver = explain_risks(row, [1], by_breathing)[0].drivers[0]
    assert not driver.own
    assert say(driver.said) == "Breathing rate 27 /min, above a typical 18 /min"


def test_where_nothing_raises_the_risk_there_is_nothing_to_say() -> None:
    def unmoved(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.full((len(rows), len(TRAINED)), 0.01, np.float32)

    found = explain_risks(somebody_breathing_fast(), [0], unmoved)[0]
    assert found.drivers == ()
    assert found.would_fall is None


def test_a_metric_at_its_usual_scores_nothing_on_the_chart() -> None:
    seen: list[NDArray[np.float32]] = []

    def remember(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        seen.append(rows)
        return by_breathing(rows)

    row = somebody_breathing_fast()
    explain_risks(row, [1], remember)
    assert row[FEATURE["news2.respiratory_rate"]] == 3.0
    back = seen[0][-1]
    assert back[FEATURE["news2.respiratory_rate"]] == 0.0
    assert back[FEATURE["news2.red"]] == 0.0
    assert back[FEATURE["news2.total"]] == row[FEATURE["news2.total"]] - 3.0
    assert back[FEATURE["breathing_from_25.age"]] == 48.0
    assert back[FEATURE["breathing_25.room_now"]] > 2.0


def test_the_row_that_is_explained_stays_as_it_is() -> None:
    row = somebody_breathing_fast()
    before = row.copy()
    explain_risks(row, [1], by_breathing)
    assert row.tobytes() == before.tobytes()
