"""De-identified data: no real date, no age of 90 or more, no class below k, no pseudonym twice."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.privacy.deidentify import (
    CAPPED_AGE,
    MOST_LEFT_OUT,
    MOST_WEEKS,
    RARE,
    RARE_VALUE,
    TOO_ALIKE,
    Person,
    TooFew,
    age_band,
    drawn_shift_weeks,
    fewest_values,
    released,
    shifted_ms,
    smallest_class,
)

TIMES = st.integers(0, 4_000_000_000_000)
WEEKS = st.integers(1, MOST_WEEKS)


def weekday(time_ms: int) -> int:
    return datetime.fromtimestamp(time_ms / 1000, UTC).weekday()


@given(TIMES, TIMES, WEEKS)
def test_what_lies_between_two_times_of_a_person_stays_and_so_does_the_weekday(
    first: int, second: int, weeks: int
) -> None:
    assert shifted_ms(second, weeks) - shifted_ms(first, weeks) == second - first
    assert weekday(shifted_ms(first, weeks)) == weekday(first)
    assert shifted_ms(first, weeks) < first


@given(st.integers(0, MOST_WEEKS - 1))
def test_no_date_stays_where_it_was_and_every_shift_can_be(drawn: int) -> None:
    assert 1 <= drawn_shift_weeks(lambda below: drawn % below) <= MOST_WEEKS
    assert drawn_shift_weeks(lambda _: drawn) == drawn + 1


def test_a_shifted_date_tells_nothing_of_the_real_one() -> None:
    rng = random.Random(3)
    real = [1_700_000_000_000, 1_700_000_000_000 + 40 * 7 * 86_400_000]
    told: list[Counter[int]] = [Counter(), Counter()]
    for _ in range(20_000):
        for which, time_ms in enumerate(real):
            told[which][shifted_ms(time_ms, drawn_shift_weeks(rng.randrange))] += 1
    common = set(told[0]) & set(told[1])
    assert len(common) == MOST_WEEKS - 40  # every week but the outermost can be of either
    assert max(told[0].values()) < 100  # 38.5 are expected of each of 520


@given(st.integers(0, 130), st.sampled_from([5, 10, 20]))
def test_nobody_of_90_or_more_is_told_apart_from_others_of_90_or_more(age: int, width: int) -> None:
    band = age_band(age, width)
    if age >= CAPPED_AGE:
        assert band == age_band(CAPPED_AGE, width)
        assert band.endswith("+")
    else:
        low = int(band.rstrip("+").split("-")[0])
        assert low <= age
        assert band.endswith("+") or age <= int(band.split("-")[1])


PEOPLE = st.lists(
    st.builds(
        lambda age, sex, gene, alert: (age, sex, {"CYP2D6": gene, "alert": alert}),
        st.none() | st.integers(0, 105),
        st.sampled_from([None, "female", "male", "other"]),
        st.sampled_from(["normal", "poor", "ultrarapid", "unknown"]),
        st.sampled_from(["none", "warning"]),
    ),
    max_size=60,
)


@given(PEOPLE, st.integers(2, 7), st.integers(1, 3))
def test_each_class_has_k_members_and_l_values_or_nothing_leaves(
    found: list[tuple[int | None, str | None, dict[str, str]]], k: int, least: int
) -> None:
    people = [Person(f"r{number}", age, sex, told) for number, (age, sex, told) in enumerate(found)]
    if len(people) < k:
        with pytest.raises(TooFew, match="cannot be"):
            released(people, k, least)
        return
    out = released(people, k, least)
    assert out.left_out <= MOST_LEFT_OUT * len(people)
    assert len(out.rows) + out.left_out == len(people)
    assert smallest_class(out.rows, out.columns) >= k
    for column in {name for row in out.rows for name in row.sensitive}:
        assert fewest_values(out.rows, out.columns, column) >= least
        counts = Counter(row.sensitive[column] for row in out.rows)
        assert min(counts.values()) >= k
    assert {name for row in out.rows for name in row.quasi} == set(out.columns) or not out.columns


def test_a_house_of_four_is_never_five_anonymous() -> None:
    four = [Person(f"r{number}", 40, "female") for number in range(4)]
    with pytest.raises(TooFew, match="4 people cannot be 5-anonymous"):
        released(four, 5, 2)


def test_the_only_person_of_93_is_no_class_of_their_own() -> None:
    people = [Person(f"r{n}", 40 + n % 5, "female") for n in range(20)] + [Person("old", 93, "female")]
    out = released(people, 5, 1)
    assert "old" not in {row.pseudonym for row in out.rows}
    assert out.band == 5
    many = [Person(f"r{n}", 81 + n % 9, "female") for n in range(5)] + [Person("old", 93, "female")]
    coarser = released(many, 5, 1)
    assert {row.quasi["age"] for row in coarser.rows} <= {"80+", "80-89"}


def test_a_rare_variant_is_told_of_nobody() -> None:
    def of(rare: int) -> list[Person]:
        genes = ["poor" if n < rare - 1 else "ultrarapid" if n < rare else "normal" for n in range(20)]
        return [Person(f"r{n}", 40, "female", {"DPYD": gene}) for n, gene in enumerate(genes)]

    assert released(of(1), 5, 1).dropped == {"DPYD": RARE_VALUE}  # "other" of one is that one
    assert {row.sensitive["DPYD"] for row in released(of(5), 5, 2).rows} == {"normal", RARE}


def test_a_diagnosis_that_a_whole_class_shares_is_left_out() -> None:
    people = [Person(f"r{n}", 40, "female", {"alert": "critical"}) for n in range(10)]
    out = released(people, 5, 2)
    assert out.dropped["alert"] == TOO_ALIKE
    assert all("alert" not in row.sensitive for row in out.rows)
