"""Pairing, sharing and what happened, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from alembic import command

from healthtwin.access import Credentials, Pairing, Scope, Shares
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, Profile
from healthtwin.domain.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from healthtwin.people import Events, StoredEvent
from healthtwin.store import Tables
from healthtwin.store.erasure import Erasures
from healthtwin.store.migration import configuration
from healthtwin.store.people import People, Person
from healthtwin.store.statements import Statements, Subject
from healthtwin.store.transfer import transfer

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_772_366_400_000


def happened(person: Person, event_id: str, at_ms: int, text: str = "dizzy") -> StoredEvent:
    return StoredEvent(event_id, person.id, "symptom", at_ms, at_ms + 5, text, 3.0, ("R42",), "g-1")


def test_an_event_is_kept_once_and_listed_newest_first(tables: Tables, ada: Person) -> None:
    first, second = happened(ada, "e-1", 10), happened(ada, "e-2", 20, "Kopfweh 🤕\nseit heute")
    Events(tables).put([first])
    Events(tables).put([second, replace(first, text="what damage left"), first])

    assert list(Events(tables).list(ada.id, None, 10)) == [second, first]
    assert list(Events(tables).list(ada.id, 20, 10)) == [second]
    assert list(Events(tables).list(ada.id, None, 1)) == [second]
    assert list(Events(tables).list("p-nobody", None, 10)) == []


def test_many_events_come_in_at_once(tables: Tables, ada: Person) -> None:
    events = [happened(ada, f"e-{n}", n) for n in range(1_200)]
    Events(tables).put(events)
    Events(tables).put(events)
    assert len(Events(tables).list(ada.id, None, 2_000)) == 1_200


def test_what_happened_to_somebody_erased_is_passed_over(tables: Tables, ada: Person) -> None:
    bob = People(tables).add("Bob", Profile("UTC"), now_ms=0)
    Events(tables).put([happened(bob, "e-0", 5)])
    Erasures(tables).begin(bob.id, 1)
    Events(tables).put([happened(bob, "e-1", 10), happened(ada, "e-2", 10)])
    assert list(Events(tables).list(bob.id, None, 10)) == []
    assert len(Events(tables).list(ada.id, None, 10)) == 1


def test_a_code_becomes_a_lasting_session_bound_to_person_and_device(tables: Tables, ada: Person) -> None:
    code = Pairing(tables).create_code(ada.id, NOW)
    session = Pairing(tables).redeem_code(code.secret, NOW + MINUTE_MS, label="Ada's phone")
    assert (session.grant.scope, session.grant.people) == (Scope.PERSON, frozenset({ada.id}))
    assert session.grant.device == code.grant.device
    assert session.grant.label == "Ada's phone"

    known = Credentials(tables).lookup_session(session.secret, NOW + 399 * DAY_MS)
    assert (known.device, known.people) == (code.grant.device, frozenset({ada.id}))
    with pytest.raises(Unauthenticated):
        Credentials(tables).lookup_session(session.secret, NOW + 401 * DAY_MS)
    with pytest.raises(Unauthenticated):
        Pairing(tables).redeem_code(code.secret, NOW + MINUTE_MS)


def test_a_session_in_use_goes_on_and_its_use_is_known_to_the_hour(tables: Tables, ada: Person) -> None:
    code = Pairing(tables).create_code(ada.id, NOW)
    session = Pairing(tables).redeem_code(code.secret, NOW)
    revision = tables.changed()
    assert Credentials(tables).note_use(session.secret, NOW + 10 * MINUTE_MS) == NOW + 400 * DAY_MS
    later = NOW + 300 * DAY_MS
    assert Credentials(tables).note_use(session.secret, later) == later + 400 * DAY_MS
    (share,) = Shares(tables).list(ada.id, later)
    assert (share.last_used_ms, share.expires_ms) == (later, later + 400 * DAY_MS)
    assert tables.changed() == revision  # nobody may do more than before
    assert Credentials(tables).note_use("hs_unknown", later) is None


@pytest.mark.parametrize("label", ["", " ", "x" * 101, "a\nb"])
def test_a_phone_needs_a_name_that_can_be_shown(tables: Tables, ada: Person, label: str) -> None:
    with pytest.raises(InvalidInput, match="label"):
        Pairing(tables).create_code(ada.id, NOW, label=label)
    code = Pairing(tables).create_code(ada.id, NOW)
    with pytest.raises(InvalidInput, match="label"):
        Pairing(tables).redeem_code(code.secret, NOW, label=label)
    assert Pairing(tables).redeem_code(code.secret, NOW).grant.label == "phone"  # it was not used up


def test_nobody_is_paired_and_no_time_is_too_little(tables: Tables, ada: Person) -> None:
    with pytest.raises(NotFound):
        Pairing(tables).create_code("p-nobody", NOW)
    with pytest.raises(InvalidInput, match="lifetime_ms"):
        Pairing(tables).create_code(ada.id, NOW, lifetime_ms=0)


def test_an_unused_code_and_its_device_are_cleared_away(tables: Tables, ada: Person) -> None:
    code = Pairing(tables).create_code(ada.id, NOW)
    kept = Credentials(tables).create_token("device", [ada.id], NOW)
    assert {share.invited for share in Shares(tables).list(ada.id, NOW)} == {True, False}
    Credentials(tables).purge(NOW + HOUR_MS)
    (share,) = Shares(tables).list(ada.id, NOW)
    assert share.id == kept.grant.id
    assert Credentials(tables).lookup_token(kept.secret, NOW).device == kept.grant.device
    with pytest.raises(Unauthenticated):
        Pairing(tables).redeem_code(code.secret, NOW)


def test_a_grant_is_taken_back_for_one_person_and_ended_when_it_reaches_no_other(
    tables: Tables, ada: Person
) -> None:
    bob = People(tables).add("Bob", Profile("UTC"), now_ms=0)
    both = Credentials(tables).create_token("clinician", [ada.id, bob.id], NOW)
    Shares(tables).revoke(ada.id, both.grant.id, NOW)
    assert Credentials(tables).lookup_token(both.secret, NOW).people == {bob.id}
    with pytest.raises(NotFound):
        Shares(tables).revoke(ada.id, both.grant.id, NOW)
    Shares(tables).revoke(bob.id, both.grant.id, NOW)
    with pytest.raises(Unauthenticated, match="revoked"):
        Credentials(tables).lookup_token(both.secret, NOW)


def test_an_admin_that_treats_everybody_sees_who_ended_it_no_more_and_goes_on(
    tables: Tables, ada: Person
) -> None:
    bob = People(tables).add("Bob", Profile("UTC"), now_ms=0)
    Credentials(tables).create_token("admin", [], NOW)
    admin = Credentials(tables).create_token("admin", [], NOW, every_person=True)
    assert [share.reaches_all for share in Shares(tables).list(ada.id, NOW)] == [True]
    Shares(tables).revoke(ada.id, admin.grant.id, NOW)
    assert list(Shares(tables).list(ada.id, NOW)) == []
    assert len(Shares(tables).list(bob.id, NOW)) == 1
    ties = Credentials(tables).lookup_token(admin.secret, NOW).ties
    assert not ties[ada.id].lives(NOW)
    assert bob.id not in ties


def test_expired_and_revoked_proofs_are_not_listed(tables: Tables, ada: Person) -> None:
    Credentials(tables).create_token("clinician", [ada.id], NOW, expires_ms=NOW + 1)
    revoked = Credentials(tables).create_token("clinician", [ada.id], NOW)
    Credentials(tables).revoke_token(revoked.id, NOW)
    Credentials(tables).create_link("family", [ada.id], NOW, lifetime_ms=1)
    assert list(Shares(tables).list(ada.id, NOW + 2)) == []


@pytest.mark.parametrize("scope", ["device", "person"])
def test_no_link_signs_a_browser_in_as_a_device(tables: Tables, ada: Person, scope: str) -> None:
    with pytest.raises(InvalidInput, match="family, clinician or admin"):
        Credentials(tables).create_link(scope, [ada.id], NOW)


def test_a_statement_to_another_revision_changes_nothing(tables: Tables, ada: Person) -> None:
    def state(content: dict[str, object], expected: int | None) -> int:
        return (
            Statements(tables)
            .state(ada.id, Subject.BACKGROUND, content, actor="g-1", now_ms=NOW, expected_revision=expected)
            .revision
        )

    assert state({"allergies": ["nuts"]}, 0) == 1
    with pytest.raises(Conflict, match="revision 1 by now, not 0"):
        state({"allergies": []}, 0)
    assert state({"allergies": []}, 1) == 2


def test_a_profile_to_another_revision_changes_nothing(tables: Tables, ada: Person) -> None:
    changed = People(tables).update_profile(
        ada.id, replace(ada.profile, sex="female"), name="Ada L", expected_revision=1
    )
    assert (changed.name, changed.profile_revision) == ("Ada L", 2)
    with pytest.raises(Conflict, match="revision 2 by now, not 1"):
        People(tables).update_profile(ada.id, ada.profile, name="Eve", expected_revision=1)
    assert People(tables).get(ada.id) == changed


def test_all_of_it_moves_house(records_url: str, tmp_path: Path) -> None:
    with Tables(records_url) as tables:
        ada = People(tables).add("Ada", Profile("UTC"), now_ms=0)
        Events(tables).put([happened(ada, "e-1", 10)])
        session = Pairing(tables).redeem_code(Pairing(tables).create_code(ada.id, NOW).secret, NOW)
        shares = list(Shares(tables).list(ada.id, NOW))
    there = f"sqlite:///{tmp_path}/copy.db"
    transfer(records_url, there)
    with Tables(there) as tables:
        assert [event.id for event in Events(tables).list(ada.id, None, 10)] == ["e-1"]
        assert Credentials(tables).lookup_session(session.secret, NOW).covers(ada.id)
        assert list(Shares(tables).list(ada.id, NOW)) == shares


def test_records_of_the_version_before_are_taken_along(records_url: str) -> None:
    with Tables(records_url) as tables:
        ada = People(tables).add("Ada", Profile("UTC"), now_ms=0)
        link = Credentials(tables).create_link("clinician", [ada.id], NOW)
        session = Credentials(tables).redeem_link(link.secret, NOW)
        Credentials(tables).create_token("family", [ada.id], NOW)
        Statements(tables).state(ada.id, Subject.BACKGROUND, {"allergies": []}, actor="g", now_ms=1)
    database = Tables(records_url)
    with database.writing_connection() as connection:
        command.downgrade(configuration(connection), "0002")
    database.close()

    with Tables(records_url) as tables:
        assert People(tables).list() == [ada]
        assert Credentials(tables).lookup_session(session.secret, NOW + 1).covers(ada.id)
        (share,) = Shares(tables).list(ada.id, NOW)  # what the version before could not read is gone
        assert (share.scope, share.last_used_ms) == (Scope.CLINICIAN, None)
        assert Statements(tables).get(ada.id, Subject.BACKGROUND) is None
        Events(tables).put([happened(ada, "e-1", 10)])
        assert len(Events(tables).list(ada.id, None, 10)) == 1
