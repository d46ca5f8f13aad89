"""One contract for every forecast member: what the house relies on, whoever is behind it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import LEARNED, RULES
from healthtwin.domain.arrays import blank_observations, blank_profiles
from healthtwin.domain.rules import SILENCE_RULE
from healthtwin.domain.signs import any_of, signs_of
from healthtwin.forecast import Member, Voice, expected_row, nothing_expected, shipped_forecast
from healthtwin.words import say
from tests.forecast.observed import NOON_MS, USUAL, ordinary, somebody

if TYPE_CHECKING:
    from healthtwin.domain.arrays import StructuredArray

LARGEST_STATE_B = {"trained": 4096}  # features and what the nets remember; the others know one thing each
LARGEST_OTHER_B = 340

MEMBERS = shipped_forecast().members
every_member = pytest.mark.parametrize("member", MEMBERS, ids=[member.name for member in MEMBERS])


def wild_rows(rng: np.random.Generator, people: int, step: int) -> StructuredArray:
    """One row per person: usual, extreme and missing values, every context, at irregular times."""
    rows = blank_observations(people)
    rows["time_ms"] = NOON_MS + step * 300_000 + rng.integers(0, 240_000, people)
    for column, metric in enumerate(LEARNED):
        middle, width = USUAL[metric.name]
        value = np.clip(middle + width * rng.standard_t(2, people) * 2.0, metric.low, metric.high)
        rows["value"][:, column] = np.where(rng.random(people) < 0.4, np.nan, value)
    rows["activity"] = rng.choice([np.nan, 0.0, 1.0, 2.5], people)
    rows["oxygen"] = rng.integers(-1, 2, people)
    rows["consciousness"] = rng.choice([-1, 0, 0, 0, 1], people)
    rows["quality"] = rng.choice([0.1, 0.5, 1.0], people)
    rows["live"] = True
    return rows


@every_member
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32 - 1), people=st.integers(1, 20), cut=st.integers(0, 20))
def test_how_people_are_cut_into_batches_changes_no_bit(
    member: Member, seed: int, people: int, cut: int
) -> None:
    rng = np.random.default_rng(seed)
    profiles = blank_profiles(people)
    profiles["spo2_scale_2"] = rng.random(people) < 0.3
    profiles["birth_year"] = rng.choice([0, 1950, 2020], people)
    whole, cuts, alone = (member.blank(people) for _ in range(3))
    parts = [slice(0, cut % people), slice(cut % people, people)]
    for step in range(12):
        rows = wild_rows(rng, people, step)
        together = member.update(whole, rows, ordinary(rows), profiles)
        for part in parts:
            member.update(cuts[part], rows[part], ordinary(rows[part]), profiles[part])
        for i in range(people):
            one = slice(i, i + 1)
            verdict = member.update(alone[one], rows[one], ordinary(rows[one]), profiles[one])
            for field in ("level", "score", "signs", "calm"):
                assert (getattr(verdict, field)[0] == getattr(together, field)[i]).all()
    assert whole.tobytes() == cuts.tobytes() == alone.tobytes()


@every_member
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_verdict_is_always_within_its_terms_and_can_be_explained(member: Member, seed: int) -> None:
    rng = np.random.default_rng(seed)
    state, profiles = member.blank(4), blank_profiles(4)
    for step in range(20):
        rows = wild_rows(rng, 4, step)
        expected = ordinary(rows)
        verdict = member.update(state, rows, expected, profiles)
        assert (verdict.level <= 3).all()
        assert np.isfinite(verdict.score).all()
        assert (verdict.score >= 0).all()
        assert not (verdict.calm & (verdict.level > 0)).any()
        assert not (verdict.signs & ~signs_of(*member.rules)).any()
        assert not (any_of(verdict.signs) & (verdict.level == 0)).any()
        for i in range(4):
            facts = member.explain(state[i], rows[i], expected_row(expected, i), profiles[i])
            assert all(say(fact.said) and say(fact.source) for fact in facts)
            assert facts or verdict.level[i] == 0
            for risk in member.risks(state[i], rows[i], expected_row(expected, i), profiles[i]):
                assert risk.probability is None or 0 <= risk.probability <= 1


@every_member
def test_nobody_is_alarmed_by_a_message_that_measured_nothing(member: Member) -> None:
    state, rows = member.blank(3), blank_observations(3)
    rows["time_ms"] = NOON_MS
    verdict = member.update(state, rows, nothing_expected(3), blank_profiles(3))
    assert verdict.level.tolist() == [0, 0, 0]
    assert not verdict.signs.any()
    assert member.explain(state[0], rows[0], expected_row(nothing_expected(1), 0), somebody()[0]) == ()


@every_member
def test_without_a_baseline_a_member_speaks_only_of_what_needs_none(member: Member) -> None:
    rng = np.random.default_rng(3)
    state, profiles = member.blank(20), blank_profiles(20)
    for step in range(30):
        rows = wild_rows(rng, 20, step)
        verdict = member.update(state, rows, nothing_expected(20), profiles)
        own = [rule.number for rule in RULES.values() if "own baseline" in say(rule.cited)]
        assert not (verdict.signs & signs_of(*own)).any()


@every_member
def test_readings_that_stand_still_in_time_break_nothing(member: Member) -> None:
    rng = np.random.default_rng(4)
    state, profiles = member.blank(5), blank_profiles(5)
    for _ in range(10):
        rows = wild_rows(rng, 5, 0)
        rows["time_ms"] = NOON_MS
        verdict = member.update(state, rows, ordinary(rows), profiles)
        assert np.isfinite(verdict.score).all()


@every_member
def test_the_state_is_small_and_flat(member: Member) -> None:
    assert member.state_dtype.itemsize <= LARGEST_STATE_B.get(member.name, LARGEST_OTHER_B)
    assert not member.state_dtype.hasobject
    assert member.blank(7).shape == (7,)
    assert member.blank(7).dtype == member.state_dtype


@every_member
def test_a_member_says_how_it_is_heard_and_under_which_rules(member: Member) -> None:
    assert set(member.rules) <= set(RULES)
    assert (inspect.getdoc(type(member)) or "").strip()  # its line in docs/reference/members.md
    budgeted = [RULES[number].budgeted for number in member.rules]
    assert not any(budgeted) if member.voice is Voice.AT_ONCE else all(budgeted)
    if member.voice is Voice.BUDGETED:
        assert 1 <= len(member.rules) <= 2


def test_members_share_neither_names_nor_rules_and_no_rule_is_left_to_nobody() -> None:
    names = [member.name for member in MEMBERS]
    assert len(set(names)) == len(names)
    claimed = [number for member in MEMBERS for number in member.rules]
    assert sorted([*claimed, SILENCE_RULE]) == sorted(RULES)
