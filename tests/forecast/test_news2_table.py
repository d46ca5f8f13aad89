"""NEWS2 against the printed chart, written out value by value, and against a second way of saying it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain.errors import InvalidInput
from healthtwin.forecast import news2
from healthtwin.forecast.news2 import PARAMETERS
from healthtwin.words import say


def _spread(*bands: tuple[int, int, int]) -> dict[int, int]:
    """(first, last, points) bands as value → points; a gap or an overlap is a mistake in the table."""
    table: dict[int, int] = {}
    for first, last, points in bands:
        assert not table or first == max(table) + 1
        table.update(dict.fromkeys(range(first, last + 1), points))
    return table


# Royal College of Physicians, NEWS2 (2017), chart 1. Temperature in tenths of a degree.
RESPIRATION = _spread((1, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, 100, 3))
SATURATION = _spread((30, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0))
SATURATION_2_AIR = _spread((30, 83, 3), (84, 85, 2), (86, 87, 1), (88, 100, 0))
SATURATION_2_OXYGEN = _spread(
    (30, 83, 3), (84, 85, 2), (86, 87, 1), (88, 92, 0), (93, 94, 1), (95, 96, 2), (97, 100, 3)
)
SYSTOLIC = _spread((30, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, 320, 3))
PULSE = _spread((10, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, 350, 3))
TEMPERATURE = _spread((250, 350, 3), (351, 360, 1), (361, 380, 0), (381, 390, 1), (391, 450, 2))


@pytest.mark.parametrize(
    ("parameter", "table", "per_unit"),
    [
        ("respiratory_rate", RESPIRATION, 1),
        ("oxygen_saturation", SATURATION, 1),
        ("blood_pressure_systolic", SYSTOLIC, 1),
        ("heart_rate", PULSE, 1),
        ("body_temperature", TEMPERATURE, 10),
    ],
)
def test_every_value_on_the_chart_scores_what_the_chart_says(
    parameter: str, table: dict[int, int], per_unit: int
) -> None:
    scored = {value: news2({parameter: value / per_unit}).points[parameter] for value in table}
    assert scored == table


@pytest.mark.parametrize(("oxygen", "table"), [(0, SATURATION_2_AIR), (1, SATURATION_2_OXYGEN)])
def test_scale_2_asks_whether_oxygen_is_given(oxygen: int, table: dict[int, int]) -> None:
    scored = {
        value: news2({"oxygen_saturation": value, "supplemental_oxygen": oxygen}, spo2_scale_2=True).points[
            "oxygen_saturation"
        ]
        for value in table
    }
    assert scored == table


def test_scale_2_assumes_air_where_nobody_said_otherwise_so_that_the_total_stays_an_at_least() -> None:
    assert news2({"oxygen_saturation": 98}, spo2_scale_2=True).total == 0


def test_oxygen_counts_2_and_anything_but_alert_counts_3() -> None:
    assert news2({"supplemental_oxygen": 1, "consciousness": 1}).points == {
        "supplemental_oxygen": 2,
        "consciousness": 3,
    }
    assert news2({"supplemental_oxygen": 0, "consciousness": 0}).total == 0


def _by_steps(values: dict[str, float | None]) -> int:
    """The total said another way: sums of crossed lines, without bands or tables (scale 1)."""
    total = 0
    rate = values["respiratory_rate"]
    if rate is not None:
        total += (rate < 12) + 2 * (rate < 9) + 2 * (rate > 20) + (rate > 24)
    oxygen = values["oxygen_saturation"]
    if oxygen is not None:
        total += (oxygen < 96) + (oxygen < 94) + (oxygen < 92)
    pressure = values["blood_pressure_systolic"]
    if pressure is not None:
        total += (pressure < 111) + (pressure < 101) + (pressure < 91) + 3 * (pressure > 219)
    pulse = values["heart_rate"]
    if pulse is not None:
        total += (pulse < 51) + 2 * (pulse < 41) + (pulse > 90) + (pulse > 110) + (pulse > 130)
    warmth = values["body_temperature"]
    if warmth is not None:
        tenths = round(warmth * 10)
        total += (tenths < 361) + 2 * (tenths < 351) + (tenths > 380) + (tenths > 390)
    return total + 2 * bool(values["supplemental_oxygen"]) + 3 * bool(values["consciousness"])


_maybe = {
    "respiratory_rate": st.integers(1, 100),
    "oxygen_saturation": st.integers(30, 100),
    "supplemental_oxygen": st.integers(0, 1),
    "blood_pressure_systolic": st.integers(30, 320),
    "heart_rate": st.integers(10, 350),
    "consciousness": st.integers(0, 1),
    "body_temperature": st.integers(250, 450).map(lambda tenths: tenths / 10),
}


@given(st.fixed_dictionaries({name: st.none() | values for name, values in _maybe.items()}))
def test_any_set_whole_or_partial_agrees_with_a_second_formulation(values: dict[str, float | None]) -> None:
    score = news2(values)
    assert score.total == _by_steps(values)
    assert set(score.missing) == {name for name in PARAMETERS if values[name] is None}


def test_a_value_between_two_lines_is_rounded_half_up_to_one() -> None:
    assert news2({"oxygen_saturation": 91.4}).red == ("oxygen_saturation",)
    assert news2({"oxygen_saturation": 91.5}).red == ()
    assert news2({"body_temperature": 38.04}).total == 0
    assert news2({"body_temperature": 38.05}).total == 1


def test_a_partial_set_says_that_it_is_one() -> None:
    assert (
        say(news2({"heart_rate": 120, "oxygen_saturation": 97}).said) == "NEWS2 at least 2 (2 of 7 measured)"
    )
    whole = dict.fromkeys(PARAMETERS, 0.0) | {
        "respiratory_rate": 16.0,
        "oxygen_saturation": 97.0,
        "blood_pressure_systolic": 120.0,
        "heart_rate": 70.0,
        "body_temperature": 36.8,
    }
    assert say(news2(whole).said) == "NEWS2 0"


def test_a_name_that_is_no_parameter_is_refused() -> None:
    with pytest.raises(InvalidInput, match="one of respiratory_rate"):
        news2({"pulse": 70})


def test_nan_counts_as_missing() -> None:
    assert news2({"heart_rate": float(np.nan)}).missing == PARAMETERS
