"""The cases that triage is judged by are sound, varied and told in several ways."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.cohorts.vignettes import Retelling, german, paraphrases, vignettes

REPOSITORY = Path(__file__).resolve().parents[2]
CASES = vignettes()
PARAPHRASES = paraphrases()
GERMAN = german()

ALIKE = 0.5
"""Share of common words from which two texts would be one case counted twice."""


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def test_there_are_enough_cases_of_every_urgency_and_a_third_is_ambiguous() -> None:
    assert len(CASES) >= 220
    share = {urgency: count / len(CASES) for urgency, count in Counter(c.urgency for c in CASES).items()}
    assert share["emergency"] >= 0.35
    assert share["care"] >= 0.35
    assert share["self_care"] >= 0.25
    ambiguous = [case for case in CASES if case.ambiguous]
    assert len(ambiguous) >= len(CASES) / 3
    assert {case.urgency for case in ambiguous} == {"emergency", "care", "self_care"}


def test_the_people_are_of_all_ages_and_in_every_state() -> None:
    ages = [case.age for case in CASES if case.age is not None]
    assert min(ages) < 0.1
    assert max(ages) >= 95
    assert any(case.age is None for case in CASES)
    assert sum(age < 16 for age in ages) >= 15
    assert sum(case.system == "obstetric" for case in CASES) >= 12
    assert sum(case.system == "mental" for case in CASES) >= 10
    assert len({case.system for case in CASES}) == 15


def test_traits_are_counted_and_false_alarms_are_none() -> None:
    traits = Counter(trait for case in CASES for trait in case.traits)
    assert traits["anticoagulated"] + traits["immune_suppressed"] >= 10
    assert traits["false_alarm"] >= 12
    assert traits["device_numbers"] >= 10
    assert {case.urgency for case in CASES if "false_alarm" in case.traits} == {"self_care"}


def test_facts_are_of_every_holder_time_and_polarity() -> None:
    facts = [fact for case in CASES for fact in case.facts]
    assert {fact.holder for fact in facts} == {"me", "other"}
    assert {fact.time for fact in facts} == {"now", "resolved", "past", "hypothetical"}
    assert sum(not fact.present for fact in facts) >= 150


def test_texts_vary_in_length_and_no_two_are_nearly_alike() -> None:
    lengths = [len(case.text.split()) for case in CASES]
    assert min(lengths) <= 10
    assert max(lengths) >= 60
    said = [(case.id, words(case.text)) for case in CASES]
    alike = [
        (a, b) for (a, one), (b, two) in combinations(said, 2) if len(one & two) >= ALIKE * len(one | two)
    ]
    assert alike == []


def test_sixty_cases_are_told_tersely_and_at_length() -> None:
    by_case: dict[str, list[str]] = {}
    for said in PARAPHRASES:
        by_case.setdefault(said.paraphrase_of, []).append(said.style)
    assert len(by_case) >= 60
    assert all(sorted(styles) == ["rambling", "terse"] for styles in by_case.values())


def test_sixty_cases_are_told_in_german() -> None:
    assert len({said.paraphrase_of for said in GERMAN}) == len(GERMAN) >= 60


@pytest.mark.parametrize("told", [PARAPHRASES, GERMAN], ids=["paraphrases", "german"])
def test_every_retelling_belongs_to_a_case_and_covers_every_urgency(told: tuple[Retelling, ...]) -> None:
    urgency = {case.id: case.urgency for case in CASES}
    assert {said.paraphrase_of for said in told} <= urgency.keys()
    assert {urgency[said.paraphrase_of] for said in told} == {"emergency", "care", "self_care"}
    everything = [case.text for case in CASES] + [said.text for said in told]
    assert len({text.casefold() for text in everything}) == len(everything)


def test_a_number_of_a_case_stands_in_its_rambling_and_german_words() -> None:
    """Whatever is retold keeps its measurements: '88' may not become '89'."""
    measured = re.compile(r"\d+[.,]\d+|\d{2,3}")
    text = {case.id: case.text for case in CASES}
    for said in (*PARAPHRASES, *GERMAN):
        original = {number.replace(",", ".") for number in measured.findall(text[said.paraphrase_of])}
        retold = {number.replace(",", ".") for number in measured.findall(said.text)}
        if original and retold:
            assert retold <= original | _spelt(text[said.paraphrase_of]), (said.id, retold - original)


def _spelt(text: str) -> set[str]:
    """Numbers that the case writes as words."""
    names = {"ten": "10", "fifteen": "15", "thirty": "30", "half an hour": "30", "quarter of an hour": "15"}
    return {number for name, number in names.items() if name in text.casefold()}


def _first_line() -> str:
    path = REPOSITORY / "src" / "healthtwin_lab" / "cohorts" / "vignettes.jsonl"
    return path.read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"urgency": "soon"}, "urgency: got 'soon'; allowed: emergency, care, self_care"),
        ({"within": 4}, "within: got 4; allowed: null, unless urgency is care"),
        ({"urgency": "care"}, "within: got None; allowed: 1 to 336 hours"),
        ({"ambiguous": True}, "alternatives: got []"),
        ({"ambiguous": True, "alternatives": ["emergency"]}, "alternatives: got ['emergency']"),
        ({"traits": ["false_alarm", "false_alarm"]}, "traits: got ['false_alarm']; allowed: each once"),
        ({"age": 300}, "age: got 300; allowed: 0 to 120 years"),
        ({"age": True}, "age: got True; allowed: int or float"),
        ({"text": " blank "}, "text: got ' blank '"),
        ({"text": "word " * 90 + "more"}, "allowed: 90 words at most, not 91"),
        ({"why": "because"}, "why: got 'because'; allowed: 'ORGANISATION TOPIC: what follows.'"),
        ({"facts": []}, "facts: got []; allowed: at least one"),
        ({"facts": ["pain"]}, "facts: got 'pain'; allowed: a JSON object"),
        ({"facts": [{"finding": "x", "present": True, "holder": "us", "time": "now"}]}, "got 'us'"),
        ({"colour": "red"}, "got ['colour']; allowed: only id"),
        ({"pregnant": True}, "pregnant: got True; allowed: false for a man"),
    ],
    ids=str,
)
def test_a_wrong_line_is_named_with_what_is_wrong(
    tmp_path: Path, change: dict[str, Any], complaint: str
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(json.loads(_first_line()) | change), encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        vignettes(path)
    assert str(refused.value).startswith("cases.jsonl, line 1")
    assert complaint in str(refused.value)


def test_what_is_no_json_lacks_a_field_or_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    for text, complaint in (
        ("{", "line 1: got '{'; allowed: JSON"),
        ("[]", "line 1: got .*; allowed: a JSON object"),
        ("{}", "allowed: these besides: alternatives, ambiguous"),
        (f"{_first_line()}\n{_first_line()}", "id: got .*v001.*; allowed: each once"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidInput, match=complaint):
            vignettes(path)


def test_the_wheel_takes_the_folder_whole_and_with_it_the_cases() -> None:
    lab = tomllib.loads((REPOSITORY / "lab" / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = lab["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"../src/healthtwin_lab": "healthtwin_lab"}


def test_the_page_about_them_counts_what_is_there() -> None:
    page = (REPOSITORY / "docs" / "panel_vignettes.md").read_text(encoding="utf-8")
    assert "no clinician has signed them" in page
    urgency = Counter(case.urgency for case in CASES)
    counts = (
        len(CASES),
        *(urgency[u] for u in ("emergency", "care", "self_care")),
        sum(c.ambiguous for c in CASES),
    )
    assert "| " + " | ".join(f"**{count}**" for count in counts) + " |" in page
    for system in {case.system for case in CASES}:
        held = [case for case in CASES if case.system == system]
        of = Counter(case.urgency for case in held)
        ambiguous = sum(case.ambiguous for case in held)
        row = f"| {system} | {of['emergency']} | {of['care']} | {of['self_care']} | {ambiguous} |"
        assert row in page
