"""What is added in bulk is what the same number of single calls would have added."""

import pytest

from healthtwin.domain import Profile
from healthtwin.domain.errors import InvalidInput, NotFound, Unauthenticated
from healthtwin.store import Records
from healthtwin.store.records import Person

NOW = 1_772_366_400_000
LONDON = Profile("Europe/London", birth_year=1990, labels={"source": "synthetic"})
TOKYO = Profile("Asia/Tokyo", sex="male")


def test_many_people_come_back_in_the_order_given(records: Records) -> None:
    added = records.people.add_many([("Ada", LONDON), ("Ben", TOKYO), ("Ada", LONDON)], NOW)

    assert [(person.name, person.profile) for person in added] == [
        ("Ada", LONDON),
        ("Ben", TOKYO),
        ("Ada", LONDON),
    ]
    assert len({person.id for person in added} | {person.pseudonym for person in added}) == 6
    assert [records.people.get(person.id) for person in added] == list(added)


def test_one_impossible_person_keeps_all_of_them_out(records: Records) -> None:
    with pytest.raises(InvalidInput, match="Mars"):
        records.people.add_many([("Ada", LONDON), ("Ben", Profile("Mars/Olympus"))], NOW)

    assert records.people.list() == []


def test_nobody_at_all_is_no_error(records: Records) -> None:
    assert list(records.people.add_many([], NOW)) == []
    assert list(records.access.create_device_tokens([], NOW)) == []


def test_each_person_gets_a_token_that_reaches_only_them(records: Records) -> None:
    people = records.people.add_many([(f"Person {i}", LONDON) for i in range(700)], NOW)

    minted = records.access.create_device_tokens([person.id for person in people], NOW)

    for person, token in list(zip(people, minted, strict=True))[::50]:
        grant = records.access.lookup_token(token.secret, NOW)
        assert grant == token.grant
        assert grant.people == {person.id}
    assert len({token.grant.device for token in minted}) == 700


def test_tokens_made_in_bulk_can_be_labelled_revoked_and_expire(records: Records, ada: Person) -> None:
    phone, watch = records.access.create_device_tokens(
        [ada.id, ada.id], NOW, labels=["phone", "watch"], expires_ms=NOW + 10
    )

    assert {token.id: token.grant.label for token in records.access.tokens()} == {
        phone.id: "phone",
        watch.id: "watch",
    }
    records.access.revoke_token(phone.id, NOW)
    with pytest.raises(Unauthenticated, match="revoked"):
        records.access.lookup_token(phone.secret, NOW)
    with pytest.raises(Unauthenticated, match="expired"):
        records.access.lookup_token(watch.secret, NOW + 10)


def test_a_stranger_among_them_keeps_every_token_from_being_made(records: Records, ada: Person) -> None:
    with pytest.raises(NotFound, match="p-nobody"):
        records.access.create_device_tokens([ada.id, "p-nobody"], NOW)

    assert records.access.tokens() == []


def test_labels_and_expiry_must_fit(records: Records, ada: Person) -> None:
    with pytest.raises(InvalidInput, match="labels"):
        records.access.create_device_tokens([ada.id], NOW, labels=["phone", "watch"])
    with pytest.raises(InvalidInput, match="expires_ms"):
        records.access.create_device_tokens([ada.id], NOW, expires_ms=NOW)


def test_another_process_notices_people_and_tokens_that_came_in_bulk(records: Records) -> None:
    before = records.changed()

    people = records.people.add_many([("Ada", LONDON)], NOW)
    between = records.changed()
    records.access.create_device_tokens([people[0].id], NOW)

    assert len({before, between, records.changed()}) == 3
