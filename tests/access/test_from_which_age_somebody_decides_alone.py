"""The country's ages as dates: never a day too early, and parents' relations rest at majority."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.access import AGES, Actor, Credentials, Growing, NoticeKind, Notices, Telling, youth_of
from healthtwin.domain import DAY_MS, Profile, from_ms
from healthtwin.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from healthtwin.store import Tables
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from healthtwin.store.people import Person


def at(year: int, month: int = 1, day: int = 1) -> int:
    return round(datetime(year, month, day, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Tables]:
    with Tables(f"sqlite:///{tmp_path}/records.db") as opened:
        yield opened


def mia_of(tables: Tables) -> Person:
    """Born in May 2010: 15 from June 2025, 16 from June 2026, of age from June 2028."""
    profile = Profile("Etc/UTC", birth_year=2010, birth_month=5)
    return People(tables).add("Mia", profile, at(2020))


def family(tables: Tables, person: Person, now_ms: int, label: str = "Mother") -> str:
    return Credentials(tables).create_token("family", [person.id], now_ms, label=label).grant.id


@given(
    country=st.sampled_from([None, "XX", *AGES]),
    year=st.integers(1900, 2200),
    month=st.none() | st.integers(1, 12),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Etc/UTC"]),
)
def test_nobody_is_counted_older_than_they_can_be(
    country: str | None, year: int, month: int | None, zone: str
) -> None:
    youth = youth_of(Profile(zone, birth_year=year, birth_month=month), country)
    assert youth is not None
    assert youth.own_ms <= youth.consent_ms <= youth.majority_ms
    exactly = youth_of(Profile(zone, birth_year=year, birth_month=month or 12), country)
    assert exactly is not None
    assert youth.majority_ms == exactly.majority_ms  # without the month: as if born in the last of the year
    latest = datetime(year + 18, month or 12, 28, tzinfo=UTC)
    assert from_ms(youth.majority_ms) > latest
    assert youth.by_month is (month is not None)


def test_the_age_is_the_countrys_and_a_part_of_it_may_have_its_own() -> None:
    profile = Profile("Etc/UTC", birth_year=2010, birth_month=5)
    ends = {country: youth_of(profile, country) for country in ("DE", "GB", "US-AL", "US-TX", None)}
    assert {country: from_ms(youth.majority_ms).year for country, youth in ends.items() if youth} == {
        "DE": 2028, "GB": 2028, "US-AL": 2029, "US-TX": 2028, None: 2028,
    }  # fmt: skip
    assert ends["GB"] is not None
    assert ends["DE"] is not None
    assert ends["GB"].own_ms < ends["DE"].own_ms


def test_at_majority_a_parents_relation_rests_until_confirmed_and_another_ones_does_not(
    tables: Tables,
) -> None:
    mia = mia_of(tables)
    growing = Growing(tables, "DE")
    mother = family(tables, mia, at(2024))
    friend = family(tables, mia, at(2027), "Friend")
    growing.note_own_invitation(friend, mia, at(2027))
    late = family(tables, mia, at(2029), "Partner")

    assert not growing.rests(mother, mia, at(2028, 5, 31))
    assert growing.rests(mother, mia, at(2028, 6, 1))
    assert not growing.rests(friend, mia, at(2030))
    assert not growing.rests(late, mia, at(2030))
    with pytest.raises(Conflict):
        growing.confirm(mia, mother, at(2028, 5, 31))
    growing.confirm(mia, mother, at(2028, 7))
    growing.confirm(mia, mother, at(2028, 8))
    assert not growing.rests(mother, mia, at(2030))
    doctor = Credentials(tables).create_token("clinician", [mia.id], at(2024)).grant.id
    with pytest.raises(NotFound):
        growing.confirm(mia, doctor, at(2030))


def test_messages_rest_at_majority_like_looks(tables: Tables) -> None:
    mia = mia_of(tables)
    mother = Actor("w-1", family(tables, mia, at(2024)), mia.id)
    for now_ms, told in ((at(2028, 5, 31), True), (at(2028, 6, 1), False)):
        kinds = Telling(tables, partial(int, now_ms)).kinds(mother, mia.pseudonym)
        assert bool(kinds) is told


def test_both_are_told_thirty_days_ahead_and_once(tables: Tables) -> None:
    mia, growing = mia_of(tables), Growing(tables, "DE")
    mother = family(tables, mia, at(2024))
    assert growing.tell_ahead([mia], at(2028, 6, 1) - 31 * DAY_MS) == []
    assert growing.tell_ahead([mia], at(2028, 6, 1) - 30 * DAY_MS) == [mia.id]
    assert growing.tell_ahead([mia], at(2028, 6, 1)) == []
    (hers,) = Notices(tables).to_person(mia.id)
    (mothers,) = Notices(tables).to_grant(mother, admin=False)
    assert (hers.kind, hers.facts["at"], hers.facts["who"]) == (
        NoticeKind.MAJORITY,
        at(2028, 6, 1),
        ["Mother"],
    )
    assert (mothers.kind, mothers.facts["at"]) == (NoticeKind.MAJORITY, at(2028, 6, 1))


def test_a_childs_phone_ends_no_parents_relation_and_keeps_back_only_what_is_hers(tables: Tables) -> None:
    mia, growing = mia_of(tables), Growing(tables, "DE")
    father = family(tables, mia, at(2020), "Father")
    with pytest.raises(Forbidden):  # whoever holds the phone: the mother, perhaps
        growing.require_may_take_back(mia, father, at(2024))
    with pytest.raises(Forbidden):
        growing.require_may_keep_back(mia, ["chat"], at(2024))
    growing.require_may_keep_back(mia, ["chat", "timeline", "genes", "documents"], at(2025, 7))
    for kind in ("alerts", "vitals"):
        with pytest.raises(Forbidden, match=kind):
            growing.require_may_keep_back(mia, ["chat", kind], at(2025, 7))
    growing.require_may_keep_back(mia, ["alerts"], at(2026, 7))  # 16: decides about her care
    growing.require_may_take_back(mia, father, at(2026, 7))
    friend = family(tables, mia, at(2025, 7), "Friend")
    growing.note_own_invitation(friend, mia, at(2025, 7))
    growing.require_may_take_back(mia, friend, at(2025, 8))


def test_a_person_lives_where_they_say_else_where_the_house_stands(tables: Tables) -> None:
    mia = mia_of(tables)
    in_germany, nowhere = Growing(tables, "DE"), Growing(tables)
    before, elsewhere = in_germany.youth(mia), nowhere.youth(mia)
    assert before is not None
    assert elsewhere is not None
    assert before.own_ms < elsewhere.own_ms
    in_germany.set_country(mia.id, "US-AL")
    there = in_germany.youth(mia)
    assert there is not None
    assert there.majority_ms == at(2029, 6)
    in_germany.set_country(mia.id, None)
    assert in_germany.youth(mia) == before
    for wrong in ("Germany", "de", "", "US-"):
        with pytest.raises(InvalidInput):
            in_germany.set_country(mia.id, wrong)


def test_of_whom_no_year_is_known_is_an_adult(tables: Tables) -> None:
    bo = People(tables).add("Bo", Profile("Etc/UTC"), at(2020))
    growing = Growing(tables, "DE")
    grant = family(tables, bo, at(2020))
    assert growing.youth(bo) is None
    assert not growing.rests(grant, bo, at(2100))
    growing.require_may_take_back(bo, grant, at(2020))
    growing.require_may_keep_back(bo, ["alerts"], at(2020))
    assert growing.tell_ahead([bo], at(2100)) == []
