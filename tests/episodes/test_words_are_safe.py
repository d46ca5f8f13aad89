"""What an alert says, for every rule: emergencies first, no diagnosis, no medicine, never "all clear"."""

from __future__ import annotations

import itertools
import re

import pytest

from healthtwin.domain import RULE_BY_NAME, RULES, AlertLevel
from healthtwin.episodes import Verb
from healthtwin.episodes.words import advice, summary
from healthtwin.words import say

EVERY = [
    (level, rule.name, "silence" if rule.name == "silence" else "vitals")
    for level, rule in itertools.product(AlertLevel, RULES.values())
]
NEVER_SAID = re.compile(
    r"all clear|you are fine|nothing to worry|diagnos|heart attack|sepsis|pneumonia|covid"
    r"|aspirin|tablet|medicine|inhaler|dose|paracetamol|ibuprofen|nitro",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("level", "rule", "key"), EVERY)
def test_nothing_is_said_that_must_never_be(level: AlertLevel, rule: str, key: str) -> None:
    said = [say(summary(level, [rule], key, verb)) for verb in Verb]
    said += [say(step.said) for step in advice(level, [rule], key)]
    assert not [text for text in said if NEVER_SAID.search(text)]
    assert all(say(step.source) for step in advice(level, [rule], key))


@pytest.mark.parametrize("rule", [rule.name for rule in RULES.values() if rule.name != "silence"])
def test_a_critical_alert_names_the_emergency_number_first(rule: str) -> None:
    assert "emergency number now (112" in say(advice(AlertLevel.CRITICAL, [rule], "vitals")[0].said)


@pytest.mark.parametrize("rule", [rule.name for rule in RULES.values() if rule.name != "silence"])
def test_a_warning_says_within_how_long_and_when_not_to_wait(rule: str) -> None:
    first = say(advice(AlertLevel.WARNING, [rule], "vitals")[0].said)
    now = RULE_BY_NAME[rule].within_h == 2
    assert ("within 2 hours" in first) == now
    assert ("today or tomorrow" in first) != now
    assert "emergency number" in first


@pytest.mark.parametrize("rule", [rule.name for rule in RULES.values()])
def test_no_advice_names_two_intervals_of_measuring_again(rule: str) -> None:
    for level in AlertLevel:
        said = [step.said.code for step in advice(level, [rule], "vitals")]
        again = {"advice-again", "advice-again-soon", "advice-again-warm", "advice-pressure"}
        assert len(again & set(said)) <= 1


def test_a_warning_for_two_hours_is_worded_apart_from_one_for_today() -> None:
    now = say(summary(AlertLevel.WARNING, ["news2_urgent"], "vitals", Verb.OPENED))
    soon = say(summary(AlertLevel.WARNING, ["blood_pressure_high"], "vitals", Verb.OPENED))
    assert now == "Be seen now, within 2 hours: NEWS2 reaches 5."
    assert soon == "Contact a clinician today or tomorrow: blood pressure is very high."


def test_who_faints_in_pregnancy_lies_on_the_left_side() -> None:
    said = " ".join(
        say(step.said) for step in advice(AlertLevel.CRITICAL, ["blood_pressure_very_low"], "vitals")
    )
    assert "in pregnancy lie on your left side" in said


def test_the_end_of_an_episode_is_back_in_your_usual_range_and_when_to_call() -> None:
    back = "Back in your usual range; if you feel ill, call."
    assert say(summary(AlertLevel.CRITICAL, ["not_alert"], "vitals", Verb.RESOLVED)) == back
    for verb in (Verb.CLOSED, Verb.WITHDRAWN):  # nobody measured that anything is back
        text = say(summary(AlertLevel.CRITICAL, ["not_alert"], "vitals", verb))
        assert "usual range" not in text
        assert "if you feel ill, call" in text


def test_the_end_of_a_silence_says_nothing_about_health() -> None:
    text = say(summary(AlertLevel.WARNING, ["silence"], "silence", Verb.RESOLVED))
    assert text == "Readings are coming in again; they say nothing about the time before."


def test_unusual_is_a_fact_about_the_person() -> None:
    assert say(summary(AlertLevel.INFO, ["unusual_for_you"], "vitals", Verb.OPENED)) == (
        "Be aware: several readings together are unusual for you."
    )


def test_a_rule_of_a_later_version_still_gives_a_sentence() -> None:
    assert say(summary(AlertLevel.WARNING, ["not_yet_known"], "vitals", Verb.OPENED)) == (
        "Contact a clinician today or tomorrow: your readings need attention."
    )


def test_every_rule_says_where_it_comes_from_and_has_its_own_number_and_name() -> None:
    assert all(say(rule.cited) and say(rule.said) for rule in RULES.values())
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
    assert all(number == rule.number for number, rule in RULES.items())
