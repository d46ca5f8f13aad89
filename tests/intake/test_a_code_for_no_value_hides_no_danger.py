"""What devices write where they have no value takes no dangerous value beside it along."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import METRICS, VITAL_SIGNS
from healthtwin.domain.metrics import NO_VALUE_CODES
from healthtwin.intake import Subjects, decode_vitals

NOON_MS = 1_772_366_400_000
ADA = Subjects("p-ada", {"p-ada": 1960}.__getitem__)


def judged(**values: float) -> tuple[dict[int, float], list[tuple[str, object]], list[str]]:
    """Values taken, what was passed over, and fields that were refused."""
    parsed = decode_vitals(json.dumps({"timestamp": NOON_MS, **values}).encode(), NOON_MS, ADA)
    taken = parsed.rows[0].payload.values if parsed.rows else {}
    passed = [(value.field, value.value) for row in parsed.rows for value in row.passed_over]
    return taken, passed, [refusal.field for refusal in parsed.refused]


def test_a_low_oxygen_is_taken_though_the_pulse_has_no_value() -> None:
    assert judged(heart_rate=255, spo2=80) == ({4: 80.0}, [("heart_rate", 255)], [])
    assert judged(heart_rate=150, spo2=0, steps=65535) == ({1: 150.0}, [("spo2", 0), ("steps", 65535)], [])


@pytest.mark.parametrize("values", [{"heart_rate": 255}, {"heart_rate": 255, "activity_level": 0}])
def test_a_row_without_any_vital_sign_left_is_refused_as_before(values: dict[str, float]) -> None:
    assert judged(**values) == ({}, [], ["heart_rate"])


def test_what_is_no_code_but_impossible_still_refuses_its_row() -> None:
    assert judged(heart_rate=900, spo2=80) == ({}, [], ["heart_rate"])


NAMES = [metric.name for metric in VITAL_SIGNS if metric.name != "consciousness"]


@settings(max_examples=60)
@given(
    danger=st.sampled_from(NAMES),
    other=st.sampled_from(sorted(METRICS)),
    code=st.sampled_from(sorted(NO_VALUE_CODES)),
)
def test_no_code_beside_a_possible_vital_sign_ever_refuses_it(danger: str, other: str, code: int) -> None:
    metric = METRICS[danger]
    value = metric.low + 1
    if other == danger or METRICS[other].possible(code) or not metric.possible(value):
        return
    taken, passed, refused = judged(**{danger: value, other: code})
    assert taken == {metric.code: value}
    assert passed == [(other, code)]
    assert not refused
