import subprocess
import sys

import pytest

from healthtwin.domain import Profile
from healthtwin.domain.errors import Unauthenticated
from healthtwin.store import Records
from healthtwin.store.records import Person
from tests.store.test_alerts_as_they_stand import TRIGGER


def test_nothing_happened_nothing_changed(records: Records, ada: Person) -> None:
    assert records.changed() == records.changed()


def test_every_change_of_access_is_noticed(records: Records, ada: Person) -> None:
    seen = [records.changed()]

    def note() -> None:
        seen.append(records.changed())

    token = records.access.create_token("device", [ada.id], 1)
    note()
    records.access.revoke_token(token.id, 2)
    note()
    link = records.access.create_link("admin", [], 3)
    note()
    session = records.access.redeem_link(link.secret, 4)
    note()
    records.access.end_session(session.secret)
    note()
    records.people.update_profile(ada.id, Profile("UTC"))
    note()
    records.people.erase(ada.id)
    note()

    assert len(set(seen)) == len(seen)


def test_alerts_and_deliveries_do_not_look_like_changes_of_access(records: Records, ada: Person) -> None:
    before = records.changed()

    records.alerts.apply(TRIGGER)
    records.webhooks.add("https://example.org/", 1)

    assert records.changed() == before


def test_what_another_process_wrote_is_noticed_at_once(
    records: Records, records_url: str, ada: Person
) -> None:
    before = records.changed()
    program = (
        "import sys; from healthtwin.store import Records\n"
        "with Records(sys.argv[1]) as records: print(records.access.create_token('admin', [], 1).secret)"
    )

    told = subprocess.run(
        [sys.executable, "-c", program, records_url], capture_output=True, text=True, check=True
    )

    assert records.changed() != before
    assert records.access.lookup_token(told.stdout.strip(), 2).covers(ada.id)


def test_a_change_that_failed_is_none(records: Records) -> None:
    before = records.changed()

    with pytest.raises(Unauthenticated):
        records.access.redeem_link("hl_nothing", 1)

    assert records.changed() == before
