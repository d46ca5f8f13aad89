"""The rule table: numbers never change, every rule has its rank, and there is no largest number."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from healthtwin.domain import RULE_BY_NAME, RULES
from healthtwin.domain.rules import GRAVEST_FIRST, SILENCE_RULE
from healthtwin.domain.signs import any_of, no_signs, only_where, rule_name, rules_in, says, signs_of, speak

BEYOND_ONE_WORD = """
from dataclasses import replace
from types import MappingProxyType
from healthtwin.domain import rules

for number in (319, 320, 700):
    extra = replace(rules.RULES[0], number=number, name=f"rule_{number}")
    rules.RULES = MappingProxyType({**rules.RULES, number: extra})
    rules.GRAVEST_FIRST = (*rules.GRAVEST_FIRST, number)

import numpy as np
from healthtwin.domain.signs import SIGN_WORDS, no_signs, rules_in, speak
from healthtwin.episodes import EPISODE, advance, blank_episodes

assert SIGN_WORDS == 11
signs = no_signs(2)
for number in (0, 319, 320, 700):
    speak(signs, np.array([True, False]), number)
episodes = blank_episodes(2)
now, calm = np.array([1_000, 1_000]), np.zeros(2, bool)
advance(episodes, np.array([3, 0], "u1"), signs, calm, now)
later = no_signs(2)
speak(later, np.array([True, True]), 700)
advance(episodes, np.array([3, 1], "u1"), later, calm, now + 1)
print([[rule.number for rule in rules_in(row)] for row in episodes["signs"]])
"""


def test_every_rule_has_one_rank() -> None:
    assert sorted(GRAVEST_FIRST) == sorted(RULES)
    assert len(RULE_BY_NAME) == len(RULES)


def test_numbers_in_stored_records_never_change() -> None:
    assert {
        0: "oxygen_saturation_very_low",
        13: "not_alert",
        17: "very_unusual_for_you",
        25: "vital_sign_may_turn_red",
        SILENCE_RULE: "silence",
    }.items() <= {number: rule.name for number, rule in RULES.items()}.items()


@pytest.mark.parametrize("number", RULES)
def test_a_rule_speaks_for_whom_it_is_said_and_for_nobody_else(number: int) -> None:
    signs = no_signs(3)
    speak(signs, np.array([False, True, False]), number)
    assert any_of(signs).tolist() == [False, True, False]
    assert says(signs[1], number)
    assert rule_name(signs[1]) == RULES[number].name
    assert rule_name(signs[0]) == ""
    assert (signs[1] == signs_of(number)).all()
    assert not only_where(signs, np.zeros(3, np.bool_)).any()


def test_the_gravest_rule_is_named_first() -> None:
    assert [rule.name for rule in rules_in(signs_of(16, 10, 0))] == [
        "oxygen_saturation_very_low",
        "news2_red_parameter",
        "unusual_for_you",
    ]


def test_rules_beyond_a_word_are_kept_in_episodes_like_all_others() -> None:
    run = subprocess.run(
        [sys.executable, "-c", BEYOND_ONE_WORD], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.stderr == ""
    assert run.stdout.strip() == "[[0, 319, 320, 700], [700]]"
