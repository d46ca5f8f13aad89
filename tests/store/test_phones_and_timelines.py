"""Pairing, sharing and what happened, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from alembic import command

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, Profile
from healthtwin.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated
from healthtwin.store import Records
from healthtwin.store.records import Person, Scope, StoredEvent, Subject
from healthtwin.store.records.database import Database
from healthtwin.store.records.schema import configuration
from healthtwin.store.records.transfer import transfer

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_772_366_400_000


def happened(person: Person, event_id: str, at_ms: int, text: str = "dizzy") -> StoredEvent:
    return StoredEvent(event_id, person.id, "symptom", at_ms, at_ms + 5, text, 3.0, ("R42",), "g-1")


def test_an_event_is_kept_once_and_listed_newest_first(records: Records, ada: Person) -> None:
    first, second = happened(ada, "e-1", 10), happened(ada, "e-2", 20, "Kopfweh 🤕\nseit heute")
    records.events.add([first])
    records.events.add([second, first, replace(first, text="something else")])

    assert list(records.events.list(ada.id, None, 10)) == [second, first]
    assert list(records.events.list(ada.id, 20, 10)) == [second]
    assert list(records.events.list(ada.id, None, 1)) == [second]
    assert list(records.events.list("p-nobody", None, 10)) == []


def test_many_events_come_in_at_once(records: Records, ada: Person) -> None:
    events = [happened(ada, f"e-{n}", n) for n in range(1_200)]
    records.events.add(events)
    records.events.add(events)
    assert len(records.events.list(ada.id, None, 2_000)) == 1_200


def test_what_happened_to_somebody_erased_is_passed_over(records: Records, ada: Person) -> None:
    bob = records.people.add("Bob", Profile("UTC"), now_ms=0)
    records.events.add([happened(bob, "e-0", 5)])
    records.people.erase(bob.id)
    records.events.add([happened(bob, "e-1", 10), happened(ada, "e-2", 10)])
    assert list(records.events.list(bob.id, None, 10)) == []
    assert len(records.events.list(ada.id, None, 10)) == 1


def test_a_code_becomes_a_lasting_session_bound_to_person_and_device(records: Records, ada: Person) -> None:
    code = records.pairing.create_code(ada.id, NOW)
    session = records.pairing.redeem_code(code.secret, NOW + MINUTE_MS, label="Ada's phone")
    assert (session.grant.scope, session.grant.people) == (Scope.PERSON, frozenset({ada.id}))
    assert session.grant.device == code.grant.device
    assert session.grant.label == "Ada's phone"

    known = records.access.lookup_session(session.secret, NOW + 399 * DAY_MS)
    assert (known.device, known.people) == (code.grant.device, frozenset({ada.id}))
    with pytest.raises(Unauthenticated):
        records.access.lookup_session(session.secret, NOW + 401 * DAY_MS)
    with pytest.raises(Unauthenticated):
        records.pairing.redeem_code(code.secret, NOW + MINUTE_MS)


def test_a_session_in_use_goes_on_and_its_use_is_known_to_the_hour(records: Records, ada: Person) -> None:
    code = records.pairing.create_code(ada.id, NOW)
    session = records.pairing.redeem_code(code.secret, NOW)
    revision = records.changed()
    assert records.access.note_use(session.secret, NOW + 10 * MINUTE_MS) == NOW + 400 * DAY_MS
    later = NOW + 300 * DAY_MS
    assert records.access.note_use(session.secret, later) == later + 400 * DAY_MS
    (share,) = records.sharing.list(ada.id, later)
    assert (share.last_used_ms, share.expires_ms) == (later, later + 400 * DAY_MS)
    assert records.changed() == revision  # nobody may do more than before
    assert records.access.note_use("hs_unknown", later) is None


@pytest.mark.parametrize("label", ["", " ", "x" * 101, "a\nb"])
def test_a_phone_needs_a_name_that_can_be_shown(records: Records, ada: Person, label: str) -> None:
    with pytest.raises(InvalidInput, match="label"):
        records.pairing.create_code(ada.id, NOW, label=label)
    code = records.pairing.create_code(ada.id, NOW)
    with pytest.raises(InvalidInput, match="label"):
        records.pairing.redeem_code(code.secret, NOW, label=label)
    assert records.pairing.redeem_code(code.secret, NOW).grant.label == "phone"  # it was not used up


def test_nobody_is_paired_and_no_time_is_too_little(records: Records, ada: Person) -> None:
    with pytest.raises(NotFound):
        records.pairing.create_code("p-nobody", NOW)
    with pytest.raises(InvalidInput, match="lifetime_ms"):
        records.pairing.create_code(ada.id, NOW, lifetime_ms=0)


def test_an_unused_code_and_its_device_are_cleared_away(records: Records, ada: Person) -> None:
    code = records.pairing.create_code(ada.id, NOW)
    kept = records.access.create_token("device", [ada.id], NOW)
    assert {share.invited for share in records.sharing.list(ada.id, NOW)} == {True, False}
    records.access.purge(NOW + HOUR_MS)
    (share,) = records.sharing.list(ada.id, NOW)
    assert share.id == kept.grant.id
    assert records.access.lookup_token(kept.secret, NOW).device == kept.grant.device
    with pytest.raises(Unauthenticated):
        records.pairing.redeem_code(code.secret, NOW)


def test_a_grant_is_taken_back_for_one_person_and_ended_when_it_reaches_no_other(
    records: Records, ada: Person
) -> None:
    bob = records.people.add("Bob", Profile("UTC"), now_ms=0)
    both = records.access.create_token("clinician", [ada.id, bob.id], NOW)
    records.sharing.revoke(ada.id, both.grant.id, NOW)
    assert records.access.lookup_token(both.secret, NOW).people == {bob.id}
    with pytest.raises(NotFound):
        records.sharing.revoke(ada.id, both.grant.id, NOW)
    records.sharing.revoke(bob.id, both.grant.id, NOW)
    with pytest.raises(Unauthenticated, match="revoked"):
        records.access.lookup_token(both.secret, NOW)

    admin = records.access.create_token("admin", [], NOW)
    with pytest.raises(Forbidden):
        records.sharing.revoke(ada.id, admin.grant.id, NOW)
    assert [share.reaches_all for share in records.sharing.list(ada.id, NOW)] == [True]


def test_expired_and_revoked_proofs_are_not_listed(records: Records, ada: Person) -> None:
    records.access.create_token("clinician", [ada.id], NOW, expires_ms=NOW + 1)
    revoked = records.access.create_token("clinician", [ada.id], NOW)
    records.access.revoke_token(revoked.id, NOW)
    records.access.create_link("family", [ada.id], NOW, lifetime_ms=1)
    assert list(records.sharing.list(ada.id, NOW + 2)) == []


@pytest.mark.parametrize("scope", ["device", "person"])
def test_no_link_signs_a_browser_in_as_a_device(records: Records, ada: Person, scope: str) -> None:
    with pytest.raises(InvalidInput, match="family, clinician or admin"):
        records.access.create_link(scope, [ada.id], NOW)


def test_a_statement_to_another_revision_changes_nothing(records: Records, ada: Person) -> None:
    def state(content: dict[str, object], expected: int | None) -> int:
        return records.statements.state(
            ada.id, Subject.BACKGROUND, content, actor="g-1", now_ms=NOW, expected_revision=expected
        ).revision

    assert state({"allergies": ["nuts"]}, 0) == 1
    with pytest.raises(Conflict, match="revision 1 by now, not 0"):
        state({"allergies": []}, 0)
    assert state({"allergies": []}, 1) == 2


def test_a_profile_to_another_revision_changes_nothing(records: Records, ada: Person) -> None:
    changed = records.people.update_profile(
        ada.id, replace(ada.profile, sex="female"), name="Ada L", expected_revision=1
    )
    assert (changed.name, changed.profile_revision) == ("Ada L", 2)
    with pytest.raises(Conflict, match="revision 2 by now, not 1"):
        records.people.update_profile(ada.id, ada.profile, name="Eve", expected_revision=1)
    assert records.people.get(ada.id) == changed


def test_all_of_it_moves_house(records_url: str, tmp_path: Path) -> None:
    with Records(records_url) as records:
        ada = records.people.add("Ada", Profile("UTC"), now_ms=0)
        records.events.add([happened(ada, "e-1", 10)])
        session = records.pairing.redeem_code(records.pairing.create_code(ada.id, NOW).secret, NOW)
        shares = list(records.sharing.list(ada.id, NOW))
    there = f"sqlite:///{tmp_path}/copy.db"
    transfer(records_url, there)
    with Records(there) as records:
        assert [event.id for event in records.events.list(ada.id, None, 10)] == ["e-1"]
        assert records.access.lookup_session(session.secret, NOW).covers(ada.id)
        assert list(records.sharing.list(ada.id, NOW)) == shares


def test_records_of_the_version_before_are_taken_along(records_url: str) -> None:
    with Records(records_url) as records:
        ada = records.people.add("Ada", Profile("UTC"), now_ms=0)
        link = records.access.create_link("clinician", [ada.id], NOW)
        session = records.access.redeem_link(link.secret, NOW)
        records.access.create_token("family", [ada.id], NOW)
        records.statements.state(ada.id, Subject.BACKGROUND, {"allergies": []}, actor="g", now_ms=1)
    database = Database(records_url)
    with database.writing_connection() as connection:
        command.downgrade(configuration(connection), "0002")
    database.close()

    with Records(records_url) as records:
        assert records.people.list() == [ada]
        assert records.access.lookup_session(session.secret, NOW + 1).covers(ada.id)
        (share,) = records.sharing.list(ada.id, NOW)  # what the version before could not read is gone
        assert (share.scope, share.last_used_ms) == (Scope.CLINICIAN, None)
        assert records.statements.get(ada.id, Subject.BACKGROUND) is None
        records.events.add([happened(ada, "e-1", 10)])
        assert len(records.events.list(ada.id, None, 10)) == 1
