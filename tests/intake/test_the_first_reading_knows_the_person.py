"""Who somebody is holds from their first reading on, also where that reading is some minutes old."""

from pathlib import Path

from healthtwin.domain import MINUTE_MS
from healthtwin.store.people import People
from tests.house.a_house import START, house_at_work


def test_a_first_reading_from_a_queue_is_judged_by_the_profile_that_comes_with_it(tmp_path: Path) -> None:
    with house_at_work(tmp_path, START + 10 * MINUTE_MS) as at:
        paused, watched = at.person("Ada", alarms=False), at.person("Ben")

        at.send(paused, START, spo2=80)
        at.send(watched, START, spo2=80, device="d-other")

        assert {alert.person for alert in at.house.notify.alerts(None, None)} == {watched}


def test_a_later_profile_never_sorts_before_the_one_it_replaces(tmp_path: Path) -> None:
    with house_at_work(tmp_path, START + 10 * MINUTE_MS) as at:
        ada = at.person()
        at.send(ada, START + 10 * MINUTE_MS, spo2=97)
        person = People(at.house.tables).get(ada)
        People(at.house.tables).update_profile(ada, type(person.profile)("UTC", alarms=False))

        at.send(ada, START, spo2=80)
        at.send(ada, START + 11 * MINUTE_MS, spo2=80)

        assert [alert.state for alert in at.house.notify.alerts(None, None) if alert.started_at > START] == []
