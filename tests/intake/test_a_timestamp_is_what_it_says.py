"""Counts in other units are refused by their own name, and the last second of a long month is an instant."""

from __future__ import annotations

import pytest

from healthtwin.domain import METRICS
from healthtwin.domain.errors import InvalidInput
from healthtwin.intake.fields import measured_ms

NOW_MS = 1_772_438_400_000


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (NOW_MS // 1000, "milliseconds since 1970, from"),
        (NOW_MS * 1000, "this counts microseconds"),
        (NOW_MS * 1_000_000, "this counts nanoseconds"),
    ],
)
def test_a_count_in_another_unit_is_refused_by_its_name(count: int, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        measured_ms(count, NOW_MS, 1980)


@pytest.mark.parametrize(
    "text",
    [
        "2016-12-31T23:59:60Z",
        "2017-01-01T00:59:60+01:00",
        "2016-12-31T15:59:60-08:00",
        "2016-12-31t23:59:60.25z",
    ],
)
def test_a_leap_second_is_the_instant_after_it(text: str) -> None:
    told = measured_ms(text, NOW_MS, 1980)
    assert told - measured_ms("2017-01-01T00:00:00Z", NOW_MS, 1980) == (250 if "." in text else 0)


@pytest.mark.parametrize("text", ["2016-12-30T23:59:60Z", "2016-12-31T22:59:60Z", "2016-12-31T23:59:61Z"])
def test_no_other_second_is_the_sixtieth(text: str) -> None:
    with pytest.raises(InvalidInput):
        measured_ms(text, NOW_MS, 1980)


@pytest.mark.parametrize("name", ["steps", "supplemental_oxygen", "consciousness", "gait_regularity"])
def test_what_has_no_unit_is_told_without_one(name: str) -> None:
    assert not METRICS[name].allowed.endswith(" 1 1")
    assert METRICS[name].allowed == f"a number from {METRICS[name].low:g} to {METRICS[name].high:g}"
