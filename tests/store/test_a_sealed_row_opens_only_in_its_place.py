"""What a row says opens for its own row, table and person, as it was written, and nowhere else."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select, text

from healthtwin.access import Credentials, Scope
from healthtwin.access.tables import GrantPersonRow
from healthtwin.domain import Profile
from healthtwin.domain.errors import CorruptStorage, KeyGone, Unauthenticated
from healthtwin.notify import Alerts, Webhooks
from healthtwin.notify.alerts import ClosingNote
from healthtwin.people import Events
from healthtwin.people.events import StoredEvent
from healthtwin.store import Tables
from healthtwin.store.base import PersonRow
from healthtwin.store.erasure import Erasures
from healthtwin.store.keys import NoKeys, key_id_of
from healthtwin.store.migration import all_tables
from healthtwin.store.people import People, Person
from healthtwin.store.sealed import SEALED, Body, kind_of
from healthtwin.store.statements import Statements, Subject
from tests.store.test_alerts_as_they_stand import RESOLVE, TRIGGER, WORSEN

WORD = "Cänary"


def filled(tables: Tables) -> list[Person]:
    """Two people with rows of every kind that the rooms' own doors make."""
    people = [
        People(tables).add(f"{WORD} {name}", Profile("UTC", labels={"study": WORD}), 0)
        for name in ("Ada", "Bob")
    ]
    for person in people:
        Statements(tables).state(person.id, Subject.GENES, {"gene": WORD}, actor="g", now_ms=1)
        Statements(tables).state(person.id, Subject.BACKGROUND, {"conditions": [WORD]}, actor="g", now_ms=1)
        Events(tables).put(
            [
                StoredEvent(f"e-{n}-{person.id}", person.id, "symptom", n, n, WORD, 3.0, (), "g")
                for n in (1, 2)
            ]
        )
        Credentials(tables).create_token(Scope.DEVICE, [person.id], 1, label=WORD)
        Webhooks(tables).add(f"https://example.com/{WORD}", 1, person_id=person.id)
        alerts = Alerts(tables)
        for change in (TRIGGER, WORSEN, RESOLVE):
            own = f"{change.id}-{person.id}"
            alerts.apply(replace(change, id=own, person=person.pseudonym, alert_id=f"a-{person.id}"))
        alerts.note(alerts.get(f"a-{person.id}"), "g", ClosingNote(WORD, WORD), 2)
    Credentials(tables).create_token(Scope.CLINICIAN, [each.id for each in people], 1, label=WORD)
    Webhooks(tables).add(f"https://example.com/{WORD}", 1)
    return people


def sealed_rows(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    with tables.asking() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in all_tables().sorted_tables
            if SEALED in table.c
        }


def opened(tables: Tables, table: str, row: dict[str, Any]) -> dict[str, Any]:
    return tables.sealer.facts(kind_of(all_tables().tables[table]), row)


def test_no_word_stands_in_plain_and_every_row_opens(tables: Tables) -> None:
    people = filled(tables)
    kinds = sealed_rows(tables)
    assert sum(map(len, kinds.values())) > 20
    for table, rows in kinds.items():
        for row in rows:
            assert WORD.encode() not in row[SEALED].stored
            assert b"nary" not in row[SEALED].stored
            assert key_id_of(row[SEALED].stored) >= 1
            assert opened(tables, table, row)
    assert {each.name for each in People(tables).list()} == {each.name for each in people}


