"""Findings for current medicines: asked again whenever genes or medicines change."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from healthtwin.domain import AlertLevel
from healthtwin.genes import check_medicines, profile_from, starter
from healthtwin.words import say

SLOW = profile_from({"CYP2D6": "*4/*4", "CYP2C19": "*2/*2"})


def test_a_strong_reason_to_avoid_is_a_warning_with_its_source() -> None:
    (finding,) = check_medicines(SLOW, ["codeine"])
    assert (finding.specialty, finding.urgency) == ("pharmacogenomics", AlertLevel.WARNING)
    assert say(finding.hypothesis) == "codeine and CYP2D6 Poor Metabolizer: avoid"
    assert "PMID 33387367" in say(finding.evidence[0].source)
    assert finding.confidence is None


def test_a_new_inhibitor_changes_the_finding() -> None:
    normal = profile_from({"CYP2D6": "*1/*1"})
    assert check_medicines(normal, ["codeine"]) == ()
    (finding,) = check_medicines(normal, ["codeine", "paroxetine"])
    assert say(finding.hypothesis).startswith("codeine and CYP2D6 Poor Metabolizer")
    assert any("by genes Normal Metabolizer" in say(item.said) for item in finding.evidence)


def test_who_takes_carbamazepine_is_not_spoken_to_as_a_newcomer() -> None:
    (finding,) = check_medicines(profile_from({"HLA-B": "*15:02/*40:01"}), ["carbamazepine"])
    assert say(finding.hypothesis) == "carbamazepine and HLA-B *15:02 positive: caution"
    assert "Stevens-Johnson" in say(finding.contraindications[0])


def test_nothing_to_say_is_no_finding() -> None:
    assert check_medicines(SLOW, ["lithium", "a herb nobody knows"]) == ()
    assert check_medicines(profile_from({"CYP2D6": "*1/*1"}), ["codeine"]) == ()


@given(st.lists(st.sampled_from(starter().guided_medicines), unique=True, max_size=6))
@example(["efavirenz", "phenytoin", "clomipramine"])  # two that act on the enzyme of the third
def test_the_order_of_medicines_changes_nothing(names: list[str]) -> None:
    assert check_medicines(SLOW, names) == check_medicines(SLOW, list(reversed(names)))


@given(st.lists(st.sampled_from(starter().guided_medicines), unique=True, max_size=4))
def test_nothing_here_is_an_emergency(names: list[str]) -> None:
    assert all(finding.urgency < AlertLevel.CRITICAL for finding in check_medicines(SLOW, names))
