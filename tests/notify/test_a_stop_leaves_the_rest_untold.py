"""A stop ends soon, however much there is to tell; what is left is told after the next start, once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from healthtwin.domain import MINUTE_MS
from healthtwin.episodes import Moved
from healthtwin.notify import Alerts, Deliveries
from healthtwin.notify.channels.in_app import InApp
from healthtwin.notify.dispatcher import Dispatcher
from tests.episodes.one_episode import NOON_MS, WARNING, OneEpisode
from tests.notify.test_each_alert_is_told_once import House

if TYPE_CHECKING:
    import pytest

    from healthtwin.episodes import EpisodeChange
    from healthtwin.store import Tables

CHANGES = 400


def test_a_storm_that_is_being_told_does_not_hold_up_a_stop(
    tables: Tables, pseudonym: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthtwin.notify.dispatcher.STOP_WITHIN_S", 0.0)
    monkeypatch.setattr("healthtwin.notify.dispatcher.OUTBOX_ROWS", 8)
    house = House(tables, pseudonym)
    for n in range(CHANGES):
        episode = OneEpisode()
        episode.see(0, WARNING)
        episode.record["started_ms"] = NOON_MS + n * MINUTE_MS
        house.moved(episode, Moved.OPENED, 0)
    begun = threading.Event()

    def show(change: EpisodeChange) -> None:
        house.published.append(change)
        begun.set()
        threading.Event().wait(0.02)  # a browser that takes its time

    first = Dispatcher(house, tables, [InApp(lambda: 1)], lambda: house.now_ms, show)
    first.start()
    first.wake()
    assert begun.wait(30)
    first.stop()
    assert first.failure is None
    assert 0 < first.cursor() < CHANGES
    assert len(Alerts(tables).list()) == first.cursor()

    second = Dispatcher(
        house,
        tables,
        [InApp(lambda: 1)],
        lambda: house.now_ms,
        house.published.append,
    )
    assert second.tell() == CHANGES - first.cursor()
    alerts = Alerts(tables).list()
    assert len(alerts) == CHANGES
    assert len({change.id for change in house.published}) == len(house.published) == CHANGES
    assert all(len(Deliveries(tables).of_alert(alert.id)) == 1 for alert in alerts)
