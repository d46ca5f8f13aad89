"""While the tables are locked by somebody else, alerts wait, `/health` can say so, and nothing is lost."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import AlertState, Profile
from healthtwin.notify import Alerts
from healthtwin.notify.channels.in_app import InApp
from healthtwin.notify.dispatcher import Dispatcher
from healthtwin.store import Home, HomeKind, Tables
from healthtwin.store.people import People
from healthtwin.stream import OutboxRow
from tests.episodes.one_episode import NOON_MS, WARNING, OneEpisode
from tests.notify.test_each_alert_is_told_once import House

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def wait_until(holds: Callable[[], bool], timeout_s: float = 30.0) -> None:
    """Until it holds; the wait is for other threads, not for time to pass."""
    patience = threading.Event()
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < timeout_s
        patience.wait(0.02)


def test_alerts_wait_for_the_lock_and_are_told_when_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("healthtwin.engines.relational.BUSY_TIMEOUT_S", 0.05)
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    with Tables.of(home) as tables:
        house = House(tables, People(tables).add("Ada", Profile("UTC"), NOON_MS).pseudonym)
        dispatcher = Dispatcher(
            house, tables, [InApp(lambda: 0)], lambda: house.now_ms, house.published.append
        )
        with closing(sqlite3.connect(home.records_path, isolation_level=None)) as somebody_else:
            somebody_else.execute("BEGIN IMMEDIATE")
            dispatcher.start()
            try:
                episode = OneEpisode()
                change = house.change(episode, episode.see(0, WARNING), 0)
                house.rows.append(OutboxRow(1, 1, change.as_change(), rebuilt=False))
                dispatcher.wake()
                wait_until(lambda: dispatcher.failure is not None)
                assert house.published == []
                somebody_else.execute("ROLLBACK")
                wait_until(lambda: dispatcher.failure is None and bool(house.published))
            finally:
                dispatcher.stop()
        (alert,) = Alerts(tables).list()
        assert alert.state is AlertState.TRIGGERED
        assert len(house.published) == 1
    assert "records.db" in caplog.text
