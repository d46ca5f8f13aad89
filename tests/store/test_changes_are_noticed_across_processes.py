import subprocess
import sys

import msgspec
import pytest

from healthtwin.access import Credentials
from healthtwin.domain import Profile
from healthtwin.domain.errors import Unauthenticated
from healthtwin.notify import Alerts, Webhooks
from healthtwin.store import Tables
from healthtwin.store.erasure import Erasures
from healthtwin.store.people import People, Person
from tests.store.test_alerts_as_they_stand import TRIGGER


def test_nothing_happened_nothing_changed(tables: Tables, ada: Person) -> None:
    assert tables.changed() == tables.changed()


def test_every_change_of_access_is_noticed(tables: Tables, ada: Person) -> None:
    seen = [tables.changed()]

    def note() -> None:
        seen.append(tables.changed())

    token = Credentials(tables).create_token("device", [ada.id], 1)
    note()
    Credentials(tables).revoke_token(token.id, 2)
    note()
    link = Credentials(tables).create_link("admin", [], 3)
    note()
    session = Credentials(tables).redeem_link(link.secret, 4)
    note()
    Credentials(tables).end_session(session.secret)
    note()
    People(tables).update_profile(ada.id, Profile("UTC"))
    note()
    Erasures(tables).begin(ada.id, 1)
    note()

    assert len(set(seen)) == len(seen)


def test_alerts_and_deliveries_do_not_look_like_changes_of_access(tables: Tables, ada: Person) -> None:
    before = tables.changed()

    Alerts(tables).apply(msgspec.structs.replace(TRIGGER, person=ada.pseudonym))
    Webhooks(tables).add("https://example.org/", 1)

    assert tables.changed() == before


def test_what_another_process_wrote_is_noticed_at_once(tables: Tables, records_url: str, ada: Person) -> None:
    before = tables.changed()
    program = (
        "import sys; from healthtwin.store import Tables\n"
        "from healthtwin.access import Credentials\n"
        "with Tables(sys.argv[1]) as tables:"
        " print(Credentials(tables).create_token('clinician', [sys.argv[2]], 1).secret)"
    )

    told = subprocess.run(
        [sys.executable, "-c", program, records_url, ada.id], capture_output=True, text=True, check=True
    )

    assert tables.changed() != before
    assert Credentials(tables).lookup_token(told.stdout.strip(), 2).covers(ada.id)


def test_a_change_that_failed_is_none(tables: Tables) -> None:
    before = tables.changed()

    with pytest.raises(Unauthenticated):
        Credentials(tables).redeem_link("hl_nothing", 1)

    assert tables.changed() == before
