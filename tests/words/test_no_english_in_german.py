"""Whatever happens to somebody, the house says it in German to whoever reads German."""

from __future__ import annotations

import itertools
import re
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain import RULES, AlertLevel, Said, evidence_of
from healthtwin.domain.arrays import blank_profiles
from healthtwin.domain.errors import (
    CorruptStorage,
    HealthTwinError,
    StorageBusy,
    StorageError,
    StorageFull,
)
from healthtwin.domain.said import PLAIN
from healthtwin.episodes import Verb, silence_evidence
from healthtwin.episodes.words import advice, summary
from healthtwin.forecast import MEMBERS, expected_row
from healthtwin.genes import check_medicines, profile_from
from healthtwin.genes.report import Report, build_report, html_page, wallet_card
from healthtwin.house.operations import said_of
from healthtwin.words import LANGUAGES, say, speaking
from tests.forecast.observed import ordinary, somebody
from tests.forecast.test_every_member_keeps_the_contract import wild_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGLISH = re.compile(
    r"\b(?:the|of|and|is|are|your|you|with|for|below|above|now|usually|very|reading|readings|by|at least|"
    r"measured|ago|steady|learned|while|near|typical)\b"
)
QUOTED_FACTS = {"text", "risk", "mechanism", "absolute", "strength", "population", "medicine", "gene"}
"""What a source has said itself stands as it is."""


def alerts() -> Iterator[Said]:
    for level, rule in itertools.product(AlertLevel, RULES.values()):
        key = "silence" if rule.name == "silence" else "vitals"
        yield from (summary(level, [rule.name], key, verb) for verb in Verb)
        yield from (step.said for step in advice(level, [rule.name], key))
    yield summary(AlertLevel.INFO, ["of a later version"], "vitals", Verb.OPENED)
    yield silence_evidence(0, 90_000_000).said


def evidence_and_risks() -> Iterator[Said]:
    rng, people = np.random.default_rng(7), blank_profiles(20)
    for member in MEMBERS:
        state = member.blank(20)
        for step in range(12):
            rows = wild_rows(rng, 20, step)
            expected = ordinary(rows)
            member.update(state, rows, expected, people)
            for i in range(len(rows)):
                one = (state[i], rows[i], expected_row(expected, i), somebody()[0])
                yield from (fact.said for fact in member.explain(*one))
                for risk in member.risks(*one):
                    yield from (each for each in (risk.said, *risk.reasons, risk.would_fall) if each)


def parts(said: Said) -> Iterator[Said]:
    yield said
    for fact in said.facts.values():
        for inner in (fact,) if isinstance(fact, Said) else fact if isinstance(fact, tuple) else ():
            yield from parts(inner)


@pytest.mark.parametrize("source", [alerts, evidence_and_risks])
def test_no_english_is_left(source: object) -> None:
    told = list(source())  # type: ignore[operator]
    assert len(told) > 50
    for said in told:
        german = say(said, "de")
        assert not ENGLISH.search(german), german
        assert german != say(said, "en") or not re.search(r"[a-z]{4}", german.split(" ")[-1]), german


def test_what_is_said_of_genes_is_german_around_what_a_source_says() -> None:
    found = check_medicines(
        profile_from({"CYP2D6": "*1/*1", "CYP2C19": "*2/*2"}), ["codeine", "paroxetine", "citalopram"]
    )
    hypotheses = [say(each.hypothesis, "de") for each in found]
    assert "citalopram und CYP2C19 langsamer Metabolisierer: Alternative" in hypotheses
    converted = [f for each in found for f in each.evidence if f.said.code == "gene-converted"]
    assert any("lässt etwa 0 % der Aktivität übrig" in say(fact.said, "de") for fact in converted)


def test_nothing_that_is_said_is_a_sentence_already() -> None:
    every = [part for told in (*alerts(), *evidence_and_risks()) for part in parts(told)]
    assert [said for said in every if said.code == PLAIN] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_old_text_is_shown_in_every_language(language: str) -> None:
    fact = evidence_of({"text": "no reading for 6 h", "source": "x"})
    assert say(fact.said, language) == "no reading for 6 h"


PERSON = {
    "CYP2D6": "*17x3/*4xN",
    "CYP2C19": "*17/*17",
    "CYP2C9": "[*2 + *3]/*1",
    "SLCO1B1": "*1/*15",
    "CYP3A5": "no result",
    "HLA-B": "*15:02",
    "G6PD": "B (reference)",
    "MT-RNR1": "Reference",
    "TPMT": {"phenotype": "Indeterminate"},
    "medicines": ["lithium", "warfarin", "paroxetine", "citalopram", "fluoxetine", "unheard"],
}


def quotations(report: Report) -> set[str]:
    """What guidelines and labels say themselves, and names."""
    said: set[str] = set()
    for item in (*report.current, *report.guidance):
        for told in (*item.recommendations, *item.by_genes):
            source = told.guideline.source
            said |= {told.text, told.population, told.strength, source.guideline, source.version}
            if told.rule:
                said |= {"; ".join(told.rule.alternatives), ", ".join(told.rule.monitor)}
        for risk in item.risks:
            said |= {risk.risk, risk.mechanism, risk.absolute}
    return {escape(each) for each in said if each}


def without(quoted: set[str], page: str) -> str:
    for each in sorted(quoted, key=len, reverse=True):
        page = page.replace(each, "")
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)


def test_a_german_report_on_genes_has_no_english_of_ours() -> None:
    report = build_report(profile_from(PERSON), subject="x", made="2026-11-29")
    for form in (html_page, wallet_card):
        with speaking("de"):
            page = form(report)
        told = without(quotations(report), page)
        assert not ENGLISH.search(told), ENGLISH.findall(told)
    assert set(report.profile.not_known) == {"CYP3A5"}


def test_every_reason_and_note_of_a_result_is_said_in_german() -> None:
    report = build_report(profile_from(PERSON), subject="x", made="2026-11-29")
    results = report.profile.genes.values()
    reasons = [*(each.why for each in results), *(w for each in results for w in each.warnings)]
    reasons += [
        *report.profile.not_known.values(),
        *(why for item in report.current for why in item.not_known),
    ]
    reasons += [each.finding for each in report.response.findings]
    reasons += [each.finding for each in report.response.trials]
    assert len(reasons) > 15
    for why in reasons:
        assert not ENGLISH.search(say(why, "de")), say(why, "de")


def test_what_is_wrong_in_the_house_is_said_in_german_around_the_message_of_the_program() -> None:
    for error in (
        StorageFull("m"),
        StorageBusy("m"),
        CorruptStorage("m"),
        StorageError("m"),
        HealthTwinError("m"),
    ):
        said = said_of(error)
        assert say(said) == "m"
        assert say(said, "de").endswith(" (Meldung: „m“)")
        assert not ENGLISH.search(say(said, "de"))
