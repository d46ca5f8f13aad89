"""From a reading to an alert that somebody acknowledges, in one real house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from healthtwin.domain.errors import ConfigurationError, Conflict, InvalidInput, StorageBusy, StorageFull
from healthtwin.house import EventClock, open_house
from healthtwin.notify import Decision
from healthtwin.store import Home, HomeKind, Tables
from healthtwin.store.people import People
from tests.house.a_house import CLINICIAN, START, house_at_work

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.notify import AlertView


def test_a_critical_reading_becomes_an_alert_that_explains_itself(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person(birth_year=1950)
        at.send(ada, START, heart_rate=72, spo2=82)
        (alert,) = at.house.notify.alerts(None, None)
        assert (alert.level, alert.state, alert.started_at) == ("critical", "triggered", START)
        assert alert.evidence[0].metric == "oxygen_saturation"
        assert alert.evidence[0].value == 82
        assert "emergency number" in alert.advice[0].action
        assert [d.status for d in alert.deliveries] == ["delivered"]


def test_an_acknowledgement_shows_at_once_and_survives_a_restart(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, spo2=82)
        (alert,) = at.house.notify.alerts(None, None)
        assert at.house.notify.act(CLINICIAN, alert.id, Decision("acknowledge")).state == "acknowledged"
        at.restart()
        at.send(ada, START + 5 * MINUTE_MS, spo2=83)
        (after,) = at.house.notify.alerts(None, None)
        assert (after.id, after.state) == (alert.id, "acknowledged")


def test_a_click_counts_even_when_the_phones_clock_runs_ahead_of_ours(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START + 4 * MINUTE_MS, spo2=82)
        at.clock = EventClock(START)  # the house's clock stands four minutes behind the phone's
        at.restart()
        (alert,) = at.house.notify.alerts(None, None)
        assert at.house.notify.act(CLINICIAN, alert.id, Decision("acknowledge")).state == "acknowledged"


def test_a_resolved_alert_cannot_be_acknowledged_and_says_so(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, spo2=82)
        (alert,) = at.house.notify.alerts(None, None)
        at.house.notify.act(CLINICIAN, alert.id, Decision("resolve"))
        assert at.house.notify.act(CLINICIAN, alert.id, Decision("resolve")).state == "resolved"
        with pytest.raises(Conflict, match="resolved"):
            at.house.notify.act(CLINICIAN, alert.id, Decision("acknowledge"))


def test_what_comes_back_in_range_closes_its_own_alert(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, spo2=82)
        for minute in (10, 25, 45, 60):
            at.send(ada, START + minute * MINUTE_MS, spo2=97)
        (alert,) = at.house.notify.alerts(None, None)
        assert alert.state == "resolved"
        assert alert.summary == "Back in your usual range; if you feel ill, call."


def test_an_old_reading_is_kept_and_teaches_but_raises_no_alarm(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, spo2=97)
        at.send(ada, START - 3 * HOUR_MS, spo2=82)
        assert at.house.notify.alerts(None, None) == []
        series = at.house.people.series(ada, "oxygen_saturation", None, None, None)
        assert (series.t, series.v) == ([START - 3 * HOUR_MS, START], [82, 97])


def test_a_reading_older_than_what_is_kept_teaches_but_is_not_stored(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, heart_rate=60)
        at.send(ada, START - 401 * DAY_MS, heart_rate=61)
        assert at.house.people.series(ada, "heart_rate", None, None, None).t == [START]
        assert at.house.people.twin(ada).days == 2


def test_silence_is_told_once_and_ends_with_the_next_reading(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person(silence_after_ms=HOUR_MS)
        at.send(ada, START, heart_rate=70)
        for minutes in (30, 61, 75, 90):
            at.tick(START + minutes * MINUTE_MS)
        (alert,) = at.house.notify.alerts(None, None)
        assert (alert.dedup_key, alert.state, alert.started_at) == ("silence", "triggered", START + HOUR_MS)
        at.send(ada, START + 2 * HOUR_MS, heart_rate=70)
        (alert,) = at.house.notify.alerts(None, None)
        assert alert.state == "resolved"


def test_a_snooze_that_runs_out_tells_again_without_any_new_reading(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, spo2=82)
        (alert,) = at.house.notify.alerts(None, None)
        until = START + 20 * MINUTE_MS
        assert (
            at.house.notify.act(CLINICIAN, alert.id, Decision("snooze", until_ms=until)).snoozed_until
            == until
        )
        assert at.house.people.view(ada).alerts_off_until == until
        at.tick(START + 10 * MINUTE_MS)
        assert at.house.notify.alert(alert.id).state == "snoozed"
        at.tick(START + 21 * MINUTE_MS)
        assert at.house.notify.alert(alert.id).state == "triggered"
        assert at.house.people.view(ada).alerts_off_until is None


def test_stale_readings_leave_the_state_unknown_never_fine(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        assert at.house.people.view(ada).status == "unknown"
        at.send(ada, START, heart_rate=70)
        assert at.house.people.view(ada).status == "learning"
        at.tick(START + 5 * HOUR_MS)
        assert at.house.people.view(ada).status == "unknown"
        assert at.house.people.risk(ada).stale


def test_a_profile_changed_in_another_process_counts_from_the_next_reading(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person(birth_year=1950)
        at.send(ada, START, spo2=97)
        with Tables.of(Home.open(tmp_path)) as elsewhere:
            person = People(elsewhere).get(ada)
            quiet = type(person.profile)("UTC", birth_year=1950, alarms=False)
            People(elsewhere).update_profile(ada, quiet)
        at.send(ada, START + MINUTE_MS, spo2=80)
        assert at.house.notify.alerts(None, None) == []


def test_the_twin_and_the_alerts_are_the_same_after_the_state_is_computed_again(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person(silence_after_ms=HOUR_MS)
        for minute in range(0, 60, 5):
            at.send(ada, START + minute * MINUTE_MS, heart_rate=70 + minute % 7, spo2=97)
        at.send(ada, START + HOUR_MS, spo2=84)
        at.tick(START + 3 * HOUR_MS)
        twin, alerts = at.house.people.twin(ada), told(at.house.notify.alerts(None, None))
        at.house.stop()
        for name in ("state.db", "state.db-wal", "state.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        at.restart()
        assert at.house.caught_up(10)
        assert at.house.people.twin(ada) == twin
        assert told(at.house.notify.alerts(None, None)) == alerts
        assert len(alerts) == 2


def told(alerts: list[AlertView]) -> list[tuple[object, ...]]:
    """What was told, to how many: not how far a delivery under way has come."""
    return [(a.id, a.level, a.state, a.started_at, a.evidence, len(a.deliveries)) for a in alerts]


def test_a_confirmed_new_normal_stops_the_old_one_from_being_expected(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        for day in range(6):
            for hour in (8, 14, 20):
                at.send(ada, START + day * DAY_MS + hour * HOUR_MS, heart_rate=70 + hour % 5)
        (metric,) = at.house.people.twin(ada).metrics
        assert metric.ready
        at.house.intake.confirm_new_normal(CLINICIAN, ada, ["heart_rate"])
        (metric,) = at.house.people.twin(ada).metrics
        assert not metric.ready
        with pytest.raises(InvalidInput, match="heart_rate"):
            at.house.intake.confirm_new_normal(CLINICIAN, ada, ["steps"])


def test_a_full_disk_refuses_new_readings_early_and_health_says_so(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        at.send(ada, START, heart_rate=70)
        at.house.stop()
        (tmp_path / "config.toml").write_text("[storage]\nreserve_mib = 1000000000\n")
        at.restart()
        with pytest.raises(StorageFull):
            at.send(ada, START + MINUTE_MS, heart_rate=71)
        health = at.house.operations.health()
        assert health.status == "failing"
        assert "disk" in [fault.part for fault in health.faults]
        assert at.house.people.series(ada, "heart_rate", None, None, None).v == [70]


def test_a_home_has_one_owner_at_a_time(tmp_path: Path) -> None:
    with house_at_work(tmp_path):
        second = open_house(tmp_path, EventClock(START))
        with pytest.raises(StorageBusy):
            second.start()


def test_a_replay_is_not_served_as_somebodys_twin(tmp_path: Path) -> None:
    Home.create(tmp_path / "replay", HomeKind.REPLAY)
    with pytest.raises(ConfigurationError, match="replay"):
        open_house(tmp_path / "replay")


def test_no_figure_for_the_operator_names_a_person(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person("Ada Lovelace")
        at.send(ada, START, spo2=82)
        text = at.house.operations.metrics_text()
        pseudonym = People(at.house.tables).get(ada).pseudonym
        assert 'healthtwin_rows_total{outcome="new"} 1' in text
        for secret in ("Ada", ada, pseudonym):
            assert secret not in text
