"""What is added in bulk is what the same number of single calls would have added."""

import pytest

from healthtwin.access import Credentials
from healthtwin.domain import Profile
from healthtwin.domain.errors import InvalidInput, NotFound, Unauthenticated
from healthtwin.store import Tables
from healthtwin.store.people import People, Person

NOW = 1_772_366_400_000
LONDON = Profile("Europe/London", birth_year=1990, labels={"source": "synthetic"})
TOKYO = Profile("Asia/Tokyo", sex="male")


def test_many_people_come_back_in_the_order_given(tables: Tables) -> None:
    added = People(tables).add_many([("Ada", LONDON), ("Ben", TOKYO), ("Ada", LONDON)], NOW)

    assert [(person.name, person.profile) for person in added] == [
        ("Ada", LONDON),
        ("Ben", TOKYO),
        ("Ada", LONDON),
    ]
    assert len({person.id for person in added} | {person.pseudonym for person in added}) == 6
    assert [People(tables).get(person.id) for person in added] == list(added)


def test_one_impossible_person_keeps_all_of_them_out(tables: Tables) -> None:
    with pytest.raises(InvalidInput, match="Mars"):
        People(tables).add_many([("Ada", LONDON), ("Ben", Profile("Mars/Olympus"))], NOW)

    assert People(tables).list() == []


def test_nobody_at_all_is_no_error(tables: Tables) -> None:
    assert list(People(tables).add_many([], NOW)) == []
    assert list(Credentials(tables).create_device_tokens([], NOW)) == []


def test_each_person_gets_a_token_that_reaches_only_them(tables: Tables) -> None:
    people = People(tables).add_many([(f"Person {i}", LONDON) for i in range(700)], NOW)

    minted = Credentials(tables).create_device_tokens([person.id for person in people], NOW)

    for person, token in list(zip(people, minted, strict=True))[::50]:
        grant = Credentials(tables).lookup_token(token.secret, NOW)
        assert grant == token.grant
        assert grant.people == {person.id}
    assert len({token.grant.device for token in minted}) == 700


def test_tokens_made_in_bulk_can_be_labelled_revoked_and_expire(tables: Tables, ada: Person) -> None:
    phone, watch = Credentials(tables).create_device_tokens(
        [ada.id, ada.id], NOW, labels=["phone", "watch"], expires_ms=NOW + 10
    )

    assert {token.id: token.grant.label for token in Credentials(tables).tokens()} == {
        phone.id: "phone",
        watch.id: "watch",
    }
    Credentials(tables).revoke_token(phone.id, NOW)
    with pytest.raises(Unauthenticated, match="revoked"):
        Credentials(tables).lookup_token(phone.secret, NOW)
    with pytest.raises(Unauthenticated, match="expired"):
        Credentials(tables).lookup_token(watch.secret, NOW + 10)


def test_a_stranger_among_them_keeps_every_token_from_being_made(tables: Tables, ada: Person) -> None:
    with pytest.raises(NotFound, match="p-nobody"):
        Credentials(tables).create_device_tokens([ada.id, "p-nobody"], NOW)

    assert Credentials(tables).tokens() == []


def test_labels_and_expiry_must_fit(tables: Tables, ada: Person) -> None:
    with pytest.raises(InvalidInput, match="labels"):
        Credentials(tables).create_device_tokens([ada.id], NOW, labels=["phone", "watch"])
    with pytest.raises(InvalidInput, match="expires_ms"):
        Credentials(tables).create_device_tokens([ada.id], NOW, expires_ms=NOW)


def test_another_process_notices_people_and_tokens_that_came_in_bulk(tables: Tables) -> None:
    before = tables.changed()

    people = People(tables).add_many([("Ada", LONDON)], NOW)
    between = tables.changed()
    Credentials(tables).create_device_tokens([people[0].id], NOW)

    assert len({before, between, tables.changed()}) == 3
