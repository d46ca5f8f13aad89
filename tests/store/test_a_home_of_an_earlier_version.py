"""`records_of_revision_0004.sql` was dumped from a file that the version of revision 0004 had made."""

import sqlite3
from pathlib import Path

from healthtwin.access import Credentials, Scope
from healthtwin.house import HouseWeeks
from healthtwin.notify import Alerts, Deliveries, Webhooks
from healthtwin.people import Events
from healthtwin.store import Tables
from healthtwin.store.people import People
from healthtwin.store.statements import Statements, Subject

DUMP = Path(__file__).with_name("records_of_revision_0004.sql")


def test_its_rows_are_all_there_when_it_is_opened(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "records.db")
    old.executescript(DUMP.read_text(encoding="utf-8"))
    old.close()

    with Tables(f"sqlite:///{tmp_path}/records.db") as tables:
        ada, bob = People(tables).list()
        assert (ada.name, ada.profile.birth_year, bob.name) == ("Ada", 1990, "Bob")
        scopes = {token.grant.scope: token.grant.people for token in Credentials(tables).tokens()}
        assert scopes == {Scope.DEVICE: {ada.id}, Scope.CLINICIAN: {ada.id, bob.id}}
        assert [alert.person_id for alert in Alerts(tables).list()] == [ada.id]
        assert [each.idempotency_key for each in Deliveries(tables).of_alert("a-1")] == ["k-1"]
        assert [hook.person_id for hook in Webhooks(tables).list()] == [ada.id]
        background = Statements(tables).get(ada.id, Subject.BACKGROUND)
        assert background is not None
        assert background.content == {"conditions": ["asthma"]}
        assert [event.text for event in Events(tables).list(ada.id, None, 10)] == ["headache"]
        assert [week.false_alarms for week in HouseWeeks(tables).list()] == [0.5]