def test_moved_to_any_other_row_table_or_person_it_does_not_open(tables: Tables) -> None:
    filled(tables)
    kinds = sealed_rows(tables)
    everywhere = [(table, row) for table, rows in kinds.items() for row in rows]
    for (from_table, source), (to_table, target) in itertools.permutations(everywhere, 2):
        with pytest.raises(CorruptStorage):
            opened(tables, to_table, {**target, SEALED: source[SEALED]})
        assert opened(tables, from_table, source)
    ada, bob = kinds["people"]
    for table, rows in kinds.items():
        for row in rows:
            owner = next((name for name in ("person_id", "pseudonym") if name in row), None)
            if owner is None or table == "people":
                continue
            others = {bob["id"], ada["id"], bob["pseudonym"], ada["pseudonym"], None} - {row[owner]}
            for other in others:  # who is pushed under somebody else's name does not open either
                with pytest.raises(CorruptStorage):
                    opened(tables, table, {**row, owner: other})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_with_any_bit_flipped_or_any_byte_missing_it_does_not_open(tables: Tables, data: Any) -> None:  # noqa: ANN401
    with tables.read() as session:
        known = session.scalars(select(PersonRow)).first()
    if known is None:
        People(tables).add(WORD, Profile("UTC"), 0)
    row = sealed_rows(tables)["people"][0]
    stored = row[SEALED].stored
    bit = data.draw(st.integers(0, 8 * len(stored) - 1))
    changed = bytearray(stored)
    changed[bit // 8] ^= 1 << bit % 8
    cut = data.draw(st.integers(0, len(stored) - 1))
    for other in (bytes(changed), stored[:cut], stored + b"\0"):
        with pytest.raises(CorruptStorage):
            opened(tables, "people", {**row, SEALED: Body(None, other)})


def test_plain_words_slipped_into_an_encrypted_home_are_refused(tables: Tables) -> None:
    ada, _ = filled(tables)
    with tables.writing_connection() as connection:
        connection.execute(
            text("UPDATE people SET sealed = :plain WHERE id = :id"),
            {"plain": b'{"name": "Mallory", "timezone": "UTC"}', "id": ada.id},
        )
    with pytest.raises(CorruptStorage, match="not encrypted although this home is"):
        People(tables).get(ada.id)


def test_without_the_keys_nothing_is_told_and_with_a_key_erased_nothing_of_that_person(
    tables: Tables,
) -> None:
    ada, bob = filled(tables)
    with (
        Tables(tables.url.render_as_string(hide_password=False), keys=NoKeys()) as bare,
        pytest.raises(KeyGone),
    ):
        People(bare).list()
    tables.keys.forget_person(ada.pseudonym, ada.id)
    with pytest.raises(CorruptStorage):
        People(tables).get(ada.id)
    assert People(tables).get(bob.id).name == f"{WORD} Bob"


@pytest.mark.parametrize(
    "change",
    [
        lambda tables, ada: People(tables).rename(ada.id, "Ada Lovelace"),
        lambda tables, ada: People(tables).update_profile(ada.id, Profile("Europe/Paris", birth_year=1990)),
        lambda tables, ada: Alerts(tables).apply(
            replace(
                TRIGGER,
                id="c-moved",
                person=ada.pseudonym,
                alert_id="a-moved",
                previous_alert_id=f"a-{ada.id}",
            )
        ),
    ],
    ids=["a name", "a profile", "an alert that gets another id"],
)
def test_what_is_changed_is_sealed_anew_for_its_place(
    tables: Tables, change: Callable[[Tables, Person], object]
) -> None:
    ada, _ = filled(tables)
    change(tables, ada)
    for table, rows in sealed_rows(tables).items():
        for row in rows:
            assert opened(tables, table, row)


def test_a_grant_that_reaches_others_or_runs_the_house_outlives_a_person_and_their_key(
    tables: Tables,
) -> None:
    ada, bob = filled(tables)
    credentials = Credentials(tables)
    runs = credentials.create_token(Scope.ADMIN, [ada.id], 1, label="runs the house")
    treats = credentials.create_token(Scope.CLINICIAN, [ada.id], 1, label="treats both")
    sees = credentials.create_token(Scope.FAMILY, [ada.id], 1, label="sees Ada alone")
    with tables.write(changes_access=True) as session:  # it was made for one, and came to reach another
        session.add(GrantPersonRow(grant_id=treats.grant.id, person_id=bob.id, relation="treating"))
    erasures = Erasures(tables)
    leaving = erasures.begin(ada.id, 2)
    erasures.destroy_key(leaving)
    erasures.erase_rows(leaving)
    erasures.done(leaving)
    assert credentials.lookup_token(runs.secret, 3).label == "runs the house"
    left = credentials.lookup_token(treats.secret, 3)
    assert (left.label, set(left.people)) == ("treats both", {bob.id})
    with pytest.raises(Unauthenticated):
        credentials.lookup_token(sees.secret, 3)


def test_a_damaged_row_hides_no_other_and_is_told_of(tables: Tables) -> None:
    ada, bob = filled(tables)
    token = Credentials(tables).create_token(Scope.DEVICE, [ada.id], 1, label="phone")
    spoilt = {
        "people": ("id", ada.id),
        "alerts": ("id", f"a-{ada.id}"),
        "events": ("id", f"e-1-{ada.id}"),
        "grants": ("id", token.grant.id),
        "webhooks": ("person_id", ada.id),
    }
    with tables.writing_connection() as connection:
        for table, (column, value) in spoilt.items():
            row = all_tables().tables[table]
            noise = Body(None, b"hT" + bytes(60))
            connection.execute(row.update().where(row.c[column] == value).values({SEALED: noise}))
    assert [each.id for each in People(tables).list()] == [bob.id]
    assert [each.id for each in Alerts(tables).list()] == [f"a-{bob.id}"]
    assert [each.at_ms for each in Events(tables).list(ada.id, None, 9)] == [2]
    assert credentials_of(tables, token.secret) == (frozenset({ada.id}), "")
    assert {each.person_id for each in Webhooks(tables).list()} == {None, bob.id}
    assert set(tables.sealer.damage) == set(spoilt)
    # and what comes next about an alert stands in a row that opens again
    again = replace(WORSEN, id="c-again", person=ada.pseudonym, alert_id=f"a-{ada.id}")
    assert Alerts(tables).apply(again)
    assert Alerts(tables).get(f"a-{ada.id}").level is WORSEN.level


def credentials_of(tables: Tables, secret: str) -> tuple[frozenset[str], str]:
    grant = Credentials(tables).lookup_token(secret, 3)
    return frozenset(grant.people), grant.label
