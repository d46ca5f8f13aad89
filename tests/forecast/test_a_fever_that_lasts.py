"""A child's fever is to be seen on its fifth day, however high it is; a shorter one is not."""

from __future__ import annotations

import pytest

from healthtwin.domain.signs import rules_in
from healthtwin.forecast import SafetyRules, expected_row, nothing_expected
from healthtwin.words import say
from tests.forecast.observed import observed, somebody

MEMBER = SafetyRules()
CHILD = {"birth_year": 2022, "birth_month": 3}


def evenings(temperatures: dict[float, float], **who: int) -> list[tuple[float, int]]:
    """(day, level) of what is told; temperatures by day."""
    state, profile = MEMBER.blank(1), somebody(**who)
    told = []
    for day, temperature in sorted(temperatures.items()):
        seen = observed(day * 1440, body_temperature=temperature)
        verdict = MEMBER.update(state, seen, nothing_expected(1), profile)
        if verdict.level[0]:
            told.append((day, int(verdict.level[0])))
            assert [rule.name for rule in rules_in(verdict.signs[0])] == ["body_temperature_raised"]
            facts = MEMBER.explain(state[0], seen[0], expected_row(nothing_expected(1), 0), profile[0])
            assert "Fever for 5 days" in say(facts[0].said)
    return told


def test_the_fifth_evening_is_told_and_cool_mornings_between_do_not_hide_it() -> None:
    every_evening = {float(day): 38.4 for day in range(5)}
    assert evenings(every_evening, **CHILD) == [(4.0, 2)]
    mornings = {day + 0.5: 37.0 for day in range(4)}
    assert evenings({**every_evening, **mornings}, **CHILD) == [(4.0, 2)]


@pytest.mark.parametrize(
    ("temperatures", "who"),
    [
        ({float(day): 38.4 for day in range(4)}, CHILD),  # four days
        ({float(day): 37.8 for day in range(6)}, CHILD),  # no fever
        ({0.0: 38.4, 1.0: 38.2, 3.0: 37.0, 4.0: 38.5}, CHILD),  # it was over between
        ({float(day): 38.4 for day in range(5)}, {"birth_year": 1980}),
    ],
)
def test_nothing_else_is(temperatures: dict[float, float], who: dict[str, int]) -> None:
    assert evenings(temperatures, **who) == []
